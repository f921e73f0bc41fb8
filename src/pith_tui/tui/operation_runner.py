"""Run operations on the cache in threads, one at a time, for a screen that shows them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from pith_tui.errors import PithError
from pith_tui.operations.job import Job
from pith_tui.store.cache import Cache
from pith_tui.tui.screens.base import PithScreen

_T = TypeVar("_T")
Operation = Callable[[Cache, Job], _T]
"""An operation on an open cache."""


class OperationRunner:
    """Runs one operation at a time over a connection of its own, so that no reader waits for it.

    ``on_change`` is called when one starts and when it has ended.  ``notices`` are the messages
    from opening the cache, such as that it was damaged.
    """

    def __init__(self, screen: PithScreen[Any], path: Path, on_change: Callable[[], None]) -> None:
        """Run operations as workers of a screen, on the cache at a path."""
        self._screen = screen
        self._path = path
        self._on_change = on_change
        self.job: Job | None = None
        self.notices: list[str] = []

    def is_busy(self) -> bool:
        """Return whether an operation is running, and if so show it."""
        if self.job is None:
            return False
        stop = self._screen.key_for("cache_leave")
        label = self.job.label.lower()
        self._screen.say(f"{label} is running; press {stop} to stop it", warning=True)
        return True

    def stop(self) -> bool:
        """Ask the running operation to stop; return whether there is one."""
        if self.job is not None:
            self.job.stop()
        return self.job is not None

    def start(self, job: Job, operation: Operation[_T], on_done: Callable[[Job, _T], None]) -> None:
        """Run an operation, unless another is running; ``on_done`` is called with its result."""
        if self.is_busy():
            return
        self.job = job
        self.notices.clear()
        self._on_change()
        self._screen.run_worker(self._run(job, operation, on_done), group="operation")

    async def _run(
        self, job: Job, operation: Operation[_T], on_done: Callable[[Job, _T], None]
    ) -> None:
        try:
            result = await self.in_thread(job, operation)
        except PithError as error:
            if job.stopped:  # raised by the interrupted statement
                self._screen.say(f"{job.label.lower()} was cancelled")
            else:
                self._screen.fail(error)
        else:
            on_done(job, result)
        finally:
            self.job = None
        self._on_change()

    async def in_thread(self, job: Job, operation: Operation[_T]) -> _T:
        """Run an operation beside the running one; raises what it raises."""

        def run() -> _T:
            with closing(Cache.open(self._path, notice=self.notices.append)) as cache:
                return operation(cache, job)

        try:
            return await asyncio.to_thread(run)
        except asyncio.CancelledError:
            job.stop()  # the screen is closing: the thread notices, and ends its processes
            raise
