"""What people type into a search: words, and fields such as ``cat:cs.AI year:2025``."""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import IdentifierError, parse_identifier
from pith_tui.store.normalize import (
    normalize_ids,
    normalize_text,
    symbol_names,
    without_accents,
)

FIELDS = {
    "title": "title",
    "author": "authors",
    "id": "ids",
    "cat": "categories",
}
_INDEXED = 3
"""The longest beginning of a word that the index has as such (``prefix`` in schema.py)."""
_SEPARATORS = pattern("[_\u19b0-\u19c9\u1cf2\u1cf3]")
"""Characters at which SQLite's tokenizer splits a word; an index without positions refuses several
words in quotes."""
_DOI = "10.48550/arxiv."
_QUOTED = pattern(r'"([^"]*)"')
_YEARS = pattern(r"([0-9]{4})(?:(\.\.)([0-9]{4})?)?\Z")


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

    A word before a colon is a field only if it is one of FIELDS or ``year``, with a value after
    the colon: titles have colons too.  Raises UsageError for an invalid year.
    """
    terms: list[str] = []
    first, last = None, None
    for word in without_accents(text).split():
        field, _, value = word.partition(":")
        if value and field == "year":
            first, last = _years(value)
        elif value and field in FIELDS:
            term = _all(_fold_ids(value)) if field in ("id", "cat") else _text(value)
            terms += [f"{FIELDS[field]} : {term}"] if term else []
        elif term := _anywhere(word):
            terms.append(term)
    return Query(" AND ".join(terms) or None, first, last)


def _anywhere(word: str) -> str:
    """Find a word in title, authors or categories, or as an id of which it is the beginning."""
    text = _text(word)
    if not text:
        return ""  # a dash between words, say
    ids = dict.fromkeys(_all(name) for name in (_fold_ids(word), _identifier(word)))
    return _any([text, *(f"{{ids categories}} : {name}" for name in ids if name and name != text)])


def _text(word: str) -> str:
    """Find a word as it is written, or as the TeX source that is shown so; empty for no word."""
    word = _SEPARATORS.sub(" ", word)
    plain, source = _all(normalize_text(word)), symbol_names(word)
    # All names but the last are whole words; the last may still be being typed.
    ends = [""] * (len(source) - 1) + ["*"]
    named = [
        _any([f'"{name}"{end}' for name in names]) for names, end in zip(source, ends, strict=False)
    ]
    return _any([plain, _joined("AND", named)])


def _all(folded: str) -> str:
    """Require each word, as the beginning of a word; empty for no words.

    Within quotes nothing is an operator; folding leaves no quotes inside.
    """
    terms = _SEPARATORS.sub(" ", folded).split()
    return _joined("AND", [f'"{term}"*' for term in terms])


def _any(terms: list[str]) -> str:
    return _joined("OR", [term for term in terms if term])


def _joined(operator: str, terms: list[str]) -> str:
    return f"({f' {operator} '.join(terms)})" if len(terms) > 1 else "".join(terms)


def _fold_ids(word: str) -> str:
    """Fold an id without its prefix: ``arXiv:``, that of a DOI or that of a Pith Number."""
    head, colon, value = word.rpartition(":")
    has_prefix = colon and head.partition(":")[0].lower() in ("arxiv", "doi", "pith")
    return normalize_ids(value if has_prefix else word).removeprefix(_DOI)


def _identifier(word: str) -> str:
    """Return the id in a URL or another form of an identifier, folded; empty for other words."""
    if "/" not in word and ":" not in word:
        return ""
    try:
        identifier = parse_identifier(word)
    except IdentifierError:
        return ""
    version = "" if identifier.version is None else f"v{identifier.version}"
    return normalize_ids(f"{identifier.arxiv or identifier.value}{version}")


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
