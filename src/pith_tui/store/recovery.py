"""What can still be read of a damaged or foreign cache file, brought into a new one.

The file may be malicious.  It is only read; views are refused, rows are found
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
from pith_tui.sqlite.connection import GuardedConnection, connect, read_only_query
from pith_tui.sqlite.file import refuse_foreign
from pith_tui.store import schema
from pith_tui.store.response_rows import (
    ROW_COLUMNS,
    NewResponse,
    StoredResponse,
    response_from_row,
)

_BATCH = 500
_BATCH_BYTES = 1 << 24
"""Bytes of responses that are stored in one transaction, a single one apart."""
_MAX_FAILURES = 200_000
"""Failed attempts to read on in a damaged file, each of some microseconds.

A damaged page costs a few.  A file can be made so that all but the first page are damaged.
"""
_SINGLE_STEPS = 64
"""Ids behind a damaged page that are tried one by one; from there on the step is doubled."""
_LAST_ID = 2**63 - 1
_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def recover(damaged: Path, store_many: Callable[[Sequence[NewResponse]], int]) -> int:
    """Store every undamaged response; return the number of new ones.

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
    """Yield every undamaged response of a cache file, which is only read.

    A file that is not a database, or not one of this program, has none.  Raises CacheError for one
    that has views or triggers.
    """
    with closing(connect(damaged, read_only_query(damaged))) as connection:
        try:
            refuse_foreign(connection, damaged, schema.KIND)
        except _ERRORS:
            connection.raise_caught()
            return
        for row in _Walk(connection).rows():
            try:
                yield response_from_row(row)
            except CacheError:
                continue


class _Walk:
    """A walk through the responses of a file by the ids that are there, past what is damaged."""

    def __init__(self, connection: GuardedConnection) -> None:
        self._connection = connection
        self._failures = 0

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``ROW_COLUMNS`` that can be read, in the order of their ids."""
        first: int | None = 1
        limit = -1
        while first is not None:
            start = first
            try:
                for response_id, *row in self._from(first, limit):
                    if response_id < first:
                        raise sqlite3.DatabaseError("ids that do not rise: the tree has a loop")
                    first = response_id + 1
                    yield tuple(row)
                if first == start or limit < 0:
                    return
                limit = -1
            except _ERRORS:
                self._count_failure()
                if limit < 0:
                    limit = 1  # sqlite3 reads a row ahead, so the next row alone may be sound
                else:
                    first, limit = self._next_after_failure(first), -1

    def _from(self, first: int, limit: int) -> sqlite3.Cursor:
        return self._connection.execute(
            f"SELECT a.id, {ROW_COLUMNS} FROM answer a CROSS JOIN record r ON r.id = a.record"
            " WHERE a.id >= ? ORDER BY a.id LIMIT ?",
            (first, limit),
        )

    def _next_after_failure(self, first: int) -> int | None:
        """Return the id to go on with; None if there is none, or too much has failed."""
        readable, response_id = self._seek(first)
        if readable:  # the page is sound: it is the row of that id which is not
            return None if response_id is None else response_id + 1
        step = 1
        while first + step <= _LAST_ID and self._failures < _MAX_FAILURES:
            if self._seek(first + step)[0]:
                return self._start_of_readable(first, first + step)
            step = step + 1 if step < _SINGLE_STEPS else step * 2
        return None

    def _start_of_readable(self, damaged: int, readable: int) -> int:
        while readable - damaged > 1:
            middle = (damaged + readable) // 2
            if self._seek(middle)[0]:
                readable = middle
            else:
                damaged = middle
        return readable

    def _seek(self, first: int) -> tuple[bool, int | None]:
        """Return whether the page with the next id can be read, and that id, if there is one."""
        try:
            row = self._connection.execute(
                "SELECT id FROM answer WHERE id >= ? ORDER BY id LIMIT 1", (first,)
            ).fetchone()
        except _ERRORS:
            row = (first - 1,)
        if row is None:
            return True, None
        if row[0] < first:  # unreadable, or a page that leads back
            self._count_failure()
            return False, None
        return True, int(row[0])

    def _count_failure(self) -> None:
        self._connection.raise_caught()
        self._failures += 1
