"""The closed list of spellings in which one value may be written (docs/verdict.md, Spellings).

Each function returns the value that a text spells, or None where it spells none.  Texts are read
whole and with ASCII letters and digits alone: ``re.ASCII`` keeps U+017F from being an S and a
full-width five from being a 5.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pith_tui.patterns import pattern
from pith_tui.protocol.strict_json import WrittenNumber

_HEX_DIGEST = pattern(r"(?:sha256:)?([0-9A-Fa-f]{64})\Z")
_HEX_FINGERPRINT = pattern(r"(?:sha256:)?([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})\Z")
_BASE32_FINGERPRINT = pattern(r"[A-Za-z2-7]{26}\Z")
_NUMBER = pattern(r"(?:[pP][iI][tT][hH]:(?:([0-9]{4}):)?)?([A-Za-z2-7]{8,26})\Z")
_ARXIV = pattern(
    r"(?:[aA][rR][xX][iI][vV]:)?"
    r"(?:([0-9]{4}\.[0-9]{4,5})|([a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z]+(?:-[A-Za-z]+)?)?/([0-9]{7}))"
    r"(?:v([1-9][0-9]{0,17}))?\Z"
)
_DOI = pattern(
    r"(?:doi:|https://doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+)\Z", re.ASCII | re.IGNORECASE
)
_ARXIV_DOI = "10.48550/arxiv."
_VERSION = pattern(r"v?([1-9][0-9]{0,17})\Z")
_INSTANT = pattern(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_WEB = pattern(r"https?://")
_MAX_DIGITS = 18
"""Digits of a version that is read: as many as a column of the cache keeps exactly."""


class ArxivId(NamedTuple):
    """An arXiv id in canonical form and the version written after it, None if there is none."""

    id: str
    version: int | None


class PithNumber(NamedTuple):
    """The characters of a Pith Number or short form, upper case, and the year before them."""

    suffix: str
    year: str | None


class Instant(NamedTuple):
    """A moment: seconds since year 1 in UTC, and the fraction's digits without final zeros."""

    seconds: int
    fraction: str

    @property
    def year(self) -> str | None:
        """The year in UTC, four digits; None where that is before year 1 or after 9999."""
        day = self.seconds // 86400
        if not 1 <= day <= date.max.toordinal():
            return None
        return f"{date.fromordinal(day).year:04}"


def is_nothing(value: object) -> bool:
    """Return whether a value shows nothing: null, only white space, or an empty list."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value == []


def hex_digest(value: object) -> bytes | None:
    """Read 32 bytes in hex, in either case, with or without ``sha256:``."""
    match = _HEX_DIGEST.match(value) if isinstance(value, str) else None
    return bytes.fromhex(match[1]) if match else None


def fingerprint(value: object) -> str | None:
    """Read a key's fingerprint: 32 or 64 hex digits in lower case, or 26 of base32 in upper."""
    if not isinstance(value, str):
        return None
    if match := _HEX_FINGERPRINT.match(value):
        return match[1].lower()
    return value.upper() if _BASE32_FINGERPRINT.match(value) else None


def pith_number(value: object) -> PithNumber | None:
    """Read a full Pith Number, with or without ``pith:`` and the year, in either case."""
    number = short_number(value)
    return number if number is not None and len(number.suffix) == 26 else None


def short_number(value: object) -> PithNumber | None:
    """Read 8 to 26 characters of a Pith Number, with or without ``pith:`` and the year."""
    match = _NUMBER.match(value) if isinstance(value, str) else None
    return PithNumber(match[2].upper(), match[1]) if match else None


def arxiv_id(value: object) -> ArxivId | None:
    """Read an arXiv id; an old one may carry its subject class, and either kind a version."""
    match = _ARXIV.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    work = match[1] if match[1] else f"{match[2]}/{match[3]}"
    return ArxivId(work, int(match[4]) if match[4] else None)


def doi(value: object) -> str | None:
    """Read a DOI, in lower case, with ``doi:`` or ``https://doi.org/`` taken off."""
    match = _DOI.match(value) if isinstance(value, str) else None
    return match[1].lower() if match else None


def arxiv_of_doi(value: object) -> ArxivId | None:
    """Read the arXiv id in one of arXiv's own DOIs; None for any other."""
    name = doi(value)
    return arxiv_id(name.removeprefix(_ARXIV_DOI)) if name and name.startswith(_ARXIV_DOI) else None


def version(value: object) -> int | None:
    """Read a version: 5, 5.0, "5" or "v5"; true is none."""
    if isinstance(value, str):
        match = _VERSION.match(value)
        return int(match[1]) if match else None
    if isinstance(value, WrittenNumber):
        value = value.as_float()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        if not (abs(value) < 2**53 and value.is_integer()):
            return None
        value = int(value)
    return value if 0 < value < 10**_MAX_DIGITS else None


def instant(value: object) -> Instant | None:
    """Read a moment in the one form that is read: ``YYYY-MM-DDThh:mm:ss[.digits](Z|±hh:mm)``.

    No leap second, no ``-00:00``, no date that does not exist; the fraction is kept in full.
    """
    match = _INSTANT.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    sign, off_hour, off_minute = match[8], int(match[9] or 0), int(match[10] or 0)
    if hour > 23 or minute > 59 or second > 59 or off_hour > 23 or off_minute > 59:
        return None
    if sign == "-" and off_hour == off_minute == 0:
        return None
    try:
        days = date(year, month, day).toordinal()
    except ValueError:
        return None
    offset = (off_hour * 60 + off_minute) * (60 if sign != "-" else -60)
    seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
    return Instant(seconds, (match[7] or "").rstrip("0"))


def licence(value: object) -> str | None:
    """Read a licence: any text that is not blank; a URL as of https and without its last ``/``."""
    if not isinstance(value, str) or not value.strip():
        return None
    if match := _WEB.match(value):
        return f"https://{value[match.end() :].removesuffix('/')}"
    return value


def category(value: object) -> str | None:
    """Read a category: any text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def categories(value: object) -> frozenset[str] | None:
    """Read a list of categories, in any order, repeats counted once."""
    if not isinstance(value, list):
        return None
    if any(category(item) is None for item in value):
        return None
    return frozenset(value)


def kind(value: object) -> str | None:
    """Read a kind, whose ASCII letters may be in either case."""
    return ascii_lower(value) if isinstance(value, str) and value.strip() else None


def ascii_lower(text: str) -> str:
    """Fold A–Z, and nothing else."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
