"""What is kept between starts: bookmarks, recent records, the last record, and choices.

It is not a cache: nothing in it can be fetched again.  Yet no look-up needs it: if it cannot be
read or written, a notice says so once, and history and bookmarks are disabled.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeVar

from pith_tui.errors import CacheError
from pith_tui.patterns import pattern
from pith_tui.sqlite.connection import connect, read_only_query
from pith_tui.sqlite.errors import FileKind
from pith_tui.sqlite.file import (
    Migration,
    Notice,
    SqliteFile,
    from_micros,
    refuse_foreign,
    to_micros,
)

MAX_RECENT = 500
"""Recent records that are remembered; the longest unvisited is forgotten first."""

_LAST = "last place"
_SUFFIX = pattern(r"[A-Z2-7]{26}")
_VERSION_1 = (
    # A record under its 26 characters, the name it was opened by, and when: microseconds since
    # 1970, UTC.
    "CREATE TABLE bookmark (suffix TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)",
    "CREATE TABLE recent (suffix TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)",
    "CREATE INDEX recent_by_time ON recent (at)",
    "CREATE TABLE choice (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
_NEWEST_FIRST = "ORDER BY at DESC, suffix"

_T = TypeVar("_T")


class SavedRecord(NamedTuple):
    """A record that was bookmarked or visited: its suffix, the name it was opened by, and when."""

    suffix: str
    name: str
    saved_at: datetime


class UserState:
    """The memory in a file, which is opened when it is first needed.  Any thread may use it.

    ``notice`` is called once if nothing can be remembered.  With ``strict`` every CacheError is
    raised instead, for callers that must not mistake an unreadable file for an empty one.
    """

    def __init__(self, path: Path, *, notice: Notice, strict: bool = False) -> None:
        self.path = path
        self._notice = notice
        self._strict = strict
        self._is_reported = False
        self._file: _UserStateFile | None = None
        self._opening = threading.Lock()

    def visit(self, suffix: str, name: str, moment: datetime) -> None:
        """Remember that a record was opened; each is remembered once, at its last visit."""

        def write(connection: sqlite3.Connection) -> None:
            _put(connection, "recent", suffix, name, to_micros(moment))
            connection.execute(
                "DELETE FROM recent WHERE suffix IN"
                f" (SELECT suffix FROM recent {_NEWEST_FIRST} LIMIT -1 OFFSET {MAX_RECENT})"
            )

        self._write(write)

    def recent(self, limit: int = MAX_RECENT) -> list[SavedRecord]:
        """Return the records that were visited, the last one first."""
        return self._read(lambda connection: _list(connection, "recent", limit), [])

    def bookmark(self, suffix: str, name: str, moment: datetime) -> bool:
        """Keep a bookmark; returns whether it is kept."""
        return self._write(
            lambda connection: _put(connection, "bookmark", suffix, name, to_micros(moment))
        )

    def unbookmark(self, suffix: str) -> bool:
        """Take a bookmark away; returns whether that was written."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM bookmark WHERE suffix = ?", (suffix,))

        return self._write(write)

    def is_bookmarked(self, suffix: str) -> bool:
        """Return whether a record is bookmarked."""

        def read(connection: sqlite3.Connection) -> bool:
            rows = connection.execute("SELECT 1 FROM bookmark WHERE suffix = ?", (suffix,))
            return rows.fetchone() is not None

        return self._read(read, False)

    def bookmarks(self) -> list[SavedRecord]:
        """Return all bookmarks, the latest first."""
        return self._read(lambda connection: _list(connection, "bookmark", -1), [])

    def last(self) -> str | None:
        """Return the name of what was open when the program ended, None where nothing was."""
        return self.choice(_LAST)

    def set_last(self, name: str | None) -> None:
        """Remember what is open as the program ends."""
        self.choose(_LAST, name)

    def choice(self, key: str) -> str | None:
        """Return what was chosen in the program for a key such as ``theme``."""

        def read(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT value FROM choice WHERE key = ?", (key,)).fetchone()
            return row[0] if row is not None and isinstance(row[0], str) else None

        return self._read(read, None)

    def choose(self, key: str, value: str | None) -> None:
        """Remember a choice; None forgets it."""

        def write(connection: sqlite3.Connection) -> None:
            if value is None:
                connection.execute("DELETE FROM choice WHERE key = ?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO choice VALUES (?, ?)", (key, value))

        self._write(write)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()

    def _read(self, read: Callable[[sqlite3.Connection], _T], default: _T) -> _T:
        if self._file is None and not os.path.exists(self.path):
            return default  # nothing was kept yet, and reading is no reason to make a file
        try:
            with self._opened().reading() as connection:
                return read(connection)
        except CacheError as error:
            self._fail(error)
            return default

    def _write(self, write: Callable[[sqlite3.Connection], None]) -> bool:
        try:
            with self._opened().writing() as connection:
                write(connection)
            return True
        except CacheError as error:
            self._fail(error)
            return False

    def _opened(self) -> _UserStateFile:
        with self._opening:
            if self._file is None:
                self._file = _UserStateFile.open(self.path, notice=self._notice)
            return self._file

    def _fail(self, error: CacheError) -> None:
        if self._strict:
            raise error
        if not self._is_reported:
            self._is_reported = True
            self._notice(f"history and bookmarks are disabled: {error}; {error.hint}")


class _UserStateFile(SqliteFile):
    kind: ClassVar[FileKind] = FileKind(
        0x50495450,  # ``PITP``
        "bookmarks file",
        ("entry", "entries"),
        "name another directory with PITH_TUI_DATA",
        "move it away to start a new one",
    )
    # The browser does not open before it is read, and can do without.
    busy_seconds: ClassVar[float] = 0.2

    @classmethod
    def migrations(cls) -> Sequence[Migration]:
        return (_create,)

    def _recover_from(self, damaged: Path) -> int:
        with self.writing() as connection:
            kept = 0
            for table, columns in (("bookmark", 3), ("recent", 3), ("choice", 2)):
                for row in _readable(damaged, table):
                    # A row that is not as it was written is left behind with the damaged file.
                    sound = _place(*row) if columns == 3 else all(isinstance(e, str) for e in row)
                    if sound:
                        user_state = ", ".join("?" * columns)
                        connection.execute(
                            f"INSERT OR IGNORE INTO {table} VALUES ({user_state})", row
                        )
                        kept += 1
            return kept


def _create(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_UserStateFile.kind.application_id}")


def _put(connection: sqlite3.Connection, table: str, suffix: str, name: str, micros: int) -> None:
    connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", (suffix, name, micros))


def _list(connection: sqlite3.Connection, table: str, limit: int) -> list[SavedRecord]:
    rows = connection.execute(
        f"SELECT suffix, name, at FROM {table} {_NEWEST_FIRST} LIMIT ?", (limit,)
    )
    return [place for row in rows if (place := _place(*row)) is not None]


def _place(suffix: object, name: object, micros: object) -> SavedRecord | None:
    """Read a row; None where it is not what this program writes."""
    if not (isinstance(suffix, str) and isinstance(name, str) and isinstance(micros, int)):
        return None
    try:
        return SavedRecord(suffix, name, from_micros(micros)) if _SUFFIX.fullmatch(suffix) else None
    except OverflowError:
        return None


def _readable(damaged: Path, table: str) -> Iterator[tuple[object, ...]]:
    """Return the rows of a table of a damaged file, as far as it can be read."""
    connection = connect(damaged, read_only_query(damaged))
    try:
        refuse_foreign(connection, damaged, _UserStateFile.kind)
        yield from connection.execute(f"SELECT * FROM {table}")
    except (sqlite3.Error, UnicodeDecodeError):
        return
    finally:
        connection.close()
