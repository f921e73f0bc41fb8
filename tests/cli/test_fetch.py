"""The counts of ``fetch``, and records that cannot be stored."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import CacheError
from pith_tui.sqlite.file import Notice
from pith_tui.store.cache import Cache
from tests.registry.records import SigningKey, synthetic, wire
from tests.registry.server import Registry
from tests.stored import file_record

Captured = pytest.CaptureFixture[str]

KEY = SigningKey()
COUNT = 30


def name(number: int) -> str:
    source = synthetic(number, KEY)["source"]
    return f"{source['id']}v{source['version']}"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(KEY) as running:
        for number in range(COUNT):
            running.add(synthetic(number, KEY))
        yield running


def fetch(registry: Registry, ids: range, *options: str) -> int:
    names = [name(number) for number in ids]
    return main(["fetch", *names, "--server", registry.url, "--rate", "1000", *options])


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every cache from growing: SQLite's own limit gives the same error as a full disk."""
    open_cache = Cache.open

    def open_full(path: Path, *, notice: Notice) -> Cache:
        cache = open_cache(path, notice=notice)
        pages = cache._connection.execute("PRAGMA page_count").fetchone()[0]
        cache._connection.execute(f"PRAGMA max_page_count = {pages}")
        with contextlib.suppress(CacheError):
            for number in itertools.count(1000):
                file_record(cache, wire(synthetic(number, KEY)))
        return cache

    monkeypatch.setattr(Cache, "open", open_full)


def test_records_not_stored_on_a_full_disk_are_counted_and_fetched_again(
    registry: Registry, path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    del path
    with monkeypatch.context() as full:
        assert fetch(registry, range(1)) == exit_codes.UNDECIDED  # makes the cache
        fill_disk(full)
        capsys.readouterr()
        assert fetch(registry, range(1, 4)) == exit_codes.USAGE
        out, err = capsys.readouterr()
        assert out == "       3  fetched, UNDECIDED, not kept\n"
        why, hint = err.splitlines()
        assert why.startswith("pith-tui: 3 fetched, 0 kept: the cache ")
        assert why.endswith("the disk is full")
        assert hint == "pith-tui:   make room and try again; run the same command again to resume"
    assert fetch(registry, range(4)) == exit_codes.UNDECIDED
    out, err = capsys.readouterr()
    assert "1  stored and fresh\n" in out
    assert "3  fetched, UNDECIDED\n" in out
    assert err == ""


def test_records_not_stored_in_a_read_only_cache_are_counted(
    registry: Registry, path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(registry, range(2)) == exit_codes.UNDECIDED
    capsys.readouterr()
    monkeypatch.setattr("pith_tui.sqlite.file._is_writable", lambda path: False)
    assert fetch(registry, range(3), "--fresh", "0") == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert "2  unchanged, UNDECIDED, not kept\n" in out
    assert "1  fetched, UNDECIDED, not kept\n" in out
    assert f"3 fetched, 0 kept: the cache {path} cannot be written\n" in err


def test_fetch_without_a_cache_stores_nothing(
    registry: Registry, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PITH_TUI_CACHE", str(tmp_path / "file" / "cache"))
    assert fetch(registry, range(3)) == exit_codes.USAGE
    err = capsys.readouterr().err
    assert "continuing without the cache" in err
    assert "3 fetched, 0 kept: there is no cache" in err


def test_fetch_stops_asking_when_nothing_can_be_stored(
    registry: Registry, path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(registry, range(1)) == exit_codes.UNDECIDED
    fill_disk(monkeypatch)
    assert fetch(registry, range(COUNT), "--jobs", "1") == exit_codes.USAGE
    assert "10 fetched, 0 kept" in capsys.readouterr().err
    assert len(registry.requests) == 11
    assert path.exists()


def test_record_that_cannot_be_stored_is_shown_with_a_message(
    registry: Registry, path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    del path
    assert fetch(registry, range(1)) == exit_codes.UNDECIDED
    fill_disk(monkeypatch)
    capsys.readouterr()
    assert main(["verify", name(1), "--server", registry.url]) == exit_codes.UNDECIDED
    out, err = capsys.readouterr()
    assert "UNDECIDED" in out
    assert err.startswith("pith-tui: fetched but not kept: the cache ")
    assert err.endswith("the disk is full\n")
