"""Remove records with all their responses, and give the freed space back to the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.operations.job import Job, interrupt_when_stopped
from pith_tui.store import records
from pith_tui.store.cache import Cache

_BATCH = 500
"""Records removed in one transaction."""
_COMPACT_SHARE = 10
"""The file is rewritten if at least one record in so many was removed; SQLite reuses free space,
so rewriting gigabytes for a few records would be time for nothing."""


class RemoveResult(NamedTuple):
    """How many records were removed; ``compact_error`` says why the file was not made smaller."""

    removed: int
    compact_error: CacheError | None = None


def remove_records(cache: Cache, suffixes: Sequence[str], job: Job) -> RemoveResult:
    """Remove records in batches, until the job is stopped.

    Raises CacheError if they cannot be removed; those of earlier batches are gone by then.
    """
    job.total = len(suffixes)
    before = cache.count()
    removed = 0
    for start in range(0, len(suffixes), _BATCH):
        if job.stopped:
            break
        removed += records.remove(cache, suffixes[start : start + _BATCH])
        job.update(removed)
    if removed * _COMPACT_SHARE < before or not removed:
        return RemoveResult(removed)
    try:
        interrupt_when_stopped(cache, job)
        records.compact(cache)
    except CacheError as error:
        return RemoveResult(removed, None if job.stopped else error)
    return RemoveResult(removed)
