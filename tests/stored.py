"""Records in a cache, as many tests need them: a test key, a fixed time, quiet notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Report
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import NewResponse
from tests.registry.records import SigningKey

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))


def quiet(text: str) -> None:
    """Fail a test in which anything is said."""
    raise AssertionError(f"nothing was to be said, but: {text}")


def file_record(
    cache: Cache, raw: bytes, at: datetime = NOW, etag: str | None = None
) -> CatalogEntry:
    """Store a record as if a server had sent it."""
    catalog = catalog_entry(Record(raw))
    assert catalog is not None
    cache.store(raw, catalog, origin="https://example.org/x", etag=etag, at=at)
    return catalog


def file_records(cache: Cache, raws: Iterable[bytes], at: datetime = NOW) -> None:
    """Store many records at once, as if a server had sent them."""
    entries = []
    for raw in raws:
        catalog = catalog_entry(Record(raw))
        assert catalog is not None
        entries.append(NewResponse(raw, catalog, "https://example.org/x", None, at))
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
    """Return what the one reading reports of the bytes."""
    return read(raw, asked, trusted).report
