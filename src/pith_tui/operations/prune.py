"""Prune the cache: read a limit, and select what is over it; ``remove`` removes that."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pith_tui.errors import CacheError, UsageError
from pith_tui.operations.job import Job, interrupt_when_stopped
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.records import PruneCandidate
from pith_tui.user.bookmarks import UserState

_EPOCH_YEAR = 1970
_COUNT = re.compile(r"([0-9]{1,12})\s*(?:records?|r)", re.ASCII)
_DAYS = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(?:days?|d)", re.ASCII)
_SIZE = re.compile(r"([0-9]{1,15})\s*(bytes?|[kmg](?:i?b)?)?", re.ASCII)
_SHIFTS = {"": 0, "b": 0, "k": 10, "m": 20, "g": 30}


class PruneLimit(NamedTuple):
    """What pruning leaves: records checked since ``before``, a number of records, or of bytes.

    Each is None for no limit; a record over any of them is removed.
    """

    before: datetime | None = None
    keep: int | None = None
    max_bytes: int | None = None


class PrunePlan(NamedTuple):
    """What pruning would remove, the longest unchecked first, and how many bookmarks it keeps."""

    candidates: list[PruneCandidate]
    protected: int

    @property
    def suffixes(self) -> list[str]:
        """The suffixes of the candidates."""
        return [candidate.suffix for candidate in self.candidates]

    @property
    def stored_bytes(self) -> int:
        """The bytes that the candidates take in the cache."""
        return sum(candidate.stored_bytes for candidate in self.candidates)


def parse_limit(text: str, now: datetime) -> PruneLimit:
    """Read ``90 days``, ``5000 records`` or ``200M``; raises UsageError for anything else."""
    normal = text.strip().lower()
    if match := _DAYS.fullmatch(normal):
        return PruneLimit(before=days_before(float(match[1]), now))
    if match := _COUNT.fullmatch(normal):
        return PruneLimit(keep=int(match[1]))
    if normal and not normal.isdigit() and _SIZE.fullmatch(normal):
        return PruneLimit(max_bytes=parse_size(normal))
    raise UsageError(f"invalid limit: {text[:40]!r}", "give 90 days, 5000 records, 200M or 1G")


def parse_size(text: str) -> int:
    """Read ``500K``, ``200M``, ``1 GiB`` or a number of bytes; raises UsageError otherwise."""
    match = _SIZE.fullmatch(text.strip().lower())
    if match is None:
        raise UsageError(f"invalid size: {text[:40]!r}", "give 500K, 200M, 1G or bytes")
    return int(match[1]) << _SHIFTS[(match[2] or "")[:1]]


def days_before(days: float, now: datetime) -> datetime:
    """Return the time this many days ago; raises UsageError for one before 1970, or NaN."""
    first = datetime(_EPOCH_YEAR, 1, 1, tzinfo=now.tzinfo)
    if 0 <= days < (now - first).days:  # false for nan
        return now - timedelta(days=days)
    raise UsageError(f"invalid number of days: {days:g}", "give 90, or 0.5")


def bookmarked_suffixes(path: Path) -> frozenset[str]:
    """Return the suffixes that are bookmarked in a file; raises CacheError if it cannot be read.

    What cannot be read must not pass for no bookmarks: the records would be removed.
    """
    notices: list[str] = []
    with closing(UserState(path, notice=notices.append, strict=True)) as user_state:
        suffixes = frozenset(saved.suffix for saved in user_state.bookmarks())
    if notices:
        raise CacheError(
            f"{notices[0]}; nothing was pruned",
            "check which bookmarks are left, then prune again;"
            " `pith-tui cache prune --bookmarks-too` does not read them",
        )
    return suffixes


def select_for_pruning(
    cache: Cache, limit: PruneLimit, protected: Collection[str], job: Job
) -> PrunePlan:
    """Select what is over a limit; removes nothing.  ``protected`` are suffixes to keep.

    The bytes of protected records count towards a limit of bytes, so others go in their place.
    Raises CacheError, also if the job is stopped.
    """
    interrupt_when_stopped(cache, job)
    candidates = records.select_for_pruning(cache, **limit._asdict(), protected=protected)
    stored = (cache.find(Identifier(Kind.PITH, suffix)) for suffix in protected)
    return PrunePlan(candidates, sum(bool(suffixes) for suffixes in stored))
