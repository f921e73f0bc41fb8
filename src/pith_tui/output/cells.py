"""The width of text in a terminal's cells, and wrapping by it.

A character is not a cell: CJK characters take two, combining marks none.  Counting characters
lets a text run past the edge, where the terminal itself breaks it and goes on at column 0, the
place of the program's own verdicts.  Where terminals disagree on a character (vowel signs of
Indic scripts, Hangul vowels) the larger width is assumed, so that no line can be too long.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def cell_width(text: str) -> int:
    """Return the cells that a safe text takes, at the most."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """Cut a safe text to at most ``width`` cells, with an ellipsis where anything is left out."""
    if cell_width(text) <= width:
        return text
    return f"{_chop(text, max(width - 1, 1))[0].rstrip()}…"


def wrap(text: str, width: int) -> list[str]:
    """Break a safe text into lines of at most ``width`` cells (two at least), at spaces if any."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = cell_width(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        if size > width:
            *full, word = _chop(word, width)
            lines.extend(full)
            size = cell_width(word)
        line, used = word, size
    lines.append(line)
    return lines


def _chop(word: str, width: int) -> list[str]:
    """Cut a word into pieces of at most ``width`` cells."""
    pieces: list[str] = []
    start = used = 0
    for index, character in enumerate(word):
        size = _width(character)
        if used + size > width and index > start:
            pieces.append(word[start:index])
            start, used = index, 0
        used += size
    return [*pieces, word[start:]]


def hang(head: str, text: str, width: int | None) -> list[str]:
    """Append a safe text to a head, later lines indented below the text's first column.

    Without a width (for a pipe) it stays one line, as long as it is.  A head of more than half the
    width is wrapped itself, and the text begins on the next line.  No line of the text, nor a
    further one of the head, begins at column 0.
    """
    if width is None:
        return [f"{head}{text}".rstrip()]
    width = max(width, 12)
    indent = cell_width(head)
    if indent + cell_width(text) <= width:
        return [f"{head}{text}".rstrip()]
    if indent <= width // 2:
        first, *rest = wrap(text, width - indent)
        return [f"{head}{first}".rstrip(), *(f"{' ' * indent}{line}" for line in rest)]
    bare = head.lstrip(" ")
    before = min(len(head) - len(bare), width // 3)
    top, *more = wrap(bare.rstrip(" "), width - before - 2)
    lines = [f"{' ' * before}{top}", *(f"{' ' * (before + 2)}{line}" for line in more)]
    deep = before + 4
    return lines + [f"{' ' * deep}{line}" for line in wrap(text, width - deep) if line]
