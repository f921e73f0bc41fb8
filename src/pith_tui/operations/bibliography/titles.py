"""Whether two titles are one, read as lists of words in each way in which a title is written.

A bibliography writes a title with braces, TeX or Unicode, and any one reading of it that is a
reading of the other makes them the same.  Folded are letter case (the signed hash does not cover
it), dashes, quotation marks, ligatures and a final full stop; never digits, ``C`` and ``C++``,
or letters of other scripts.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from pith_tui.operations.bibliography.tex_decoding import decode_passage, decode_title

MIN_PART = 4
"""Words that one title must have to count as a part of the other."""
_MAX_DIFF_WORDS = 500

Words = tuple[str, ...]

_TRANSLATION = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    0xB5: "μ",
    # A soft hyphen and what has no width: PDFs and web pages are full of them.
    **dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF), ""),
    **dict.fromkeys(map(ord, "‘’‚‛“”„‟«»‹›`´′″\""), "'"),
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
       0xFB06: "st",
}  # fmt: skip
_DASHES = re.compile(r"-+")
_QUOTES = re.compile(r"'+")
_DIVIDED = re.compile(r"[^\W\d_]-\s+[^\W\d_]")
_HYPHEN = re.compile(r"(?<=[^\W\d_]) - (?=[^\W\d_])")
_PEELED = ",;:.!?'()[]"
_BARE_BRACE = re.compile(r"(?<!\\)[{}]")


class Comparison(Enum):
    """The result of comparing two titles."""

    SAME = "same"
    PART = "part"
    """One contains the other, of at least four words: a prefix or subtitle was left out."""
    OTHER = "other"


class DisplayWord(NamedTuple):
    """A word as it is written, and whether the other title lacks it at this place."""

    text: str
    differs: bool


def compare_titles(one: str, other: str) -> Comparison:
    """Compare two titles, each as written, without its outer delimiter."""
    if _plain_readings(one) & _plain_readings(other):
        return Comparison.SAME  # as most are, and TeX need not be decoded
    if _readings(one) & _readings(other):
        return Comparison.SAME
    first, second = _passages_of_four(one), _passages_of_four(other)
    if any(a in b or b in a for a in first for b in second):
        return Comparison.PART
    return Comparison.OTHER


def written_forms(title: str) -> tuple[str, ...]:
    """Return a title in each way in which it can be read, as text and not as words."""
    return tuple(dict.fromkeys(_forms(title, decode_title(title))))


def contains_title(text: str, title: str) -> bool:
    """Return whether free text holds a title, in any reading of either.

    Where words of the text are divided at the ends of lines, as in a PDF, hyphens are not compared.
    """
    passages = _passages(text)
    readings = [_passage(reading) for reading in _readings(title) if _count(reading)]
    if any(reading in passage for reading in readings for passage in passages):
        return True
    if not _DIVIDED.search(text):
        return False
    joined = [_HYPHEN.sub("", passage) for passage in passages]
    return any(_HYPHEN.sub("", reading) in passage for reading in readings for passage in joined)


@lru_cache(maxsize=16)
def _passages(text: str) -> frozenset[str]:
    """Return each reading of free text as words between single blanks."""
    return frozenset(_passage(_words(form)) for form in _forms(text, decode_passage(text)))


def differing_words(
    one: str, other: str
) -> tuple[tuple[DisplayWord, ...], tuple[DisplayWord, ...]]:
    """Return the words of both titles, marked where they differ.

    Titles of more than 500 words, which only a hostile file holds, are cut there.
    """
    from difflib import SequenceMatcher  # for a title that differs, which is rare

    first = _without_outer_braces(one).split()[:_MAX_DIFF_WORDS]
    second = _without_outer_braces(other).split()[:_MAX_DIFF_WORDS]
    matcher = SequenceMatcher(
        None, [_folded_word(word) for word in first], [_folded_word(word) for word in second], False
    )
    left = [True] * len(first)
    right = [True] * len(second)
    for a, b, size in matcher.get_matching_blocks():
        left[a : a + size] = [False] * size
        right[b : b + size] = [False] * size
    return (
        tuple(map(DisplayWord, first, left)),
        tuple(map(DisplayWord, second, right)),
    )


@lru_cache(maxsize=1024)
def _readings(title: str) -> frozenset[Words]:
    return _plain_readings(title) | _words_of(decode_title(title))


@lru_cache(maxsize=1024)
def _plain_readings(title: str) -> frozenset[Words]:
    return _words_of(_forms(title, ()))


def _words_of(forms: tuple[str, ...]) -> frozenset[Words]:
    readings = map(_words, forms)
    return frozenset(_without_full_stop(reading) for reading in readings if reading)


def _forms(text: str, decoded: tuple[str, ...]) -> tuple[str, ...]:
    inner = _without_outer_braces(text)
    return (text, inner, _BARE_BRACE.sub("", inner), *decoded)


def _without_outer_braces(text: str) -> str:
    """Take off the braces around the whole of a text, in one pass over it."""
    text = text.strip()
    pairs = _outer_pairs(text)
    return text[pairs : len(text) - pairs].strip() if pairs else text


def _outer_pairs(text: str) -> int:
    """Return how many pairs of adjacent braces enclose the whole text."""
    opened = len(text) - len(text.lstrip("{"))
    depth, lowest = 0, opened
    end = len(text.rstrip("}"))
    for position, character in enumerate(text[:end]):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        if position >= opened:
            lowest = min(lowest, depth)
    return max(0, min(lowest, len(text) - end, depth))


def _words(form: str) -> Words:
    text = unicodedata.normalize("NFC", form.lower().translate(_TRANSLATION))
    text = _QUOTES.sub("'", _DASHES.sub(" - ", text))
    parts: list[str] = []
    for word in text.split():
        _peel(word, parts)
    return tuple(parts)


def _peel(word: str, parts: list[str]) -> None:
    """Add a word, the punctuation around it as words of their own."""
    core = word.lstrip(_PEELED)
    parts += word[: len(word) - len(core)]
    inner = core.rstrip(_PEELED)
    if inner:
        parts.append(inner)
    parts += core[len(inner) :]


def _without_full_stop(reading: Words) -> Words:
    """Leave out a final full stop, also one before a closing quotation mark's end."""
    return reading[:-1] if reading[-1:] == (".",) and len(reading) > 1 else reading


def _count(reading: Words) -> int:
    return sum(any(map(str.isalnum, word)) for word in reading)


@lru_cache(maxsize=1024)
def _passages_of_four(title: str) -> tuple[str, ...]:
    """Return the readings of a title that are long enough to be a part of another one."""
    return tuple(_passage(reading) for reading in _readings(title) if _count(reading) >= MIN_PART)


def _passage(reading: Words) -> str:
    """Return words as text in which a run of words is one search, and begins at no half word."""
    return f" {' '.join(reading)} "


@lru_cache(maxsize=1024)
def _folded_word(word: str) -> Words:
    decoded = decode_title(word)
    reading = _words(decoded[0] if decoded else _BARE_BRACE.sub("", word))
    return tuple(part for part in reading if any(map(str.isalnum, part))) or reading
