"""Collections: records that can be searched and sorted, the whole cache or a few by name.

A collection of names, such as the bookmarks, is a cache of its own in memory, filled from the
cache and the samples; so it is searched, sorted and paged by the same code.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from pith_tui.errors import CacheError, UsageError
from pith_tui.lookup.samples import sample_records
from pith_tui.operations.list_records import list_named
from pith_tui.operations.verify_ranges import DAMAGED, verify_stored
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.sqlite.connection import connect, read_only_query
from pith_tui.sqlite.file import migrate
from pith_tui.store import indexing, records, schema
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.response_rows import NewResponse

SAMPLE_ORIGIN = "sample"
"""Stands for the URL of a record that came with the program; no server ever confirmed it."""

MAX_VERDICT_SORT = 2000
"""So many records are verified in a second or two; more are not sorted by their verdicts."""

_NO_TIME = datetime.fromtimestamp(0, UTC)
_BUSY_SECONDS = 5.0
_RANKS = (DAMAGED, Verdict.FAILED.value, Verdict.UNDECIDED.value, Verdict.VERIFIED.value)


class Member(Protocol):
    """A record of a collection: its suffix, and what it was called."""

    @property
    def suffix(self) -> str:
        """The 26 characters of the Pith Number."""

    @property
    def name(self) -> str:
        """What it was called when it was put there, such as ``2503.11832v5``."""


class Named(NamedTuple):
    """A member as a plain value."""

    suffix: str
    name: str


CollectionSource = Callable[[], Sequence[Member]]


class ReadOnlyCache(Cache):
    """An open cache that is only read, and whose reading another thread can interrupt."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path, readonly=True)
        self.absent: dict[str, MissingRecord] = {}

    @classmethod
    def open_existing(cls, path: Path) -> ReadOnlyCache:
        """Open a file as it is: nothing is created, migrated or moved aside.

        Raises CacheError, which does not say where the file is: the reader may be a visitor.
        """
        if not path.exists():
            raise CacheError("there is no cache", "look something up without --read-only first")
        connection = _connect(path, read_only_query(path), "the cache cannot be opened")
        opened = cls(connection, path)
        try:
            with opened.reading():
                version = cls._version_here(connection, path)
            if version < len(cls.migrations()):
                hint = "open it once without --read-only, which upgrades it"
                raise CacheError("the cache was written by an earlier version", hint)
        except CacheError:
            opened.close()
            raise
        return opened

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Use the connection exclusively; errors become CacheErrors that do not name the file."""
        try:
            with super().reading() as connection:
                yield connection
        except CacheError as error:
            text = str(error).replace(f" {self.path}", "").replace(str(self.path), "the file")
            raise CacheError(text, error.hint) from None

    def interrupt(self) -> None:
        """Interrupt what is being read, which raises CacheError there; do nothing if nothing is."""
        self._connection.interrupt()


class MissingRecord(NamedTuple):
    """A record of a collection that has no bytes: what it was called, and why it has none.

    ``damaged`` says that the cache has some, but not those that were stored.
    """

    name: str
    why: str
    damaged: bool


def open_reader(cache: Cache) -> ReadOnlyCache:
    """Open the same file once more, so that reading it blocks no other reader.

    Raises CacheError where it cannot be opened.
    """
    query = read_only_query(cache.path) if cache.readonly else "?mode=ro"
    return ReadOnlyCache(
        _connect(cache.path, query, "the cache cannot be opened again"), cache.path
    )


def _connect(path: Path, query: str, failure: str) -> sqlite3.Connection:
    try:
        return connect(path, query, timeout=_BUSY_SECONDS)
    except sqlite3.Error as error:
        raise CacheError(f"{failure}: {error}") from None


def collection_of(members: Iterable[Member], cache: Cache | None) -> ReadOnlyCache:
    """Return a collection of the named records, in their order; a name given twice counts once."""
    samples = _samples()
    view = _in_memory()
    for member in members:
        record = _find(member, cache, samples)
        if isinstance(record, NewResponse):
            view.store_many([record])
            continue
        view.absent[member.suffix] = record
        with view.writing() as connection:
            _put_name(connection, member)
    return view


def _find(
    member: Member, cache: Cache | None, samples: Mapping[str, NewResponse]
) -> NewResponse | MissingRecord:
    """Look a record up in the cache, then among the samples."""
    listed = None if cache is None else next(list_named(cache, [member.suffix]), None)
    if listed is not None and listed.error is not None:
        return MissingRecord(member.name, str(listed.error), True)
    if listed is not None and listed.response is not None and listed.catalog is not None:
        stored = listed.response
        return NewResponse(
            stored.raw, listed.catalog, stored.origin, stored.etag, stored.checked_at
        )
    missing = MissingRecord(member.name, "not in the cache; open it to look it up", False)
    return samples.get(member.suffix, missing)


def samples_collection() -> ReadOnlyCache:
    """Return a collection of the records that come with the program."""
    view = _in_memory()
    view.store_many(_samples().values())
    return view


def _samples() -> dict[str, NewResponse]:
    entries = [
        NewResponse(raw, _catalog(raw), SAMPLE_ORIGIN, None, _NO_TIME) for raw in sample_records()
    ]
    return {entry.catalog.suffix: entry for entry in entries}


def _catalog(raw: bytes) -> CatalogEntry:
    catalog = catalog_entry(Record(raw))
    assert catalog is not None, "every sample says which record it is"
    return catalog


def _in_memory() -> ReadOnlyCache:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(connection, schema.MIGRATIONS)
    return ReadOnlyCache(connection, Path(":memory:"))


def _put_name(connection: sqlite3.Connection, member: Member) -> None:
    """Index a record that has no bytes under its name, so that it is found among the others."""
    record = connection.execute(
        "INSERT INTO record (suffix, checked_at) VALUES (?, 0) ON CONFLICT DO NOTHING RETURNING id",
        (member.suffix,),
    ).fetchone()
    if record is not None:
        catalog = CatalogEntry(member.suffix, None, None, None, None, title=member.name)
        indexing.index(connection, record[0], catalog)


def sort_by_verdict(
    view: ReadOnlyCache,
    query: Query,
    trusted: Sequence[PublicKey],
    *,
    descending: bool,
    stopped: Callable[[], bool],
) -> list[int]:
    """Verify what a search finds; return the numbers, failed records before verified ones.

    Raises UsageError where it is too much: verdicts are never stored, so every one of a million
    would have to be made first.  Where ``stopped`` says so it ends early, with what it has.
    """
    count = records.count_records(view, query)
    if count > MAX_VERDICT_SORT:
        raise UsageError(
            f"{count:,} records cannot be sorted by verdict, since verdicts are not stored",
            f"search for fewer: up to {MAX_VERDICT_SORT:,} can be verified and sorted",
        )
    ranked: list[tuple[int, int]] = []
    for record in records.iter_records(view, query):
        if stopped():
            break
        verdict = verify_stored(view, record, trusted).verdict
        ranked.append((_RANKS.index(verdict), record.number))
    return [number for _, number in sorted(ranked, reverse=descending)]
