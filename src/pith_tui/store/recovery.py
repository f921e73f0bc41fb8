"""What can still be read of a damaged cache, brought into a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.sqlite_file import reading_only
from pith_tui.store.response_rows import (
    ANSWER_COLUMNS,
    NewResponse,
    StoredResponse,
    response_from_row,
)

_BATCH = 500
_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def recover(damaged: Path, store_many: Callable[[Sequence[NewResponse]], int]) -> int:
    """Store every answer that is still what was stored; return the number of new ones.

    The damaged file is only read.  Rows are asked for one by one where a range of them fails, so
    that one bad page costs the rows on it and no others.
    """
    kept = 0
    batch: list[NewResponse] = []
    for held in iter_recoverable(damaged):
        entry = _entry(held)
        if entry is not None:
            batch.append(entry)
        if len(batch) == _BATCH:
            kept += store_many(batch)
            batch = []
    return kept + (store_many(batch) if batch else 0)


def _entry(held: StoredResponse) -> NewResponse | None:
    try:
        catalog = catalog_entry(Record(held.raw))
    except NotARecordError:
        return None
    if catalog is None or catalog.suffix != held.suffix:
        return None
    return NewResponse(held.raw, catalog, held.origin, held.etag, held.checked_at, held.fetched_at)


def iter_recoverable(damaged: Path) -> Iterator[StoredResponse]:
    """Return every answer of a cache file that is still what was stored; the file is only read."""
    connection = sqlite3.connect(damaged.absolute().as_uri() + reading_only(damaged), uri=True)
    try:
        for row in _rows(connection):
            try:
                yield response_from_row(row)
            except CacheError:
                continue
    except _ERRORS:
        return  # no database at all, or none of this program's
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection) -> Iterator[tuple]:  # type: ignore[type-arg]
    last = connection.execute("SELECT max(id) FROM answer").fetchone()[0] or 0
    for start in range(1, last + 1, _BATCH):
        try:
            yield from _between(connection, start, start + _BATCH - 1)
        except _ERRORS:
            for number in range(start, min(start + _BATCH, last + 1)):
                try:
                    yield from _between(connection, number, number)
                except _ERRORS:
                    continue


def _between(connection: sqlite3.Connection, first: int, last: int) -> list[tuple]:  # type: ignore[type-arg]
    return connection.execute(
        f"SELECT {ANSWER_COLUMNS} FROM answer a JOIN record r ON r.id = a.record"
        " WHERE a.id BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
