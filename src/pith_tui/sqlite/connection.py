"""Connections to SQLite files that anybody may have written: bounded, and ended by Ctrl-C.

A file's schema runs when the file is read: a view in the place of a table may never end, or yield
a gigabyte.  So values are limited, functions and virtual tables that reach outside the file are
off for the schema (https://www.sqlite.org/security.html), and what views there are is refused
before anything is read (``refuse_foreign_schema``).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

MAX_VALUE = 17 << 20
"""Bytes of the longest value or row: a record has 16 MiB, what stands beside it far below one."""

_STEPS = 50_000
"""Steps of SQLite's virtual machine between two looks at signals: a few milliseconds."""

_DEFINITION = re.compile(r"CREATE (?:TABLE|INDEX|UNIQUE INDEX|VIRTUAL TABLE (\w+) USING fts5)\b")


class ForeignSchemaError(Exception):
    """The file has something that no file of this program has, such as a view or a trigger."""


class GuardedConnection(sqlite3.Connection):
    """A connection with limits, which a signal's exception such as KeyboardInterrupt ends.

    Text that is not UTF-8 is read with U+FFFD in it, so that it spoils only its own row.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._caught: list[BaseException] = []
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        self.text_factory = partial(str, encoding="utf-8", errors="replace")
        watch = _watch(self._caught)
        next(watch)  # up to its first yield: a signal at its very beginning would get past it
        self.set_progress_handler(watch.__next__, _STEPS)
        self.execute("PRAGMA trusted_schema = OFF")
        self.execute("PRAGMA cell_size_check = ON")

    def raise_caught(self) -> None:
        """Raise what a signal raised while SQLite was at work, which reports it as an error."""
        if self._caught:
            raise self._caught.pop()


def _watch(caught: list[BaseException]) -> Iterator[int]:
    """Yield 0 for SQLite to go on, 1 to stop because a signal raised an exception.

    Python runs signal handlers only between its own instructions, and sqlite3 drops what a
    callback raises.  A generator is resumed inside its ``try``, so nothing gets past it.
    """
    stop = 0
    while True:
        try:
            yield stop
            stop = 0
        except GeneratorExit:
            return
        except BaseException as error:
            caught.append(error)
            stop = 1


def connect(path: Path, query: str = "", *, timeout: float = 5.0) -> GuardedConnection:
    """Open a file; ``query`` is that of its URI, such as ``?mode=ro``.

    ``timeout`` is for how many seconds another process's write is waited for.
    """
    return sqlite3.connect(
        path.absolute().as_uri() + query,
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
        factory=GuardedConnection,
    )


def read_only_query(path: Path) -> str:
    """Return the URI query that opens a file read-only.

    SQLite reads a file in WAL mode only with its journals beside it; where it can make none, the
    file must be declared immutable.
    """
    return "?mode=ro" if has_journal(path) else "?immutable=1"


def has_journal(path: Path) -> bool:
    """Return whether there is a write-ahead log with something in it beside a file."""
    try:
        return os.stat(f"{path}-wal").st_size > 0
    except OSError:
        return False


def refuse_foreign_schema(connection: sqlite3.Connection, virtual: frozenset[str]) -> int:
    """Return the number of tables and indexes; raise ForeignSchemaError if there is anything else.

    ``virtual`` names the full-text indexes that may be there.  The definitions are read, not the
    ``type`` beside them: SQLite uses them, while the type is only a claim of the file.
    """
    number = 0
    for (definition,) in connection.execute("SELECT sql FROM sqlite_schema"):
        number += 1
        if definition is None:
            continue  # SQLite's own index for a UNIQUE column
        match = _DEFINITION.match(definition) if isinstance(definition, str) else None
        if match is None or (match[1] is not None and match[1] not in virtual):
            raise ForeignSchemaError
    return number


def raise_caught(connection: sqlite3.Connection) -> None:
    """Raise what a signal raised during the last statement of a guarded connection."""
    if isinstance(connection, GuardedConnection):
        connection.raise_caught()
