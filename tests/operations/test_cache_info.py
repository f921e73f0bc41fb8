"""Describing the cache, in a thread that can be stopped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pith_tui.errors import CacheError
from pith_tui.operations.cache_info import describe_cache
from pith_tui.operations.job import Job
from pith_tui.store.cache import Cache
from tests.stored import file_record
from tests.support import real_record


def test_file_check_can_be_stopped(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pith_tui.operations.job._STEPS", 1)
    file_record(cache, real_record())
    job = Job("Checking")
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(describe_cache, cache, job, thorough=True).result().damage is None
        job.stop()
        with pytest.raises(CacheError, match="interrupted"):
            thread.submit(describe_cache, cache, job, thorough=True).result()
