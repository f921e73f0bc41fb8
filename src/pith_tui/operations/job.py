"""A long operation that is running: its progress, and whether it was asked to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TypeVar

from pith_tui.store.cache import Cache

_STEPS = 10_000
"""Steps of SQLite's virtual machine between two checks whether to stop."""

_T = TypeVar("_T")


class Job:
    """What an operation and the interface that started it share.

    The operation sets ``total``, calls ``update`` and ends early once ``stopped`` is true.  The
    interface draws from it, in a thread of its own or by overriding ``update``, and may call
    ``stop``.
    """

    def __init__(self, label: str, total: int | None = None, before: int = 0) -> None:
        """Start; ``before`` items were done in an earlier session of the same operation."""
        self.label = label
        self.total = total
        self.before = before
        self.done = before
        self._start = time.monotonic()
        self._stop = threading.Event()

    def update(self, done: int) -> None:
        """Record how many items are done, including those of earlier sessions."""
        self.done = done

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._start

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to stop; any thread may."""
        self._stop.set()


def until_stopped(items: Iterator[_T], job: Job) -> Iterator[_T]:
    """Yield items until the job is stopped."""
    for item in items:
        if job.stopped:
            return
        yield item


def interrupt_when_stopped(cache: Cache, job: Job) -> None:
    """Have a stopped job interrupt what SQLite does over this connection.

    That raises CacheError there.  The connection must be the operation's own.  In the main thread
    nothing is done: there Ctrl-C ends it, for which the connection has such a handler already.
    """
    if threading.current_thread() is threading.main_thread():
        return
    with cache.reading() as connection:
        connection.set_progress_handler(lambda: job.stopped, _STEPS)
