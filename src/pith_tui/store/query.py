"""What people type into a search: words, and fields such as ``cat:cs.AI year:2025``."""

from __future__ import annotations

import re
from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.store.normalize import normalize_ids, normalize_text

FIELDS = {
    "title": "title",
    "author": "authors",
    "id": "ids",
    "cat": "categories",
}
_INDEXED = 3
"""The longest beginning of a word that the index has as such (``prefix`` in schema.py)."""
_DOI = "10.48550/arxiv."
_SPELLED_IDS = ("arxiv", "doi", "pith", "http", "https")
_QUOTED = re.compile(r'"([^"]*)"')
_YEARS = re.compile(r"([0-9]{4})(?:(\.\.)([0-9]{4})?)?\Z")


class Query(NamedTuple):
    """A search as SQL wants it.

    ``match`` is an FTS5 expression, None if no words were given; the years are inclusive.
    """

    match: str | None
    first_year: int | None = None
    last_year: int | None = None

    @property
    def has_years(self) -> bool:
        """Whether the year is restricted."""
        return self.first_year is not None or self.last_year is not None

    @property
    def years(self) -> str:
        """The restriction to the years as SQL, the record being ``r``; empty for none."""
        first = "" if self.first_year is None else " AND r.year >= ?"
        return first + ("" if self.last_year is None else " AND r.year <= ?")

    @property
    def year_values(self) -> list[int]:
        """The values of ``years``."""
        return [year for year in (self.first_year, self.last_year) if year is not None]

    @property
    def moments(self) -> tuple[int, int]:
        """The years as bounds of the sort column for the time of submission, both inclusive."""
        first, last = self.first_year or 0, self.last_year
        return first * 10**10, ((9999 if last is None else last) + 1) * 10**10 - 1

    @property
    def is_short(self) -> bool:
        """Whether every word is so short that the index has the beginnings themselves."""
        return all(len(word) <= _INDEXED for word in _QUOTED.findall(self.match or ""))


def parse_query(text: str) -> Query:
    """Read a search: every word must be found, each as the beginning of a word.

    Raises UsageError for an invalid year and an unknown field.
    """
    terms: list[str] = []
    first, last = None, None
    for word in text.split():
        field, colon, value = word.partition(":")
        if colon and field == "year":
            first, last = _years(value)
        elif colon and field in FIELDS:
            fold = _fold_ids if field in ("id", "cat") else normalize_text
            terms += [f"{FIELDS[field]} : {term}" for term in _prefixes(fold(value))]
        elif colon and field.isalpha() and field.lower() not in _SPELLED_IDS:
            raise UsageError(
                f"unknown search field {field!r}",
                f"fields: {', '.join([*FIELDS, 'year'])}",
            )
        else:
            terms += [_anywhere(word)] if normalize_text(word) else []
    return Query(" AND ".join(terms) or None, first, last)


def _anywhere(word: str) -> str:
    """Find a word in title, authors or categories, or as an id of which it is the beginning."""
    text, ids = normalize_text(word), _fold_ids(word)
    everywhere = " AND ".join(_prefixes(text))
    if not ids or ids == text:
        return f"({everywhere})"
    return f"(({everywhere}) OR {{ids categories}} : ({' AND '.join(_prefixes(ids))}))"


def _fold_ids(word: str) -> str:
    """Fold an id, without what stands before the id itself in ``arXiv:``, DOIs and Pith Numbers."""
    head, colon, value = word.rpartition(":")
    spelled = colon and head.partition(":")[0].lower() in ("arxiv", "doi", "pith")
    return normalize_ids(value if spelled else word).removeprefix(_DOI)


def _prefixes(folded: str) -> list[str]:
    # In quotes nothing has a meaning of its own; folding leaves no quotes inside.
    return [f'"{word}"*' for word in folded.split()]


def _years(value: str) -> tuple[int | None, int | None]:
    match = _YEARS.match(value)
    if match is None:
        raise UsageError(
            f"invalid year: {value[:40]!r}", "give year:2025, year:2020..2024 or year:2020.."
        )
    first = int(match[1])
    if match[2] is None:
        return first, first
    return first, int(match[3]) if match[3] else None
