"""Describe the cache as a whole."""

from __future__ import annotations

from pith_tui.operations.job import Job, interrupt_when_stopped
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.records import CacheInfo


def describe_cache(cache: Cache, job: Job, *, thorough: bool = False) -> CacheInfo:
    """Count what the cache holds, and have SQLite check the file.

    ``thorough`` reads the whole file, which takes long for a large one.  Raises CacheError, also
    if the job is stopped before it is done.
    """
    interrupt_when_stopped(cache, job)
    return records.cache_info(cache, thorough=thorough)
