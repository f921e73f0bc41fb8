"""Which other versions of a work are stored, if the one asked for is not."""

from __future__ import annotations

from pith_tui.errors import CacheError, NotARecordError, PithError
from pith_tui.lookup.samples import find_samples
from pith_tui.protocol.catalog_entry import catalog_entry, matches
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache


def stored_versions(cache: Cache | None, identifier: Identifier) -> list[int]:
    """Return the versions of a work in the cache and among the samples, the lowest first.

    There are none for an identifier without a version.
    """
    if identifier.version is None:
        return []
    work = identifier._replace(version=None)
    samples = _versions([sample.raw for sample in find_samples(work)], work)
    return sorted({*samples, *([] if cache is None else versions_in_cache(cache, identifier))})


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


def versions_in_cache(cache: Cache, identifier: Identifier) -> list[int]:
    """Return the versions in the cache; none of a damaged one, which is reported elsewhere."""
    if identifier.version is None:
        return []
    work = identifier._replace(version=None)
    try:
        latest = [cache.latest(suffix) for suffix in cache.find(work)]
    except CacheError:
        return []
    return _versions([response.raw for response in latest if response is not None], work)


def _versions(records: list[bytes], work: Identifier) -> list[int]:
    return sorted({version for raw in records if (version := _version(raw, work)) is not None})


def _version(raw: bytes, work: Identifier) -> int | None:
    """Return the version of a record, None for bytes that are no record of a work."""
    try:
        entry = catalog_entry(Record(raw))
    except NotARecordError:
        return None
    return entry.version if entry is not None and matches(entry, work) else None
