"""Verifying ranges of stored records, in one process: what each came to, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import StoredRecord, iter_records
from pith_tui.store.response_rows import StoredResponse

DAMAGED = "DAMAGED"
"""Stands for a verdict where the cache's own bytes are damaged."""

MISDELIVERED = "sent for another number"
"""Stands beside the checks where a server sent a record for a number that is not its own."""

_ASKED = re.compile(r"https?://[^?#]*/pith/([A-Z2-7]{8,26})(?:\.json|/bundle\.json)?(?:[?#]|\Z)")


class Problem(NamedTuple):
    """A record that is not verified: its suffix, verdict, and the checks that stand in the way.

    One that is verified but STRAYED is notable too.
    """

    suffix: str
    verdict: str
    checks: tuple[str, ...]


class VerifyBatch(NamedTuple):
    """What the verification of a range of records came to; ``until`` is its highest number."""

    until: int
    verdicts: Counter[str]
    checks: Counter[str]
    notable: tuple[Problem, ...]


class VerifyJob(NamedTuple):
    """What all ranges of a sweep have in common, as another process can be told it.

    ``keys`` are the trusted ones beside the pinned, by id and 32 raw bytes.
    """

    path: str
    query: Query
    keys: tuple[tuple[str, bytes], ...]


def verify_ranges(scope: VerifyJob, ranges: Iterator[tuple[int, int]]) -> Iterator[VerifyBatch]:
    """Verify one range of numbers after the other, in this process."""
    trusted = (PINNED, *(PublicKey(key_id, raw) for key_id, raw in scope.keys))
    with closing(Cache.open(Path(scope.path), notice=lambda _: None)) as cache:
        for after, until in ranges:
            yield _verify_range(cache, scope.query, trusted, after, until)


def _verify_range(
    cache: Cache, query: Query, trusted: Sequence[PublicKey], after: int, until: int
) -> VerifyBatch:
    verdicts: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    notable: list[Problem] = []
    for item in iter_records(cache, query, after=after, until=until):
        found = verify_stored(item, trusted)
        verdicts[found.verdict] += 1
        checks.update(found.checks)
        if found.checks or found.verdict != Verdict.VERIFIED.value:
            notable.append(found)
    return VerifyBatch(until, verdicts, checks, tuple(notable))


def verify_stored(item: StoredRecord, trusted: Sequence[PublicKey]) -> Problem:
    """Verify one record of the archive, asked for by the number it is filed under."""
    if item.held is None:
        return Problem(item.suffix, DAMAGED, ())
    report = read(item.held.raw, Identifier(Kind.PITH, item.suffix), trusted).report
    verdict = report.verdict
    if verdict is Verdict.FAILED:
        ids = [check.id for check in report.checks if check.outcome is Outcome.FAILED]
    elif verdict is Verdict.UNDECIDED:
        ids = [
            check.id
            for check in report.checks
            if check.required and check.outcome is not Outcome.PASSED
        ]
    else:
        ids = []
    if is_misdelivered(item.held):
        ids.append(MISDELIVERED)
    return Problem(item.suffix, verdict.value, tuple(ids))


def is_misdelivered(held: StoredResponse) -> bool:
    """Return whether the URL it came from asked for another number, as no honest server allows.

    Such a record is filed under its own number and may well verify: it is the answer that lied.
    """
    asked = _ASKED.match(held.origin)
    return asked is not None and not held.suffix.startswith(asked[1])
