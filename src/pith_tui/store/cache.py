"""The cache: the exact bytes of every distinct response, in SQLite.  It keeps no verdicts.

SQLite has no page checksums, so what is read is compared with the SHA-256 that was stored beside
it; and a record that is read from here is verified like any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sqlite.errors import FileKind
from pith_tui.sqlite.file import Migration, SqliteFile, to_micros
from pith_tui.store import indexing, schema
from pith_tui.store.compression import pack
from pith_tui.store.response_rows import (
    ROW_COLUMNS,
    NewResponse,
    StoredResponse,
    damaged_number,
    is_suffix,
    response_from_row,
    row_digest,
)

_FIND_LIMIT = 20
_LATEST = "ORDER BY a.checked_at DESC, a.id DESC"


class Cache(SqliteFile):
    """The responses in an open cache file."""

    kind: ClassVar[FileKind] = schema.KIND

    @classmethod
    def migrations(cls) -> Sequence[Migration]:
        """Return the steps of the cache's schema."""
        return schema.MIGRATIONS

    def _recover_from(self, damaged: Path) -> int:
        from pith_tui.store.recovery import recover  # for the few that need it

        return recover(damaged, self.store_many)

    def store(
        self,
        raw: bytes,
        catalog: CatalogEntry,
        *,
        origin: str,
        etag: str | None,
        received_at: datetime,
        known: Mapping[bytes, CatalogEntry] | None = None,
    ) -> bool:
        """Store a response; return whether these bytes are new for the record.

        Bytes that are stored already only update ``checked_at``, ``origin`` and ``etag``.
        ``known`` is as in ``NewResponse``.  Raises CacheError.
        """
        return (
            self.store_many([NewResponse(raw, catalog, origin, etag, received_at, known=known)])
            == 1
        )

    def store_many(self, entries: Iterable[NewResponse]) -> int:
        """Store responses in one transaction, all or none; return the number of new ones."""
        with self.writing() as connection:
            return sum([_store(connection, entry) for entry in entries])

    def last_response_id(self) -> int:
        """Return the highest id of a response, 0 if none is stored."""
        with self.reading() as connection:
            return int(connection.execute("SELECT ifnull(max(id), 0) FROM answer").fetchone()[0])

    def latest(self, suffix: str) -> StoredResponse | None:
        """Return the response that was checked last.  Raises CacheError if it is damaged."""
        responses = self._responses(suffix, limit=1)
        return responses[0] if responses else None

    def history(self, suffix: str) -> list[StoredResponse]:
        """Return every distinct response, the one checked last first; raises as ``latest``."""
        return self._responses(suffix, limit=-1)

    def _responses(self, suffix: str, *, limit: int) -> list[StoredResponse]:
        query = (
            f"SELECT {ROW_COLUMNS} FROM record r JOIN answer a ON a.record = r.id"
            f" WHERE r.suffix = ? {_LATEST} LIMIT ?"
        )
        with self.reading() as connection:
            rows = connection.execute(query, (suffix, limit)).fetchall()
        return [response_from_row(row) for row in rows]

    def find(self, identifier: Identifier) -> list[str]:
        """Return the suffixes that an identifier names, at most 20, the best first.

        A full Pith Number names one; a short form whatever begins so; an arXiv id without a
        version every version of the work, the highest first.  Raises CacheError if all that it
        names are damaged.
        """
        if identifier.kind is Kind.PITH:
            # '[' comes after every character of base32: the range is what begins so.
            where, values = "suffix >= ? AND suffix < ? || '['", [identifier.value] * 2
        elif identifier.arxiv is not None:
            where, values = "arxiv = ?", [identifier.arxiv]
        else:
            where, values = "doi = ?", [identifier.value]
        arguments: list[str | int] = [*values]
        if identifier.version is not None:
            where, arguments = f"{where} AND version = ?", [*values, identifier.version]
        query = f"SELECT suffix, id FROM record WHERE {where} ORDER BY version DESC, suffix LIMIT ?"
        with self.reading() as connection:
            rows = connection.execute(query, [*arguments, _FIND_LIMIT]).fetchall()
        suffixes = [suffix for suffix, _ in rows if is_suffix(suffix)]
        if rows and not suffixes:
            raise damaged_number(rows[0][1])
        return suffixes

    def count(self) -> int:
        """Count the stored records."""
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])


def _store(connection: sqlite3.Connection, entry: NewResponse) -> int:
    catalog, moment = entry.catalog, to_micros(entry.received_at)
    if len(entry.raw) > MAX_SIZE:
        raise CacheError(
            f"a response for {catalog.suffix} has {len(entry.raw):,} bytes, more than a record has",
            "it is not stored",
        )
    first = moment if entry.first_at is None else to_micros(entry.first_at)
    if entry.behind is not None:
        moment = _moment_behind(connection, catalog.suffix, entry.behind, moment)
    record = connection.execute(
        "INSERT INTO record (suffix, arxiv, version, doi, year, checked_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (suffix)"
        " DO UPDATE SET checked_at = max(checked_at, excluded.checked_at) RETURNING id, indexed",
        (*catalog[:5], moment),
    ).fetchone()
    digest = row_digest(catalog.suffix, entry.raw)
    same = connection.execute(
        "UPDATE answer SET checked_at = max(checked_at, ?), fetched_at = min(fetched_at, ?)"
        " WHERE record = ? AND sha256 = ?",
        (moment, first, record[0], digest),
    ).rowcount
    if same and entry.behind is None:
        connection.execute(
            "UPDATE answer SET origin = ?, etag = ? WHERE record = ? AND sha256 = ?",
            (entry.origin, entry.etag, record[0], digest),
        )
    if not same:
        codec, stored = pack(entry.raw)
        times = min(first, moment), moment
        connection.execute(
            "INSERT INTO answer (record, sha256, codec, stored, origin, etag, fetched_at,"
            " checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (record[0], digest, codec, stored, entry.origin, entry.etag, *times),
        )
    _index(connection, record[0], record[1], entry)
    return 0 if same else 1


def _moment_behind(connection: sqlite3.Connection, suffix: str, last: int, moment: int) -> int:
    """Return a time just before those of the responses of a record that are stored already."""
    oldest = connection.execute(
        "SELECT min(a.checked_at) FROM answer a JOIN record r ON r.id = a.record"
        " WHERE r.suffix = ? AND a.id <= ? AND typeof(a.checked_at) = 'integer'"
        " AND a.checked_at BETWEEN 0 AND ?",  # undamaged
        (suffix, last, 1 << 62),
    ).fetchone()[0]
    return moment if oldest is None else min(moment, oldest - 1)


def _index(
    connection: sqlite3.Connection, record: int, indexed: int | None, entry: NewResponse
) -> None:
    """Index one response of a record: the latest whose title has the signed hash, else the latest.

    A false title thus neither hides the record from a search for the right one nor moves it.
    """
    answer = connection.execute(
        "SELECT id FROM answer WHERE record = ? AND sha256 = ?",
        (record, row_digest(entry.catalog.suffix, entry.raw)),
    ).fetchone()[0]
    if answer == indexed:
        return
    if indexed is not None:
        known = {entry.raw: entry.catalog, **(entry.known or {})}
        before = _catalog_at(connection, indexed, known)
        if not _is_rather_indexed(connection, record, answer, entry.catalog, before):
            return
        if before is not None:
            indexing.unindex(connection, record, before)
    indexing.index(connection, record, entry.catalog)
    connection.execute("UPDATE record SET indexed = ? WHERE id = ?", (answer, record))


def _is_rather_indexed(
    connection: sqlite3.Connection,
    record: int,
    answer: int,
    catalog: CatalogEntry,
    before: CatalogEntry | None,
) -> bool:
    """Return whether a response is to replace the one that is indexed."""
    latest = connection.execute(
        f"SELECT a.id FROM answer a WHERE a.record = ? {_LATEST} LIMIT 1", (record,)
    ).fetchone()[0]
    if catalog.has_signed_title == (answer == latest):
        return catalog.has_signed_title
    return before is None or not before.has_signed_title


def unindex(connection: sqlite3.Connection, record: int, indexed: int) -> None:
    """Remove the words of a response from the index, which does not store them itself."""
    catalog = _catalog_at(connection, indexed, {})
    if catalog is not None:
        indexing.unindex(connection, record, catalog)


def _catalog_at(
    connection: sqlite3.Connection, answer: int, known: Mapping[bytes, CatalogEntry]
) -> CatalogEntry | None:
    """Return the catalog entry of a response; ``known`` has those that were read already."""
    row = connection.execute(
        f"SELECT {ROW_COLUMNS} FROM answer a JOIN record r ON r.id = a.record WHERE a.id = ?",
        (answer,),
    ).fetchone()
    try:
        raw = b"" if row is None else response_from_row(row).raw
        return known.get(raw) or catalog_entry(Record(raw))
    except (CacheError, NotARecordError):
        return None  # damaged: its words stay in the index, and lead to a record that is shown so
