"""Find stored records by identifier, and list them with what they claim to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError, NotARecordError, NotFoundError
from pith_tui.lookup.best_records import iter_best_records
from pith_tui.lookup.stored import is_record
from pith_tui.lookup.stored_versions import name_stored_versions, versions_in_cache
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.response_rows import StoredResponse


class ListedRecord(NamedTuple):
    """A stored record: a response and its catalog entry, or why it has none.

    ``is_evidence`` says that every response of it was verified and fails; it is false if none was
    verified.
    """

    suffix: str
    response: StoredResponse | None
    catalog: CatalogEntry | None
    error: CacheError | None
    is_evidence: bool = False


def find_stored(cache: Cache, identifier: Identifier) -> list[str]:
    """Return the suffixes of the stored records that an identifier names.

    Raises CacheError, and NotFoundError, with the versions stored instead, if there is none.
    """
    suffixes = cache.find(identifier)
    if suffixes:
        return suffixes
    error = NotFoundError(
        f"{identifier.text} is not in the cache", "`pith-tui cache list` lists what is"
    )
    raise name_stored_versions(error, identifier, versions_in_cache(cache, identifier))


def list_records(
    cache: Cache, trusted: Sequence[PublicKey], query: Query
) -> Iterator[ListedRecord]:
    """Verify the records that a search finds, and yield each with its best response."""
    for record, best in iter_best_records(cache, trusted, query):
        if best is None:
            yield ListedRecord(record.suffix, None, None, record.error)
        else:
            catalog, title = best.checked.catalog, best.checked.title
            if catalog is not None and title is not None:
                catalog = catalog._replace(title=title.text)
            error = None if is_record(best.checked) else _no_record(record.suffix)
            yield ListedRecord(
                record.suffix, best.response, catalog, error, error is None and best.is_evidence
            )


def list_named(cache: Cache, suffixes: Sequence[str]) -> Iterator[ListedRecord]:
    """Yield the records with these suffixes, in their order; those that are gone are left out.

    It is the latest response that is listed; nothing is verified.
    """
    for suffix in suffixes:
        try:
            response = cache.latest(suffix)
        except CacheError as error:
            yield _listed(suffix, None, error)
        else:
            if response is not None:
                yield _listed(suffix, response, None)


def _listed(suffix: str, response: StoredResponse | None, error: CacheError | None) -> ListedRecord:
    try:
        catalog = None if response is None else catalog_entry(Record(response.raw))
    except NotARecordError:
        catalog = None
    if response is not None and catalog is None:
        error = _no_record(suffix)
    return ListedRecord(suffix, response, catalog, error)


def _no_record(suffix: str) -> CacheError:
    """Return the error for what an older version took for a record, or another program stored."""
    return CacheError(f"what the cache has for {suffix} is not a record", "fetch it with --refresh")
