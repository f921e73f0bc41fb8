r"""Entries of a ``thebibliography``: each ``\bibitem`` with its key and its text up to the next.

What BibTeX styles, natbib and REVTeX write, and what people write by hand in a ``.tex`` file, has
no fields: an entry has one, ``text``.
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
    duplicate_keys,
)
from pith_tui.operations.bibliography.source_text import LineNumbers

BIBITEM = r"\\bibitem(?![A-Za-z@])\s*(?=[\[{])"
"""A pattern for the beginning of an entry."""

_BIBITEM = re.compile(BIBITEM)
_END = re.compile(r"\\end\s*\{thebibliography\}|\\end\s*\{document\}")
_LABEL_STOP = re.compile(r"[{\]]")
_SPACE = re.compile(r"\s*")
# A percent sign within a URL follows other characters and ends no line.
_COMMENT = re.compile(r"(?:^|(?<=\s))%[^\n]*|(?<!\\)%[ \t]*$", re.MULTILINE)
_FILES = re.compile(
    r"\\(?:bibliography|nobibliography|addbibresource)\*?\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}"
)


def without_comments(text: str) -> str:
    """Return TeX source with each comment as blanks, so that every position stays what it was."""
    return _COMMENT.sub(lambda comment: " " * len(comment.group()), text)


def read_bibitems(text: str) -> Bibliography:
    r"""Read every ``\bibitem`` of a text, its lines ended by ``\n``, and the files it names."""
    source = without_comments(text)
    partners = brace_partners(source)
    lines = LineNumbers(source)
    starts = list(_BIBITEM.finditer(source))
    entries = []
    for index, start in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(source)
        end = _END.search(source, start.end(), limit)
        stop = end.start() if end else limit
        entries.append(_entry(source, start, stop, partners, lines.line_of(start.start())))
    return Bibliography(tuple(entries), tuple(duplicate_keys(entries)), _named_files(source))


def _entry(
    text: str, start: re.Match[str], stop: int, partners: dict[int, int], line: int
) -> Entry:
    """Return one entry; without a closing brace its key is empty and its text begins at once."""
    position = _after_label(text, start.end(), stop, partners)
    key, problems = "", [Problem(line, ProblemKind.UNBALANCED)]
    closing = partners.get(position)
    if closing is not None and closing < stop:
        key, problems = " ".join(text[position + 1 : closing].split()), []
        position = closing + 1
    value = " ".join(text[position:stop].split())
    source = text[start.start() : stop].rstrip()
    return Entry(key, line, "bibitem", (Field("text", value, line),), source, tuple(problems))


def _after_label(text: str, position: int, stop: int, partners: dict[int, int]) -> int:
    """Return where the key's brace is: after the label in brackets, if there is one."""
    if text[position] == "[":
        position += 1
        while mark := _LABEL_STOP.search(text, position, stop):
            if mark.group() == "]":
                position = mark.end()
                break
            position = partners.get(mark.start(), mark.start()) + 1
    space = _SPACE.match(text, position, stop)
    return space.end() if space else position


def _named_files(source: str) -> tuple[str, ...]:
    names: list[str] = []
    for named in _FILES.finditer(source):
        for name in named.group(1).split(","):
            if name.strip():
                path = name.strip()
                names.append(path if path.endswith(".bib") else f"{path}.bib")
    return tuple(dict.fromkeys(names))
