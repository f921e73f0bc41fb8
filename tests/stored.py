"""Helpers for records in a cache: a test key, a fixed time, and forbidden notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from pith_tui.operations.job import Job
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Report
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from pith_tui.store.response_rows import NewResponse, row_digest
from tests.registry.records import Paper, SigningKey, build, wire

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))


def quiet(text: str) -> None:
    """Fail the test if there is a notice."""
    raise AssertionError(f"nothing was to be said, but: {text}")


def file_record(
    cache: Cache, raw: bytes, received_at: datetime = NOW, etag: str | None = None
) -> CatalogEntry:
    """Store a record as if a server had sent it."""
    catalog = catalog_entry(Record(raw))
    assert catalog is not None
    cache.store(raw, catalog, origin="https://example.org/x", etag=etag, received_at=received_at)
    return catalog


def put(cache: Cache, **changes: object) -> str:
    """Store a record signed by the test key; return its suffix."""
    raw = wire(build(Paper(**changes), KEY))  # type: ignore[arg-type]
    return file_record(cache, raw).suffix


def find_titles(cache: Cache, text: str) -> list[str]:
    """Return the titles of the records that a search finds."""
    titles = []
    for record in records.iter_records(cache, parse_query(text)):
        assert record.response is not None
        titles.append(Record(record.response.raw).title or "")
    return titles


def file_records(cache: Cache, raws: Iterable[bytes], received_at: datetime = NOW) -> None:
    """Store many records at once, as if a server had sent them."""
    entries = []
    for raw in raws:
        catalog = catalog_entry(Record(raw))
        assert catalog is not None
        entries.append(NewResponse(raw, catalog, "https://example.org/x", None, received_at))
    cache.store_many(entries)


def suffix_of(number: int) -> str:
    digits = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[digit] + digits
    return digits


def verify(
    raw: bytes, asked: Identifier | None = None, trusted: Sequence[PublicKey] = (PINNED,)
) -> Report:
    """Return the report on the bytes."""
    return read(raw, asked, trusted).report


class WatchedJob(Job):
    """A job that calls a function at each update, to simulate concurrent events."""

    def __init__(self, on_update: Callable[[int], object]) -> None:
        super().__init__("Working")
        self._on_update = on_update

    def update(self, done: int) -> None:
        super().update(done)
        self._on_update(done)


def conflicting_record(**changes: object) -> bytes:
    """Build a record that verifies and whose service claims more signatures than it lists."""
    tree = build(Paper(**changes), KEY)  # type: ignore[arg-type]
    tree["verification_status"]["citation_signatures"] = 3
    return wire(tree)


def damage(cache: Cache, suffix: str) -> None:
    """Overwrite the stored bytes of a record."""
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET stored = zeroblob(50) WHERE record ="
            " (SELECT id FROM record WHERE suffix = ?)",
            (suffix,),
        )


def replace_bytes(cache: Cache, suffix: str, raw: bytes) -> None:
    """Store other bytes for a record, with their digest, as only another program could."""
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET codec = 0, stored = ?, sha256 = ? WHERE record ="
            " (SELECT id FROM record WHERE suffix = ?)",
            (raw, row_digest(suffix, raw), suffix),
        )
