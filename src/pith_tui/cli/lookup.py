"""One look-up for commands that print: what is at hand, brought up to date where it can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pith_tui.errors import CacheError, NotFoundError, UnreachableError
from pith_tui.output.provenance import came_from
from pith_tui.protocol.identifiers import Identifier
from pith_tui.sources.library import Found, Library

if TYPE_CHECKING:
    from pith_tui.protocol.equivocation import Alarm


def look_up(
    library: Library, identifier: Identifier, notice: Callable[[str], None], *, refresh: bool
) -> Found:
    """Give the record: from a server where one answers, else what is at hand.

    Raises NotFoundError or UnreachableError where there is nothing at hand either.
    """
    held = None
    try:
        held = library.at_hand(identifier)
    except CacheError as error:
        notice(f"{error}; {error.advice}")
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
        notice(f"{error}; going by {came_from(held, library.now())}")
        return held


def alarm_over(
    library: Library, identifier: Identifier, held: Found | None, found: Found
) -> Alarm | None:
    """Tell what is alarming about what a server sent, beside what is held under any number."""
    from pith_tui.protocol.equivocation import alarm_of  # where a server was asked
    from pith_tui.sources.rivals import rival_alarm

    alarm = None
    if held is not None:
        alarm = alarm_of(held.raw, found.raw, library.trusted, identifier)
    if alarm is None and library.cache is not None:
        alarm = rival_alarm(library.cache, found.raw, library.trusted)
    return alarm
