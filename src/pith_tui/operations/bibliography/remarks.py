"""Remarks beside the result of an entry, which they do not change; some count with ``--strict``."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from pith_tui.operations.bibliography.braces import brace_partners
from pith_tui.operations.bibliography.comparison import RecordFacts
from pith_tui.operations.bibliography.entries import Entry
from pith_tui.store.normalize import normalize_text

_YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})(?![0-9])", re.ASCII)
_TIE = re.compile(r"(?<!\\)~")  # \~n is an accent
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


class RemarkKind(Enum):
    """What a remark is about."""

    YEAR = "year"
    """The entry's year, ``values[0]``, is before that of the first version, ``values[1]``."""
    AUTHOR = "author"
    """The first surname, ``values[0]``, is nowhere among the authors that the record claims."""
    NEWER_VERSION = "newer version"
    """The entry names a version, ``values[0]``; a record of ``values[1]`` is stored."""
    INTEGRITY = "integrity"
    """The record claims findings: their number, and the worst severity."""
    NO_VERSION = "no version"
    """The entry names no version; the record compared is of version ``values[0]``."""
    STORED_VERSION = "stored version"
    """The entry's title is that of another stored version of the same paper, ``values[0]``."""
    OTHER_RECORD = "other record"
    """The entry's title is that of another record in the cache, whose id is ``values[0]``."""


COUNTED = frozenset(
    {RemarkKind.YEAR, RemarkKind.AUTHOR, RemarkKind.NEWER_VERSION, RemarkKind.INTEGRITY}
)
"""The kinds that count with ``--strict``."""


class Remark(NamedTuple):
    """One remark, and the values in it; texts of the entry or the record are raw."""

    kind: RemarkKind
    values: tuple[str, ...]


def remarks_on(
    entry: Entry, facts: RecordFacts, version: int | None, highest: int | None
) -> list[Remark]:
    """Compare what is beside the title.

    ``version`` is the one that the entry names, ``highest`` the highest of which a record is
    stored.
    """
    remarks = []
    year = entry_year(entry)
    if year is not None and facts.first_year is not None and year < facts.first_year:
        remarks.append(Remark(RemarkKind.YEAR, (str(year), str(facts.first_year))))
    surname = first_surname(entry)
    if surname and facts.authors and not _is_among(surname, facts.authors):
        remarks.append(Remark(RemarkKind.AUTHOR, (surname,)))
    if version is not None and highest is not None and highest > version:
        remarks.append(Remark(RemarkKind.NEWER_VERSION, (f"v{version}", f"v{highest}")))
    if facts.findings:
        count = sum(number for _, number in facts.findings)
        remarks.append(Remark(RemarkKind.INTEGRITY, (str(count), facts.findings[0][0])))
    return remarks


def entry_year(entry: Entry) -> int | None:
    """Return the year that an entry gives in ``year`` or ``date``, None where it gives none."""
    for name in ("year", "date"):
        year = _YEAR.search(entry.value(name) or "")
        if year:
            return int(year.group(1))
    return None


def first_surname(entry: Entry) -> str | None:
    """Return the first author's surname as BibTeX divides names; of a name in braces, all of it."""
    authors = (entry.value("author") or "").strip()
    first = _AND.split(authors, maxsplit=1)[0].strip()
    if not first or first.lower() == "others":
        return None
    comma = _outer_comma(first)
    if comma is not None:
        return first[:comma].strip()
    if first.startswith("{") and brace_partners(first).get(0) == len(first) - 1:
        return first[1:-1].strip()
    return _TIE.sub(" ", first).split()[-1]


def _outer_comma(name: str) -> int | None:
    """Return where the first comma outside braces is, None if there is none."""
    depth = 0
    for position, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            return position
    return None


def _is_among(surname: str, authors: str) -> bool:
    """Return whether a part of a surname is a word among the authors, accents and case folded."""
    names = set(_spellings(authors))
    parts = [part for part in _spellings(surname) if len(part) > 1]
    return not parts or any(part in names for part in parts)


def _spellings(text: str) -> list[str]:
    """Return the words of names, also with the umlauts that some write as two letters in one."""
    names = normalize_text(_TIE.sub(" ", text)).split()
    return names + [re.sub(r"([aou])e", r"\1", name) for name in names]
