"""A SQLite file of this program: created, migrated, and moved aside if it is damaged.

The cache is one, the user state (bookmarks, recent records) another; each defines its tables and
its name in messages.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self

from pith_tui.errors import CacheError
from pith_tui.sqlite.connection import (
    ForeignSchemaError,
    connect,
    raise_caught,
    read_only_query,
    refuse_foreign_schema,
)
from pith_tui.sqlite.errors import FileKind, explain_error
from pith_tui.sqlite.repair import (
    drop_empty_journal,
    is_whole,
    move_aside,
    remove_with_journals,
    writers_locked_out,
)
from pith_tui.trace import trace

Notice = Callable[[str], None]
_EPOCH = datetime.fromtimestamp(0, UTC)

Migration = Callable[[sqlite3.Connection], None]


class SqliteFile:
    """An open file of one kind.  May be used from several threads; they take turns."""

    kind: ClassVar[FileKind]
    busy_seconds: ClassVar[float] = 5.0
    """Seconds to wait for another process that writes to the file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        readonly: bool,
        identity: tuple[int, int] | None = None,
    ) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._identity = identity
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
        """Open the file, creating it if there is none.

        A file that is damaged or no database is moved aside, never deleted, and ``notice`` says
        so.  One that cannot be written is opened for reading.  Raises CacheError for a file of
        another program or of a newer version of this one, and if nothing can be opened at all.
        """
        try:
            try:
                return cls._open(path)
            except _NotSetUpError:
                pass
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
            return cls._set_up(path, notice)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise CacheError(*explain_error(error, cls.kind, path)) from None

    @classmethod
    def _set_up(cls, path: Path, notice: Notice) -> Self:
        """Create, migrate or replace the file, one process at a time."""
        with _directory_locked(path.parent):
            try:
                # Opened again: another process may have done it while this one waited, and
                # what it began must not be moved aside as if it were the damaged file.
                return cls._open(path, setting_up=True)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                if not _is_damage(error):
                    raise
            return cls._replace_with_recovered(path, notice)

    @classmethod
    def repair(cls, path: Path, *, notice: Notice) -> Self:
        """Move the file aside, damaged or not, and begin a new one with all that can be read of it.

        What other processes write to it meanwhile waits, and goes into the new file.  Raises
        CacheError if there is no file, if another process is writing, and as ``open`` does.
        """
        if not os.path.exists(path):
            raise CacheError(f"there is no {cls.kind.name} at {path}", "there is nothing to repair")
        with _directory_locked(path.parent):
            try:
                return cls._replace_with_recovered(path, notice, damaged=not is_whole(path))
            except sqlite3.Error as error:
                raise CacheError(*explain_error(error, cls.kind, path)) from None

    @classmethod
    def _replace_with_recovered(cls, path: Path, notice: Notice, *, damaged: bool = True) -> Self:
        """Recover into a file beside the old one first: a killed repair loses nothing."""
        fresh = path.with_name(f"{path.name}.repairing")
        remove_with_journals(fresh)  # left by a killed repair; the damaged file has all of it
        try:
            # Others that have the old file open may not write to it until it is moved: then they
            # see that it is, and turn to the new one (see writing).
            with writers_locked_out(path, cls.busy_seconds):
                opened = cls._open(fresh, setting_up=True)
                try:
                    kept = opened._recover_from(path)
                finally:
                    opened.close()
                aside = move_aside(path, cls.kind)
                os.rename(fresh, path)
            drop_empty_journal(aside)
        finally:
            remove_with_journals(fresh)
        was, left = ("was damaged and ", " that could still be read") if damaged else ("", "")
        notice(
            f"the {cls.kind.name} {was}has been moved to {aside}; a new one was started"
            f" with {'the ' if damaged else ''}{kept:,} {cls.kind.contents[kept != 1]}{left}"
        )
        return cls._open(path, setting_up=True)

    def _recover_from(self, damaged: Path) -> int:
        """Copy what can be read of a damaged file into this one; return how much that is.

        Raises CacheError for a file that is not to be read at all.
        """
        raise NotImplementedError

    @classmethod
    def _open(cls, path: Path, *, setting_up: bool = False) -> Self:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            writable = _is_writable(path)
            if writable and not os.path.exists(path):
                if not setting_up:
                    raise _NotSetUpError
                # Made here for its permissions: what a person reads is private.
                with contextlib.suppress(FileExistsError):
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise CacheError(
                f"the {cls.kind.name} cannot be created at {path}: {error.strerror}",
                cls.kind.elsewhere,
            ) from None
        identity = _identity_of(path)
        query = "" if writable else read_only_query(path)
        connection = connect(path, query, timeout=cls.busy_seconds)
        try:
            cls._prepare(connection, path, writable=writable, setting_up=setting_up)
            if _identity_of(path) != identity:
                raise _NotSetUpError  # a repair has just put another file in its place
        except BaseException:
            connection.close()
            raise
        trace(f"opened the {cls.kind.name} {path}{'' if writable else ', read-only'}")
        return cls(connection, path, readonly=not writable, identity=identity)

    @classmethod
    def _prepare(
        cls, connection: sqlite3.Connection, path: Path, *, writable: bool, setting_up: bool
    ) -> None:
        version = cls._version_here(connection, path)
        if not writable:
            return
        if version < len(cls.migrations()):
            if not setting_up:
                raise _NotSetUpError
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, cls.migrations())
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @classmethod
    def _version_here(cls, connection: sqlite3.Connection, path: Path) -> int:
        """Return the schema version, 0 for a new file; refuse a file of another kind."""
        # In one transaction: another process may be making the tables at this moment.
        connection.execute("BEGIN")
        version = version_of(connection)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application != cls.kind.application_id:
            raise CacheError(
                f"{path} is a database, but not a {cls.kind.name} of this program",
                cls.kind.elsewhere,
            )
        known = len(cls.migrations())
        if version > known:
            raise CacheError(
                f"the {cls.kind.name} {path} was written by a newer version of this program"
                f" (schema {version}, this one knows {known})",
                f"update the program, or {cls.kind.elsewhere}",
            )
        refuse_foreign(connection, path, cls.kind)
        connection.execute("COMMIT")
        if version < 0 or (version == 0) != (tables == 0):
            raise _DamageError(f"it has {tables} tables, but says schema {version}")
        return version

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Use the connection exclusively; errors of SQLite become CacheErrors."""
        with self._lock:
            try:
                yield self._connection
            except (sqlite3.Error, UnicodeDecodeError) as error:
                raise_caught(self._connection)
                raise CacheError(*explain_error(error, self.kind, self.path)) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Use the connection in a transaction: all that is done in it is kept, or nothing.

        If the file was moved, as a repair in another process does, the one that is now in its
        place is written: what goes into a file that was moved aside would be lost.
        """
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            while self._identity is not None and _identity_of(self.path) != self._identity:
                connection.execute("ROLLBACK")
                connection = self._open_again()
                connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # After a full disk SQLite has rolled back itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _open_again(self) -> sqlite3.Connection:
        opened = type(self).open(self.path, notice=trace)
        self._connection.close()
        self._connection, self._identity = opened._connection, opened._identity
        self.readonly = opened.readonly
        return self._connection


def refuse_foreign(connection: sqlite3.Connection, path: Path, kind: FileKind) -> None:
    """Raise CacheError for a file with views, triggers or virtual tables of another kind in it."""
    try:
        refuse_foreign_schema(connection, kind.full_text)
    except ForeignSchemaError:
        raise CacheError(
            f"{path} has a view, trigger or virtual table that this program did not create, so it"
            " is not read",
            f"drop it with the sqlite3 tool if you created it, or {kind.elsewhere}",
        ) from None


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


class _NotSetUpError(Exception):
    """The file must be created or migrated, which one process does at a time."""


class _DamageError(sqlite3.DatabaseError):
    """SQLite accepts the file, but this program never wrote it so."""


@contextlib.contextmanager
def _directory_locked(directory: Path) -> Iterator[None]:
    """Keep other processes of this program from setting up the same file, if locks are available.

    The directory is locked, since the file itself may be moved away; SQLite's own locks do not
    cover the switch to WAL, for which it does not wait.
    """
    import fcntl  # rarely needed

    with contextlib.ExitStack() as stack:
        # A directory that cannot be read, and some network file systems, give no lock.
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


def _identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that is put in its place; None if there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_damage(error: Exception) -> bool:
    # Where a damaged schema holds no UTF-8, sqlite3 fails to make SQLite's message of it.
    if isinstance(error, (_DamageError, UnicodeDecodeError)):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def to_micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return a moment back; raises OverflowError if it is not in the years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=micros)
