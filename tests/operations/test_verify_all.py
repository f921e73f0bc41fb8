"""The processes of a verification: their results, how they end, and what they must not touch."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.errors import CacheError
from pith_tui.operations import worker_pool
from pith_tui.operations.verify_all import iter_batches
from pith_tui.operations.verify_ranges import VerifyScope
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from tests.registry.records import synthetic, wire
from tests.stored import KEY, TRUSTED, file_record, quiet

EVERYTHING = parse_query("")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 5)
    chosen = tmp_path / "cache.sqlite3"
    with closing(Cache.open(chosen, notice=quiet)) as cache:
        for number in range(40):
            file_record(cache, wire(synthetic(number, KEY)))
    return chosen


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Return the list of the processes started."""
    item: list[subprocess.Popen[bytes]] = []
    original = worker_pool._start

    def start(scope: VerifyScope) -> subprocess.Popen[bytes]:
        item.append(original(scope))
        return item[-1]

    monkeypatch.setattr(worker_pool, "_start", start)
    yield item
    assert all(process.returncode is not None for process in item)


def test_worker_processes_trust_the_given_keys(
    path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    results = list(iter_batches(path, EVERYTHING, TRUSTED, after=0, until=40, processes=3))
    assert [item.until for item in results] == list(range(5, 45, 5))
    assert sum(item.verdicts["VERIFIED"] for item in results) == 40
    assert len(started) == 3


def test_closing_ends_the_processes(path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    results = iter_batches(path, EVERYTHING, TRUSTED, after=0, until=40, processes=2)
    next(results)
    results.close()
    assert [process.returncode for process in started] == [-9, -9]


def test_killed_process_is_an_error(path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    results = iter_batches(path, EVERYTHING, TRUSTED, after=0, until=40, processes=2)
    next(results)
    started[1].kill()
    started[1].wait()
    with pytest.raises(CacheError, match="ended before it was done"):
        list(results)


def test_error_of_a_process_keeps_its_hint(
    path: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(CacheError) as caught:
        list(iter_batches(path, EVERYTHING, TRUSTED, after=0, until=40, processes=2))
    assert caught.value.hint


def test_process_ends_with_its_parent(path: Path) -> None:
    """A killed parent cannot end its processes: closing its pipe does."""
    scope = VerifyScope(str(path), EVERYTHING, ())
    process = worker_pool._start(scope)
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump((0, 5), process.stdin)
    process.stdin.close()
    assert pickle.load(process.stdout).until == 5
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_process_has_neither_terminal_nor_its_signals(path: Path) -> None:
    process = worker_pool._start(VerifyScope(str(path), EVERYTHING, ()))
    try:
        assert os.getsid(process.pid) == process.pid
        for descriptor in (0, 1, 2):
            target = os.readlink(f"/proc/{process.pid}/fd/{descriptor}")
            assert target.startswith("pipe:") or target == os.devnull
    finally:
        worker_pool._end(process)


def test_stderr_without_file_descriptor_is_accepted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual replaces stderr by an object without one."""

    class Captured:
        def fileno(self) -> int:
            return -1

        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Captured())
    results = list(iter_batches(path, EVERYTHING, TRUSTED, after=0, until=40, processes=2))
    assert len(results) == 8


def test_several_processes_give_the_same_results_as_one(
    cache: Cache, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 10)
    for number in range(35):
        file_record(cache, wire(synthetic(number, KEY)))
    query = parse_query("year:2016")
    two = list(iter_batches(path, query, TRUSTED, after=0, until=35, processes=2))
    one = list(iter_batches(path, query, TRUSTED, after=0, until=35, processes=1))
    assert two == one
    assert [item.until for item in one] == [10, 20, 30, 35]
