"""What a record is searched and sorted by, and the tables that hold it.

A file that came from schema version 1 has a backlog: records with neither sort columns nor words
in the new index.  While there is one, the old index is kept up to date beside the new one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from pith_tui.patterns import pattern
from pith_tui.protocol.catalog_entry import CatalogEntry
from pith_tui.store.normalize import normalize_ids, normalize_text

_KEY_LENGTH = 40
"""Characters of a title that count in sorting: enough to tell them apart, small enough to keep."""
_MAX_WORDS = 500_000
"""Characters of a title or of names that are searched: folded, one can become eighteen."""
_MOMENT = pattern(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", re.ASCII)

Words = tuple[str, str, str, str]


class State(NamedTuple):
    """Which table is searched, and whether every record has its sort columns."""

    table: str
    sortable: bool


class SortKeys(NamedTuple):
    """The sort columns of a record; ``submitted`` is the time's digits, 0 if there is none."""

    title: str
    name: str
    category: str
    submitted: int


def state_of(connection: sqlite3.Connection) -> State:
    """Return which table is searched; a file of version 1, open read-only, is not migrated."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < 2:
        return State("search", False)
    waiting = connection.execute("SELECT 1 FROM backlog").fetchone()
    return State("words", True) if waiting is None else State("search", False)


def words_of(catalog: CatalogEntry) -> Words:
    """Return the folded words of a record: title, authors, ids, categories.

    The id has its version, so that a search for the id alone, which is its beginning, finds it.
    The DOI is left out: after a prefix that is always the same, it is the id (see query.py).
    """
    version = "" if catalog.version is None else f"v{catalog.version}"
    return _words(
        catalog, f"{catalog.arxiv or ''}{version if catalog.arxiv else ''} {catalog.suffix}"
    )


def _words_1(catalog: CatalogEntry) -> Words:
    """Return the words as version 1 kept them."""
    version = "" if catalog.version is None else f"{catalog.arxiv}v{catalog.version}"
    return _words(catalog, f"{catalog.arxiv or ''} {version} {catalog.doi or ''} {catalog.suffix}")


def _words(catalog: CatalogEntry, ids: str) -> Words:
    return (
        normalize_text(catalog.title[:_MAX_WORDS]),
        normalize_text(catalog.authors[:_MAX_WORDS]),
        normalize_ids(ids),
        normalize_ids(catalog.categories[:_MAX_WORDS]),
    )


def sort_keys(catalog: CatalogEntry) -> SortKeys:
    """Return what a record is sorted by, folded as for searching."""
    name = "" if catalog.arxiv is None else f"{catalog.arxiv.lower()}v{catalog.version or 0:04}"
    moment = _MOMENT.match(catalog.submitted)
    submitted = int("".join(moment.groups())) if moment else (catalog.year or 0) * 10**10
    return SortKeys(
        normalize_text(catalog.title[:_MAX_WORDS])[:_KEY_LENGTH],
        name[:_KEY_LENGTH],
        catalog.categories.partition(" ")[0].lower()[:_KEY_LENGTH],
        submitted,
    )


def index(connection: sqlite3.Connection, record: int, catalog: CatalogEntry) -> None:
    """Put a record's words into the index and its keys into the sort columns."""
    tables = _tables(connection, record)
    for table in tables:
        add_words(connection, table, record, catalog)
    if "words" in tables:
        set_sort_keys(connection, record, catalog)


def add_words(
    connection: sqlite3.Connection, table: str, record: int, catalog: CatalogEntry
) -> None:
    """Put a record's words into one of the indexes."""
    connection.execute(
        f"INSERT INTO {table} (rowid, title, authors, ids, categories) VALUES (?, ?, ?, ?, ?)",
        (record, *_WORDS[table](catalog)),
    )


def set_sort_keys(
    connection: sqlite3.Connection, record: int, catalog: CatalogEntry | None
) -> None:
    """Fill the sort columns; what cannot be read comes first in every order."""
    keys = SortKeys("", "", "", 0) if catalog is None else sort_keys(catalog)
    connection.execute(
        "UPDATE record SET sort_title = ?, sort_name = ?, sort_category = ?, sort_submitted = ?"
        " WHERE id = ?",
        (*keys, record),
    )


def unindex(connection: sqlite3.Connection, record: int, catalog: CatalogEntry) -> None:
    """Remove a record's words from the index, which does not store them itself."""
    for table in _tables(connection, record):
        connection.execute(
            f"INSERT INTO {table} ({table}, rowid, title, authors, ids, categories)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            (record, *_WORDS[table](catalog)),
        )


def _tables(connection: sqlite3.Connection, record: int) -> tuple[str, ...]:
    """Return the names of the indexes that a record's words are in."""
    backlog = connection.execute("SELECT next, last FROM backlog").fetchone()
    if backlog is None:
        return ("words",)
    return ("search",) if backlog[0] <= record <= backlog[1] else ("search", "words")


_WORDS: dict[str, Callable[[CatalogEntry], Words]] = {"search": _words_1, "words": words_of}
