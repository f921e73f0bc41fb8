"""Verify ranges of stored records in one process, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pith_tui.lookup.stored import best_of
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import StoredRecord, iter_records
from pith_tui.store.response_rows import StoredResponse

DAMAGED = "DAMAGED"
"""Stands for a verdict where the cache's own bytes are damaged."""

_ASKED = re.compile(r"https?://[^?#]*/pith/([A-Z2-7]{8,26})(?:\.json|/bundle\.json)?(?:[?#]|\Z)")


class Problem(NamedTuple):
    """What keeps a record from being verified and above suspicion.

    ``verdict`` is one of ``Verdict`` or DAMAGED, ``checks`` the ids of the checks that stand in
    the way of VERIFIED, ``conflicts`` those that ended in conflict, which changes no verdict.
    ``misdelivered`` is true if a server sent the record for a number that is not its own.
    """

    suffix: str
    verdict: str
    checks: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    misdelivered: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether there is nothing to report after all."""
        verified = self.verdict == Verdict.VERIFIED.value
        return verified and not self.conflicts and not self.misdelivered


class VerifyBatch(NamedTuple):
    """The result of verifying a range of records; ``until`` is its highest number."""

    until: int
    verdicts: Counter[str]
    problems: tuple[Problem, ...]


class VerifyScope(NamedTuple):
    """What all ranges of a verification have in common, in a form that can be pickled.

    ``keys`` are the trusted ones beside the pinned, by id and 32 raw bytes.
    """

    path: str
    query: Query
    keys: tuple[tuple[str, bytes], ...]


def verify_ranges(scope: VerifyScope, ranges: Iterator[tuple[int, int]]) -> Iterator[VerifyBatch]:
    """Verify one range of numbers after the other, in this process."""
    trusted = (PINNED, *(PublicKey(key_id, raw) for key_id, raw in scope.keys))
    with closing(Cache.open(Path(scope.path), notice=lambda _: None)) as cache:
        for after, until in ranges:
            yield _verify_range(cache, scope.query, trusted, after, until)


def _verify_range(
    cache: Cache, query: Query, trusted: Sequence[PublicKey], after: int, until: int
) -> VerifyBatch:
    verdicts: Counter[str] = Counter()
    problems: list[Problem] = []
    for record in iter_records(cache, query, after=after, until=until):
        result = verify_stored(cache, record, trusted)
        verdicts[result.verdict] += 1
        if not result.is_clear:
            problems.append(result)
    return VerifyBatch(until, verdicts, tuple(problems))


def verify_stored(cache: Cache, record: StoredRecord, trusted: Sequence[PublicKey]) -> Problem:
    """Verify one stored record, asked for by the number it is filed under.

    Where its latest response does not verify, the best one counts, as wherever it is shown.
    """
    response = record.response
    if response is None:
        return Problem(record.suffix, DAMAGED)
    best = best_of(cache, record.suffix, Identifier(Kind.PITH, record.suffix), trusted, response)
    assert best is not None, "there is a response"
    report = best.checked.report
    verdict = report.verdict
    checks: tuple[str, ...] = ()
    if verdict is Verdict.FAILED:
        checks = tuple(check.id for check in report.checks if check.outcome is Outcome.FAILED)
    elif verdict is Verdict.UNDECIDED:
        checks = tuple(
            check.id
            for check in report.checks
            if check.required and check.outcome is not Outcome.PASSED
        )
    misdelivered = is_misdelivered(response)
    return Problem(record.suffix, verdict.value, checks, report.conflicts, misdelivered)


def is_misdelivered(response: StoredResponse) -> bool:
    """Return whether the URL it came from asked for another number, as no honest server allows.

    Such a record is filed under its own number and may well verify: it is the response that lied.
    """
    match = _ASKED.match(response.origin)
    return match is not None and not response.suffix.startswith(match[1])
