"""How a record is found again: by what its canonical record says, never by its claimed aliases.

A record that claimed another work's arXiv id as an alias would otherwise be found in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest, suffix_of
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.record import Record
from pith_tui.protocol.spellings import arxiv_id, hex_digest, kind, pith_number, version
from pith_tui.protocol.text_hash import UnreadableTextError, matching_reading


class CatalogEntry(NamedTuple):
    """The names a record is filed under, and the words it is searched by.

    ``suffix`` has 26 characters; ``doi`` is arXiv's own, in lower case; ``year`` is that of the
    Pith Number, ``submitted`` the moment of submission as the record writes it.  Title and authors
    are raw TeX; they are what the record says and nothing more.  ``has_signed_title`` is true if
    the title has the hash in the canonical record; whether a key signed that is not asked.
    """

    suffix: str
    arxiv: str | None
    version: int | None
    doi: str | None
    year: int | None
    title: str = ""
    authors: str = ""
    categories: str = ""
    submitted: str = ""
    has_signed_title: bool = False


def catalog_entry(record: Record) -> CatalogEntry | None:
    """File a record; None for one that has neither a canonical record nor a Pith Number.

    Where the canonical record is absent (some samples) or cannot be canonicalised, its own
    statements serve; the report shows that they are not proved.
    """
    canonical = record.canonical_record
    try:
        suffix = None if canonical is None else suffix_of(canonical_digest(canonical))
    except NotCanonicalError:
        suffix = None
    source = record.mapping(*(("source",) if suffix is None else ("canonical_record", "source")))
    if suffix is None:
        stated = pith_number(record.value_at("pith_number"))
        if stated is None:
            return None
        suffix = stated.suffix
    submitted = record.text("canonical_record", "metadata", "submitted_at") or ""
    year = int(submitted[:4]) if submitted[:4].isascii() and submitted[:4].isdigit() else None
    arxiv, version_number = _work(source)
    doi = None if arxiv is None else f"10.48550/arxiv.{arxiv.lower()}"
    return CatalogEntry(
        suffix,
        arxiv,
        version_number,
        doi,
        year,
        record.title or "",
        record.text("paper", "authors_text") or "",
        _categories(record),
        submitted,
        _has_signed_title(record),
    )


def _has_signed_title(record: Record) -> bool:
    digest = hex_digest(record.value_at("canonical_record", "metadata", "title_canon_sha256"))
    title = record.title
    if digest is None or title is None:
        return False
    try:
        return matching_reading(title, digest) is not None
    except UnreadableTextError:
        return False


def _work(source: Mapping[str, object]) -> tuple[str | None, int | None]:
    """Read the arXiv id and version through their spellings; an id in none stays as it is."""
    number, stated = version(source.get("version")), source.get("id")
    if kind(source.get("kind")) != "arxiv" or not isinstance(stated, str):
        return None, number
    read = arxiv_id(stated)
    return (stated, number) if read is None else (read.id, number or read.version)


def _categories(record: Record) -> str:
    metadata = ("canonical_record", "metadata")
    cross = record.sequence(*metadata, "cross_cats_sorted")
    listed = [record.text(*metadata, "primary_cat"), *cross]
    return " ".join(category for category in listed if isinstance(category, str))


def matches(catalog: CatalogEntry, identifier: Identifier) -> bool:
    """Return whether an identifier names what is filed so; a short form matches by its start."""
    if identifier.kind is Kind.PITH:
        return catalog.suffix.startswith(identifier.value)
    if identifier.arxiv is None:
        return catalog.doi == identifier.value
    right_version = identifier.version is None or catalog.version == identifier.version
    return catalog.arxiv == identifier.arxiv and right_version
