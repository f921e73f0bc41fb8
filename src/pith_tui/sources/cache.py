"""The cache: the exact bytes of every distinct answer, in SQLite.  It keeps no verdicts.

SQLite has no page checksums, so what is read is compared with the SHA-256 that was stored beside
it; and whoever reads a record from here verifies it like any other.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sources import schema
from pith_tui.sources.codec import pack, unpack
from pith_tui.sources.filing import Filing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUSY_SECONDS = 5.0
_FIND_LIMIT = 20

Notice = Callable[[str], None]


class Held(NamedTuple):
    """One answer as it is held.

    ``fetched_at`` is when these bytes first came, ``checked_at`` when a server last sent or
    confirmed them; both aware, in UTC.
    """

    raw: bytes
    suffix: str
    fetched_at: datetime
    checked_at: datetime
    origin: str
    etag: str | None


class Cache:
    """An open cache file.  May be used from several threads; they take turns."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.path = path
        self.readonly = readonly

    @classmethod
    def open(cls, path: Path, *, notice: Notice) -> Cache:
        """Open the cache, making it where there is none.

        A file that is damaged or no database is moved aside, never deleted, and ``notice`` says
        so.  One that cannot be written is opened for reading.  Raises CacheError for a file of a
        newer version of this program, and where nothing can be opened at all.
        """
        try:
            return cls._open(path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise CacheError(*_explained(error, path)) from None
        aside = _move_aside(path)
        notice(f"the cache was damaged and has been moved to {aside}; a new one was begun")
        try:
            return cls._open(path)
        except sqlite3.DatabaseError as error:
            raise CacheError(*_explained(error, path)) from None

    @classmethod
    def _open(cls, path: Path) -> Cache:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            writable = _is_writable(path)
        except OSError as error:
            raise CacheError(
                f"there can be no cache at {path}: {error.strerror}",
                "name another file with --cache or PITH_TUI_CACHE",
            ) from None
        if writable and not path.exists():
            # Made here for its permissions: what a person reads is nobody else's business.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        uri = path.absolute().as_uri() + ("" if writable else _reading_only(path))
        connection = sqlite3.connect(
            uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, writable=writable)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path, readonly=not writable)

    def store(
        self, raw: bytes, filing: Filing, *, origin: str, etag: str | None, at: datetime
    ) -> bool:
        """Keep an answer; tells whether these bytes are new for the record.

        The same bytes again only move ``checked_at``, ``origin`` and ``etag``.  Raises CacheError.
        """
        codec, stored = pack(raw)
        moment = _to_micros(at)
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?)", filing)
            digest = hashlib.sha256(raw).digest()
            changed = connection.execute(
                "UPDATE answer SET checked_at = max(checked_at, ?), origin = ?, etag = ?"
                " WHERE suffix = ? AND sha256 = ?",
                (moment, origin, etag, filing.suffix, digest),
            )
            if changed.rowcount:
                return False
            connection.execute(
                "INSERT INTO answer"
                " (suffix, sha256, codec, stored, origin, etag, fetched_at, checked_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (filing.suffix, digest, codec, stored, origin, etag, moment, moment),
            )
            return True

    def confirm(self, suffix: str, at: datetime) -> None:
        """Note that a server confirmed the latest answer.  Raises CacheError."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE answer SET checked_at = max(checked_at, ?) WHERE id ="
                " (SELECT id FROM answer WHERE suffix = ? ORDER BY checked_at DESC, id DESC"
                " LIMIT 1)",
                (_to_micros(at), suffix),
            )

    def latest(self, suffix: str) -> Held | None:
        """Give the answer that was checked last.  Raises CacheError where it is damaged."""
        answers = self._answers(suffix, limit=1)
        return answers[0] if answers else None

    def history(self, suffix: str) -> list[Held]:
        """Give every distinct answer, the one checked last first.  Raises as ``latest`` does."""
        return self._answers(suffix, limit=-1)

    def _answers(self, suffix: str, *, limit: int) -> list[Held]:
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT suffix, sha256, codec, stored, origin, etag, fetched_at, checked_at"
                " FROM answer WHERE suffix = ? ORDER BY checked_at DESC, id DESC LIMIT ?",
                (suffix, limit),
            ).fetchall()
        return [self._held(*row) for row in rows]

    def _held(
        self,
        suffix: str,
        sha256: bytes,
        codec: int,
        stored: bytes,
        origin: str,
        etag: str | None,
        fetched_at: int,
        checked_at: int,
    ) -> Held:
        try:
            raw = unpack(codec, stored, MAX_SIZE + 1)
            times = _from_micros(fetched_at), _from_micros(checked_at)
            if hashlib.sha256(raw).digest() != sha256:
                raise ValueError("the bytes are not those that were stored")
        except (ValueError, TypeError, OverflowError) as error:
            raise CacheError(
                f"the cache holds damaged bytes for {suffix}: {error}",
                "fetch it anew with --refresh",
            ) from None
        return Held(raw, suffix, *times, str(origin), etag)

    def find(self, identifier: Identifier) -> list[str]:
        """Give the suffixes that an identifier names, at most 20, the best first.

        A full Pith Number names one; a short form whatever begins so; an arXiv id without a
        version every version of the work, the highest first.
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
        query = f"SELECT suffix FROM record WHERE {where} ORDER BY version DESC, suffix LIMIT ?"
        with self._reading() as connection:
            rows = connection.execute(query, [*arguments, _FIND_LIMIT]).fetchall()
        return [str(row[0]) for row in rows]

    def count(self) -> int:
        """Count the records held."""
        with self._reading() as connection:
            return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise CacheError(*_explained(error, self.path)) from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                # After a full disk SQLite has rolled back itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    version = schema.version_of(connection)
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != schema.APPLICATION_ID:
        raise CacheError(
            f"{path} is a database, but not a cache of this program",
            "name another file with --cache or PITH_TUI_CACHE",
        )
    if version > len(schema.MIGRATIONS):
        raise CacheError(
            f"the cache {path} was written by a newer version of this program"
            f" (schema {version}, this one knows {len(schema.MIGRATIONS)})",
            "update the program, or name another file with --cache",
        )
    if not writable:
        return
    if version < len(schema.MIGRATIONS):
        connection.execute("PRAGMA journal_mode = WAL")
        schema.migrate(connection)
    connection.execute("PRAGMA synchronous = NORMAL")


def _is_writable(path: Path) -> bool:
    """Tell whether file and directory can be written; SQLite needs both for its journal."""
    if path.exists() and not os.access(path, os.W_OK):
        return False
    if os.access(path.parent, os.W_OK):
        return True
    if path.exists():
        return False
    raise PermissionError(13, "the directory cannot be written", str(path.parent))


def _reading_only(path: Path) -> str:
    """Choose how to open a file for reading alone.

    SQLite reads a file in WAL mode only with its journals beside it; where it can make none, it
    has to be told that nobody else will write either.
    """
    return "?mode=ro" if Path(f"{path}-wal").exists() else "?immutable=1"


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _move_aside(path: Path) -> Path:
    """Rename the file and its journals so that nothing is lost and nothing is overwritten."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        os.rename(path, aside)
        for journal in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{path}{journal}", f"{aside}{journal}")
    except OSError as error:
        raise CacheError(
            f"the cache {path} is damaged and cannot be moved aside: {error.strerror}",
            "move it away by hand, or name another file with --cache",
        ) from None
    return aside


def _explained(error: Exception, path: Path) -> tuple[str, str]:
    """Put an error of SQLite into words, with what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    other = "name another file with --cache or PITH_TUI_CACHE"
    words = {
        sqlite3.SQLITE_FULL: ("the disk is full", "make room and try again"),
        sqlite3.SQLITE_BUSY: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_LOCKED: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_READONLY: ("it cannot be written", other),
        sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", other),
        sqlite3.SQLITE_IOERR: ("the disk failed to read or write it", other),
        sqlite3.SQLITE_CORRUPT: ("it is damaged", f"move it away to begin a new one, or {other}"),
        sqlite3.SQLITE_NOTADB: ("it is no database", f"move it away, or {other}"),
    }
    what, advice = words.get(code, (str(error), other))
    return f"the cache {path} is of no use: {what}", advice


def _to_micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
