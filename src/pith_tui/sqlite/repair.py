"""File operations of a repair: lock writers out, move the old file aside, leave no journal."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pith_tui.errors import CacheError
from pith_tui.sqlite.connection import connect, has_journal, read_only_query
from pith_tui.sqlite.errors import FileKind


@contextlib.contextmanager
def writers_locked_out(path: Path, seconds: float) -> Iterator[None]:
    """Hold the write lock of a file, unless it is too damaged to have one.

    Raises sqlite3.OperationalError if another process is still writing after so many seconds.
    """
    with contextlib.ExitStack() as stack:
        try:
            connection = stack.enter_context(contextlib.closing(connect(path, timeout=seconds)))
            connection.execute("BEGIN IMMEDIATE")
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise
        yield


def drop_empty_journal(path: Path) -> None:
    """Have SQLite remove a journal without content, if nobody else has the file open."""
    if not has_journal(path):
        with (
            contextlib.suppress(sqlite3.Error, UnicodeDecodeError),
            contextlib.closing(connect(path, timeout=0)) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")


def is_whole(path: Path) -> bool:
    """Return whether SQLite finds nothing wrong with a file."""
    try:
        with contextlib.closing(connect(path, read_only_query(path))) as connection:
            try:
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
            except sqlite3.Error:
                connection.raise_caught()
                raise
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def remove_with_journals(path: Path) -> None:
    """Remove a file that this program made, and its journals."""
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def move_aside(path: Path, kind: FileKind) -> Path:
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
            f"the {kind.name} {path} is damaged and cannot be moved aside: {error.strerror}",
            f"move it away by hand, or {kind.elsewhere}",
        ) from None
    return aside
