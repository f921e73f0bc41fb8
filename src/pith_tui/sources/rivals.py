"""An alarm over what is held under another number: the same work and version, signed twice.

A new answer can be compared with the one before it; a signer who equivocates sends his second
content under its own number, where the first is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.equivocation import Alarm, alarm_of
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.sources.answers import answers_at
from pith_tui.sources.cache import Cache
from pith_tui.sources.filing import filing_of

_MOST = 100
"""Answers that are compared, the one checked last first; an honest service has sent none."""


def rival_alarm(cache: Cache, raw: bytes, trusted: Sequence[PublicKey]) -> Alarm | None:
    """Tell what is alarming about an answer beside those held under other numbers.

    Those are of the same arXiv id and version.  Where there is none that costs one search of an
    index.  None where nothing is alarming, where ``raw`` is no record of arXiv, and where the
    cache cannot be read, which those say who look records up in it.
    """
    try:
        for other in _rivals(cache, raw):
            alarm = alarm_of(other, raw, trusted)
            if alarm is not None:
                return alarm
    except (CacheError, NotARecordError):
        return None
    return None


def _rivals(cache: Cache, raw: bytes) -> Iterator[bytes]:
    """Give the answers one at a time; a damaged one hides no other."""
    filing = filing_of(Record(raw))
    if filing is None or filing.arxiv is None:
        return
    with cache.reading() as connection:
        numbers = connection.execute(
            "SELECT a.id FROM record r JOIN answer a ON a.record = r.id WHERE r.arxiv = ?"
            " AND r.version IS ? AND r.suffix != ? ORDER BY a.checked_at DESC, a.id DESC LIMIT ?",
            (filing.arxiv, filing.version, filing.suffix, _MOST),
        ).fetchall()
    for answer in answers_at(cache, numbers):
        if answer.held is not None:
            yield answer.held.raw
