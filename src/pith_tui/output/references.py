"""References: values of a record that name a record, and so can be opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pith_tui.patterns import pattern
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry, matches
from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind, parse_identifier
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import Path

_LONGEST = 200
# What may be one is looked at more closely; most values of a record are not, and cost nothing.
_LIKELY = pattern(
    r"[0-9]{4}\.[0-9]{4,5}|/[0-9]{7}|\A(?:doi:|https://doi\.org/)?10\.|pith:|\A[A-Z2-7]{26}\Z"
)


def reference_in(record: Record, path: Path, value: object) -> Identifier | None:
    """Return the identifier that a value at a path is, to look up, None where it is none.

    Eight letters alone may be a word, so a bare short form counts among the aliases only.  Names of
    the record itself are not references, except its aliases, which can be opened.
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    alias = path[:1] == ("aliases",) and path[-1] == "alias_value"
    if not alias and not _LIKELY.search(value):
        return None
    try:
        identifier = parse_identifier(value)
    except IdentifierError:
        return None
    if not alias and (_is_bare_short_form(identifier, value) or _names(record, identifier)):
        return None
    return identifier


def _is_bare_short_form(identifier: Identifier, value: str) -> bool:
    short = identifier.kind is Kind.PITH and not identifier.is_full
    return short and not value.startswith("pith:")


def _names(record: Record, identifier: Identifier) -> bool:
    catalog = _catalog(record)
    return catalog is not None and matches(catalog, identifier)


@lru_cache(maxsize=2)
def _catalog(record: Record) -> CatalogEntry | None:
    """Return what a record is found by, made once for all its values that may name a record."""
    return catalog_entry(record)


class RelatedWork(NamedTuple):
    """A work that a record says it cites, or that cites it; all of it is claimed.

    ``identifier`` is what to look it up by, None where the entry holds none.
    """

    name: str
    title: str
    identifier: Identifier | None


ALL_CLAIMED = "all citations here are claimed by the service; none is signed"
NO_CITATIONS = "nothing to draw: no citations named"
NONE_NAMED = "(none named in the record)"


def references(record: Record) -> list[RelatedWork]:
    """List the works that the record's sample of references names."""
    return _related_works(record, ("graph_snapshot", "references", "sample"))


def citations(record: Record) -> list[RelatedWork]:
    """List the works that the record's sample of inbound citations names."""
    return _related_works(record, ("inbound_citations", "sample"))


def _related_works(record: Record, path: Path) -> list[RelatedWork]:
    return [
        _related_work(record, (*path, index), item)
        for index, item in enumerate(record.sequence(*path))
    ]


def _related_work(record: Record, path: Path, item: object) -> RelatedWork:
    """Read as much as possible of an entry whose shape is unknown (docs/protocol.md)."""
    texts = list(_texts(path, item))
    candidates = (reference_in(record, leaf, text) for leaf, text in texts)
    identifier = next((name for name in candidates if name is not None), None)
    titles = [text for leaf, text in texts if "title" in str(leaf[-1]).lower()]
    others = [text for _, text in texts]
    if identifier is None:
        name = next(iter(others), f"entry {path[-1]}")
        return RelatedWork(name, next(iter(titles or others), ""), None)
    others = [text for text in others if text != identifier.text]
    return RelatedWork(identifier.text, next(iter(titles or others), ""), identifier)


def _texts(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _texts((*path, key), member)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _texts((*path, index), member)
