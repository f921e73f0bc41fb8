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

LONGEST_OPEN = 1 << 12
"""Characters of a text that is normalised: more than any title or abstract of arXiv has.

Of a longer one only the other readings are tried, as normalisation takes time quadratic in the
length of a run of combining marks.
"""

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
    for collapsed in _collapsed(text):
        for fold in (str.lower, str.casefold):
            yield collapsed, fold(collapsed)
            if len(collapsed) > LONGEST_OPEN:
                continue
            for form in _FORMS:
                yield collapsed, unicodedata.normalize(form, fold(collapsed))
                yield collapsed, fold(unicodedata.normalize(form, collapsed))


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
