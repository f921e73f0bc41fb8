"""Where a record came from, as text and as data."""

from __future__ import annotations

import os
from datetime import datetime

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.output.wording import age

IMPORTED = "import"
"""What the origin of an imported response begins with, before a colon and the file."""


def format_source(record: FetchedRecord, now: datetime) -> str:
    """Describe where the bytes came from and how old the copy is."""
    if record.origin is Origin.SAMPLE:
        return "sample that comes with the program"
    if record.origin is Origin.LIVE:
        return f"live from {_server(record.where)}"
    if record.origin is Origin.FILE:
        return record.where
    old = age(record.checked_at, now) if record.checked_at else "of unknown age"
    return f"cache, {old}, from {_server(format_origin(record.where))}"


def format_origin(origin: str) -> str:
    """Return where a stored response came from: a URL, or the name of an imported file.

    The directory of such a file is the owner's: it is left out, since a visitor of a page reads
    this too. `pith-tui cache show` prints the whole.
    """
    kind, separator, path = origin.partition(":")
    return f"{kind}:{os.path.basename(path)}" if separator and kind == IMPORTED else origin


def _server(url: str) -> str:
    """Return the scheme and host of a URL, which is what a reader wants to know of it."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}"


def source_object(record: FetchedRecord) -> dict[str, object]:
    """Return the same as members of a JSON object."""
    checked = None if record.checked_at is None else record.checked_at.isoformat()
    return {"origin": record.origin.value, "where": record.where or None, "checked_at": checked}
