"""Repairing while other processes have the cache open: nothing that they write is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import CacheError
from pith_tui.store import records
from pith_tui.store.cache import Cache
from tests.registry.records import SigningKey, synthetic, wire
from tests.stored import file_record, quiet
from tests.support import ROOT

KEY = SigningKey()
_WRITER = """
import sys
from pathlib import Path
from tests.stored import KEY, file_record, quiet
from tests.registry.records import synthetic, wire
from pith_tui.store.cache import Cache
cache = Cache.open(Path(sys.argv[1]), notice=quiet)
for line in sys.stdin:
    command, number = line.split()
    if command == "store":
        file_record(cache, wire(synthetic(int(number), KEY)))
    elif command == "begin":
        cache._connection.execute("BEGIN IMMEDIATE")
    elif command == "commit":
        cache._connection.execute("COMMIT")
    print(cache.count(), flush=True)
"""


class Writer:
    """Another process that has the cache open and executes commands."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def do(self, command: str, number: int = 0) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command} {number}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0


def suffixes(path: Path) -> set[str]:
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert records.cache_info(cache, thorough=True).damage is None
        return {item.suffix for item in records.iter_records(cache) if item.response is not None}


def expected(*numbers: int) -> set[str]:
    return {str(synthetic(number, KEY)["pith_number"]).rpartition(":")[2] for number in numbers}


def moved_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


def test_writes_after_a_repair_go_into_the_new_file(path: Path) -> None:
    writer = Writer(path)
    assert writer.do("store", 1) == 1
    Cache.repair(path, notice=lambda _: None).close()
    assert writer.do("count") == 1
    assert writer.do("store", 2) == 2
    Cache.repair(path, notice=lambda _: None).close()
    assert writer.do("store", 3) == 3
    assert suffixes(path) == expected(1, 2, 3)
    writer.end()
    # Whoever had a file open that was moved leaves the journal of the one in its place alone.
    assert suffixes(path) == expected(1, 2, 3)


def test_repair_is_refused_while_another_process_writes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cache, "busy_seconds", 0.1)
    writer = Writer(path)
    writer.do("store", 1)
    writer.do("begin")
    with pytest.raises(CacheError, match="another process is writing") as caught:
        Cache.repair(path, notice=quiet)
    assert "try again" in caught.value.hint
    assert moved_aside(path) == []
    assert not path.with_name(f"{path.name}.repairing").exists()
    writer.do("commit")
    Cache.repair(path, notice=lambda _: None).close()
    assert writer.do("store", 2) == 2
    writer.end()
    assert suffixes(path) == expected(1, 2)


def test_import_during_repairs_keeps_all_records(path: Path, tmp_path: Path) -> None:
    lines = b"\n".join(wire(synthetic(number, KEY)) for number in range(120)) + b"\n"
    code = (
        "import sys; import pith_tui.operations.import_records as i; i._BATCH = 2\n"
        "from pith_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen([sys.executable, "-c", code, "cache", "import", str(pipe)])
    with pipe.open("wb") as file:
        pieces = [lines[start : start + 100_000] for start in range(0, len(lines), 100_000)]
        for piece in pieces:
            file.write(piece)
            file.flush()
            if path.exists():
                assert main(["cache", "repair"]) == exit_codes.OK
    assert process.wait(60) == 0
    assert suffixes(path) == expected(*range(120))


def test_removed_file_is_created_again(path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, wire(synthetic(1, KEY)))
        for name in ("", "-wal", "-shm"):
            Path(f"{path}{name}").unlink()
        file_record(cache, wire(synthetic(2, KEY)))
    assert suffixes(path) == expected(2)


def test_repair_leaves_no_journal_beside_the_old_file(path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, wire(synthetic(1, KEY)))
    Cache.repair(path, notice=lambda _: None).close()
    assert len(moved_aside(path)) == 1
    assert suffixes(moved_aside(path)[0]) == expected(1)


def test_records_only_in_the_journal_are_recovered(path: Path) -> None:
    """As after a kill, the last writes are only in the journal."""
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, wire(synthetic(1, KEY)))
        copies = {name: Path(f"{path}{name}").read_bytes() for name in ("", "-wal")}
    leftover = path.with_name("left.sqlite3")
    for name, content in copies.items():
        Path(f"{leftover}{name}").write_bytes(content)
    Cache.repair(leftover, notice=lambda _: None).close()
    assert suffixes(leftover) == expected(1)
