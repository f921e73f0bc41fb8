"""What a bibliography holds, whatever its format: entries, their fields, and what is wrong."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class ProblemKind(Enum):
    """What is wrong with an entry or a file; none of them ends the reading."""

    UNBALANCED = "unbalanced"
    """A brace or quotation mark has no partner; ``subject`` is the field, or empty."""
    MISSING_COMMA = "missing-comma"
    """No comma stands before ``subject``, the next field."""
    MISSING_KEY = "missing-key"
    MALFORMED = "malformed"
    """Text that is no field stands between fields; ``subject`` is how it begins."""
    REPEATED_FIELD = "repeated-field"
    """A field, ``subject``, is given again; ``other_line`` is that of the first, which counts."""
    DUPLICATE_KEY = "duplicate-key"
    """An entry has the key, ``subject``, of an earlier one on ``other_line``."""
    COMMENTED_OUT = "commented-out"
    """A ``@comment{…}`` holds whole entries, which were not read; it ends on ``other_line``."""
    STRAY_BYTES = "stray-bytes"
    """The line holds bytes that are not UTF-8; U+FFFD stands in their place."""
    TOO_LONG = "too-long"
    """The value of a field, ``subject``, exceeds the limit and was left out."""


class Problem(NamedTuple):
    """One thing that is wrong, and the line, counted from 1, where it is."""

    line: int
    kind: ProblemKind
    subject: str = ""
    other_line: int | None = None


class Field(NamedTuple):
    """A field of an entry: its name in lower case, its value without the outer delimiter.

    ``span`` is where the value stands in a BibTeX file, delimiters included, else empty.
    """

    name: str
    value: str
    line: int
    span: tuple[int, int] = (0, 0)


class Entry(NamedTuple):
    """One entry, with the line, counted from 1, on which it begins.

    ``kind`` is the entry type in lower case (``article``); ``bibitem``; ``item``, of a list in
    plain text; or ``text``, a paragraph.  The last three have one field, ``text``.  ``key`` is
    empty if there is none.
    """

    key: str
    line: int
    kind: str
    fields: tuple[Field, ...]
    source: str
    problems: tuple[Problem, ...] = ()

    def value(self, name: str) -> str | None:
        """Return the first value of a field, as BibTeX does where one is repeated."""
        for field in self.fields:
            if field.name == name:
                return field.value
        return None


class Bibliography(NamedTuple):
    """The entries of one file in file order, and the problems that belong to none of them.

    ``bibliography_files`` are the files that a TeX source names as its bibliography.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    bibliography_files: tuple[str, ...] = ()


def duplicate_keys(entries: list[Entry]) -> list[Problem]:
    """Return a problem for each entry whose key an earlier one has.

    BibTeX compares keys without regard to case.
    """
    first: dict[str, int] = {}
    problems = []
    for entry in entries:
        if not entry.key:
            continue
        line = first.setdefault(entry.key.lower(), entry.line)
        if line != entry.line:
            problems.append(Problem(entry.line, ProblemKind.DUPLICATE_KEY, entry.key, line))
    return problems
