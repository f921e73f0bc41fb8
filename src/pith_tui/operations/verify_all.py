"""Verify every record of the cache by its best response, on every processor, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import combinations, islice
from pathlib import Path

from pith_tui.operations.job import Job, interrupt_when_stopped, until_stopped
from pith_tui.operations.verify_ranges import VerifyBatch, VerifyScope, verify_ranges, verify_stored
from pith_tui.operations.verify_summary import EquivocationCase, VerifySummary
from pith_tui.protocol.equivocation import detect_equivocation
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Verdict
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import EVERYTHING, SameWork
from pith_tui.store.responses import iter_responses

_RANGE = 1000
"""Records that one process verifies at a time."""
_FIRST = 1000
"""Records among which verified ones are looked for, to be listed."""
_MAX_RESPONSES = 100
"""Responses of a record among which a signed one is looked for."""
_MAX_COMPARED = 100
"""Signed records of one work and version that are compared; an honest service signs one."""


def begin_verification(
    cache: Cache, summary: VerifySummary, now: datetime, query: Query = EVERYTHING
) -> None:
    """Start a summary of all records that are stored now and match a search."""
    total = records.count_records(cache, query)
    summary.begin(until=records.last_number(cache), total=total, time=now)


def verify_all(
    cache: Cache,
    trusted: Sequence[PublicKey],
    summary: VerifySummary,
    job: Job,
    *,
    query: Query = EVERYTHING,
    processes: int | None = None,
    on_batch: Callable[[VerifyBatch], None] = lambda _: None,
) -> None:
    """Verify from where a summary ends, adding to it; at the end look for equivocations.

    ``on_batch`` is called with each batch once it is in the summary.  Returns early if the job is
    stopped; calling it again with the same summary resumes.  Raises CacheError.
    """
    job.total = summary.total
    batches = iter_batches(
        cache.path,
        query,
        trusted,
        after=summary.after,
        until=summary.until,
        processes=processes,
    )
    with closing(batches):
        for batch in until_stopped(batches, job):
            summary.add(batch)
            on_batch(batch)
            job.update(summary.done)
    if not job.stopped:
        look_for_equivocations(cache, trusted, summary, job)


def look_for_equivocations(
    cache: Cache, trusted: Sequence[PublicKey], summary: VerifySummary, job: Job
) -> None:
    """Add the equivocations to a summary, unless the job is stopped first.  Raises CacheError."""
    cases = find_equivocations(cache, trusted, job)
    if not job.stopped:
        summary.equivocations = cases


def iter_batches(
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
    scope = VerifyScope(str(path), query, keys)
    starts = range(after, until, _RANGE)
    ranges = ((start, min(start + _RANGE, until)) for start in starts)
    count = min(processes or _processors(), len(starts))
    if count < 2:
        yield from verify_ranges(scope, ranges)
        return
    from pith_tui.operations.worker_pool import run_in_pool  # for caches of more than one range

    with closing(run_in_pool(scope, ranges, count)) as results:
        yield from results


def _processors() -> int:
    """Count the processors this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def first_verified(cache: Cache, trusted: Sequence[PublicKey], job: Job) -> list[str]:
    """Return the suffixes of those among the first records that verify now.  Raises CacheError."""
    first = until_stopped(islice(records.iter_records(cache), _FIRST), job)
    results = [verify_stored(cache, record, trusted) for record in first]
    return [result.suffix for result in results if result.verdict == Verdict.VERIFIED.value]


def find_equivocations(
    cache: Cache, trusted: Sequence[PublicKey], job: Job
) -> list[EquivocationCase]:
    """List the works for one version of which trusted keys signed different contents.

    Alarms and notices are those of a look-up (docs/verdict.md, Beside the verdict).  Raises
    CacheError.
    """
    interrupt_when_stopped(cache, job)
    cases = (
        _compare_group(cache, group, trusted)
        for group in until_stopped(iter(records.group_by_work(cache)), job)
    )
    return [case for case in cases if case is not None]


def _compare_group(
    cache: Cache, group: SameWork, trusted: Sequence[PublicKey]
) -> EquivocationCase | None:
    """Compare every two signed records of a group; None if an honest service can sign all."""
    signed: dict[str, CheckedRecord] = {}
    for suffix in group.suffixes:
        checked = _signed_response(cache, suffix, trusted)
        if checked is not None:
            signed[suffix] = checked
        if len(signed) == _MAX_COMPARED:
            break
    pairs = [
        (pair, kind)
        for pair in combinations(signed, 2)
        if (kind := detect_equivocation(signed[pair[0]], signed[pair[1]])) is not None
    ]
    if not pairs:
        return None
    worst = next((kind for _, kind in pairs if kind.is_alarm), pairs[0][1])
    suffixes = dict.fromkeys(suffix for pair, kind in pairs if kind is worst for suffix in pair)
    return EquivocationCase(group.name, tuple(suffixes), worst)


def _signed_response(
    cache: Cache, suffix: str, trusted: Sequence[PublicKey]
) -> CheckedRecord | None:
    """Return the latest response of a record that a trusted key signed; damaged ones show none."""
    identifier = Identifier(Kind.PITH, suffix)
    for row in islice(iter_responses(cache, suffix), _MAX_RESPONSES):
        if row.response is not None:
            checked = read(row.response.raw, identifier, trusted)
            if checked.report.passed("asked", "signature"):
                return checked
    return None
