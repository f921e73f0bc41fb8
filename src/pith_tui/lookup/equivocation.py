"""Equivocation over what is stored under another number: one work and version, signed twice.

A new response can be compared with the one before it; a signer who equivocates sends the second
content under its own number, where the first is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import StoredResponse
from pith_tui.store.responses import read_responses

_MAX_RESPONSES = 100
"""Responses that are compared, the one checked last first; an honest service has sent none."""


class Finding(NamedTuple):
    """What a record shows together with another one, whose number is ``suffix``."""

    kind: Equivocation
    suffix: str


def find_equivocation(
    cache: Cache, checked: CheckedRecord, trusted: Sequence[PublicKey]
) -> Finding | None:
    """Return what a record shows beside those stored under other numbers; alarms come first.

    Those are of the same arXiv id and version.  If there are none, that costs one search of an
    index.  None also if the cache cannot be read, which the look-up itself reports.
    """
    notice: Finding | None = None
    try:
        for other in _same_work_responses(cache, checked):
            kind = detect_equivocation(read(other.raw, None, trusted), checked)
            if kind is not None and kind.is_alarm:
                return Finding(kind, other.suffix)
            if kind is not None:
                notice = notice or Finding(kind, other.suffix)
    except CacheError:
        return None
    return notice


def _same_work_responses(cache: Cache, checked: CheckedRecord) -> Iterator[StoredResponse]:
    """Yield the responses one at a time; a damaged one hides no other."""
    catalog = checked.catalog
    if catalog is None or catalog.arxiv is None:
        return
    with cache.reading() as connection:
        numbers = connection.execute(
            "SELECT a.id FROM record r JOIN answer a ON a.record = r.id WHERE r.arxiv = ?"
            " AND r.version IS ? AND r.suffix != ? ORDER BY a.checked_at DESC, a.id DESC LIMIT ?",
            (catalog.arxiv, catalog.version, catalog.suffix, _MAX_RESPONSES),
        ).fetchall()
    for row in read_responses(cache, numbers):
        if row.response is not None:
            yield row.response
