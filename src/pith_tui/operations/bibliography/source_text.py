"""The text of a file and its lines: decoded with replacement, positions as line numbers."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from pith_tui.operations.bibliography.entries import Problem, ProblemKind

_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class SourceText(NamedTuple):
    """A file's text with ``\\n`` as its only line end, and the lines that held stray bytes."""

    text: str
    problems: tuple[Problem, ...]


def decode(raw: bytes) -> SourceText:
    """Decode UTF-8; a byte that is none becomes U+FFFD and its line a problem.

    A byte order mark of UTF-16, which Windows programs write, is believed.
    """
    if raw.startswith(_UTF_16_BOMS):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return SourceText(raw.decode("utf-8"), ())
    except UnicodeDecodeError:
        pass
    lines, problems = [], []
    for number, line in enumerate(raw.split(b"\n"), 1):
        text = line.decode("utf-8", "replace")
        if "\ufffd" in text and text.encode("utf-8") != line:
            problems.append(Problem(number, ProblemKind.STRAY_BYTES))
        lines.append(text)
    return SourceText("\n".join(lines), tuple(problems))


class LineNumbers:
    """Line numbers, counted from 1, of positions in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        position = text.find("\n")
        while position >= 0:
            self._starts.append(position + 1)
            position = text.find("\n", position + 1)

    def line_of(self, position: int) -> int:
        """Return the number of the line that holds a position."""
        return bisect_right(self._starts, position)
