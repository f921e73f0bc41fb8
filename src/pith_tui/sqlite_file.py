"""A file of this program's in SQLite: made, brought up to date, moved aside where it is damaged.

The cache is one, what a person keeps is another; each says what its tables are and what it is
called.  Errors of SQLite are put into words here.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from pith_tui.errors import CacheError
from pith_tui.trace import trace

Notice = Callable[[str], None]
_EPOCH = datetime.fromtimestamp(0, UTC)

Migration = Callable[[sqlite3.Connection], None]


class FileKind(NamedTuple):
    """What one kind of file is called, and how it is told from any other.

    ``word`` names it in messages and ``holds`` what it holds; ``elsewhere`` says how to name
    another file, ``repair`` what to do about a damaged one.
    """

    application_id: int
    word: str
    holds: str
    elsewhere: str
    repair: str


class SqliteFile:
    """An open file of one kind.  May be used from several threads; they take turns."""

    kind: ClassVar[FileKind]
    busy_seconds: ClassVar[float] = 5.0
    """So long another process is waited for that writes to the file."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, readonly: bool) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.path = path
        self.readonly = readonly

    @classmethod
    def migrations(cls) -> Sequence[Migration]:
        """Return the steps of the schema: the n-th makes version n+1 of version n.

        The file's version stands in ``user_version``.
        """
        raise NotImplementedError

    @classmethod
    def open(cls, path: Path, *, notice: Notice) -> Self:
        """Open the file, making it where there is none.

        A file that is damaged or no database is moved aside, never deleted, and ``notice`` says
        so.  One that cannot be written is opened for reading.  Raises CacheError for a file of a
        newer version of this program, and where nothing can be opened at all.
        """
        try:
            try:
                return cls._open(path)
            except _UnsettledError:
                pass
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
            return cls._settle(path, notice)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise CacheError(*_explained(error, cls.kind, path)) from None

    @classmethod
    def _settle(cls, path: Path, notice: Notice) -> Self:
        """Make the file, bring it up to date or begin it anew, one process at a time."""
        with _alone_in(path.parent):
            try:
                # Looked at again: another process may have done it while this one waited, and
                # what it began must not be moved aside as if it were the damaged file.
                return cls._open(path, settling=True)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
            return cls._begin_anew(path, notice)

    @classmethod
    def repair(cls, path: Path, *, notice: Notice) -> Self:
        """Move the file aside, whole or not, and begin a new one with all that can be read of it.

        Raises CacheError where there is no file, and as ``open`` does.
        """
        if not os.path.exists(path):
            raise CacheError(f"there is no {cls.kind.word} at {path}", "there is nothing to repair")
        with _alone_in(path.parent):
            try:
                return cls._begin_anew(path, notice, damaged=not _is_whole(path))
            except sqlite3.Error as error:
                raise CacheError(*_explained(error, cls.kind, path)) from None

    @classmethod
    def _begin_anew(cls, path: Path, notice: Notice, *, damaged: bool = True) -> Self:
        """Salvage beside the old file first: who is killed in the midst has lost nothing."""
        fresh = path.with_name(f"{path.name}.repairing")
        _forget(fresh)  # of one that was killed; the damaged file holds all that is in it
        try:
            opened = cls._open(fresh, settling=True)
            try:
                kept = opened._salvage(path)
            finally:
                opened.close()
            aside = _move_aside(path, cls.kind)
            os.rename(fresh, path)
        finally:
            _forget(fresh)
        was, left = ("was damaged and ", " that could still be read") if damaged else ("", "")
        notice(
            f"the {cls.kind.word} {was}has been moved to {aside}; a new one was begun"
            f" with {'the ' if damaged else ''}{kept:,} {cls.kind.holds}{left}"
        )
        return cls._open(path, settling=True)

    def _salvage(self, damaged: Path) -> int:
        """Take over what can be read of a damaged file; returns the number of what it holds."""
        raise NotImplementedError

    @classmethod
    def _open(cls, path: Path, *, settling: bool = False) -> Self:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            writable = _is_writable(path)
        except OSError as error:
            raise CacheError(
                f"there can be no {cls.kind.word} at {path}: {error.strerror}",
                cls.kind.elsewhere,
            ) from None
        if writable and not os.path.exists(path):
            if not settling:
                raise _UnsettledError
            # Made here for its permissions: what a person reads is nobody else's business.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        uri = path.absolute().as_uri() + ("" if writable else reading_only(path))
        connection = sqlite3.connect(
            uri, uri=True, timeout=cls.busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            cls._prepare(connection, path, writable=writable, settling=settling)
        except BaseException:
            connection.close()
            raise
        trace(f"opened the {cls.kind.word} {path}{'' if writable else ', for reading alone'}")
        return cls(connection, path, readonly=not writable)

    @classmethod
    def _prepare(
        cls, connection: sqlite3.Connection, path: Path, *, writable: bool, settling: bool
    ) -> None:
        version = cls._version_here(connection, path)
        if not writable:
            return
        if version < len(cls.migrations()):
            if not settling:
                raise _UnsettledError
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, cls.migrations())
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @classmethod
    def _version_here(cls, connection: sqlite3.Connection, path: Path) -> int:
        """Return the schema version, 0 for a new file; refuse what is none of this kind."""
        # In one transaction: another process may be making the tables at this moment.
        connection.execute("BEGIN")
        version = version_of(connection)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        connection.execute("COMMIT")
        if tables and application != cls.kind.application_id:
            raise CacheError(
                f"{path} is a database, but not a {cls.kind.word} of this program",
                cls.kind.elsewhere,
            )
        known = len(cls.migrations())
        if version > known:
            raise CacheError(
                f"the {cls.kind.word} {path} was written by a newer version of this program"
                f" (schema {version}, this one knows {known})",
                f"update the program, or {cls.kind.elsewhere}",
            )
        if version < 0 or (version == 0) != (tables == 0):
            raise _DamageError(f"it has {tables} tables, but says schema {version}")
        return version

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
                raise CacheError(*_explained(error, self.kind, self.path)) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Use the connection in a transaction: all that is done in it is kept, or nothing."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # After a full disk SQLite has rolled back itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def version_of(connection: sqlite3.Connection) -> int:
    """Read the schema version; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Bring a file up to date, all in one transaction: it is of the old version or of the new."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have done it in between.
        for number in range(version_of(connection), len(migrations)):
            migrations[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class _UnsettledError(Exception):
    """The file is to be made or brought up to date, which one process does at a time."""


class _DamageError(sqlite3.DatabaseError):
    """What SQLite itself takes for sound, but this program never wrote."""


@contextlib.contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Keep other processes of this program from settling the same file, where locks are to be had.

    The directory is locked, since the file itself may be moved away; SQLite's own locks do not
    cover the switch to WAL, for which it does not wait.
    """
    import fcntl  # for the few that get here

    with contextlib.ExitStack() as stack:
        # A directory one may not read, and some network file systems, give no lock.
        with contextlib.suppress(OSError):
            lock = os.open(directory, os.O_RDONLY)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_writable(path: Path) -> bool:
    """Return whether file and directory can be written; SQLite needs both for its journal."""
    if path.exists() and not os.access(path, os.W_OK):
        return False
    if os.access(path.parent, os.W_OK):
        return True
    if path.exists():
        return False
    raise PermissionError(13, "the directory cannot be written", str(path.parent))


def reading_only(path: Path) -> str:
    """Choose how to open a file for reading alone.

    SQLite reads a file in WAL mode only with its journals beside it; where it can make none, it
    has to be told that nobody else will write either.
    """
    return "?mode=ro" if os.path.exists(f"{path}-wal") else "?immutable=1"


def _is_whole(path: Path) -> bool:
    """Return whether SQLite finds nothing wrong with a file."""
    try:
        connection = sqlite3.connect(path.absolute().as_uri() + reading_only(path), uri=True)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _is_damage(error: Exception) -> bool:
    # Where a damaged schema holds no UTF-8, sqlite3 fails to make SQLite's message of it.
    if isinstance(error, (_DamageError, UnicodeDecodeError)):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _forget(path: Path) -> None:
    """Remove a file of this program's own making, and its journals."""
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _move_aside(path: Path, kind: FileKind) -> Path:
    """Rename the file and its journals so that nothing is lost and nothing is overwritten."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while os.path.exists(aside):
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        os.rename(path, aside)
        for journal in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{path}{journal}", f"{aside}{journal}")
    except OSError as error:
        raise CacheError(
            f"the {kind.word} {path} is damaged and cannot be moved aside: {error.strerror}",
            f"move it away by hand, or {kind.elsewhere}",
        ) from None
    return aside


def _explained(error: Exception, kind: FileKind, path: Path) -> tuple[str, str]:
    """Put an error of SQLite into words, with what to do."""
    code = getattr(error, "sqlite_errorcode", 0)
    # Memory shared with other processes is a file too; that it cannot grow is a full disk.
    code = sqlite3.SQLITE_FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else code & 0xFF
    other = kind.elsewhere
    words = {
        sqlite3.SQLITE_ERROR: (
            f"its tables are not as they should be ({error})",
            f"move it away to begin a new one, or {other}",
        ),
        sqlite3.SQLITE_FULL: ("the disk is full", "make room and try again"),
        sqlite3.SQLITE_BUSY: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_LOCKED: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_READONLY: ("it cannot be written", other),
        sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", other),
        sqlite3.SQLITE_IOERR: ("the disk failed to read or write it", other),
        sqlite3.SQLITE_CORRUPT: ("it is damaged", kind.repair),
        sqlite3.SQLITE_NOTADB: ("it is no database", f"move it away, or {other}"),
    }
    what, hint = words.get(code, (str(error), other))
    return f"the {kind.word} {path} is of no use: {what}", hint


def to_micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return a moment back."""
    return _EPOCH + timedelta(microseconds=micros)
