"""The cache's tables, their versions, and how a file of an older version is brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

APPLICATION_ID = 0x50495448
"""``PITH``: tells a cache of this program from any other SQLite file."""

_VERSION_1 = """
CREATE TABLE record (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: the index has no more
    suffix     TEXT NOT NULL UNIQUE,  -- 26 characters, recomputed from the canonical record
    arxiv      TEXT,                  -- arXiv id without version, from the canonical record
    version    INTEGER,
    doi        TEXT,                  -- arXiv's DOI, lower case
    year       INTEGER,               -- of submission, as in the Pith Number
    checked_at INTEGER NOT NULL,      -- when a server last sent or confirmed an answer
    indexed    INTEGER                -- the answer whose words are in the search index
);
CREATE INDEX record_by_arxiv ON record (arxiv, version) WHERE arxiv IS NOT NULL;
CREATE INDEX record_by_doi ON record (doi) WHERE doi IS NOT NULL;
CREATE INDEX record_by_check ON record (checked_at);

-- One row for each distinct answer. Times are microseconds since 1970, UTC.
CREATE TABLE answer (
    id         INTEGER PRIMARY KEY,
    record     INTEGER NOT NULL REFERENCES record (id),
    sha256     BLOB NOT NULL,     -- of suffix and exact bytes: what is read is compared with it
    codec      INTEGER NOT NULL,  -- see codec.py
    stored     BLOB NOT NULL,
    origin     TEXT NOT NULL,     -- the URL it came from
    etag       TEXT,
    fetched_at INTEGER NOT NULL,  -- when these bytes first came
    checked_at INTEGER NOT NULL   -- when a server last sent or confirmed them
);
CREATE UNIQUE INDEX answer_by_record ON answer (record, sha256);

-- The words alone, without the texts: those are in the answers. Words are folded before they
-- come here (folding.py), so the tokenizer has only to split them.
CREATE VIRTUAL TABLE search USING fts5 (
    title, authors, ids, categories,
    content = '', detail = column, prefix = '2 3', tokenize = "unicode61 tokenchars '.-/'"
);
"""


def _create(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: Sequence[Migration] = (_create,)
"""The n-th makes version n+1 of version n; the file's version stands in ``user_version``."""


def version_of(connection: sqlite3.Connection) -> int:
    """Read the schema version; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file up to date, all in one transaction: it is of the old version or of the new."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have done it in between.
        for number in range(version_of(connection), len(MIGRATIONS)):
            MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
