"""The two real bibliographies of the shared data, for tests of reading and checking them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.support import SHARED

BIB = SHARED / "bib"


class Expected(NamedTuple):
    """What strict parsers read from one entry."""

    key: str
    line: int
    ids: tuple[str, ...]
    where: dict[str, list[str]]
    title: str | None


def expected_entries(name: str) -> list[Expected]:
    """Return the expected entries of ``a`` or ``b``."""
    entries: list[dict[str, Any]] = json.loads((BIB / f"{name}.expected.json").read_bytes())[
        "entries"
    ]
    return [
        Expected(entry["key"], entry["line"], tuple(entry["ids"]), entry["where"], entry["title"])
        for entry in entries
    ]


def entries_of_both() -> list[Expected]:
    """Return the entries of both files."""
    return [*expected_entries("a"), *expected_entries("b")]


def plain_title(title: str) -> str:
    """Return a title as arXiv would have it: without the braces that BibTeX alone needs."""
    return title if "\\" in title or "$" in title else title.replace("{", "").replace("}", "")


def misc(key: str, **fields: str) -> str:
    """Return a BibTeX entry, with a line for each field."""
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return ",\n".join([f"@misc{{{key}", *lines]) + "\n}\n"
