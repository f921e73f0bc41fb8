"""Where a record came from, in words and as data."""

from __future__ import annotations

import os
from datetime import datetime

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.output.wording import age

IMPORTED = "import"
"""What the origin of an imported answer begins with, before a colon and the file."""


def format_source(found: FetchedRecord, now: datetime) -> str:
    """Say where the bytes came from and how old the copy is."""
    if found.origin is Origin.SAMPLE:
        return "sample that comes with the program"
    if found.origin is Origin.LIVE:
        return f"live from {_server(found.where)}"
    if found.origin is Origin.FILE:
        return found.where
    old = age(found.checked_at, now) if found.checked_at else "of unknown age"
    return f"cache, {old}, from {_server(format_origin(found.where))}"


def format_origin(origin: str) -> str:
    """Return where a stored answer came from: a URL, or the name of an imported file.

    The directory of such a file is the owner's: it is left out, since a visitor of a page reads
    this too. `pith-tui cache show` prints the whole.
    """
    kind, separator, path = origin.partition(":")
    return f"{kind}:{os.path.basename(path)}" if separator and kind == IMPORTED else origin


def _server(url: str) -> str:
    """Return the scheme and host of a URL, which is what a reader wants to know of it."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}"


def source_object(found: FetchedRecord) -> dict[str, object]:
    """Return the same as members of a JSON object."""
    checked = None if found.checked_at is None else found.checked_at.isoformat()
    return {"origin": found.origin.value, "where": found.where or None, "checked_at": checked}
