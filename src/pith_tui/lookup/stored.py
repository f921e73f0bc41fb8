"""Which of the stored responses of a record is the one to use.

A forged, stripped or failing response can be stored under the same number as a good one, but not
under the same signature.  So a response that fails is kept as evidence and judged again each time,
and it never replaces one that does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError, TooLargeError, TwoReadingsError
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import StoredResponse

_BEST_FIRST = (Verdict.VERIFIED, Verdict.UNDECIDED, Verdict.FAILED)


class CheckedResponse(NamedTuple):
    """A stored response and what verification made of it."""

    response: StoredResponse
    checked: CheckedRecord

    @property
    def is_evidence(self) -> bool:
        """Whether it is kept for what it shows of who sent it, and is not to be used."""
        return rank(self.checked) >= _BEST_FIRST.index(Verdict.FAILED)


def is_record(checked: CheckedRecord) -> bool:
    """Return whether these are the bytes of a record, even if too large or ambiguous.

    Versions of this program before 0.2 stored state documents as if they were records.
    """
    error = checked.error
    return error is None or isinstance(error, TooLargeError | TwoReadingsError)


def rank(checked: CheckedRecord) -> int:
    """Return a number for sorting: verified first, then undecided, failed, no record at all."""
    return _BEST_FIRST.index(checked.report.verdict) if is_record(checked) else len(_BEST_FIRST)


def best_stored(
    cache: Cache, suffix: str, asked: Identifier, trusted: Sequence[PublicKey]
) -> CheckedResponse | None:
    """Return the latest response, or the latest of those with a better verdict.

    None if nothing is stored.  Only where the latest does not verify are the others read.  Raises
    CacheError if all are damaged.
    """
    try:
        latest, damage = cache.latest(suffix), None
    except CacheError as error:
        latest, damage = None, error
    if latest is None and damage is None:
        return None
    best = best_of(cache, suffix, asked, trusted, latest)
    if best is None and damage is not None:
        raise damage
    return best


def best_of(
    cache: Cache,
    suffix: str,
    asked: Identifier,
    trusted: Sequence[PublicKey],
    latest: StoredResponse | None,
) -> CheckedResponse | None:
    """Return the best of a record's responses, whose latest was read already if it can be."""
    best = None if latest is None else _check(latest, asked, trusted)
    if best is not None and rank(best.checked) == 0:
        return best
    for response in _others(cache, suffix, latest):
        other = _check(response, asked, trusted)
        if best is None or rank(other.checked) < rank(best.checked):
            best = other
        if rank(best.checked) == 0:
            break
    return best


def _others(cache: Cache, suffix: str, latest: StoredResponse | None) -> Iterator[StoredResponse]:
    from pith_tui.store.responses import iter_responses  # rarely needed

    for row in iter_responses(cache, suffix):
        if row.response is not None and (latest is None or row.response.raw != latest.raw):
            yield row.response


def _check(
    response: StoredResponse, asked: Identifier, trusted: Sequence[PublicKey]
) -> CheckedResponse:
    return CheckedResponse(response, read(response.raw, asked, trusted))
