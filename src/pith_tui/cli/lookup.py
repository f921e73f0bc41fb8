"""One look-up for commands that print: what is at hand, brought up to date where it can be."""

from __future__ import annotations

from collections.abc import Callable

from pith_tui.errors import CacheError, NotFoundError, UnreachableError
from pith_tui.output.provenance import came_from
from pith_tui.protocol.equivocation import equivocates
from pith_tui.protocol.identifiers import Identifier
from pith_tui.sources.library import Found, Library


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
        if held is not None and equivocates(held.raw, found.raw, library.trusted):
            notice("ALARM: two different contents were signed for this version; both are kept")
        return found
    except (NotFoundError, UnreachableError) as error:
        if held is None:
            raise
        notice(f"{error}; going by {came_from(held, library.now())}")
        return held
