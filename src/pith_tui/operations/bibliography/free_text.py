"""Entries of plain text and Markdown: list items, table rows and paragraphs, each one entry.

A line that stands in a list of references is an item.  A paragraph may be prose that mentions a
paper without giving its title, so it is of another kind: ``text``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pith_tui.operations.bibliography.arxiv_ids import names_an_id
from pith_tui.operations.bibliography.entries import Bibliography, Entry, Field

_MARKER = re.compile(
    r"\s*(?:>\s*)?(?:[-*+•‣–]\s+|\[([\w+:./ -]{1,40})\]:?(?!\()\s+|\(?([0-9]{1,4})[.)\]]\s+|\|)"
)
_SKIPPED = re.compile(r"\s*(?:#{1,6}\s|```|~~~|={3,}\s*$|-{3,}\s*$|\|?[\s|:-]+\|?\s*$)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((<?[^()\s]*>?)(?:\s+\"[^\"]*\")?\)")
# What is emphasised holds none of its own marks, so that each mark is looked at once.
_EMPHASIS = re.compile(
    r"(?<![\w*])(?:(\*{1,3})(?=\S)([^\n*]+)(?<=\S)\1|(_{1,3})(?=\S)([^\n_]+)(?<=\S)\3"
    r"|(`+)([^\n`]+)\5)(?![\w*])"
)


def read_free_text(text: str) -> Bibliography:
    r"""Read the items and paragraphs of a text, its lines ended by ``\n``."""
    entries = []
    for line, kind, key, lines in _blocks(text):
        source = "\n".join(lines)
        value = " ".join(_without_markup(source).split())
        entries.append(Entry(key, line, kind, (Field("text", value, line),), source))
    return Bibliography(tuple(entries))


def _without_markup(text: str) -> str:
    """Return Markdown without emphasis and with the URL of a link after its text."""
    text = _LINK.sub(r"\1 \2 ", text)
    return html.unescape(_EMPHASIS.sub(r"\2\4\6", text))


def _blocks(text: str) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield each block: its first line's number, its kind, its label and its lines."""
    paragraph: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip() and not _SKIPPED.match(line):
            paragraph.append((number, line))
        elif paragraph:
            yield from _blocks_of(paragraph)
            paragraph = []


def _blocks_of(paragraph: list[tuple[int, str]]) -> Iterator[tuple[int, str, str, list[str]]]:
    """Divide a paragraph at list markers; one with an id on several lines, after each of these."""
    is_list = sum(names_an_id(line) for _, line in paragraph) > 1
    first, kind, key, lines = 0, "text", "", list[str]()
    is_ended = True
    for number, line in paragraph:
        marker = _MARKER.match(line)
        if marker or is_ended:
            if lines:
                yield first, kind, key, lines
            label = (marker.group(1) or marker.group(2) or "") if marker else ""
            first, kind, key, lines = number, "item" if marker or is_list else "text", label, []
        lines.append(line[marker.end() :] if marker else line)
        is_ended = is_list and names_an_id(line)
    yield first, kind, key, lines
