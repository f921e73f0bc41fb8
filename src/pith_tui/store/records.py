"""The records of the cache: counted, searched, walked through, removed.

Everything here works in bounded memory, whatever the number of records and their size.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pith_tui.errors import CacheError
from pith_tui.protocol.spellings import arxiv_id
from pith_tui.sqlite.file import from_micros, to_micros, version_of
from pith_tui.store import indexing
from pith_tui.store.cache import Cache, unindex
from pith_tui.store.query import Query
from pith_tui.store.response_rows import (
    RESPONSE_COLUMNS,
    StoredResponse,
    damaged_number,
    is_suffix,
    response_from_row,
)

EVERYTHING = Query(None)
_CHUNK = 500
_CHUNK_BYTES = 1 << 22
"""Stored bytes that are fetched at once, a single response apart."""
_LATEST = (
    "(SELECT l.id FROM answer l WHERE l.record = r.id"
    " ORDER BY l.checked_at DESC, l.id DESC LIMIT 1)"
)
_FIRST_MICROS = to_micros(datetime.min.replace(tzinfo=UTC))
_LAST_MICROS = to_micros(datetime.max.replace(tzinfo=UTC))


class StoredRecord(NamedTuple):
    """A record of the cache: its number there, and its latest response or why there is none.

    ``suffix`` is ``record NUMBER`` if the one in the cache is damaged: that is shown nowhere.
    """

    number: int
    suffix: str
    response: StoredResponse | None
    error: CacheError | None = None


class CacheInfo(NamedTuple):
    """What the cache holds; ``file_bytes`` counts the journal too, times are of responses."""

    records: int
    responses: int
    file_bytes: int
    oldest: datetime | None
    newest: datetime | None
    schema_version: int
    damage: str | None


def cache_info(cache: Cache, *, thorough: bool = False) -> CacheInfo:
    """Describe the cache; ``thorough`` has SQLite check the whole file."""
    with cache.reading() as connection:
        records = connection.execute("SELECT count(*) FROM record").fetchone()[0]
        responses = connection.execute("SELECT count(*) FROM answer").fetchone()[0]
        timed, oldest, newest = connection.execute(
            "SELECT count(*), min(fetched_at), max(checked_at) FROM answer"
            " WHERE typeof(fetched_at) = 'integer' AND typeof(checked_at) = 'integer'"
            " AND fetched_at BETWEEN ? AND ? AND checked_at BETWEEN ? AND ?",
            (_FIRST_MICROS, _LAST_MICROS) * 2,
        ).fetchone()
        check = "integrity_check" if thorough else "quick_check"
        result = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
        version = version_of(connection)
    journal = cache.path.with_name(f"{cache.path.name}-wal")
    size = sum(path.stat().st_size for path in (cache.path, journal) if os.path.exists(path))
    damage = None if result == "ok" else str(result)
    if damage is None and timed != responses:
        damage = f"responses with impossible times: {responses - timed:,}"
    return CacheInfo(
        records,
        responses,
        size,
        None if oldest is None else from_micros(oldest),
        None if newest is None else from_micros(newest),
        version,
        damage,
    )


def count_records(cache: Cache, query: Query = EVERYTHING) -> int:
    """Count the records that a search finds."""
    with cache.reading() as connection:
        index, sortable = indexing.state_of(connection)
        if query.match is None and query.has_years and sortable:
            sql = "SELECT count(*) FROM record WHERE sort_submitted BETWEEN ? AND ?"
            return int(connection.execute(sql, query.moments).fetchone()[0])
        if query.match is not None and not query.has_years:
            # Without a look at the records themselves: several times as fast.
            sql = f"SELECT count(*) FROM {index} WHERE {index} MATCH ?"
            return int(connection.execute(sql, (query.match,)).fetchone()[0])
        source, values = _source(query, index, 0)
        return int(connection.execute(f"SELECT count(*) {source}", values).fetchone()[0])


def _source(query: Query, index: str, after: int) -> tuple[str, list[str | int]]:
    """Return FROM and WHERE with their values: the record as r, numbers after the one given."""
    if query.match is None:
        return f"FROM record r WHERE r.id > ?{query.years}", [after, *query.year_values]
    source = f"FROM {index} s JOIN record r ON r.id = s.rowid WHERE s.rowid > ? AND {index} MATCH ?"
    return source + query.years, [after, query.match, *query.year_values]


def last_number(cache: Cache) -> int:
    """Return the highest number of a record, 0 in an empty cache."""
    with cache.reading() as connection:
        return int(connection.execute("SELECT ifnull(max(id), 0) FROM record").fetchone()[0])


def iter_records(
    cache: Cache, query: Query = EVERYTHING, *, after: int = 0, until: int | None = None
) -> Iterator[StoredRecord]:
    """Walk through the records that a search finds, in the order in which they came.

    ``after`` and ``until`` bound their numbers: after the one, up to and with the other.
    """
    while chunk := _chunk(cache, query, after, until):
        for row in chunk:
            if row[0] <= after:  # pages that lead back to earlier ones would never end
                raise CacheError(
                    f"the cache {cache.path} is damaged: its records are not in order",
                    cache.kind.repair,
                )
            after = row[0]
            yield _stored_record(row)


def _chunk(cache: Cache, query: Query, after: int, until: int | None) -> list[_Row]:
    """Return the next rows of a search, limited in number and in bytes."""
    rows: list[_Row] = []
    size = 0
    with cache.reading() as connection:
        source, values = _source(query, indexing.state_of(connection).table, after)
        # By the number of the table that is walked through, which is in its order.
        number = "r.id" if query.match is None else "s.rowid"
        bound = "" if until is None else f" AND {number} <= ?"
        cursor = connection.execute(
            f"SELECT n.id, n.suffix, {RESPONSE_COLUMNS} FROM (SELECT r.id, r.suffix {source}{bound}"
            f" ORDER BY {number} LIMIT {_CHUNK}) n JOIN record r ON r.id = n.id"
            f" LEFT JOIN answer a ON a.id = {_LATEST} ORDER BY n.id",
            values + ([] if until is None else [until]),
        )
        with closing(cursor):
            for row in cursor:
                rows.append(row)
                size += len(row[4] or b"")
                if size >= _CHUNK_BYTES:
                    break
    return rows


def records_at(cache: Cache, numbers: Sequence[int]) -> list[StoredRecord]:
    """Return the records with these numbers, in their order; what is gone is left out."""
    placeholders = ", ".join("?" * len(numbers))
    with cache.reading() as connection:
        rows = connection.execute(
            f"SELECT r.id, r.suffix, {RESPONSE_COLUMNS} FROM record r LEFT JOIN answer a"
            f" ON a.id = {_LATEST} WHERE r.id IN ({placeholders})",
            numbers,
        ).fetchall()
    by_number = {row[0]: row for row in rows}
    return [_stored_record(by_number[number]) for number in numbers if number in by_number]


_Row = tuple[Any, ...]
"""Number and suffix of a record and ``RESPONSE_COLUMNS`` of its latest response."""


def _stored_record(row: _Row) -> StoredRecord:
    number, suffix, *response = row
    if not is_suffix(suffix):
        return StoredRecord(number, f"record {number}", None, damaged_number(number))
    try:
        return StoredRecord(number, suffix, response_from_row((suffix, *response)))
    except CacheError as error:
        return StoredRecord(number, suffix, None, error)


class SameWork(NamedTuple):
    """Records of one work in one version, of which an honest service signs only one."""

    name: str
    suffixes: tuple[str, ...]


def group_by_work(cache: Cache) -> list[SameWork]:
    """List the works and versions that more than one record is filed under.

    Only verification shows whether they are signed, and so an equivocation.  Only an arXiv id names
    a work.
    """
    with cache.reading() as connection:
        rows = connection.execute(
            "SELECT arxiv, version, group_concat(suffix, ' ') FROM record"
            " WHERE arxiv IS NOT NULL GROUP BY arxiv, version HAVING count(*) > 1"
        ).fetchall()
    works = []
    for arxiv, version, joined in rows:
        suffixes = tuple(filter(is_suffix, joined.split())) if isinstance(joined, str) else ()
        is_work = arxiv_id(arxiv) is not None and isinstance(version, int | None)
        if is_work and len(suffixes) > 1:
            works.append(SameWork(arxiv if version is None else f"{arxiv}v{version}", suffixes))
    return works


def remove(cache: Cache, suffixes: Sequence[str]) -> int:
    """Remove records with all their responses; return how many there were."""
    with cache.writing() as connection:
        return sum([_remove(connection, suffix) for suffix in suffixes])


def _remove(connection: sqlite3.Connection, suffix: str) -> int:
    row = connection.execute(
        "SELECT id, indexed FROM record WHERE suffix = ?", (suffix,)
    ).fetchone()
    if row is None:
        return 0
    if row[1] is not None:
        unindex(connection, row[0], row[1])
    connection.execute("DELETE FROM answer WHERE record = ?", (row[0],))
    connection.execute("DELETE FROM record WHERE id = ?", (row[0],))
    return 1


class PruneCandidate(NamedTuple):
    """A record that pruning would remove, when it was checked last, and the bytes it takes."""

    suffix: str
    checked_at: datetime
    stored_bytes: int


def select_for_pruning(
    cache: Cache,
    *,
    before: datetime | None = None,
    keep: int | None = None,
    max_bytes: int | None = None,
    protected: Collection[str] = (),
) -> list[PruneCandidate]:
    """List what pruning would remove, the longest unchecked first; removes nothing.

    ``before`` selects what was last checked before that time, ``keep`` all but that many records,
    ``max_bytes`` what exceeds that many bytes of responses; ``protected`` are suffixes that stay
    whatever their age.  Their bytes are counted first, and recent ones count among the records to
    keep.  A record under a damaged number counts too, but only a repair removes it.
    """
    with cache.reading() as connection:
        rows = connection.execute(
            "SELECT r.suffix, r.checked_at, (SELECT ifnull(sum(length(a.stored)), 0)"
            " FROM answer a WHERE a.record = r.id AND typeof(a.stored) = 'blob')"
            " FROM record r ORDER BY r.checked_at DESC, r.id"
        ).fetchall()
    limit = None if before is None else to_micros(before)
    candidates = []
    total = sum(size for suffix, _, size in rows if suffix in protected)
    for index, (suffix, checked_at, size) in enumerate(rows):
        if suffix in protected:
            continue
        total += size
        micros = _bounded_micros(checked_at)
        if is_suffix(suffix) and (
            (limit is not None and micros < limit)
            or (keep is not None and index >= keep)
            or (max_bytes is not None and total > max_bytes)
        ):
            candidates.append(PruneCandidate(suffix, from_micros(micros), size))
    return candidates[::-1]


def _bounded_micros(value: object) -> int:
    """Return a stored time, or the nearest possible one; the earliest if it is not a number."""
    number = value if isinstance(value, int) else _FIRST_MICROS
    return min(max(number, _FIRST_MICROS), _LAST_MICROS)


def compact(cache: Cache) -> None:
    """Return the space of removed records to the file system."""
    with cache.reading() as connection:
        connection.execute("VACUUM")
        # In WAL mode the smaller file is in the journal until a checkpoint, and the journal stays.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
