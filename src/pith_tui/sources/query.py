"""What people type into a search: words, and fields such as ``cat:cs.AI year:2025``."""

from __future__ import annotations

import re
from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.sources.folding import fold_names, fold_words

FIELDS = {
    "title": "title",
    "author": "authors",
    "id": "ids",
    "cat": "categories",
}
_YEARS = re.compile(r"([0-9]{4})(?:(\.\.)([0-9]{4})?)?\Z")


class Query(NamedTuple):
    """A search as SQL wants it.

    ``match`` is an FTS5 expression, None where no words were given; the years are inclusive.
    """

    match: str | None
    first_year: int | None = None
    last_year: int | None = None

    @property
    def number(self) -> str:
        """The record's number by the table that is walked through, which is in its order."""
        return "r.id" if self.match is None else "s.rowid"

    @property
    def source(self) -> str:
        """Where the rows come from: FROM and WHERE, the record as r, its number as r.id."""
        if self.match is None:
            return "FROM record r WHERE r.id > ?" + self._years
        return (
            "FROM search s JOIN record r ON r.id = s.rowid WHERE s.rowid > ? AND search MATCH ?"
            + self._years
        )

    def values(self, after: int) -> list[str | int]:
        """Give the values of ``source`` for the rows after a number."""
        words = [] if self.match is None else [self.match]
        years = [year for year in (self.first_year, self.last_year) if year is not None]
        return [after, *words, *years]

    @property
    def _years(self) -> str:
        first = "" if self.first_year is None else " AND r.year >= ?"
        return first + ("" if self.last_year is None else " AND r.year <= ?")


def parse_query(text: str) -> Query:
    """Read a search: every word must be found, each as the beginning of a word.

    Raises UsageError for a year that is none and a field that there is not.
    """
    terms: list[str] = []
    first, last = None, None
    for word in text.split():
        field, colon, value = word.partition(":")
        if colon and field == "year":
            first, last = _years(value)
        elif colon and field in FIELDS:
            fold = fold_names if field in ("id", "cat") else fold_words
            terms += [f"{FIELDS[field]} : {term}" for term in _prefixes(fold(value))]
        elif colon and field.isalpha() and field not in ("arxiv", "doi", "pith", "http", "https"):
            raise UsageError(
                f"there is no field {field!r} to search in",
                f"fields: {', '.join([*FIELDS, 'year'])}",
            )
        else:
            terms += [_anywhere(word)] if fold_words(word) else []
    return Query(" AND ".join(terms) or None, first, last)


def _anywhere(word: str) -> str:
    """Find a word in title, authors or categories, or as an id of which it is the beginning."""
    words = " AND ".join(_prefixes(fold_words(word)))
    names = " AND ".join(_prefixes(fold_names(word)))
    return f"(({words}) OR {{ids categories}} : ({names}))" if names else f"({words})"


def _prefixes(folded: str) -> list[str]:
    # In quotes nothing has a meaning of its own; folding leaves no quotes inside.
    return [f'"{word}"*' for word in folded.split()]


def _years(value: str) -> tuple[int | None, int | None]:
    found = _YEARS.match(value)
    if found is None:
        raise UsageError(
            f"this is no year: {value[:40]!r}", "give year:2025, year:2020..2024 or year:2020.."
        )
    first = int(found[1])
    if found[2] is None:
        return first, first
    return first, int(found[3]) if found[3] else None
