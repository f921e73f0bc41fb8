"""The backlog of a file that came from an older version: its records indexed anew, bit by bit.

It is done in small transactions, each of which also notes how far it came: whoever ends the
program in the middle loses nothing, and the next one goes on from there.  Several may work at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.record import Record
from pith_tui.sources import indexing, schema
from pith_tui.sources.cache import ANSWER_COLUMNS, Cache, held_of
from pith_tui.sources.filing import Filing, filing_of

_CHUNK = 200
"""Records in one transaction: a twentieth of a second, in which nobody else can write."""

Progress = Callable[[int], bool]


def waiting(cache: Cache) -> int:
    """Give about how many records are still to be indexed; 0 where all can be sorted."""
    with cache.reading() as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] < 2:
            return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])
        row = connection.execute("SELECT next, last FROM backlog").fetchone()
    # One more for what is left to do after the last of them.
    return 0 if row is None else int(row[1] - row[0] + 2)


def catch_up(cache: Cache, progress: Progress) -> bool:
    """Index what is waiting; tells whether nothing is left.

    ``progress`` is told what is left after each transaction, and gives False to stop there.
    Raises CacheError where the file cannot be written.
    """
    if cache.readonly:
        return waiting(cache) == 0
    while (left := _one_chunk(cache)) > 0:
        if not progress(left):
            return False
    return True


def _one_chunk(cache: Cache) -> int:
    """Do the next bit, in one transaction; gives what is left, the indexes of columns counted."""
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
        f"SELECT r.id, {ANSWER_COLUMNS} FROM record r LEFT JOIN answer a ON a.id = r.indexed"
        " WHERE r.id BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
    for number, *answer in rows:
        filing = _filing(tuple(answer))
        indexing.set_sort_keys(connection, number, filing)
        if filing is not None:
            indexing.add_words(connection, "words", number, filing)
    connection.execute("UPDATE backlog SET next = ?", (last + 1,))


def _filing(answer: tuple) -> Filing | None:  # type: ignore[type-arg]
    """Read a row; None for what is damaged, which every list shows as that."""
    try:
        return filing_of(Record(held_of(answer).raw))
    except (CacheError, NotARecordError):
        return None
