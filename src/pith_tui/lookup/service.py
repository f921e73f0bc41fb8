"""The policy over the sources: what is at hand first, then the servers; and what that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from pith_tui.errors import CacheError, NotARecordError, NotFoundError, UsageError
from pith_tui.lookup.samples import find_samples
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.verification import verify
from pith_tui.store.cache import Cache, StoredResponse

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient

Notice = Callable[[str], None]


class Origin(Enum):
    """Where the bytes at hand came from."""

    CACHE = "cache"
    LIVE = "live"
    SAMPLE = "sample"
    FILE = "file"


class FetchedRecord(NamedTuple):
    """The bytes of a record and where they came from.

    ``where`` is a URL, a path or, for a sample, empty.  ``checked_at`` is when a server last
    confirmed them, None where none ever has as far as this program knows.
    """

    raw: bytes
    origin: Origin
    where: str = ""
    checked_at: datetime | None = None
    etag: str | None = None


class RecordService:
    """Looks records up: in the cache, among the samples, on the servers.

    ``cache`` is None where there is none to use; ``remote`` makes the client of the servers and is
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
        """The cache, None where there is none to use."""
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
        holds damaged bytes for it.
        """
        suffixes = self._cache.find(identifier) if self._cache is not None else []
        samples = self._samples(identifier)
        _refuse_ambiguous(identifier, {*suffixes, *map(_suffix, samples)})
        held = self._best(identifier, suffixes)
        if held is None:
            return FetchedRecord(samples[0], Origin.SAMPLE) if samples else None
        return self._sound(identifier, held, samples)

    def _best(self, identifier: Identifier, suffixes: Sequence[str]) -> StoredResponse | None:
        """Choose among what is held: the highest version, and what verifies before what does not.

        A forged record can be filed under the same id, but not under the same signature.
        """
        if self._cache is None:
            return None
        candidates = [held for suffix in suffixes if (held := self._cache.latest(suffix))]
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        order = (Verdict.VERIFIED, Verdict.UNDECIDED, Verdict.FAILED)

        def rank(held: StoredResponse) -> tuple[int, int]:
            verdict = self._verdict(held.raw, identifier)
            return order.index(verdict), -(Record(held.raw).canonical_source.version or 0)

        return min(candidates, key=rank)

    def _sound(
        self, identifier: Identifier, held: StoredResponse, samples: Sequence[bytes]
    ) -> FetchedRecord:
        """Return an answer, or in place of one that fails another of its record that verifies."""
        if self._verdict(held.raw, identifier) is Verdict.FAILED:
            for other in self._others(held.suffix):
                if self._verdict(other.raw, identifier) is Verdict.VERIFIED:
                    held = other
                    break
            else:
                for raw in samples:
                    same = _suffix(raw) == held.suffix
                    if same and self._verdict(raw, identifier) is Verdict.VERIFIED:
                        return FetchedRecord(raw, Origin.SAMPLE)
        return FetchedRecord(held.raw, Origin.CACHE, held.origin, held.checked_at, held.etag)

    def _others(self, suffix: str) -> Iterator[StoredResponse]:
        if self._cache is not None:
            from pith_tui.store.responses import iter_responses  # for the few whose latest fails

            for answer in iter_responses(self._cache, suffix):
                if answer.held is not None:
                    yield answer.held

    def _verdict(self, raw: bytes, identifier: Identifier) -> Verdict:
        return verify(raw, identifier, self.trusted).verdict

    def new_remote(self) -> RegistryClient:
        """Make a client of the servers, to be closed by who asked for it.

        Raises NotFoundError where no server is to be asked.
        """
        if self._make_remote is None:
            raise NotFoundError("no server is asked in this session", "leave out --offline")
        return self._make_remote()

    async def fetch(
        self,
        identifier: Identifier,
        held: FetchedRecord | None,
        notice: Notice,
        remote: RegistryClient | None = None,
    ) -> FetchedRecord:
        """Ask the servers; with what is held, only whether it is still what they send.

        Stores what they sent.  ``remote`` is a client to use; without one it makes its own.
        Raises NotFoundError and UnreachableError as the servers answer.
        """
        if self._make_remote is None:
            raise NotFoundError(
                f"{identifier.text} is neither in the cache nor among the samples",
                "leave out --offline or --sample to ask the servers",
            )
        import asyncio  # with the client below, for those that ask a server

        from pith_tui.lookup.client import Unchanged

        client = remote or self._make_remote()
        try:
            etag = held.etag if held is not None and held.origin is not Origin.SAMPLE else None
            answer = await client.fetch(identifier, etag=etag, notice=notice)
        finally:
            if remote is None:
                await client.aclose()
        now = self._now()
        if isinstance(answer, Unchanged):
            assert held is not None, "no ETag was sent without a held copy"
            found = held._replace(origin=Origin.LIVE, where=answer.url, checked_at=now)
        else:
            found = FetchedRecord(answer.raw, Origin.LIVE, answer.url, now, answer.etag)
        await asyncio.to_thread(self._store, found, now, notice)
        return found

    def _store(self, found: FetchedRecord, now: datetime, notice: Notice) -> None:
        """File what a server sent or confirmed, which makes it the latest answer.

        A cache that cannot be written costs a notice, not the answer.
        """
        if self._cache is None or self._cache.readonly:
            return
        try:
            catalog = catalog_entry(Record(found.raw))
            if catalog is not None:
                self._cache.store(found.raw, catalog, origin=found.where, etag=found.etag, at=now)
        except NotARecordError:
            return  # shown and reported as what it is; the cache keeps records alone
        except CacheError as error:
            notice(f"the cache was not written: {error}")


def _suffix(raw: bytes) -> str | None:
    catalog = catalog_entry(Record(raw))
    return None if catalog is None else catalog.suffix


def _refuse_ambiguous(identifier: Identifier, suffixes: set[str | None]) -> None:
    """Say that a short form fits several records; picking one would be a guess."""
    if identifier.kind is Kind.PITH and not identifier.is_full and len(suffixes) > 1:
        raise UsageError(
            f"{identifier.text} is a short form that fits {len(suffixes)} records here",
            f"give one in full: {', '.join(sorted(filter(None, suffixes)))}",
        )
