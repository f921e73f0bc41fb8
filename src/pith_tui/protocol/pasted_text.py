"""The one identifier in a text that a person typed or pasted, or the reason why there is none.

Exactly one work, in one version, has to be named in it: of two, none is picked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pith_tui.protocol.identifiers import (
    Identifier,
    IdentifierError,
    Kind,
    arxiv_month,
    parse_identifier,
    quoted,
    refuse_controls,
)
from pith_tui.protocol.input_cleanup import is_url, strip_wrapping

MAX_LENGTH = 16_384
"""Characters: a BibTeX entry with its abstract has fewer."""

_SEPARATORS = frozenset(" \t\n\r\v\f\u00a0,;|&")
_INVISIBLE = dict.fromkeys(
    (0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202D), *range(0x2060, 0x2065),
     *range(0x2066, 0x206A))
)  # fmt: skip
"""Characters that show nothing and put nothing in another order; web pages are full of them."""


def identifier_in(text: str, today: date) -> Identifier:
    """Return the identifier that a text names; raises IdentifierError, with the reason, otherwise.

    The same work named twice, with and without its version or as its arXiv DOI, is one.  An arXiv
    id of a month after that of ``today`` does not exist yet.
    """
    if len(text) > MAX_LENGTH:
        raise IdentifierError(
            f"{len(text):,} characters are too many for an identifier; the limit is {MAX_LENGTH:,}"
        )
    refuse_controls(text)
    works = _works(text.translate(_INVISIBLE).strip())
    for work in works:
        _refuse_future_month(work, today)
    if len(works) > 1:
        raise IdentifierError(_several(works), "give one of them")
    return works[0]


def _works(text: str) -> list[Identifier]:
    """Return the works that a text names, each once; raises IdentifierError for none."""
    try:
        whole = [parse_identifier(text)]
    except IdentifierError as error:
        if works := _mentioned(text):
            return works
        if len(text.split()) < 2:
            raise error from None
        for word in map(strip_wrapping, text.split()):
            if is_url(word):
                parse_identifier(word)  # which is not read, and says why
        raise IdentifierError(f"this text names no work: {quoted(text)}") from None
    if _SEPARATORS.isdisjoint(text):
        return whole
    works = _mentioned(text)  # a DOI may have a comma in it, or be two
    return works if len(works) > 1 else whole


def _mentioned(text: str) -> list[Identifier]:
    from pith_tui.protocol.mentions import mentions  # for texts that are no identifier alone

    return _distinct(mentions(text))


def _distinct(identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Return each work once, in the most exact of its names."""
    works: list[Identifier] = []
    for identifier in identifiers:
        for index, work in enumerate(works):
            if (same := _same(work, identifier)) is not None:
                works[index] = same
                break
        else:
            works.append(identifier)
    return works


def _same(one: Identifier, other: Identifier) -> Identifier | None:
    """Return the name that says all of two names of one work, None if they may name two."""
    if one.kind is Kind.PITH or other.kind is Kind.PITH:
        return _same_number(one, other)
    if (one.arxiv or one.value) != (other.arxiv or other.value):
        return None
    if None not in (one.version, other.version) and one.version != other.version:
        return None
    name = one if one.kind is Kind.ARXIV else other
    return name._replace(version=one.version or other.version)


def _same_number(one: Identifier, other: Identifier) -> Identifier | None:
    if one.kind is not other.kind:
        return None
    shorter, longer = sorted((one, other), key=lambda number: len(number.value))
    years = {number.year for number in (one, other)} - {None}
    if len(years) > 1 or not longer.value.startswith(shorter.value):
        return None
    return longer._replace(year=years.pop() if years else None)


def _several(works: Sequence[Identifier]) -> str:
    """Describe what a text names, which is more than one can be."""
    names = f"{works[0].text} and {works[1].text}"
    if len(works) > 2:
        names = f"{works[0].text}, {works[1].text} and {len(works) - 2:,} more"
    if len({work.arxiv for work in works}) == 1 and works[0].arxiv is not None:
        return f"this text names several versions of one work: {names}"
    if all(work.arxiv for work in works) or all(work.kind is Kind.PITH for work in works):
        return f"this text names several works: {names}"
    return f"this text has several identifiers, and nothing shows that they name one work: {names}"


def _refuse_future_month(identifier: Identifier, today: date) -> None:
    """Refuse an arXiv id of a month that has not begun."""
    if identifier.arxiv is None:
        return
    year, month = arxiv_month(identifier.arxiv)
    if (year, month) > (today.year, today.month):
        raise IdentifierError(
            f"{identifier.text} would be of {year}-{month:02}, and today is {today}: "
            "it is not an id yet",
            "check the id, and this computer's date",
        )
