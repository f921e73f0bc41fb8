"""Long work on the archive: a job that a thread does, and what a verification found so far."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from threading import Event

from pith_tui.operations.verify_ranges import MISDELIVERED, VerifyBatch
from pith_tui.store.records import SameWork

MOST_NAMED = 10_000
"""Records named for one verdict or check; how many there are besides is only counted."""


class Job:
    """Something under way in a thread: the thread counts, the screen looks, either may stop it."""

    def __init__(self, word: str, total: int | None = None, before: int = 0) -> None:
        """Begin; ``before`` so many were done in an earlier session of the same job."""
        self.word = word
        self.total = total
        self.before = before
        self.done = before
        self._start = time.monotonic()
        self._stop = Event()

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return time.monotonic() - self._start

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to end."""
        self._stop.set()


class Findings:
    """What verifying the archive came to so far, kept while the program runs and no longer.

    ``after`` is the number of the last record that is in it; ``outdated`` says that records were
    brought in since it was begun.  One thread adds, another reads:
    what is read is replaced as a whole, never changed.
    """

    def __init__(self) -> None:
        self.begin(until=0, total=0, at=None)

    def begin(self, *, until: int, total: int, at: datetime | None) -> None:
        """Forget all, for a verification of ``total`` records up to a number."""
        self.until = until
        self.total = total
        self.begun_at = at
        self.after = 0
        self.outdated = False
        self.verdicts: Counter[str] = Counter()
        self.checks: Counter[str] = Counter()
        self.rivals: list[SameWork] | None = None
        self._named: dict[str, list[str]] = {}

    @property
    def done(self) -> int:
        """How many records are in it."""
        return self.verdicts.total()

    @property
    def complete(self) -> bool:
        """Whether every record that there was at its beginning is in it."""
        return self.begun_at is not None and self.after >= self.until

    def add(self, swept: VerifyBatch) -> None:
        """Take in the results of a range."""
        for each in swept.notable:
            for name in (each.verdict, *each.checks):
                named = self._named.setdefault(name, [])
                if len(named) < MOST_NAMED:
                    named.append(each.suffix)
        self.verdicts = self.verdicts + swept.verdicts
        self.checks = self.checks + swept.checks
        self.after = swept.until

    def named(self, name: str) -> list[str]:
        """Return the suffixes of the first records of a verdict or a check; see ``MOST_NAMED``.

        Those that are verified are not named: they are most of the archive.
        """
        return list(self._named.get(name, ()))

    def count(self, name: str) -> int:
        """Count the records of a verdict or a check."""
        return self.verdicts[name] or self.checks[name]

    @property
    def alarming(self) -> bool:
        """Whether it holds what no honest service does."""
        return bool(self.rivals) or self.checks[MISDELIVERED] > 0
