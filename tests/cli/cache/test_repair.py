"""``pith-tui cache repair``."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store import records
from pith_tui.store.cache import Cache
from tests.registry.records import synthetic, wire
from tests.stored import KEY, file_record, find_titles, quiet
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


def test_readable_records_of_a_damaged_cache_are_recovered(path: Path, capsys: Captured) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        suffixes = [file_record(cache, wire(synthetic(n, KEY))).suffix for n in range(300)]
        with cache.reading() as connection:
            answer = connection.execute("SELECT stored FROM answer WHERE id = 150").fetchone()[0]
    broken = bytearray(path.read_bytes())
    middle = broken.find(answer[:50]) // 4096 * 4096
    broken[middle : middle + 3 * 4096] = b"\xff" * (3 * 4096)
    path.write_bytes(broken)
    assert main(["cache", "repair"]) == exit_codes.OK
    err = capsys.readouterr().err
    assert "responses that could still be read" in err
    asides = [file for file in path.parent.iterdir() if ".damaged-" in file.name]
    assert [file.read_bytes() for file in asides if not file.name.endswith(("-shm", "-wal"))] == [
        bytes(broken)
    ]
    with closing(Cache.open(path, notice=quiet)) as cache:
        stored = [suffix for suffix in suffixes if cache.latest(suffix) is not None]
        assert 150 < len(stored) < 300
        assert records.cache_info(cache, thorough=True).damage is None
        assert len(find_titles(cache, "")) == len(stored)


def test_repairing_a_missing_cache_is_a_usage_error(path: Path, capsys: Captured) -> None:
    assert main(["cache", "repair"]) == exit_codes.USAGE
    assert "nothing to repair" in capsys.readouterr().err


def test_repairing_a_sound_cache_does_not_report_damage(path: Path, capsys: Captured) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
    assert main(["cache", "repair"]) == exit_codes.OK
    err = capsys.readouterr().err
    assert "was damaged" not in err
    assert "has been moved to" in err
    assert "a new one was started with 1 response\n" in err
