"""Words for searching: TeX, accents and case folded, so that ``Erdos`` finds ``Erd\\H{o}s``."""

from __future__ import annotations

import re
import unicodedata

_ACCENT = re.compile(r"\\(?:['`^\"~=.]|[uvHckrdb](?=[\s{\\]))\s*")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NO_WORD = re.compile(r"[\W_]+")
_NO_NAME = re.compile(r"[^\w./-]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
# The commands that are one letter of a name; others are words that a person may search for.
_NAMED = {"o": "o", "l": "l", "ss": "ss", "ae": "ae", "oe": "oe", "aa": "a", "i": "i", "j": "j"}


def normalize_text(text: str) -> str:
    """Return the words of a title or of names: folded, parted by single spaces."""
    if "\\" in text or "{" in text or "$" in text:
        text = _ACCENT.sub("", text)
        text = _COMMAND.sub(_letter, text)
        text = re.sub(r"[{}$]", "", text)
    return _NO_WORD.sub(" ", _fold(text)).strip()


def normalize_ids(text: str) -> str:
    """Return identifiers and categories, whose points, hyphens and slashes belong to them."""
    return _NO_NAME.sub(" ", _fold(text)).strip()


def _letter(match: re.Match[str]) -> str:
    name = match[1].lower()
    return _NAMED.get(name, f" {name} ")


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return bare.translate(_LETTERS)
