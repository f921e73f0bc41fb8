"""Words for searching: TeX, accents and case folded, so that ``Erdos`` finds ``Erd\\H{o}s``."""

from __future__ import annotations

import re
import unicodedata

from pith_tui.patterns import pattern

_ACCENT = pattern(r"\\(?:['`^\"~=.]|[uvHckrdb](?=[\s{\\]))\s*")
_COMMAND = pattern(r"\\([A-Za-z]+)")
_NO_WORD = pattern(r"[\W_]+")
_NO_NAME = pattern(r"[^\w./-]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
# The commands that are one letter of a name; others are words that a person may search for.
_NAMED = {"o": "o", "l": "l", "ss": "ss", "ae": "ae", "oe": "oe", "aa": "a", "i": "i", "j": "j"}
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega".split()
)
_VARIANTS = frozenset("epsilon theta kappa pi rho sigma phi".split())
"""Letters of which TeX has a second form: ``\\phi`` and ``\\varphi``."""
_COMMANDS = {
    "ℏ": "hbar", "ℓ": "ell", "ℜ": "re", "ℑ": "im", "ℵ": "aleph", "℘": "wp",
    "ð": "dh", "Ð": "dh", "þ": "th", "Þ": "th", "đ": "dj", "Đ": "dj", "ŋ": "ng", "Ŋ": "ng",
}  # fmt: skip
"""Letters that the index has by the name of their command, where they were written in TeX."""
_SCRIPTS = pattern("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ]+|[₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎]+")


def normalize_text(text: str) -> str:
    """Return the words of a title or of names: folded, separated by single spaces."""
    if "\\" in text or "{" in text or "$" in text:
        text = _ACCENT.sub("", text)
        text = _COMMAND.sub(_letter, text)
        text = re.sub(r"[{}$]", "", text)
    return _NO_WORD.sub(" ", _fold(text)).strip()


def normalize_ids(text: str) -> str:
    """Return identifiers or categories, folded, with their points, hyphens and slashes."""
    return _NO_NAME.sub(" ", _fold(text)).strip()


def without_accents(text: str) -> str:
    r"""Return a text without accent commands, which may have a space after them: ``\c c``."""
    return _ACCENT.sub("", text) if "\\" in text else text


def symbol_names(text: str) -> list[tuple[str, ...]]:
    r"""Return the words that TeX source has for a text as it is shown, each with its variants.

    ``Kμμ`` is written ``K\mu\mu``, which the index has as three words, and ``H₂O`` is written
    ``H$_2$O``, which it has as two.  Empty for a text without Greek letters, scripts and other
    letters that have a command.
    """
    named = _SCRIPTS.sub(lambda match: f" {match[0]}", text)
    named = "".join(f" {name} " if (name := _command(c)) else c for c in named)
    if named == text:
        return []
    return [
        (word, f"var{word}") if word in _VARIANTS else (word,)
        for word in normalize_text(named).split()
    ]


def _command(character: str) -> str | None:
    """Return the name of the command for a letter, None for one that is written as it is."""
    if not (0x370 <= ord(character) < 0x400):
        return _COMMANDS.get(character)
    # GREEK SMALL LETTER PHI, GREEK PHI SYMBOL, GREEK SMALL LETTER LAMDA
    names = unicodedata.name(character, "").lower().replace("lamda", "lambda").split()
    return next((name for name in names if name in _GREEK), None)


def _letter(match: re.Match[str]) -> str:
    name = match[1].lower()
    return _NAMED.get(name, f" {name} ")


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return bare.translate(_LETTERS)
