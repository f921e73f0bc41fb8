"""The backlog of a file that came from an older version: its records are indexed again, in steps.

It is done in small transactions, each of which also notes how far it came: if the program is ended
in the middle nothing is lost, and the next run resumes there.  Several may work at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store import indexing, schema
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import ROW_COLUMNS, response_from_row

_CHUNK = 200
"""Records in one transaction: a twentieth of a second, in which nobody else can write."""

Progress = Callable[[int], bool]


def pending_count(cache: Cache) -> int:
    """Return about how many records are still to be indexed; 0 where all can be sorted."""
    with cache.reading() as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] < 2:
            return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])
        row = connection.execute("SELECT next, last FROM backlog").fetchone()
    # One more for what is left to do after the last of them.
    return 0 if row is None else int(row[1] - row[0] + 2)


def run_reindex(cache: Cache, progress: Progress) -> bool:
    """Index the pending records; return whether none is left.

    ``progress`` is called with what is left after each transaction; it returns False to stop there.
    Raises CacheError if the file cannot be written.
    """
    if cache.readonly:
        return pending_count(cache) == 0
    while (left := _one_chunk(cache)) > 0:
        if not progress(left):
            return False
    return True


def _one_chunk(cache: Cache) -> int:
    """Do the next step in one transaction; return how much is left: records or column indexes."""
    with cache.writing() as connection:
        row = connection.execute("SELECT next, last FROM backlog").fetchone()
        if row is None:
            return 0
        first, last = row
        if first <= last:
            until = min(first + _CHUNK - 1, last)
            _index_records(connection, first, until)
            return int(last - until) + 1
        missing = schema.add_sort_index(connection)
        if missing > 1:
            return missing
        schema.finish_sorting(connection)
    return 0


def _index_records(connection: sqlite3.Connection, first: int, last: int) -> None:
    rows = connection.execute(
        f"SELECT r.id, {ROW_COLUMNS} FROM record r LEFT JOIN answer a ON a.id = r.indexed"
        " WHERE r.id BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
    for number, *row in rows:
        catalog = _catalog(tuple(row))
        indexing.set_sort_keys(connection, number, catalog)
        if catalog is not None:
            indexing.add_words(connection, "words", number, catalog)
    connection.execute("UPDATE backlog SET next = ?", (last + 1,))


def _catalog(row: tuple) -> CatalogEntry | None:  # type: ignore[type-arg]
    """Return the catalog entry of a row; None for a damaged one, which every list shows so."""
    try:
        return catalog_entry(Record(response_from_row(row).raw))
    except (CacheError, NotARecordError):
        return None
