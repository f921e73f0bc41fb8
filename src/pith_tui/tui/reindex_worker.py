"""A file of an older version prepared for sorting, beside whatever else is done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from pith_tui.errors import PithError
from pith_tui.store import reindex
from pith_tui.store.cache import Cache

_SHORT = 5_000
"""So many records take a second or two, and are done without being asked for."""
_TOLD_EACH = 1_000
"""Records between one word of how far it is and the next."""

Told = Callable[[str, bool], None]


class ReindexWorker:
    """Works the backlog of a cache off in a thread; ``told`` hears how far it is, and the end."""

    def __init__(self, cache: Cache | None, told: Told) -> None:
        self._cache = cache
        self._told = told
        self._stopped = threading.Event()
        self.running = False

    def stop(self) -> None:
        """Stop after the transaction that is under way; the next time goes on from there."""
        self._stopped.set()

    async def begin_if_short(self) -> None:
        """Do it at once where it takes no time."""
        cache = self._cache
        if cache is not None and 0 < await asyncio.to_thread(reindex.pending_count, cache) < _SHORT:
            await self.begin()

    async def begin(self) -> None:
        """Do what there is to do, unless it is being done already."""
        if self._cache is None or self.running:
            return
        total = await asyncio.to_thread(reindex.pending_count, self._cache)
        if total == 0:
            return
        if self._cache.readonly:
            self._told("this cache cannot be written, so it cannot be prepared for sorting", False)
            return
        self.running = True
        self._stopped.clear()
        try:
            done = await asyncio.to_thread(self._work, total, asyncio.get_running_loop())
        except PithError as error:
            self._told(f"{error}. {error.hint}", False)
            return
        finally:
            self.running = False
        self._told("prepared for sorting" if done else "stopped; it will go on from there", done)

    def _work(self, total: int, loop: asyncio.AbstractEventLoop) -> bool:
        """Do it over a connection of its own: others read meanwhile."""
        assert self._cache is not None, "there is something to do"
        last_told = total

        def progress(left: int) -> bool:
            nonlocal last_told
            if last_told - left >= _TOLD_EACH:
                last_told = left
                share = f"{100 * (total - left) // max(total, 1)} %"
                words = f"preparing to sort, once: {share} (Esc stops; it goes on another time)"
                loop.call_soon_threadsafe(self._told, words, False)
            return not self._stopped.is_set()

        cache = Cache.open(self._cache.path, notice=lambda _: None)
        try:
            return reindex.run_reindex(cache, progress)
        finally:
            cache.close()
