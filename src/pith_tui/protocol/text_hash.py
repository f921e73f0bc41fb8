"""The hash of a title or an abstract, by every reading of the rule that is still open.

The rule collapses white space and folds case (docs/protocol.md, Title and abstract).  No title
beyond ASCII was seen, so it is not known whether case is lowered or folded, whether and when the
text is normalised, and which characters count as blanks.  A text that none of these readings
gives the signed hash is not the signed one.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from pith_tui.patterns import pattern

LONGEST_OPEN = 1 << 16
"""Characters of a text that is normalised, also once it is decomposed (one can become eighteen).

Of a longer one only the other readings are tried, so that the whole check keeps its limit of time.
No title or abstract of arXiv comes near it.
"""
_SHORT = 1 << 11
_LONGEST_RUN = 64
"""Combining marks in a row in a text of more than ``_SHORT`` characters: normalisation takes time
quadratic in them.  Unicode's Stream-Safe Text Format (UAX 15, section 13) has at most 30."""
_HIDDEN_MARKS = frozenset("\u0f73\u0f75\u0f81")
"""Marks whose own combining class is 0, and that of their parts is not."""

_FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
_ASCII_BLANKS = pattern(r"[ \t\n\r\f\v]+")
_SCRIPT_BLANKS = pattern("[\\s\ufeff]+")

_Fold = Callable[[str], str]


class Reading(NamedTuple):
    """A text as one reading of the rule hashes it.

    ``changed`` says that the reading altered a character by more than the case of one letter or
    white space: then this text is what is proved, and not the one that was received.
    """

    text: str
    changed: bool


class UnreadableTextError(ValueError):
    """The text holds a lone surrogate, which no hash can have been taken over."""


def text_hash(text: str) -> str:
    """Hash a title or abstract, hex: white space collapsed, lower case (docs/protocol.md)."""
    return _sha256(" ".join(text.split()).lower())


def matching_reading(text: str, digest: bytes) -> Reading | None:
    """Return the reading whose hash is ``digest``; None where no reading has it.

    Raises UnreadableTextError for a text with a lone surrogate.
    """
    wanted = digest.hex()
    collapsed = " ".join(text.split())
    try:
        if _sha256(lowered := collapsed.lower()) == wanted:
            return Reading(lowered, not _differ_in_case_alone(collapsed, lowered))
    except UnicodeEncodeError:
        raise UnreadableTextError from None
    if text.isascii() and text.isprintable():
        return None  # every reading is that one
    tried = {lowered}
    for original, reading in _open_readings(text):
        if reading not in tried:
            tried.add(reading)
            if _sha256(reading) == wanted:
                return Reading(reading, not _differ_in_case_alone(original, reading))
    return None


def _open_readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield each reading with the text as it was before, white space collapsed."""
    is_open = _can_be_normalised(text)
    for collapsed in _collapsed(text):
        for fold in (str.lower, str.casefold):
            yield collapsed, fold(collapsed)
            if not is_open:
                continue
            for form in _FORMS:
                yield collapsed, unicodedata.normalize(form, fold(collapsed))
                yield collapsed, fold(unicodedata.normalize(form, collapsed))


def _can_be_normalised(text: str) -> bool:
    """Return whether normalising a text, by every form, takes a time that can be afforded."""
    if len(text) > LONGEST_OPEN:
        return False
    if len(text) > _SHORT and _longest_run(text) > _LONGEST_RUN:
        return False
    return len(unicodedata.normalize("NFKD", text)) <= LONGEST_OPEN


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        is_mark = unicodedata.combining(character) != 0 or character in _HIDDEN_MARKS
        run = run + 1 if is_mark else 0
        longest = max(longest, run)
    return longest


def _collapsed(text: str) -> list[str]:
    candidates = (
        " ".join(text.split()),
        _ASCII_BLANKS.sub(" ", text).strip(" "),
        _SCRIPT_BLANKS.sub(" ", text).strip(" "),
    )
    return list(dict.fromkeys(candidates))


def _differ_in_case_alone(text: str, reading: str) -> bool:
    if text.isascii():
        return True
    return len(text) == len(reading) and all(
        one == other or other.upper() == one or other.title() == one
        for one, other in zip(text, reading, strict=True)
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
