"""What the open record can be compared with: other answers held for it, and records visited.

Reads files, so it is called in a thread; no Textual here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pith_tui.errors import PithError
from pith_tui.lookup.service import FetchedRecord, Origin, RecordService
from pith_tui.output.wording import age
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.reading import read
from pith_tui.tui.loading import Reading, read_at_hand
from pith_tui.user.bookmarks import UserState

_RECENT = 15


class Candidate(NamedTuple):
    """A record or another answer: what it is called, how it differs in kind, and its reading."""

    name: str
    what: str
    reading: Reading


def candidates(
    library: RecordService, user_state: UserState | None, own: Reading
) -> list[Candidate]:
    """List what a record can be compared with, its own other answers first."""
    catalog = own.catalog
    if catalog is None:
        return []
    found = list(_answers(library, catalog.suffix, own.found.raw))
    visited = [] if user_state is None else user_state.recent(_RECENT)
    found += [
        Candidate(reading.work or place.suffix, "visited", reading)
        for place in visited
        if place.suffix != catalog.suffix and (reading := _held(library, place.suffix)) is not None
    ]
    return found


def _answers(library: RecordService, suffix: str, shown: bytes) -> Iterator[Candidate]:
    """Return the other answers held for the same number."""
    if library.cache is None:
        return
    asked, now = Identifier(Kind.PITH, suffix), library.now()
    for held in library.cache.history(suffix):
        if held.raw == shown:
            continue
        checked = read(held.raw, asked, library.trusted)
        found = FetchedRecord(checked, Origin.CACHE, held.origin, held.checked_at, held.etag)
        reading = Reading(found)
        if reading.view is not None:
            name = f"{reading.work or suffix}, {age(held.fetched_at, now)}"
            yield Candidate(name, "another answer held", reading)


def _held(library: RecordService, suffix: str) -> Reading | None:
    try:
        reading = read_at_hand(library, Identifier(Kind.PITH, suffix))
    except PithError:
        return None  # damaged or ambiguous: not to be compared with, and said where it is opened
    return None if reading is None or reading.view is None else reading
