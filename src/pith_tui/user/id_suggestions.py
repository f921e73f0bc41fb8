"""Ids known on this machine, for shell completion: quickly, and read-only."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

from pith_tui.sqlite.connection import connect, read_only_query

LIMIT = 60
"""Most ids that are suggested; a longer list would not help."""

# A name can be anything that was typed once; nothing with a meaning to the shell is suggested.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")
_PLACES = (
    "SELECT name FROM (SELECT name, at, 0 AS rank FROM bookmark UNION ALL"
    " SELECT name, at, 1 FROM recent) WHERE name >= ? AND name < ?"
    " GROUP BY name ORDER BY min(rank), max(at) DESC LIMIT ?"
)
_CACHED = "SELECT DISTINCT arxiv FROM record WHERE arxiv >= ? AND arxiv < ? ORDER BY 1 LIMIT ?"


def suggest_ids(cache: Path, user_state: Path, prefix: str) -> list[str]:
    """Return ids that begin so: bookmarked, then recent, then cached ones.

    Files that are not there, or cannot be read, have none.
    """
    names = [*_names(user_state, _PLACES, prefix), *_names(cache, _CACHED, prefix)]
    return list(dict.fromkeys(name for name in names if _PLAIN.fullmatch(name)))[:LIMIT]


def _names(path: Path, query: str, prefix: str) -> list[str]:
    if not os.path.isfile(path):
        return []
    try:
        connection = connect(path, read_only_query(path), timeout=0.2)
        try:
            rows = connection.execute(query, (prefix, f"{prefix}\U0010ffff", LIMIT)).fetchall()
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeError, OSError):
        return []
    return [name for (name,) in rows if isinstance(name, str)]
