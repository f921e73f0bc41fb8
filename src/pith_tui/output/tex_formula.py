r"""Formulas of a record's text: what is known passes, anything else makes it no formula."""

from __future__ import annotations

from collections.abc import Callable

from pith_tui.output.tex_commands import (
    DELIMITERS,
    MATH_ARGUMENTS,
    MATH_NAMES,
    MATH_SYMBOLS,
    MATH_SYNONYMS,
    SIZES,
    STYLES,
    SWITCHES,
)
from pith_tui.output.tex_tokens import MATH_SYMBOL_OF, Tokens

_CHARACTERS = frozenset("+-=<>/()[]|,.;:!?*@")
_ESCAPED = frozenset([r"\%", r"\&", r"\#", r"\_", r"\$"])
_SPACES = frozenset([r"\,", r"\;", r"\:", r"\!"])
_BRACES = {r"\{": r"\lbrace", r"\}": r"\rbrace", r"\|": r"\Vert"}
# biber puts a character in the place of \langle, which is no delimiter for TeX.
_DELIMITERS = {**_BRACES, r"\langle": "<", r"\rangle": ">"}
_MAX_NESTING = 40
"""Commands within commands; each takes a group or two of TeX's 255."""

Text = Callable[[int, int], str]
"""Returns the source of tokens as text."""


class NotAFormulaError(Exception):
    """A formula has something that is not known, or that TeX would complain of."""


def formula(tokens: Tokens, start: int, end: int, text: Text) -> str:
    """Return the source of the tokens as a formula, without dollars.

    Raises ``NotAFormulaError`` if they have anything that is not in ``tex_commands``.
    """
    return _Formula(tokens, text).source(start, end).strip()


class _Formula:
    def __init__(self, tokens: Tokens, text: Text) -> None:
        self._tokens = tokens
        self._items = tokens.items
        self._text = text
        self._nesting = 0

    def source(self, start: int, end: int) -> str:
        """Return the source of a whole group."""
        pieces: list[str] = []
        scripts: set[str] = set()
        fences = 0
        index = start
        while index < end:
            token = self._items[index]
            if token == " ":
                pieces.append(" ")
                index += 1
                continue
            if token in ("^", "_"):
                argument, index = self._atom(index + 1, end)
                piece = token + _braced(argument)
            elif token == "'":
                piece, index = "'", index + 1
            else:
                fences += (token == r"\left") - (token == r"\right")
                if not 0 <= fences <= _MAX_NESTING:
                    raise NotAFormulaError
                scripts = set()
                piece, index = self._piece(index, end)
            if token in ("^", "_", "'"):
                kind = "_" if token == "_" else "^"
                # TeX allows one script of a kind; primes in a row are one.
                if kind in scripts and not (token == "'" and pieces and pieces[-1] == "'"):
                    pieces.append("{}")
                    scripts = set()
                scripts.add(kind)
            pieces.append(piece)
        if fences:
            raise NotAFormulaError
        return _joined(pieces)

    def _piece(self, index: int, end: int) -> tuple[str, int]:
        """Return the next part of a group: an atom, or what only a group can have."""
        name = self._items[index][1:]
        if self._items[index][0] == "\\" and (name in SIZES or name in ("left", "right")):
            delimiter = self._tokens.after_space(index + 1, end)
            if delimiter >= end or self._items[delimiter] not in DELIMITERS:
                raise NotAFormulaError
            shown = _DELIMITERS.get(self._items[delimiter], self._items[delimiter])
            return f"\\{name}{shown}", delimiter + 1
        if self._items[index][0] == "\\" and name in SWITCHES:
            style = SWITCHES[name].replace("text", "math").replace("emph", "mathit")
            if style in ("mathsl", "mathsc"):
                raise NotAFormulaError
            return f"\\{style}{{{self._nested(index + 1, end)}}}", end
        return self._atom(index, end)

    def _nested(self, start: int, end: int) -> str:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise NotAFormulaError
        source = self.source(start, end).strip()
        self._nesting -= 1
        return source

    def _atom(self, index: int, end: int) -> tuple[str, int]:
        """Return one argument: a group, a character, or a command with its arguments."""
        index = self._tokens.after_space(index, end)
        if index >= end:
            raise NotAFormulaError
        token = self._items[index]
        if token == "{" and index in self._tokens.partner:
            closing = self._tokens.partner[index]
            return f"{{{self._nested(index + 1, closing)}}}", closing + 1
        if token in _CHARACTERS or (token.isascii() and token.isalnum()):
            return token, index + 1
        if token == r"\ ":
            return r"{\ }", index + 1  # alone it would lose its space where a group ends
        if token == "~" or token in _SPACES or token in _ESCAPED:
            return token, index + 1
        if token in _BRACES:
            return _BRACES[token], index + 1
        if token == "'":
            return r"\prime", index + 1
        if token in ("%", "&", "#"):
            return f"\\{token}", index + 1
        if token == "−":
            return "-", index + 1
        if token in MATH_SYMBOL_OF:
            return f"\\{MATH_SYMBOL_OF[token]}", index + 1
        return self._command(token, index, end)

    def _command(self, token: str, index: int, end: int) -> tuple[str, int]:
        name = MATH_SYNONYMS.get(token[1:], token[1:])
        if token[0] != "\\":
            raise NotAFormulaError
        if name in MATH_SYMBOLS or name in MATH_NAMES:
            return f"\\{name}", index + 1
        if name in MATH_ARGUMENTS:
            return self._with_arguments(name, index + 1, end)
        opening = self._tokens.after_space(index + 1, end)
        if name in STYLES and opening < end and opening in self._tokens.partner:
            closing = self._tokens.partner[opening]
            return f"\\{name}{{{self._text(opening + 1, closing)}}}", closing + 1
        raise NotAFormulaError

    def _with_arguments(self, name: str, index: int, end: int) -> tuple[str, int]:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise NotAFormulaError
        source = f"\\{name}"
        if name == "sqrt" and self._items[index : index + 1] == ["["]:
            closing = self._tokens.find("]", index, end)
            if closing is None:
                raise NotAFormulaError
            source += f"[{{{self._nested(index + 1, closing)}}}]"
            index = closing + 1
        for _ in range(MATH_ARGUMENTS[name]):
            argument, index = self._atom(index, end)
            source += _braced(argument)
        self._nesting -= 1
        return source, index


def _braced(argument: str) -> str:
    return argument if argument[0] == "{" else f"{{{argument}}}"


def _joined(pieces: list[str]) -> str:
    """Join parts of a formula, a space after a command that a letter follows."""
    joined = ""
    for piece in pieces:
        if piece[:1].isalpha() and _ends_in_command(joined):
            joined += " "
        joined += piece
    return joined


def _ends_in_command(source: str) -> bool:
    head = source.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return head != source and head.endswith("\\")
