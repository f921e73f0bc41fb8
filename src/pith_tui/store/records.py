"""The cache as an archive: what it holds, searched, walked through and cleared out.

Everything here works in bounded memory, whatever the number of records.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.sqlite_file import from_micros, to_micros, version_of
from pith_tui.store import indexing
from pith_tui.store.cache import Cache, unindex
from pith_tui.store.query import Query
from pith_tui.store.response_rows import StoredResponse, response_from_row

EVERYTHING = Query(None)
_CHUNK = 500
_SUFFIX = re.compile(r"[A-Z2-7]{26}", re.ASCII)
_COLUMNS = "a.sha256, a.codec, a.stored, a.origin, a.etag, a.fetched_at, a.checked_at"
_LATEST = (
    "(SELECT l.id FROM answer l WHERE l.record = r.id"
    " ORDER BY l.checked_at DESC, l.id DESC LIMIT 1)"
)


class StoredRecord(NamedTuple):
    """A record of the archive: its number in it, and its latest answer or why there is none."""

    number: int
    suffix: str
    held: StoredResponse | None
    fault: CacheError | None = None


class CacheInfo(NamedTuple):
    """What the archive holds; ``file_bytes`` counts the journal too, times are of answers."""

    records: int
    answers: int
    file_bytes: int
    oldest: datetime | None
    newest: datetime | None
    schema_version: int
    damage: str | None


def cache_info(cache: Cache, *, thorough: bool = False) -> CacheInfo:
    """Describe the archive; ``thorough`` has SQLite look through the whole file for damage."""
    with cache.reading() as connection:
        records = connection.execute("SELECT count(*) FROM record").fetchone()[0]
        answers, oldest, newest = connection.execute(
            "SELECT count(*), min(fetched_at), max(checked_at) FROM answer"
        ).fetchone()
        check = "integrity_check" if thorough else "quick_check"
        found = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
        version = version_of(connection)
    journal = cache.path.with_name(f"{cache.path.name}-wal")
    size = sum(path.stat().st_size for path in (cache.path, journal) if os.path.exists(path))
    return CacheInfo(
        records,
        answers,
        size,
        None if oldest is None else from_micros(oldest),
        None if newest is None else from_micros(newest),
        version,
        None if found == "ok" else str(found),
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
    """Return the highest number of a record, 0 in an empty archive."""
    with cache.reading() as connection:
        return int(connection.execute("SELECT ifnull(max(id), 0) FROM record").fetchone()[0])


def iter_records(
    cache: Cache, query: Query = EVERYTHING, *, after: int = 0, until: int | None = None
) -> Iterator[StoredRecord]:
    """Walk through the records that a search finds, in the order in which they came.

    ``after`` and ``until`` bound their numbers: after the one, up to and with the other.
    """
    while chunk := page(cache, query, after=after, until=until):
        yield from chunk
        after = chunk[-1].number


def page(
    cache: Cache,
    query: Query = EVERYTHING,
    *,
    after: int = 0,
    until: int | None = None,
    size: int = _CHUNK,
) -> list[StoredRecord]:
    """Return the next so many records that a search finds."""
    with cache.reading() as connection:
        source, values = _source(query, indexing.state_of(connection).table, after)
        # By the number of the table that is walked through, which is in its order.
        number = "r.id" if query.match is None else "s.rowid"
        bound = "" if until is None else f" AND {number} <= ?"
        rows = connection.execute(
            f"SELECT n.id, n.suffix, {_COLUMNS} FROM (SELECT r.id, r.suffix {source}{bound}"
            f" ORDER BY {number} LIMIT {size}) n JOIN record r ON r.id = n.id"
            f" LEFT JOIN answer a ON a.id = {_LATEST} ORDER BY n.id",
            values + ([] if until is None else [until]),
        ).fetchall()
    return [_stored_record(*row) for row in rows]


def records_at(cache: Cache, numbers: Sequence[int]) -> list[StoredRecord]:
    """Return the records with these numbers, in their order; what is gone is left out."""
    marks = ", ".join("?" * len(numbers))
    with cache.reading() as connection:
        rows = connection.execute(
            f"SELECT r.id, r.suffix, {_COLUMNS} FROM record r LEFT JOIN answer a"
            f" ON a.id = {_LATEST} WHERE r.id IN ({marks})",
            numbers,
        ).fetchall()
    found = {row[0]: row for row in rows}
    return [_stored_record(*found[number]) for number in numbers if number in found]


def _stored_record(number: int, suffix: object, *answer: object) -> StoredRecord:
    if not (isinstance(suffix, str) and _SUFFIX.fullmatch(suffix)):
        fault = CacheError(
            f"the cache holds a damaged number for record {number}",
            "`pith-tui cache repair` begins a new cache with what can be read",
        )
        return StoredRecord(number, suffix if isinstance(suffix, str) else "", None, fault)
    try:
        return StoredRecord(number, suffix, response_from_row((suffix, *answer)))  # type: ignore[arg-type]
    except CacheError as fault:
        return StoredRecord(number, suffix, None, fault)


class SameWork(NamedTuple):
    """Records of one work in one version, of which an honest service signs but one."""

    name: str
    suffixes: tuple[str, ...]


def group_by_work(cache: Cache) -> list[SameWork]:
    """List the works and versions that more than one record is filed under.

    Whether they are signed, and so equivocation, is for verification to say.
    """
    with cache.reading() as connection:
        rows = connection.execute(
            "SELECT arxiv, version, group_concat(suffix, ' ') FROM record"
            " WHERE arxiv IS NOT NULL GROUP BY arxiv, version HAVING count(*) > 1"
        ).fetchall()
    return [
        SameWork(arxiv if version is None else f"{arxiv}v{version}", tuple(suffixes.split()))
        for arxiv, version, suffixes in rows
    ]


def remove(cache: Cache, suffixes: Sequence[str]) -> int:
    """Remove records with all their answers; returns how many there were."""
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

    ``before`` takes what was checked before then, ``keep`` all but so many records, ``max_bytes``
    what is over so many bytes of answers; ``spare`` are suffixes that stay whatever their age.
    Their bytes are counted first, and they count among the records to keep where they are recent.
    """
    with cache.reading() as connection:
        rows = connection.execute(
            "SELECT r.suffix, r.checked_at, (SELECT ifnull(sum(length(a.stored)), 0)"
            " FROM answer a WHERE a.record = r.id) FROM record r ORDER BY r.checked_at DESC, r.id"
        ).fetchall()
    moment = None if before is None else to_micros(before)
    candidates = []
    total = sum(size for suffix, _, size in rows if suffix in protected)
    for index, (suffix, checked_at, size) in enumerate(rows):
        if suffix in protected:
            continue
        total += size
        if (
            (moment is not None and checked_at < moment)
            or (keep is not None and index >= keep)
            or (max_bytes is not None and total > max_bytes)
        ):
            candidates.append(PruneCandidate(suffix, from_micros(checked_at), size))
    return candidates[::-1]


def compact(cache: Cache) -> None:
    """Return the room of what was removed back to the disk."""
    with cache.reading() as connection:
        connection.execute("VACUUM")
