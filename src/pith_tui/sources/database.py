"""The cache's file: opened, moved aside where it is damaged, and its errors put into words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pith_tui.errors import CacheError
from pith_tui.sources import schema

_BUSY_SECONDS = 5.0

Notice = Callable[[str], None]


class Database:
    """An open file of the cache's schema.  May be used from several threads; they take turns."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.path = path
        self.readonly = readonly

    @classmethod
    def open(cls, path: Path, *, notice: Notice) -> Self:
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
    def _open(cls, path: Path) -> Self:
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

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Use the connection, alone; errors of SQLite become CacheErrors."""
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise CacheError(*_explained(error, self.path)) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Use the connection in a transaction: all that is done in it is kept, or nothing."""
        with self.reading() as connection:
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
