"""Identifiers: whatever a person has at hand, read into one value type or refused with a reason.

The forms are those of PROTOCOL.md, Identifier, and of arXiv's identifier scheme:
``archive/yymmnnn`` from 1991-07 to 2007-03, ``yymm.nnnn`` from 2007-04,
``yymm.nnnnn`` from 2015-01.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.protocol.pasted import Url, is_url, named_by, unquote, unwrap

MAX_LENGTH = 2048
_MAX_DOI = 256

ARCHIVES = frozenset(
    (
        "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg "
        "comp-gas cond-mat cs dg-ga econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math "
        "math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph "
        "solv-int stat supr-con"
    ).split()
)
"""Every archive that an old-style arXiv id can begin with."""

_NEW = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]{4,5})(?:v([0-9]+))?\Z", re.IGNORECASE)
_OLD = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z-]{2,})?/([0-9]{2})([0-9]{2})([0-9]{3})(?:v([0-9]+))?\Z",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+\Z")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)\Z")
_NUMBER = re.compile(r"pith:(?:([^:]*):)?([^:]*)\Z", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z2-7]*\Z")
_PITH_LENGTHS = (8, 12, 16, 26)

_ACCEPTED = (
    "an arXiv id (2503.11832, hep-th/9901001v2), a DOI (10.48550/arXiv.2503.11832), "
    "a Pith Number (pith:2025:OFKRBFYV3HDMS5LLCYR6VZTITW or its first 8, 12 or 16 characters) "
    "or a URL with one of them"
)


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
        """Whether this names one record and not whatever begins so."""
        return self.kind is not Kind.PITH or len(self.value) == 26

    @property
    def arxiv(self) -> str | None:
        """The arXiv id, also that of an arXiv DOI."""
        if self.kind is Kind.ARXIV:
            return self.value
        found = _ARXIV_DOI.match(self.value) if self.kind is Kind.DOI else None
        return found.group(1) if found else None

    @property
    def text(self) -> str:
        """The identifier as people write it; reading it gives the same identifier."""
        if self.kind is Kind.PITH:
            if self.year is not None:
                return f"pith:{self.year:04}:{self.value}"
            return self.value if self.is_full else f"pith:{self.value}"
        return self.value if self.version is None else f"{self.value}v{self.version}"


class IdentifierError(UsageError):
    """The text is no identifier; the advice says what would be one."""

    def __init__(self, reason: str, advice: str = f"give {_ACCEPTED}") -> None:
        super().__init__(reason, advice)


def parse_identifier(text: str) -> Identifier:
    """Read an identifier; raises IdentifierError, with the reason, for whatever is none."""
    if len(text) > MAX_LENGTH:
        raise IdentifierError(f"{len(text):,} characters are no identifier")
    name = unwrap(text)
    if not name:
        raise IdentifierError("no identifier was given")
    _refuse_odd_characters(name)
    if is_url(name) and not _OLD.match(name):  # math.GT/0309136 looks like a host
        named = named_by(Url(name))
        if named is None:
            raise IdentifierError(f"this URL names no record: {_quoted(name)}")
        return _parse_name(unwrap(named), name)
    return _parse_name(unquote(name), name)


def _refuse_odd_characters(name: str) -> None:
    for character in name:
        code = ord(character)
        if code < 0x20 or 0x7F <= code < 0xA0:
            raise IdentifierError(f"a control character, U+{code:04X}, stands in the identifier")
        if code > 0x7E:
            what = "digit" if character.isnumeric() else "character"
            raise IdentifierError(f"the {what} U+{code:04X} is not ASCII; identifiers are")


def _parse_name(name: str, original: str) -> Identifier:
    lowered = name.lower()
    if lowered.startswith("pith:"):
        return _pith(name)
    if lowered.startswith("doi:"):
        return _doi(name[4:].strip(), original)
    if lowered.startswith("10."):
        return _doi(name, original)
    if lowered.startswith("arxiv:"):
        name = name[6:].strip()
    arxiv = _arxiv(name)
    if arxiv is not None:
        return arxiv
    if len(name) in _PITH_LENGTHS and re.match(r"[A-Za-z0-9]+\Z", name):
        return _pith(f"pith:{name}")
    raise IdentifierError(_why_not(name, original))


def _why_not(name: str, original: str) -> str:
    """Say what is most likely wrong with a name of no known form."""
    shown = _quoted(original)
    if re.match(r"[0-9]{4}\.[0-9]+(v.*)?\Z", name):
        return f"an arXiv id has four or five digits after the point: {shown}"
    if re.match(r"[A-Za-z0-9]{6,32}\Z", name):
        return f"a Pith Number has 26, 16, 12 or 8 characters, this has {len(name)}: {shown}"
    return f"this is no identifier: {shown}"


def _arxiv(name: str) -> Identifier | None:
    new = _NEW.match(name)
    if new:
        year, month, number, version = new.groups()
        _refuse_month(month, name)
        if int(year + month) < 704:
            raise IdentifierError(f"ids of this form begin with 0704: {_quoted(name)}")
        digits = 4 if int(year) < 15 else 5
        if len(number) != digits:
            raise IdentifierError(
                f"arXiv ids of 20{year} have {digits} digits after the point: {_quoted(name)}"
            )
        return Identifier(Kind.ARXIV, f"{year}{month}.{number}", _version(version, name))
    old = _OLD.match(name)
    return _old_arxiv(old, name) if old else None


def _old_arxiv(old: re.Match[str], name: str) -> Identifier:
    archive, year, month, number, version = old.groups()
    archive = archive.lower()
    if archive not in ARCHIVES:
        import difflib  # for this one message

        near = difflib.get_close_matches(archive, sorted(ARCHIVES), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"give {_ACCEPTED}"
        raise IdentifierError(f"arXiv never had an archive called {archive}", hint)
    _refuse_month(month, name)
    if not (year >= "91" or year + month <= "0703") or (year == "91" and month < "07"):
        raise IdentifierError(f"ids of this form run from 9107 to 0703: {_quoted(name)}")
    value = f"{archive}/{year}{month}{number}"
    return Identifier(Kind.ARXIV, value, _version(version, name))


def _refuse_month(month: str, name: str) -> None:
    if not "01" <= month <= "12":
        raise IdentifierError(f"there is no month {month}: {_quoted(name)}")


def _version(digits: str | None, name: str) -> int | None:
    if digits is None:
        return None
    if digits.startswith("0"):
        raise IdentifierError(f"versions count from 1: {_quoted(name)}")
    if len(digits) > 4:
        raise IdentifierError(f"there is no version {digits[:8]}…: {_quoted(name)}")
    return int(digits)


def _doi(name: str, original: str) -> Identifier:
    if len(name) > _MAX_DOI or not _DOI.match(name):
        raise IdentifierError(f"this is no DOI: {_quoted(original)}")
    value = name.lower()
    arxiv = _ARXIV_DOI.match(value)
    if arxiv is None:
        return Identifier(Kind.DOI, value)
    inner = _arxiv(arxiv.group(1))
    if inner is None:
        raise IdentifierError(f"this arXiv DOI holds no arXiv id: {_quoted(original)}")
    return Identifier(Kind.DOI, f"10.48550/arxiv.{inner.value}", inner.version)


def _pith(name: str) -> Identifier:
    found = _NUMBER.match(name)
    if found is None:
        raise IdentifierError(f"a Pith Number is pith:YEAR:CHARACTERS: {_quoted(name)}")
    year, suffix = found.group(1), found.group(2).upper()
    if year is not None and not re.match(r"[0-9]{4}\Z", year):
        raise IdentifierError(f"the year of a Pith Number has four digits: {_quoted(name)}")
    wrong = sorted(set(suffix) & set("0189"))
    if wrong:
        raise IdentifierError(
            f"{', '.join(wrong)} cannot stand in a Pith Number: {_quoted(name)}",
            "its characters are A to Z and 2 to 7 (base32); "
            "0 may be a misread O, 1 an I or L, 8 a B, 9 a G",
        )
    if not _LETTERS.match(suffix):
        raise IdentifierError(f"a Pith Number holds A to Z and 2 to 7 alone: {_quoted(name)}")
    if len(suffix) not in _PITH_LENGTHS or (year is not None and len(suffix) != 26):
        raise IdentifierError(
            f"a Pith Number has 26, 16, 12 or 8 characters (26 with a year), "
            f"this has {len(suffix)}: {_quoted(name)}"
        )
    return Identifier(Kind.PITH, suffix, None, int(year) if year is not None else None)


def _quoted(text: str) -> str:
    """Quote what was typed, for a message: shortened, and with nothing unprintable in it."""
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    return repr(shown)
