r"""Entries of a ``.bbl`` that biber wrote: ``\entry{key}{type}{…}`` up to ``\endentry``.

Its fields are BibLaTeX's own, so that such an entry is like one of a ``.bib`` file.
"""

from __future__ import annotations

import re

from pith_tui.operations.bibliography.braces import brace_partners
from pith_tui.operations.bibliography.entries import (
    Bibliography,
    Entry,
    Field,
    Problem,
    ProblemKind,
)
from pith_tui.operations.bibliography.source_text import LineNumbers

ENTRY = r"^[ \t]*\\entry\{([^{}\n]*)\}\{([^{}\n]*)\}"
"""A pattern for the beginning of an entry."""

_ENTRY = re.compile(ENTRY, re.MULTILINE)
_END = re.compile(r"^[ \t]*\\endentry", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*\\(field|verb|list|name)\{([A-Za-z]+)\}", re.MULTILINE)
_VERBATIM = re.compile(r"[^\n]*\n[ \t]*\\verb ([^\n]*)\n")
_FAMILY = re.compile(r"^[ \t]*family=\{", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*\{", re.MULTILINE)


def read_biber_bbl(text: str) -> Bibliography:
    """Read every entry; one that several reference contexts repeat is read once."""
    partners = brace_partners(text)
    lines = LineNumbers(text)
    starts = list(_ENTRY.finditer(text))
    entries: dict[str, Entry] = {}
    for index, start in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        end = _END.search(text, start.end(), limit)
        stop = end.start() if end else limit
        line = lines.line_of(start.start())
        fields = _fields(text, start.end(), stop, partners, lines)
        problems = () if end else (Problem(line, ProblemKind.UNBALANCED),)
        source = text[start.start() : stop].rstrip()
        key, kind = start.group(1), start.group(2).lower()
        entries.setdefault(key, Entry(key, line, kind, fields, source, problems))
    return Bibliography(tuple(entries.values()))


def _fields(
    text: str, begin: int, stop: int, partners: dict[int, int], lines: LineNumbers
) -> tuple[Field, ...]:
    fields = []
    starts = list(_FIELD.finditer(text, begin, stop))
    for index, start in enumerate(starts):
        kind, name = start.group(1), start.group(2).lower()
        limit = starts[index + 1].start() if index + 1 < len(starts) else stop
        value = _value(text, kind, start.end(), limit, partners)
        if value is not None:
            fields.append(Field(name, " ".join(value.split()), lines.line_of(start.start())))
    return tuple(fields)


def _value(text: str, kind: str, begin: int, limit: int, partners: dict[int, int]) -> str | None:
    r"""Return the value of one field; of names the families, joined as BibTeX joins authors."""
    if kind == "verb":
        verbatim = _VERBATIM.match(text, begin, limit)
        return verbatim.group(1) if verbatim else None
    if kind == "field":
        return _braced(text, begin, limit, partners)
    items = (_FAMILY if kind == "name" else _ITEM).finditer(text, begin, limit)
    values = [_braced(text, item.end() - 1, limit, partners) for item in items]
    if kind == "name":
        # A comma, so that what is read of "van der Waals" is the whole of it.
        return " and ".join(f"{value}," for value in values if value)
    return " and ".join(value for value in values if value)


def _braced(text: str, opening: int, limit: int, partners: dict[int, int]) -> str | None:
    closing = partners.get(opening)
    return None if closing is None or closing > limit else text[opening + 1 : closing]
