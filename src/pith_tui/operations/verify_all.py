"""Verifying the whole archive: every latest answer, on every processor, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

from pith_tui.errors import CacheError
from pith_tui.operations.verify_ranges import VerifyBatch, VerifyJob, verify_ranges
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import SameWork, group_by_work

_RANGE = 1000
"""Records that one process verifies at a time."""


def verify_all(
    path: Path,
    query: Query,
    trusted: Sequence[PublicKey],
    *,
    after: int,
    until: int,
    processes: int | None = None,
) -> Generator[VerifyBatch, None, None]:
    """Verify the records with numbers after the one and up to the other, in their order.

    Each process opens the cache for itself.  Closing the iterator ends them.  Raises CacheError.
    """
    keys = tuple((key.key_id, key.raw) for key in trusted if key.raw != PINNED.raw)
    scope = VerifyJob(str(path), query, keys)
    starts = range(after, until, _RANGE)
    ranges = ((start, min(start + _RANGE, until)) for start in starts)
    count = min(processes or _processors(), len(starts))
    if count < 2:
        yield from verify_ranges(scope, ranges)
        return
    from pith_tui.operations.worker_pool import run_in_pool  # for archives of more than one range

    with closing(run_in_pool(scope, ranges, count)) as results:
        yield from results


def _processors() -> int:
    """Count the processors this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_equivocations(cache: Cache, trusted: Sequence[PublicKey]) -> list[SameWork]:
    """List the works of which a trusted key signed two different records for one version."""
    found = []
    for each in group_by_work(cache):
        signed = tuple(s for s in each.suffixes if _is_signed(cache, s, trusted))
        if len(signed) > 1:
            found.append(SameWork(each.name, signed))
    return found


def _is_signed(cache: Cache, suffix: str, trusted: Sequence[PublicKey]) -> bool:
    """Return whether a trusted key's signature over the canonical record holds."""
    try:
        held = cache.latest(suffix)
    except CacheError:
        return False  # damaged: it shows nothing, and the sweep names it
    if held is None:
        return False
    report = read(held.raw, Identifier(Kind.PITH, suffix), trusted).report
    needed = ("asked", "signature")
    return all(report.check(name).outcome is Outcome.PASSED for name in needed)
