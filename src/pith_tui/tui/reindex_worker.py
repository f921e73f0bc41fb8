"""Prepare the file of an older version for sorting, in a thread, while other work continues."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from pith_tui.errors import PithError
from pith_tui.store import reindex
from pith_tui.store.cache import Cache
from pith_tui.tui.commands.keys import KeyFor

_SMALL = 5_000
"""Up to this many records are indexed without a request: it takes a second or two."""
_REPORT_EVERY = 1_000
"""Records between two reports of progress."""

OnProgress = Callable[[str, bool], None]


class ReindexWorker:
    """Indexes the pending records of a cache in a thread, and reports to ``on_progress``."""

    def __init__(self, cache: Cache | None, on_progress: OnProgress, key_for: KeyFor) -> None:
        self._cache = cache
        self._on_progress = on_progress
        self._key_for = key_for
        self._stopped = threading.Event()
        self.running = False

    def stop(self) -> None:
        """Stop after the current transaction; the next start resumes from there."""
        self._stopped.set()

    async def start_if_small(self) -> None:
        """Index at once if it takes little time."""
        cache = self._cache
        if cache is not None and 0 < await asyncio.to_thread(reindex.pending_count, cache) < _SMALL:
            await self.start()

    async def start(self) -> None:
        """Index the pending records, unless that is running already."""
        if self._cache is None or self.running:
            return
        total = await asyncio.to_thread(reindex.pending_count, self._cache)
        if total == 0:
            return
        if self._cache.readonly:
            self._on_progress("the cache is read-only, so it cannot be prepared for sorting", False)
            return
        self.running = True
        self._stopped.clear()
        try:
            done = await asyncio.to_thread(self._work, total, asyncio.get_running_loop())
        except PithError as error:
            self._on_progress(f"{error}; {error.hint}", False)
            return
        finally:
            self.running = False
        self._on_progress(
            "prepared for sorting" if done else "stopped; it resumes from there next time", done
        )

    def _work(self, total: int, loop: asyncio.AbstractEventLoop) -> bool:
        """Index over a connection of its own, so that others can read."""
        assert self._cache is not None, "a cache with pending records has a worker"
        last_reported = total
        key = self._key_for("library_leave")

        def progress(left: int) -> bool:
            nonlocal last_reported
            if last_reported - left >= _REPORT_EVERY:
                last_reported = left
                share = f"{100 * (total - left) // max(total, 1)} %"
                text = f"preparing to sort (once only): {share} ({key} stops; it resumes later)"
                loop.call_soon_threadsafe(self._on_progress, text, False)
            return not self._stopped.is_set()

        cache = Cache.open(self._cache.path, notice=lambda _: None)
        try:
            return reindex.run_reindex(cache, progress)
        finally:
            cache.close()
