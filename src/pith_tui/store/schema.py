"""The cache's tables, their versions, and how a file of an older version is migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from pith_tui.sqlite.errors import FileKind

APPLICATION_ID = 0x50495448
"""``PITH``: tells a cache of this program from any other SQLite file."""

KIND = FileKind(
    APPLICATION_ID,
    "cache",
    ("response", "responses"),
    "name another file with --cache or PITH_TUI_CACHE",
    "`pith-tui cache repair` saves what can be read",
    frozenset({"search", "words"}),
)

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

# What lists are sorted by (see indexing.py), and an index of words that finds a single letter at
# once too.  To fill them for a million records takes minutes, so that is not done here: what is
# still to do stands in ``backlog``, and until it is done ``search`` is kept and searched.  Nor are
# the indexes of the columns made before: to make each at once takes a tenth of the time.
_VERSION_2 = """
ALTER TABLE record ADD COLUMN sort_title TEXT;
ALTER TABLE record ADD COLUMN sort_name TEXT;
ALTER TABLE record ADD COLUMN sort_category TEXT;
ALTER TABLE record ADD COLUMN sort_submitted INTEGER;

CREATE VIRTUAL TABLE words USING fts5 (
    title, authors, ids, categories,
    content = '', detail = column, prefix = '1 2 3', tokenize = "unicode61 tokenchars '.-/'"
);

-- One row while there is something left to do: the numbers of the first and the last record that
-- have neither sort columns nor words.  Records that came later have both.
CREATE TABLE backlog (next INTEGER NOT NULL, last INTEGER NOT NULL);
INSERT INTO backlog SELECT 1, max(id) FROM record HAVING count(*) > 0;
"""

SORT_INDEXES = {
    "record_by_title": "sort_title",
    "record_by_name": "sort_name",
    "record_by_category": "sort_category",
    "record_by_submission": "sort_submitted",
}


def add_sort_index(connection: sqlite3.Connection) -> int:
    """Make one of the missing indexes of the sort columns; return how many were missing."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    missing = [name for name in SORT_INDEXES if name not in names]
    for name in missing[:1]:
        connection.execute(f"CREATE INDEX {name} ON record ({SORT_INDEXES[name]})")
    return len(missing)


def _create(connection: sqlite3.Connection) -> None:
    _run(connection, _VERSION_1)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _add_sorting(connection: sqlite3.Connection) -> None:
    _run(connection, _VERSION_2)
    if connection.execute("SELECT count(*) FROM backlog").fetchone()[0] == 0:
        finish_sorting(connection)


def finish_sorting(connection: sqlite3.Connection) -> None:
    """Remove the backlog, which is empty."""
    while add_sort_index(connection):
        pass
    connection.execute("DELETE FROM backlog")
    connection.execute("DROP TABLE search")


def _run(connection: sqlite3.Connection, script: str) -> None:
    # Not by executescript, which would end the transaction.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: Sequence[Migration] = (_create, _add_sorting)
"""The n-th makes version n+1 of version n; the file's version stands in ``user_version``."""
