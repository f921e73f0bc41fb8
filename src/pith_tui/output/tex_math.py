r"""Formulas between dollars as Unicode, such as ``$B\to K\mu\mu$``; and what is no formula."""

from __future__ import annotations

import re

from pith_tui.output.tex_symbols import OPERATORS, symbol
from pith_tui.patterns import pattern

MAX_LENGTH = 400
"""Characters of a formula that is converted; a longer one would not be read at a glance."""

_SUPERSCRIPTS = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))

_MARKUP = pattern(r"\\[A-Za-z]|[\^_]")
_LIKELY = pattern(r"[=<>+\\]|\A[A-Za-z(\[]")
_ARGUMENT = pattern(r"\\[A-Za-z]+(?:\{[^{}]*\})?")
_WORD = pattern(r"[A-Za-z]{3,}")

_FONT = pattern(
    r"\\(?:mathcal|mathbb|mathrm|mathbf|mathit|mathsf|rm|text|textrm|operatorname)\{([^{}\\]*)\}"
)
_ESCAPE = pattern(r"\\([&%#_${}])")
_SPACE = pattern(r"\\[,;: ]")
_COMMAND = pattern(r"(\s*)\\([A-Za-z]+)(\s*)")
_SCRIPT = pattern(r"([_^])(?:\{([^{}]*)\}|([^\s{}\\]))")
_LITERAL = "\0"
"""Stands before a character that is none of TeX's; no formula has one."""


def is_formula(body: str, following: str) -> bool:
    r"""Return whether what stands between two dollars is a formula and not the text between prices.

    ``following`` is the character after the second dollar.  The rule for bodies without commands
    and scripts is Pandoc's (tex_math_dollars): no space inside the dollars, no digit after.
    """
    if not body.strip() or (body[0].isspace() and body[-1].isspace()):
        return False
    if len(_WORD.findall(_ARGUMENT.sub(" ", body))) > 1:
        return False
    if _MARKUP.search(body):
        return True
    if body[0].isspace() or body[-1].isspace() or following.isdigit():
        return False
    return _LIKELY.search(body) is not None


def convert_formula(body: str) -> str | None:
    """Return the body of a formula in Unicode, None where not all of it is sure."""
    if len(body) > MAX_LENGTH:
        return None
    converted = _ESCAPE.sub(rf"{_LITERAL}\1", _FONT.sub(r"\1", body))
    converted = _SPACE.sub(" ", converted.replace(r"\!", ""))
    converted = _SCRIPT.sub(_script, _COMMAND.sub(_command, converted))
    if re.search(rf"\\|(?<!{_LITERAL})[_^{{}}]", converted):
        return None
    return converted.replace(_LITERAL, "").replace("-", "−")


def _script(match: re.Match[str]) -> str:
    table = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    inner = match[2] if match[2] is not None else match[3]
    if inner and all(character in table for character in inner):
        return "".join(table[character] for character in inner)
    return match.group()


def _command(match: re.Match[str]) -> str:
    """Convert a command; white space after it is shown only where it separates."""
    before, name, after = match.groups()
    following = match.string[match.end() : match.end() + 1]
    if name in OPERATORS:
        preceding = match.string[: match.start()][-1:]
        begin = " " if before or preceding.isalnum() or preceding in (")", "]") else ""
        return f"{begin}{name}{' ' if following.isalnum() or following == chr(92) else ''}"
    character = symbol(name)
    if character is None:
        return match.group()
    # a \to b is set with room on both sides; \alpha x has none.
    is_letter = character.isalpha()
    return f"{before}{character}{' ' if after and before and not is_letter else ''}"
