"""Which signs can be shown, Unicode or ASCII only: the one place that decides.

The command line decides once, at its start, by the settings and by what the output says that it
can encode.  Until then it is Unicode.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeVar

from pith_tui.patterns import pattern

_K = TypeVar("_K")

_ascii = False
_BEYOND = pattern(r"[^ -~]")
# What typography has more than one of, and the program's own words use.  Letters are not among
# them: a name without its accents would be another name.
_SPELLED = {
    "…": "...", "–": "-", "—": "--", "−": "-", "‐": "-", "‑": "-", "·": ".",
    "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "→": "->", "←": "<-", "↑": "^", "↓": "v", "≠": "!=", "≤": "<=", "≥": ">=", "±": "+-",
    "×": "x", "•": "*",
}  # fmt: skip
# Lines and blocks that the program draws, one for one, so that columns stay where they are.
_DRAWN = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(range(0x2580, 0x25A0), "#"),
    **dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═╴╶╸╺╼╾▔▁▂▃"), "-"),
    **dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║╵╷╹╻╽╿▏▎▍▌▐▕▊▋▉"), "|"),
    **{ord(sign): short for sign, short in zip("▶▼◀▲●○", ">v<^*o", strict=True)},
}


def use_ascii(on: bool) -> None:
    """Choose ASCII for all that is shown from now on, or Unicode again."""
    global _ascii
    _ascii = on


def is_ascii() -> bool:
    """Return whether only ASCII may be shown."""
    return _ascii


def can_show(encoding: str | None) -> bool:
    """Return whether an output in this encoding has the program's signs."""
    try:
        "✓✗◆◇·–─…→".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def in_ascii(text: str) -> str:
    """Format a text in printable ASCII.

    Typographic signs are spelled out, spaces of other kinds become a space, and every other
    character is shown as what it is: ``<U+00E9>``.
    """
    return _BEYOND.sub(lambda match: _name(match.group()), text)


def ui_text_to_ascii(text: str) -> str:
    """Format the program's own words, and lines that it draws, in ASCII."""
    return in_ascii(text.translate(_DRAWN))


def to_terminal(text: str) -> str:
    """Format the program's own words, and lines that it draws, for what can be shown."""
    return ui_text_to_ascii(text) if _ascii else text


def _name(character: str) -> str:
    short = _SPELLED.get(character)
    if short is not None:
        return short
    return " " if unicodedata.category(character) == "Zs" else f"<U+{ord(character):04X}>"


class Symbols(Mapping[_K, str]):
    """Signs by what they stand for, in Unicode or in ASCII as it is at the moment."""

    def __init__(self, signs: Mapping[_K, str], in_ascii: Mapping[_K, str]) -> None:
        self._signs = signs
        self._in_ascii = in_ascii

    def __getitem__(self, meaning: _K) -> str:
        return (self._in_ascii if _ascii else self._signs)[meaning]

    def __iter__(self) -> Iterator[_K]:
        return iter(self._signs)

    def __len__(self) -> int:
        return len(self._signs)
