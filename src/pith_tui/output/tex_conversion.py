"""How TeX becomes Unicode: fragments that are wholly known are converted, the others stay.

A fragment is converted when every command in it is known and the conversion loses nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pith_tui.output.tex_accents import compose_accents
from pith_tui.output.tex_commands import TEXT_SYMBOLS
from pith_tui.output.tex_math import convert_formula, is_formula
from pith_tui.output.tex_punctuation import convert_punctuation
from pith_tui.patterns import pattern

_ACCENTS = frozenset("uvHckrdb")
_SYMBOLS = {
    name: character for name, character in TEXT_SYMBOLS.items() if character not in "\\{}^~"
} | {"dots": "…", "i": "ı", "j": "ȷ"}
_STYLES = frozenset("emph textit textbf textrm textsc textsf texttt mbox text".split())
_SWITCHES = frozenset("it em bf rm sc sl tt".split())
_KNOWN = _ACCENTS | _SYMBOLS.keys() | _STYLES | _SWITCHES

_FORMULA = pattern(r"(?<!\\)(\$\$?)((?:[^$\\]|\\.)*)\1", re.DOTALL)
_TOKEN = pattern(r"\\([A-Za-z]+)|\\.|[{}]", re.DOTALL)
_NAMED = pattern(
    r"\{\\(?P<inside>[A-Za-z]+)\}"
    r"|\\(?P<bare>[A-Za-z]+)(?P<end>\{\}|\s+|(?=[^A-Za-z]|\Z))"
)
_STYLE = pattern(rf"\\(?:{'|'.join(sorted(_STYLES))})\{{([^{{}}\\$]*)\}}")
_OLD_STYLE = pattern(rf"\{{\\(?:{'|'.join(sorted(_SWITCHES))})\s+([^{{}}\\$]*)\}}")
_ESCAPE = pattern(r"\\([&%#_${}])")
_DONE = "\0"
"""Stands for a fragment that is final while the rest is converted; no text to convert has one."""


def convert(text: str) -> str:
    """Return a text with every sure fragment of TeX as Unicode, the others as they are."""
    if _DONE in text:
        return text
    formulas = list(_formulas(text))
    fragments = sorted([*formulas, *_unknown(text, formulas)])
    done: list[str] = []
    pieces: list[str] = []
    position = 0
    for fragment in fragments:
        if fragment.start < position:
            continue  # a formula within a fragment that stays
        pieces.append(text[position : fragment.start])
        done.append(fragment.shown)
        position = fragment.end
    rest = _convert(_DONE.join([*pieces, text[position:]]))
    final = iter(done)
    return "".join(next(final) if piece == _DONE else piece for piece in rest)


class _Fragment(NamedTuple):
    """A part of a text that is final, and how it is shown."""

    start: int
    end: int
    shown: str


def _formulas(text: str) -> Iterator[_Fragment]:
    """Return the formulas between dollars, each converted, or as it is written."""
    position = 0
    while match := _FORMULA.search(text, position):
        if is_formula(match[2], text[match.end() : match.end() + 1]):
            position = match.end()
            converted = convert_formula(match[2])
            yield _Fragment(*match.span(), match.group() if converted is None else converted)
        else:
            position = match.start() + 1  # a price; the other dollar may begin a formula


def _unknown(text: str, formulas: list[_Fragment]) -> Iterator[_Fragment]:
    """Return what has a command that is not known: the command and its arguments, or the group.

    The group is the outermost one: what it does to the rest is not known either.
    """
    groups, unknown = _structure(text, formulas)
    starts = [start for start, _ in groups]
    ends = dict(groups)
    for match in unknown:
        index = bisect_right(starts, match.start()) - 1
        if index >= 0 and match.start() < groups[index][1]:
            start, end = groups[index]
        else:
            start, end = match.span()
            while end in ends:
                end = ends[end]
        yield _Fragment(start, end, text[start:end])


def _structure(
    text: str, formulas: list[_Fragment]
) -> tuple[list[tuple[int, int]], list[re.Match[str]]]:
    """Return the outermost groups in braces and the unknown commands, outside of formulas."""
    groups: list[tuple[int, int]] = []
    unknown: list[re.Match[str]] = []
    opened: list[int] = []
    inside = iter(formulas)
    formula = next(inside, None)
    for match in _TOKEN.finditer(text):
        while formula is not None and formula.end <= match.start():
            formula = next(inside, None)
        if formula is not None and formula.start < match.start():
            continue
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            start = opened.pop()
            while groups and groups[-1][0] > start:
                groups.pop()
            groups.append((start, match.end()))
        elif match[1] and match[1] not in _KNOWN:
            unknown.append(match)
    return groups, unknown


def _convert(text: str) -> str:
    """Convert text outside of formulas, all of whose commands are known."""
    text = compose_accents(text)
    text = _NAMED.sub(_symbol, text)
    text = _STYLE.sub(r"\1", text)
    text = _OLD_STYLE.sub(r"\1", text)
    return _ESCAPE.sub(r"\1", convert_punctuation(text))


def _symbol(match: re.Match[str]) -> str:
    character = _SYMBOLS.get(match["inside"] or match["bare"])
    if character is None:
        return match.group()
    # TeX takes the space after a command away; people who write \dots forget that.
    is_apart = not character.isalpha() and (match["end"] or "").isspace()
    return f"{character} " if is_apart else character
