"""Text fit for a terminal: whatever could act on one, or deceive its reader, is made visible.

A string with an escape sequence in it repaints the screen when it is printed; bidirectional
controls show text in another order than it has.  ``str.isprintable`` is false for exactly the
categories that do so (Cc, Cf, Cs, Co, Cn, Zl, Zp, and Zs but for the space).
"""

from __future__ import annotations

import unicodedata

from pith_tui.output.symbols import in_ascii, is_ascii, to_terminal
from pith_tui.patterns import pattern

MAX_LENGTH = 20_000
"""Characters shown of one text; what is left out is said."""
MAX_LINES = 400
MAX_MARKS = 3
"""Combining marks kept on one character; a thousand of them would climb over other lines."""

_PLAIN = pattern(r"[ -~]*\Z")
# Printable by category, yet they look like nothing: a text could hide in them or behind them.
# Variation selectors are among them, which besides make the width of a character uncertain.
_INVISIBLE = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# The signs of outcomes, marks, verdicts and bookmarks, and those that differ from them in weight,
# size, turn or a frame alone: what the program says with them no record may say.  Signs that texts
# need (≠, ?, ·, –) stay: they stand in their own column or behind a mark.
_RESERVED = frozenset("✓✔☑✅🗸🗹⍻🮱✗✘✕✖☒❌❎🗴🗵🗶🗷☓⛌◆◇◈⬥⬦⬧⬨⬩⧫◊♦♢❖⟐🔶🔷🔸🔹★☆⭐🌟✩✪✫✬✭✮✯✰⭑⭒⚝")


def safe(text: str, *, lines: bool = False, limit: int = MAX_LENGTH) -> str:
    """Make a text fit for a terminal.

    Every character that is not printable is shown as what it is: C0 controls as their Unicode
    picture, spaces of other kinds as a space, all others as ``<U+202E>``; so are the signs that the
    program speaks with, as ``<U+2713>``.  Line ends stay only
    with ``lines``.  The result is printable (and UTF-8), and making it safe again changes nothing.
    Where only ASCII can be shown it is ASCII, as ``in_ascii`` spells it.
    """
    if len(text) <= limit and _PLAIN.match(text):
        return text
    left_out = max(len(text) - limit, 0)
    text = text[:limit]
    shown = "\n".join(map(_safe_line, _lines(text))) if lines else _safe_line(text)
    return f"{shown}{to_terminal('…')} ({left_out:,} more characters)" if left_out else shown


def _lines(text: str) -> list[str]:
    every = text.replace("\r\n", "\n").split("\n")
    if len(every) <= MAX_LINES:
        return every
    return [*every[:MAX_LINES], f"… ({len(every) - MAX_LINES:,} more lines)"]


def _safe_line(line: str) -> str:
    if line.isprintable() and line.isascii():
        return line
    if is_ascii():
        return in_ascii(line)
    pieces: list[str] = []
    marks = 0
    for character in line:
        if unicodedata.category(character) in ("Mn", "Me") and character not in _INVISIBLE:
            if not pieces:
                pieces.append("\u25cc")  # a mark needs something to stand on
            marks += 1
            if marks <= MAX_MARKS:
                pieces.append(character)
            elif marks == MAX_MARKS + 1:
                pieces.append("…")
            continue
        marks = 0
        pieces.append(_shown(character))
    return "".join(pieces)


def _shown(character: str) -> str:
    if character.isprintable() and character not in _INVISIBLE and character not in _RESERVED:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) == "Zs":
        return " "
    return f"<U+{code:04X}>"
