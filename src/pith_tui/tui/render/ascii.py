"""ASCII mode: the last step before the terminal converts everything drawn to ASCII.

Record text has been converted earlier (``output.safe``), so that no character is lost; this step
gets only the program's own lines and signs, each of one cell, and makes each one character.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from pith_tui.patterns import pattern

_BEYOND = pattern(r"[^\x00-\x7f]")
_DRAWN = {
    **dict.fromkeys("─━═╌┄▁▔▂▃", "-"),
    **dict.fromkeys("│┃║▏▕▎▌▐", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛╔╗╚╝", "+"),
    **dict.fromkeys("▶▸→↗", ">"),
    **dict.fromkeys("▾▼↓", "v"),
    **dict.fromkeys("▲↑", "^"),
    **dict.fromkeys("★•", "*"),
    "←": "<",
    "…": "~",
    "·": ".",
    "–": "-",
    "—": "-",
    "█": "#",
    "×": "x",
    "≠": "!",
    "\u00a0": " ",
}


class AsciiFilter(LineFilter):
    """Replaces every non-ASCII character by an ASCII one, cell by cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return a line in ASCII, as wide as it was."""
        del background
        return [
            segment if segment.text.isascii() else Segment(_drawn(segment.text), *segment[1:])
            for segment in segments
        ]


def _drawn(text: str) -> str:
    return _BEYOND.sub(lambda match: _character(match.group()), text)


def _character(character: str) -> str:
    return _DRAWN.get(character, "?" * cell_len(character))
