"""What the open record can be compared with: its other stored responses, and visited records.

Reads files, so it is called in a thread.  This module does not import Textual.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pith_tui.errors import PithError
from pith_tui.lookup.service import RecordService
from pith_tui.output.names import signed_work
from pith_tui.output.wording import age
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.user.bookmarks import UserState

_RECENT = 15


class Candidate(NamedTuple):
    """A candidate: its name, a description of what it is, and the checked record."""

    name: str
    what: str
    checked: CheckedRecord


def candidates(
    service: RecordService, user_state: UserState | None, own: CheckedRecord
) -> list[Candidate]:
    """List what a record can be compared with, its own other responses first."""
    if own.catalog is None:
        return []
    suffix = own.catalog.suffix
    listed = list(_other_responses(service, suffix, own.raw))
    visited = [] if user_state is None else user_state.recent(_RECENT)
    listed += [
        Candidate(signed_work(checked) or saved.suffix, "visited", checked)
        for saved in visited
        if saved.suffix != suffix and (checked := _find_local(service, saved.suffix)) is not None
    ]
    return listed


def _other_responses(service: RecordService, suffix: str, shown: bytes) -> Iterator[Candidate]:
    """Return the other stored responses for the same number."""
    if service.cache is None:
        return
    asked, now = Identifier(Kind.PITH, suffix), service.now()
    for stored in service.cache.history(suffix):
        if stored.raw == shown:
            continue
        checked = read(stored.raw, asked, service.trusted)
        if checked.error is None:
            name = f"{signed_work(checked) or suffix}, {age(stored.fetched_at, now)}"
            yield Candidate(name, "another stored response", checked)


def _find_local(service: RecordService, suffix: str) -> CheckedRecord | None:
    try:
        record = service.find_local(Identifier(Kind.PITH, suffix))
    except PithError:
        return None  # damaged or ambiguous: cannot be compared, and is reported when opened
    return None if record is None or record.checked.error is not None else record.checked
