"""Removing records: in batches that can be stopped, with compaction of the file."""

from __future__ import annotations

from contextlib import closing

import pytest

from pith_tui.errors import CacheError
from pith_tui.operations import remove
from pith_tui.operations.job import Job
from pith_tui.operations.remove import RemoveResult, remove_records
from pith_tui.store import records
from pith_tui.store.cache import Cache
from tests.registry.records import synthetic, wire
from tests.stored import KEY, WatchedJob, file_record, quiet


@pytest.fixture
def suffixes(cache: Cache) -> list[str]:
    return [file_record(cache, wire(synthetic(n, KEY))).suffix for n in range(20)]


@pytest.fixture
def compacted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many records were left each time the file was compacted."""
    counts: list[int] = []
    monkeypatch.setattr(records, "compact", lambda cache: counts.append(cache.count()))
    return counts


def test_file_is_compacted_when_a_tenth_is_removed(
    cache: Cache, suffixes: list[str], compacted: list[int]
) -> None:
    assert remove_records(cache, suffixes[:1], Job("Removing")) == RemoveResult(1)
    assert compacted == []
    assert remove_records(cache, suffixes[1:3], Job("Removing")) == RemoveResult(2)
    assert compacted == [17]
    assert remove_records(cache, ["A" * 26], Job("Removing")) == RemoveResult(0)
    assert compacted == [17]


def test_removal_stops_between_batches(
    cache: Cache, suffixes: list[str], compacted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remove, "_BATCH", 4)
    job = WatchedJob(lambda done: job.stop() if done == 8 else None)
    assert remove_records(cache, suffixes, job).removed == 8
    assert [record.suffix for record in records.iter_records(cache)] == suffixes[8:]


def test_records_are_removed_when_compacting_fails(
    cache: Cache, suffixes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = CacheError("the disk is full")

    def fail(cache: Cache) -> None:
        raise full

    monkeypatch.setattr(records, "compact", fail)
    assert remove_records(cache, suffixes, Job("Removing")) == RemoveResult(20, full)
    assert cache.count() == 0


def test_file_shrinks_while_others_have_it_open(cache: Cache, suffixes: list[str]) -> None:
    def size() -> int:
        return records.cache_info(cache).file_bytes

    with closing(Cache.open(cache.path, notice=quiet)) as other:
        before = size()
        remove_records(other, suffixes, Job("Removing"))
        assert size() < before / 2
