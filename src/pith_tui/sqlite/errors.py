"""Messages and hints for errors of SQLite, for each kind of file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from pith_tui.sqlite.connection import has_journal


class FileKind(NamedTuple):
    """What one kind of file is called, and how it is distinguished from others.

    ``name`` is what messages call it and ``contents`` what it has, one of them and several;
    ``elsewhere`` says how to name another file, ``repair`` what to do about a damaged one;
    ``full_text`` are the names of its full-text indexes.
    """

    application_id: int
    name: str
    contents: tuple[str, str]
    elsewhere: str
    repair: str
    full_text: frozenset[str] = frozenset()


def explain_error(error: Exception, kind: FileKind, path: Path) -> tuple[str, str]:
    """Return the message for an error of SQLite, and the hint what to do."""
    code = getattr(error, "sqlite_errorcode", 0)
    # Memory shared with other processes is a file too; that it cannot grow is a full disk.
    code = sqlite3.SQLITE_FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else code & 0xFF
    elsewhere = kind.elsewhere
    if code == sqlite3.SQLITE_CANTOPEN and has_journal(path):
        return (
            f"the {kind.name} {path} cannot be used: its directory is read-only, and a program that"
            f" did not end properly has left {path.name}-wal there with what it wrote last",
            f"copy both files to a directory you can write to, and {elsewhere}",
        )
    reasons = {
        sqlite3.SQLITE_ERROR: (
            f"its tables are not as they should be ({error})",
            f"move it away to start a new one, or {elsewhere}",
        ),
        sqlite3.SQLITE_FULL: ("the disk is full", "make room and try again"),
        sqlite3.SQLITE_BUSY: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_LOCKED: ("another process is writing to it", "try again in a moment"),
        sqlite3.SQLITE_READONLY: ("it cannot be written", elsewhere),
        sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", elsewhere),
        sqlite3.SQLITE_IOERR: ("the disk failed to read or write it", elsewhere),
        sqlite3.SQLITE_CORRUPT: ("it is damaged", kind.repair),
        sqlite3.SQLITE_TOOBIG: ("it is damaged: a value is longer than any record", kind.repair),
        sqlite3.SQLITE_NOTADB: ("it is not a database", f"move it away, or {elsewhere}"),
    }
    reason, hint = reasons.get(code, (str(error), elsewhere))
    return f"the {kind.name} {path} cannot be used: {reason}", hint
