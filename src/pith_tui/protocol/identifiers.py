"""Identifiers: any name of a record that a user may have, as one type, or refused with a reason.

The forms are those of docs/protocol.md, Identifier, and of arXiv's identifier scheme:
``archive/yymmnnn`` from 1991-07 to 2007-03, ``yymm.nnnn`` from 2007-04,
``yymm.nnnnn`` from 2015-01.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.patterns import pattern
from pith_tui.protocol.input_cleanup import (
    Url,
    identifier_in_url,
    is_known_site,
    is_url,
    strip_wrapping,
    unquote,
)

MAX_LENGTH = 2048
_MAX_DOI = 256
_MAX_SHOWN = 80

ARCHIVES = frozenset(
    (
        "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg "
        "comp-gas cond-mat cs dg-ga econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math "
        "math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph "
        "solv-int stat supr-con"
    ).split()
)
"""Every archive that an old-style arXiv id can begin with."""

# Without re.ASCII, re.IGNORECASE would take U+017F for an s and U+212A for a k.
_CASELESS = re.ASCII | re.IGNORECASE
_NEW = pattern(r"([0-9]{2})([0-9]{2})\.([0-9]{4,5})(?:v([0-9]+))?\Z", _CASELESS)
_OLD = pattern(
    r"([a-z]+(?:-[a-z]+)?)(?:\.(?:[a-z]{2}|[a-z]+-[a-z]+|optics|other|soft))?"
    r"/([0-9]{2})([0-9]{2})([0-9]{3})(?:v([0-9]+))?\Z",
    _CASELESS,
)
_DOI = pattern(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+\Z", re.ASCII)
_ARXIV_DOI = pattern(r"10\.48550/arxiv(?:\.(.*))?\Z", re.ASCII)
_NUMBER = pattern(r"pith:(?:([^:]*):)?([^:]*)\Z", _CASELESS)
_LETTERS = pattern(r"[A-Z2-7]*\Z")
_YEAR = pattern(r"[0-9]{4}\Z")
_PITH_LENGTHS = (8, 12, 16, 26)

_ACCEPTED = (
    "an arXiv id (2503.11832, hep-th/9901001v2), a DOI (10.48550/arXiv.2503.11832), "
    "a Pith Number (pith:2025:OFKRBFYV3HDMS5LLCYR6VZTITW or its first 8, 12 or 16 characters) "
    "or a URL with one of them"
)
_ACCEPTED_URLS = (
    "give a paper's URL on arxiv.org, doi.org or pith.science, a mirror's (https://HOST/pith/…), "
    "or the id alone"
)
_BASE32 = "base32 uses A–Z and 2–7; 0 may be a misread O, 1 an I or L, 8 a B, 9 a G"  # RFC 4648

_NEAR_MISSES = (  # patterns compiled only when something is refused: imports must be cheap
    (r"(?:arxiv|doi|pith)\Z", "nothing follows the prefix"),
    (r"[0-9]{4}\.[0-9]{4,5}v\S*\Z", "a version is a v and a number, after an arXiv id"),
    (r"[0-9]{4}\.[0-9]+(?:v[0-9]*)?\Z", "an arXiv id has four or five digits after the point"),
    (r"[a-z.-]+/[0-9]{7}v\S*\Z", "a version is a v and a number, after an arXiv id"),
    (r"[a-z.-]+/[0-9]+(?:v[0-9]*)?\Z", "an arXiv id has seven digits after the slash"),
    (
        r"[0-9]+\Z",
        "an arXiv id has a point after four digits, or an archive and a slash before seven",
    ),
)
"""What is most likely wrong with a name of no known form: the first pattern that fits says."""


class Kind(Enum):
    """What an identifier is an identifier of."""

    ARXIV = "arxiv"
    DOI = "doi"
    PITH = "pith"


class Identifier(NamedTuple):
    """One name of a record.

    ``value`` is an arXiv id without its version, a DOI in lower case, or the 26, 16, 12 or 8
    characters of a Pith Number in upper case.  Fewer than 26 are a search key and no identity.
    """

    kind: Kind
    value: str
    version: int | None = None
    year: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether this names one record and is not merely a prefix."""
        return self.kind is not Kind.PITH or len(self.value) == 26

    @property
    def arxiv(self) -> str | None:
        """The arXiv id, also that of an arXiv DOI."""
        if self.kind is Kind.ARXIV:
            return self.value
        match = _ARXIV_DOI.match(self.value) if self.kind is Kind.DOI else None
        return match.group(1) if match else None

    @property
    def text(self) -> str:
        """The identifier as people write it; reading it gives the same identifier."""
        if self.kind is Kind.PITH:
            if self.year is not None:
                return f"pith:{self.year:04}:{self.value}"
            return self.value if self.is_full else f"pith:{self.value}"
        return self.value if self.version is None else f"{self.value}v{self.version}"


class IdentifierError(UsageError):
    """The text is no identifier; the hint says what would be one."""

    def __init__(self, reason: str, hint: str = f"give {_ACCEPTED}") -> None:
        super().__init__(reason, hint)


def parse_identifier(text: str) -> Identifier:
    """Read an identifier; raises IdentifierError, with the reason, for whatever is none."""
    if len(text) > MAX_LENGTH:
        raise IdentifierError(
            f"{len(text):,} characters are too many for an identifier; the limit is {MAX_LENGTH:,}"
        )
    try:
        refuse_controls(text)
        name = strip_wrapping(text)
        _refuse_odd_characters(name)
        return _parse_name(_named(name))
    except IdentifierError as error:
        if not text or text.isspace():
            raise
        raise IdentifierError(f"{error}: {quoted(text)}", error.hint) from None


def is_arxiv_id(text: str) -> bool:
    """Return whether a text is an arXiv id in canonical form: lower case, no version, no prefix."""
    try:
        identifier = _arxiv(text)
    except IdentifierError:
        return False
    return identifier is not None and identifier.value == text


def refuse_controls(text: str) -> None:
    """Refuse control characters, also where white space may stand: U+001C counts as such."""
    for character in text:
        code = ord(character)
        if (code < 0x20 or 0x7F <= code < 0xA0) and character not in "\t\n\v\f\r":
            raise IdentifierError(f"a control character, U+{code:04X}, is in the identifier")


def _refuse_odd_characters(name: str) -> None:
    for character in name:
        code = ord(character)
        if code < 0x20:
            raise IdentifierError(f"a control character, U+{code:04X}, is in the identifier")
        if code > 0x7E:
            what = "digit" if character.isnumeric() else "character"
            raise IdentifierError(
                f"the {what} U+{code:04X} is not ASCII; the identifiers read here are"
            )


def _named(name: str) -> str:
    """Return the name that a URL holds, or the text itself, percent-decoded once."""
    if not is_url(name) or _OLD.match(name):  # math.GT/0309136 looks like a host
        return strip_wrapping(unquote(name))
    url = Url(name)
    if url.scheme not in ("", "http", "https"):
        raise IdentifierError("only http and https URLs are read", _ACCEPTED_URLS)
    named = identifier_in_url(url)
    if named is None:
        known = is_known_site(url)
        reason = "this URL names no paper" if known else "this URL's site and path are not known"
        raise IdentifierError(reason, _ACCEPTED_URLS)
    return strip_wrapping(named)


def _parse_name(name: str) -> Identifier:
    if not name:
        raise IdentifierError("no identifier was given")
    prefix, colon, rest = name.partition(":")
    prefix = prefix.lower() if colon else ""
    if prefix == "pith":
        return _pith(name)
    if prefix == "doi" or name.startswith("10."):
        return _doi(rest.strip() if prefix == "doi" else name)
    if prefix == "oai" and rest.lower().startswith("arxiv.org:"):
        prefix, rest = "arxiv", rest.partition(":")[2]  # the name of a paper in arXiv's OAI-PMH
    if prefix == "arxiv":  # whatever follows is an arXiv id or nothing
        name = rest.strip()
    arxiv = _arxiv(name)
    if arxiv is not None:
        return arxiv
    if prefix != "arxiv" and name.isalnum():
        if len(name) in _PITH_LENGTHS:
            return _pith(f"pith:{name}")
        if 6 <= len(name) <= 32 and not name.isdecimal():
            raise IdentifierError(_wrong_length(name))
    raise IdentifierError(_why_not(name, prefix))


def _why_not(name: str, prefix: str) -> str:
    for near, reason in _NEAR_MISSES:
        if re.match(near, name, _CASELESS):
            return reason
    return "an arXiv id is missing here" if prefix == "arxiv" else "this is not an identifier"


def _arxiv(name: str) -> Identifier | None:
    new, old = _NEW.match(name), _OLD.match(name)
    if new:
        return _new_arxiv(*new.groups())
    return _old_arxiv(*old.groups()) if old else None


def _new_arxiv(year: str, month: str, number: str, version: str | None) -> Identifier:
    _refuse_month(month)
    if year + month < "0704":
        raise IdentifierError("arXiv ids with a point begin with 0704")
    digits = 4 if year < "15" else 5
    if len(number) != digits:
        raise IdentifierError(
            f"arXiv ids of {year}{month} have {digits} digits after the point "
            "(4 from 0704 to 1412, 5 from 1501)"
        )
    return Identifier(Kind.ARXIV, f"{year}{month}.{number}", _version(version))


def _old_arxiv(archive: str, year: str, month: str, number: str, version: str | None) -> Identifier:
    archive = archive.lower()
    if archive not in ARCHIVES:
        raise IdentifierError("arXiv never had this archive", _near_archives(archive))
    _refuse_month(month)
    if "0703" < year + month < "9107":
        raise IdentifierError("arXiv ids with an archive run from 9107 to 0703")
    return Identifier(Kind.ARXIV, f"{archive}/{year}{month}{number}", _version(version))


def arxiv_month(arxiv_id: str) -> tuple[int, int]:
    """Return the year and month in an arXiv id.

    Ids with an archive run from 1991 to 2007, those with a point from 2007 on.
    """
    digits = arxiv_id.rpartition("/")[2][:4]
    years = int(digits[:2])
    century = 1900 if "/" in arxiv_id and years > 90 else 2000
    return century + years, int(digits[2:])


def _near_archives(archive: str) -> str:
    import difflib  # for this one message

    near = difflib.get_close_matches(archive[:20], sorted(ARCHIVES), n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"give {_ACCEPTED}"


def _refuse_month(month: str) -> None:
    if not "01" <= month <= "12":
        raise IdentifierError(f"there is no month {month}")


def _version(digits: str | None) -> int | None:
    if digits is None:
        return None
    if digits.startswith("0"):
        raise IdentifierError("versions count from 1, without leading zeros")
    if len(digits) > 4:
        raise IdentifierError("a version cannot have so many digits")
    return int(digits)


def _doi(name: str) -> Identifier:
    if len(name) > _MAX_DOI:
        raise IdentifierError(f"a DOI of {len(name):,} characters; the limit is {_MAX_DOI}")
    if not _DOI.match(name):
        raise IdentifierError("a DOI is 10., four or more digits, a slash and a name")
    if "%" in name:  # decoded already: it could not be written down so that it is read again
        raise IdentifierError("this DOI has a percent sign that is not part of an encoding")
    value = name.lower()
    arxiv = _ARXIV_DOI.match(value)
    if arxiv is None:
        return Identifier(Kind.DOI, value)
    inner = _arxiv((arxiv.group(1) or "").rstrip("/"))
    if inner is None:
        raise IdentifierError("this arXiv DOI has no arXiv id in it")
    return Identifier(Kind.DOI, f"10.48550/arxiv.{inner.value}", inner.version)


def _pith(name: str) -> Identifier:
    match = _NUMBER.match(name)
    if match is None:
        raise IdentifierError("a Pith Number is pith:YEAR:CHARACTERS")
    year = None if match.group(1) is None else match.group(1).strip()
    suffix = match.group(2).strip().upper()
    if year is not None and not _YEAR.match(year):
        raise IdentifierError("the year of a Pith Number has four digits")
    if year is None and _YEAR.match(suffix):
        raise IdentifierError("the characters after the year are missing")
    wrong = sorted(set(suffix) & set("0189"))
    if wrong:
        raise IdentifierError(f"{', '.join(wrong)} cannot be in a Pith Number", _BASE32)
    if not _LETTERS.match(suffix):
        raise IdentifierError("a Pith Number has only A–Z and 2–7", _BASE32)
    if len(suffix) not in _PITH_LENGTHS:
        raise IdentifierError(_wrong_length(suffix))
    if year is not None and len(suffix) != 26:
        raise IdentifierError(f"after the year come 26 characters, not {len(suffix)}")
    return Identifier(Kind.PITH, suffix, None, None if year is None else int(year))


def _wrong_length(suffix: str) -> str:
    return f"a Pith Number has 26, 16, 12 or 8 characters, this has {len(suffix)}"


def quoted(text: str) -> str:
    """Quote what was typed, for a message: shortened, and nothing but visible ASCII in it."""
    shown = ascii(text[:_MAX_SHOWN])[1:-1]
    cut = len(text) > _MAX_SHOWN or len(shown) > _MAX_SHOWN
    return f"'{shown[:_MAX_SHOWN]}…'" if cut else f"'{shown}'"
