"""An alarm over what is held under another number: the same work and version, signed twice.

A new answer can be compared with the one before it; a signer who equivocates sends his second
content under its own number, where the first is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache
from pith_tui.store.responses import read_responses

_MOST = 100
"""Answers that are compared, the one checked last first; an honest service has sent none."""


def find_equivocation(
    cache: Cache, raw: bytes, trusted: Sequence[PublicKey]
) -> Equivocation | None:
    """Return what is alarming about an answer beside those held under other numbers.

    Those are of the same arXiv id and version.  Where there is none that costs one search of an
    index.  None where nothing is alarming, where ``raw`` is no record of arXiv, and where the
    cache cannot be read, which those say who look records up in it.
    """
    try:
        for other in _same_work_responses(cache, raw):
            alarm = detect_equivocation(other, raw, trusted)
            if alarm is not None:
                return alarm
    except (CacheError, NotARecordError):
        return None
    return None


def _same_work_responses(cache: Cache, raw: bytes) -> Iterator[bytes]:
    """Return the answers one at a time; a damaged one hides no other."""
    catalog = catalog_entry(Record(raw))
    if catalog is None or catalog.arxiv is None:
        return
    with cache.reading() as connection:
        numbers = connection.execute(
            "SELECT a.id FROM record r JOIN answer a ON a.record = r.id WHERE r.arxiv = ?"
            " AND r.version IS ? AND r.suffix != ? ORDER BY a.checked_at DESC, a.id DESC LIMIT ?",
            (catalog.arxiv, catalog.version, catalog.suffix, _MOST),
        ).fetchall()
    for answer in read_responses(cache, numbers):
        if answer.held is not None:
            yield answer.held.raw
