"""What else is stored: other versions of a paper, and other papers with the title of an entry."""

from __future__ import annotations

from itertools import islice

from pith_tui.errors import CacheError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.bibliography.comparison import Result, compare_entry, record_facts
from pith_tui.operations.bibliography.entries import Entry
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.report import Verdict
from pith_tui.store.normalize import normalize_text
from pith_tui.store.query import parse_query
from pith_tui.store.records import iter_records

_MAX_LOOKED_AT = 20
_MAX_WORDS = 12
"""Words of a title that are searched for: few records have so many of them in common."""


def highest_version(service: RecordService, identifier: Identifier) -> int | None:
    """Return the highest version of which a record that verifies is stored."""
    unversioned = identifier._replace(version=None)
    try:
        if service.cache is None or len(service.cache.find(unversioned)) < 2:
            return None
        newest = service.find_local(unversioned)
    except CacheError:
        return None
    if newest is None or newest.checked.report.verdict is not Verdict.VERIFIED:
        return None
    return newest.checked.record.canonical_source.version


def version_with_title(service: RecordService, entry: Entry, identifier: Identifier) -> str | None:
    """Return the stored version, as ``v1``, of the same paper that has the entry's title."""
    if service.cache is None:
        return None
    try:
        suffixes = service.cache.find(identifier._replace(version=None))
    except CacheError:
        return None
    if len(suffixes) < 2:
        return None  # the one that was compared
    for suffix in suffixes:
        name = _name_if_same(service, entry, suffix)
        if name is not None and name[1] is not None and name[1] != identifier.version:
            return f"v{name[1]}"
    return None


def record_with_title(service: RecordService, entry: Entry) -> str | None:
    """Return the id of a stored record that has the entry's title."""
    title_words = normalize_text(entry.value("title") or "").split()
    if service.cache is None or len(title_words) < 2:
        return None
    longest = sorted(title_words, key=len, reverse=True)[:_MAX_WORDS]
    query = parse_query(" ".join(f"title:{word}" for word in longest))
    try:
        stored = list(islice(iter_records(service.cache, query), _MAX_LOOKED_AT))
    except CacheError:
        return None
    for record in stored:
        name = _name_if_same(service, entry, record.suffix)
        if name is not None:
            return name[0]
    return None


def _name_if_same(
    service: RecordService, entry: Entry, suffix: str
) -> tuple[str, int | None] | None:
    """Return id and version of a stored record if its proved title is that of the entry."""
    try:
        fetched = service.find_local(Identifier(Kind.PITH, suffix))
    except CacheError:
        return None
    if fetched is None or compare_entry(entry, record_facts(fetched)).result is not Result.SAME:
        return None
    source = fetched.checked.record.canonical_source
    return None if source.id is None else (source.id, source.version)
