r"""Tokens of raw TeX: commands and characters, and which braces belong together."""

from __future__ import annotations

import re

from pith_tui.output.tex_commands import MATH_SYMBOLS, TEXT_SYMBOLS
from pith_tui.patterns import pattern

MAX_DEPTH = 24
"""Braces within braces; TeX gives up at 255 groups, and no title has a handful."""

LITERAL = frozenset("%&#_${}")
"""Characters that a backslash makes print themselves."""

SYMBOL_OF = {character: name for name, character in TEXT_SYMBOLS.items()}
"""The symbol command that prints a character of text."""

MATH_SYMBOL_OF = {character: name for name, character in reversed(MATH_SYMBOLS.items())}
"""The symbol command that prints a character of formulas."""

_TOKEN = pattern(r"\\[A-Za-z]+|\\.|[A-Za-z][\u0300-\u036f]{1,2}|.", re.DOTALL)


class Tokens:
    """The tokens of one text.

    ``partner`` gives for an opening brace its closing one.  A brace without a partner, or deeper
    than ``MAX_DEPTH``, is not in it and is a character like any other.
    """

    def __init__(self, items: list[str]) -> None:
        self.items = items
        self.partner: dict[int, int] = {}
        opened: list[int] = []
        for index, token in enumerate(items):
            if token == "{":
                opened.append(index)
            elif token == "}" and opened:
                opening = opened.pop()
                if len(opened) < MAX_DEPTH:
                    self.partner[opening] = index

    def after_space(self, index: int, end: int) -> int:
        """Return the first token from ``index`` on that is no space, ``end`` if there is none."""
        while index < end and self.items[index] == " ":
            index += 1
        return index

    def find(self, token: str, start: int, end: int) -> int | None:
        """Return where a token stands in no braces, None if nowhere before ``end``."""
        index = start
        while index < end:
            if self.items[index] == token:
                return index
            index = self.partner.get(index, index) + 1
        return None


def tokenize(text: str) -> Tokens:
    """Take a text on one line apart."""
    return Tokens(_TOKEN.findall(text))
