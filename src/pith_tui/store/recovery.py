"""What can still be read of a damaged or foreign cache file, brought into a new one.

The file may be made by somebody who means ill.  It is only read; views are refused, rows are found
by the ids that are there, and one row is in memory at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.sqlite_connection import GuardedConnection, connect, reading_only
from pith_tui.sqlite_file import refuse_foreign
from pith_tui.store import schema
from pith_tui.store.response_rows import (
    ANSWER_COLUMNS,
    NewResponse,
    StoredResponse,
    response_from_row,
)

_BATCH = 500
_BATCH_BYTES = 1 << 24
"""Bytes of responses that are stored in one transaction, a single one apart."""
_MAX_FAILURES = 100_000
"""Failed attempts to read on in a damaged file, each of some microseconds.

Ids stand close together, so a damaged page of a real file costs a few.  A file can be made so that
each of 2**63 ids would have to be tried.
"""
_LAST_ID = 2**63 - 1
_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def recover(damaged: Path, store_many: Callable[[Sequence[NewResponse]], int]) -> int:
    """Store every response that is still what was stored; return the number of new ones.

    Raises CacheError for a file that has views or triggers.
    """
    stored = size = 0
    batch: list[NewResponse] = []
    for response in iter_recoverable(damaged):
        entry = _entry(response)
        if entry is not None:
            batch.append(entry)
            size += len(entry.raw)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            stored += store_many(batch)
            batch, size = [], 0
    return stored + (store_many(batch) if batch else 0)


def _entry(response: StoredResponse) -> NewResponse | None:
    try:
        catalog = catalog_entry(Record(response.raw))
    except NotARecordError:
        return None
    if catalog is None or catalog.suffix != response.suffix:
        return None
    raw, _, fetched_at, checked_at, origin, etag = response
    return NewResponse(raw, catalog, origin, etag, checked_at, fetched_at)


def iter_recoverable(damaged: Path) -> Iterator[StoredResponse]:
    """Yield every response of a cache file that is still what was stored; the file is only read.

    A file that is no database, or none of this program's, has none.  Raises CacheError for one
    that has views or triggers.
    """
    with closing(connect(damaged, reading_only(damaged))) as connection:
        try:
            refuse_foreign(connection, damaged, schema.KIND)
        except _ERRORS:
            connection.raise_caught()
            return
        for row in _rows(connection):
            try:
                yield response_from_row(row)
            except CacheError:
                continue


def _rows(connection: GuardedConnection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in the order of their ids.

    Where reading fails, the ids that are left are halved until the failing part is a single id,
    so one bad page costs the rows on it and no others.
    """
    failures = 0
    ranges = [(1, _LAST_ID)]
    while ranges and failures < _MAX_FAILURES:
        first, last = ranges.pop()
        try:
            for response_id, *row in _between(connection, first, last):
                if response_id < first:
                    raise sqlite3.DatabaseError("ids that do not rise: the tree has a loop")
                first = response_id + 1
                yield tuple(row)
        except _ERRORS:
            connection.raise_caught()
            failures += 1
            if first < last:
                middle = (first + last) // 2
                ranges += [(middle + 1, last), (first, middle)]


def _between(connection: sqlite3.Connection, first: int, last: int) -> sqlite3.Cursor:
    return connection.execute(
        f"SELECT a.id, {ANSWER_COLUMNS} FROM answer a CROSS JOIN record r ON r.id = a.record"
        " WHERE a.id BETWEEN ? AND ? ORDER BY a.id",
        (first, last),
    )
