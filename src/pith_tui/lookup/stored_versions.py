"""Records of the cache by identifier, and which other versions of a work are stored."""

from __future__ import annotations

from pith_tui.errors import CacheError, NotFoundError, PithError
from pith_tui.lookup.samples import find_samples
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache


def find_in_cache(cache: Cache, identifier: Identifier, hint: str) -> list[str]:
    """Return the suffixes of the records that an identifier names.

    Raises NotFoundError, with the hint and the versions that are stored instead, if there are
    none.
    """
    suffixes = cache.find(identifier)
    if suffixes:
        return suffixes
    error = NotFoundError(f"{identifier.text} is not in the cache", hint)
    raise name_stored_versions(error, identifier, _versions_in_cache(cache, identifier))


def stored_versions(cache: Cache | None, identifier: Identifier) -> list[int]:
    """Return the versions of a work in the cache and among the samples, the lowest first.

    There are none for an identifier without a version.
    """
    if identifier.version is None:
        return []
    samples = find_samples(identifier._replace(version=None))
    cached = [] if cache is None else _versions_in_cache(cache, identifier)
    return sorted({*cached, *_versions(samples)})


def name_stored_versions(
    error: PithError, identifier: Identifier, versions: list[int]
) -> PithError:
    """Return an error of the same kind that also says which versions of the work are stored."""
    if not versions:
        return error
    names = [identifier._replace(version=version).text for version in versions]
    verb = "is" if len(names) == 1 else "are"
    hint = f"ask for {names[-1]}" + (f", or {error.hint}" if error.hint else "")
    return type(error)(f"{error}, but {' and '.join(names)} {verb} stored", hint)


def _versions_in_cache(cache: Cache, identifier: Identifier) -> list[int]:
    """Return the versions in the cache; none of a damaged one, which is reported elsewhere."""
    if identifier.version is None:
        return []
    try:
        suffixes = cache.find(identifier._replace(version=None))
        latest = [cache.latest(suffix) for suffix in suffixes]
    except CacheError:
        return []
    return _versions([response.raw for response in latest if response is not None])


def _versions(records: list[bytes]) -> list[int]:
    entries = [catalog_entry(Record(raw)) for raw in records]
    return sorted({entry.version for entry in entries if entry is not None and entry.version})
