"""One look-up for commands that print: what is at hand, brought up to date where it can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pith_tui.errors import CacheError, NotFoundError, UnreachableError
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.output.provenance import format_source
from pith_tui.protocol.identifiers import Identifier

if TYPE_CHECKING:
    from pith_tui.protocol.equivocation import Equivocation


def look_up(
    library: RecordService, identifier: Identifier, notice: Callable[[str], None], *, refresh: bool
) -> FetchedRecord:
    """Return the record: from a server where one answers, else what is at hand.

    Raises NotFoundError or UnreachableError where there is nothing at hand either.
    """
    held = None
    try:
        held = library.find_local(identifier)
    except CacheError as error:
        notice(f"{error}; {error.hint}")
    if held is not None and library.offline:
        return held
    import asyncio

    try:
        found = asyncio.run(library.fetch(identifier, None if refresh else held, notice))
        alarm = alarm_over(library, identifier, held, found)
        if alarm is not None:
            notice(f"ALARM: {alarm.value}; no honest service does that")
        return found
    except (NotFoundError, UnreachableError) as error:
        if held is None:
            raise
        notice(f"{error}; going by {format_source(held, library.now())}")
        return held


def alarm_over(
    library: RecordService, identifier: Identifier, held: FetchedRecord | None, found: FetchedRecord
) -> Equivocation | None:
    """Return what is alarming about what a server sent, beside what is held under any number."""
    from pith_tui.lookup.equivocation import find_equivocation
    from pith_tui.protocol.equivocation import detect_equivocation  # where a server was asked

    alarm = None
    if held is not None:
        alarm = detect_equivocation(held.raw, found.raw, library.trusted, identifier)
    if alarm is None and library.cache is not None:
        alarm = find_equivocation(library.cache, found.raw, library.trusted)
    return alarm
