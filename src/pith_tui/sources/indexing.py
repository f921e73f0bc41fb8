"""What a record is searched and sorted by, and the tables that hold it.

A file that came from schema version 1 has a backlog: records with neither sort columns nor words
in the new index.  While there is one, the old index is kept up to date beside the new one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from pith_tui.sources.filing import Filing
from pith_tui.sources.folding import fold_names, fold_words

_KEY_LENGTH = 40
"""Characters of a title that count in sorting: enough to tell them apart, small enough to keep."""
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", re.ASCII)

Words = tuple[str, str, str, str]


class State(NamedTuple):
    """Which table is searched, and whether every record has its sort columns."""

    table: str
    sortable: bool


class SortKeys(NamedTuple):
    """The sort columns of a record; ``submitted`` is the time's digits, 0 where there is none."""

    title: str
    name: str
    category: str
    submitted: int


def state_of(connection: sqlite3.Connection) -> State:
    """Tell how far the file is; one of version 1 that is open for reading alone stays so."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < 2:
        return State("search", False)
    waiting = connection.execute("SELECT 1 FROM backlog").fetchone()
    return State("words", True) if waiting is None else State("search", False)


def words_of(filing: Filing) -> Words:
    """Give the folded words of a record: title, authors, ids, categories.

    The id is there with its version, of which the id alone is a beginning; the DOI is not: all
    but the same few characters of it is the id (see query.py).
    """
    version = "" if filing.version is None else f"v{filing.version}"
    return _words(filing, f"{filing.arxiv or ''}{version if filing.arxiv else ''} {filing.suffix}")


def _words_1(filing: Filing) -> Words:
    """Give the words as version 1 kept them."""
    version = "" if filing.version is None else f"{filing.arxiv}v{filing.version}"
    return _words(filing, f"{filing.arxiv or ''} {version} {filing.doi or ''} {filing.suffix}")


def _words(filing: Filing, ids: str) -> Words:
    return (
        fold_words(filing.title),
        fold_words(filing.authors),
        fold_names(ids),
        fold_names(filing.categories),
    )


def sort_keys(filing: Filing) -> SortKeys:
    """Give what a record is sorted by, folded as for searching."""
    name = "" if filing.arxiv is None else f"{filing.arxiv.lower()}v{filing.version or 0:04}"
    moment = _MOMENT.match(filing.submitted)
    submitted = int("".join(moment.groups())) if moment else (filing.year or 0) * 10**10
    return SortKeys(
        fold_words(filing.title)[:_KEY_LENGTH],
        name[:_KEY_LENGTH],
        filing.categories.partition(" ")[0].lower()[:_KEY_LENGTH],
        submitted,
    )


def index(connection: sqlite3.Connection, record: int, filing: Filing) -> None:
    """Put a record's words into the index and its keys into the sort columns."""
    tables = _tables(connection, record)
    for table in tables:
        add_words(connection, table, record, filing)
    if "words" in tables:
        set_sort_keys(connection, record, filing)


def add_words(connection: sqlite3.Connection, table: str, record: int, filing: Filing) -> None:
    """Put a record's words into one of the indexes."""
    connection.execute(
        f"INSERT INTO {table} (rowid, title, authors, ids, categories) VALUES (?, ?, ?, ?, ?)",
        (record, *_WORDS[table](filing)),
    )


def set_sort_keys(connection: sqlite3.Connection, record: int, filing: Filing | None) -> None:
    """Fill the sort columns; what cannot be read comes first in every order."""
    keys = SortKeys("", "", "", 0) if filing is None else sort_keys(filing)
    connection.execute(
        "UPDATE record SET sort_title = ?, sort_name = ?, sort_category = ?, sort_submitted = ?"
        " WHERE id = ?",
        (*keys, record),
    )


def unindex(connection: sqlite3.Connection, record: int, filing: Filing) -> None:
    """Take a record's words out of the index, which itself does not know them."""
    for table in _tables(connection, record):
        connection.execute(
            f"INSERT INTO {table} ({table}, rowid, title, authors, ids, categories)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            (record, *_WORDS[table](filing)),
        )


def _tables(connection: sqlite3.Connection, record: int) -> tuple[str, ...]:
    """Name the indexes that a record's words are in."""
    backlog = connection.execute("SELECT next, last FROM backlog").fetchone()
    if backlog is None:
        return ("words",)
    return ("search",) if backlog[0] <= record <= backlog[1] else ("search", "words")


_WORDS: dict[str, Callable[[Filing], Words]] = {"search": _words_1, "words": words_of}
