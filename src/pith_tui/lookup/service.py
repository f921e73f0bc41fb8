"""The policy over the sources: local records first, then the servers; and what that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from pith_tui.errors import CacheError, NotFoundError, TwoReadingsError, UsageError
from pith_tui.lookup.samples import find_samples
from pith_tui.lookup.stored import best_stored, is_record, rank
from pith_tui.protocol.catalog_entry import CatalogEntry, matches
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient, ServerResponse, Unchanged

Notice = Callable[[str], None]


class Origin(Enum):
    """Where the bytes of a record came from."""

    CACHE = "cache"
    LIVE = "live"
    SAMPLE = "sample"
    FILE = "file"


class FetchedRecord(NamedTuple):
    """A record, read and verified, and where its bytes came from.

    ``where`` is a URL, a path or, for a sample, empty.  ``checked_at`` is when a server last
    confirmed them, None where none ever has as far as this program knows.  ``not_kept`` says why
    what a server sent could not be written to the cache.
    """

    checked: CheckedRecord
    origin: Origin
    where: str = ""
    checked_at: datetime | None = None
    etag: str | None = None
    not_kept: CacheError | None = None

    @property
    def raw(self) -> bytes:
        """The bytes, exactly as they were received."""
        return self.checked.raw


class RecordService:
    """Looks records up: in the cache, among the samples, on the servers.

    ``cache`` is None if none can be used; ``remote`` makes the client of the servers and is
    called only when one is asked.  With ``offline`` no socket is ever opened.
    """

    def __init__(
        self,
        cache: Cache | None,
        remote: Callable[[], RegistryClient] | None,
        trusted: Sequence[PublicKey],
        *,
        samples_only: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.trusted = tuple(trusted)
        self._cache = None if samples_only else cache
        self._make_remote = None if samples_only else remote
        self._now = now
        self._samples = find_samples

    @property
    def cache(self) -> Cache | None:
        """The cache, None if none can be used."""
        return self._cache

    @property
    def offline(self) -> bool:
        """Whether no server will be asked."""
        return self._make_remote is None

    def now(self) -> datetime:
        """Return the time that ages are counted from."""
        return self._now()

    def find_local(self, identifier: Identifier) -> FetchedRecord | None:
        """Return the record from the cache, else from the samples, else None.

        Raises UsageError where a short form fits several records, CacheError where the cache
        holds nothing but damaged bytes for it.
        """
        suffixes = self._cache.find(identifier) if self._cache is not None else []
        samples = self._samples(identifier)
        _refuse_ambiguous(identifier, {*suffixes, *(sample.suffix for sample in samples)})
        stored = [record for suffix in suffixes if (record := self._stored(suffix, identifier))]
        chosen = min(stored, key=_rank_by_version, default=None)
        if chosen is not None and chosen.checked.report.verdict is Verdict.VERIFIED:
            return chosen
        read = [self._read(sample.raw, identifier) for sample in samples]
        own = [FetchedRecord(one, Origin.SAMPLE) for one in read if _is_named(one, identifier)]
        if chosen is not None:
            own = [sample for sample in own if _same_number(sample, chosen)]
            return best([chosen, *own])
        return own[0] if own else None

    def _stored(self, suffix: str, identifier: Identifier) -> FetchedRecord | None:
        """Return the response to use; None if none is stored, or only what is no record."""
        if self._cache is None:
            return None
        stored = best_stored(self._cache, suffix, identifier, self.trusted)
        if stored is None or not is_record(stored.checked):
            return None
        response, checked = stored
        return FetchedRecord(
            checked, Origin.CACHE, response.origin, response.checked_at, response.etag
        )

    def _read(self, raw: bytes, identifier: Identifier) -> CheckedRecord:
        return read(raw, identifier, self.trusted)

    def new_remote(self) -> RegistryClient:
        """Make a client of the servers, to be closed by the caller.

        Raises NotFoundError where no server is to be asked.
        """
        if self._make_remote is None:
            raise NotFoundError("no server is asked in this session", "leave out --offline")
        return self._make_remote()

    def not_stored(self, identifier: Identifier) -> NotFoundError:
        """Return the error for a record that is not stored, where no server is asked."""
        return NotFoundError(
            f"{identifier.text} is neither in the cache nor among the samples",
            "leave out --offline or --sample to ask the servers",
        )

    async def fetch_all(
        self,
        identifier: Identifier,
        stored: FetchedRecord | None,
        notice: Notice,
        client: RegistryClient | None = None,
    ) -> list[FetchedRecord]:
        """Ask the servers in their order, until one sends a record that verifies.

        With ``stored`` the server that it came from is asked only whether it is still what it
        sends.  Keeps what they sent, as they sent it.  ``client`` is one to use; without it one
        is made.  Raises NotFoundError and UnreachableError where no server sent a record.
        """
        if self._make_remote is None:
            raise self.not_stored(identifier)
        import asyncio  # with the client below, for those that ask a server

        records: list[FetchedRecord] = []

        def is_enough(response: ServerResponse | Unchanged) -> bool:
            record = self._read_response(response, identifier, stored)
            error = record.checked.error
            if error is not None and not isinstance(error, TwoReadingsError):
                raise error
            records.append(record)
            return record.checked.report.verdict is Verdict.VERIFIED

        used = client or self._make_remote()
        try:
            await used.fetch(identifier, known=_known(stored), is_enough=is_enough, notice=notice)
        finally:
            if client is None:
                await used.aclose()
        known = _catalogs([*records, *([] if stored is None else [stored])])
        kept = [
            await asyncio.to_thread(self._store, record, self._now(), known)
            for record in reversed(records)  # the first server's response is the latest
        ]
        return kept[::-1]

    def _read_response(
        self,
        response: ServerResponse | Unchanged,
        identifier: Identifier,
        stored: FetchedRecord | None,
    ) -> FetchedRecord:
        now = self._now()
        if response.raw is None:
            assert stored is not None, "no ETag was sent without a stored copy"
            return stored._replace(origin=Origin.LIVE, where=response.url, checked_at=now)
        if stored is not None and stored.raw == response.raw:
            checked = stored.checked
        else:
            checked = self._read(response.raw, identifier)
        return FetchedRecord(checked, Origin.LIVE, response.url, now, response.etag)

    def _store(
        self, record: FetchedRecord, now: datetime, known: Mapping[bytes, CatalogEntry]
    ) -> FetchedRecord:
        """Store what a server sent or confirmed, which makes it the latest response.

        If the cache cannot be written, the record is returned with the error.
        """
        if self._cache is None or self._cache.readonly:
            return record
        catalog = record.checked.catalog
        if catalog is None:
            return record  # shown and reported as what it is; the cache keeps records alone
        try:
            self._cache.store(
                record.raw,
                catalog,
                origin=record.where,
                etag=record.etag,
                received_at=now,
                known=known,
            )
        except CacheError as error:
            return record._replace(not_kept=error)
        return record


def _catalogs(records: Sequence[FetchedRecord]) -> dict[bytes, CatalogEntry]:
    """Return the catalog entries of records by their bytes, so that no one reads them again."""
    return {record.raw: catalog for record in records if (catalog := record.checked.catalog)}


def _known(stored: FetchedRecord | None) -> tuple[str, str] | None:
    """Return the URL that stored bytes came from and their ETag: it means nothing elsewhere."""
    if stored is None or stored.etag is None or stored.origin is Origin.SAMPLE:
        return None
    return stored.where, stored.etag


def best(records: Sequence[FetchedRecord]) -> FetchedRecord | None:
    """Return the first of the best verdict; None if there is no record."""
    return min(records, key=_rank, default=None)


def _rank(record: FetchedRecord) -> int:
    return rank(record.checked)


def _rank_by_version(record: FetchedRecord) -> tuple[int, int]:
    """Rank what verifies before what does not, and the highest version first."""
    return _rank(record), -(record.checked.record.canonical_source.version or 0)


def _is_named(checked: CheckedRecord, identifier: Identifier) -> bool:
    return checked.catalog is not None and matches(checked.catalog, identifier)


def _same_number(one: FetchedRecord, other: FetchedRecord) -> bool:
    first, second = one.checked.catalog, other.checked.catalog
    return first is not None and second is not None and first.suffix == second.suffix


def _refuse_ambiguous(identifier: Identifier, suffixes: set[str | None]) -> None:
    """Raise UsageError for a short form that fits several records; picking one would be a guess."""
    if identifier.kind is Kind.PITH and not identifier.is_full and len(suffixes) > 1:
        raise UsageError(
            f"{identifier.text} is a short form that fits {len(suffixes)} records here",
            f"give one in full: {', '.join(sorted(filter(None, suffixes)))}",
        )
