"""A response as the cache keeps it: its row, read back only if it is what was stored.

A cache file can be damaged or malicious: every value of a row is checked for
its type and size before anything is done with it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.patterns import pattern
from pith_tui.protocol.catalog_entry import CatalogEntry
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sqlite.file import from_micros
from pith_tui.store.compression import unpack

_STORED = (
    f"CASE WHEN typeof(a.stored) = 'blob' AND length(a.stored) <= {MAX_SIZE} THEN a.stored END"
)
"""SQLite knows the length of a blob without reading it, so one that is too long is never read."""
RESPONSE_COLUMNS = f"a.sha256, a.codec, {_STORED}, a.origin, a.etag, a.fetched_at, a.checked_at"
ROW_COLUMNS = f"r.suffix, {RESPONSE_COLUMNS}"

_SUFFIX = pattern(r"[A-Z2-7]{26}", re.ASCII)
_MAX_TEXT = 1 << 16
"""Characters of a URL or an ETag; longer ones are damage."""


class StoredResponse(NamedTuple):
    """One response as it is stored.

    ``fetched_at`` is when these bytes first came, ``checked_at`` when a server last sent or
    confirmed them; both aware, in UTC.
    """

    raw: bytes
    suffix: str
    fetched_at: datetime
    checked_at: datetime
    origin: str
    etag: str | None


class NewResponse(NamedTuple):
    """A response to store: its bytes, catalog entry, origin and ETag, and when it came.

    ``first_at`` is when these bytes first came, if that was earlier.  ``behind`` is for a response
    that no server sent now, as in an import: the id of the last response that was stored before
    (see ``Cache.last_response_id``).  It counts as older than those of its record up to that one,
    and changes nothing about bytes that are stored already, except when they first came.
    ``known`` are the catalog entries of responses that the caller has read already, by their bytes:
    they need not be read again to take their words out of the index.
    """

    raw: bytes
    catalog: CatalogEntry
    origin: str
    etag: str | None
    received_at: datetime
    first_at: datetime | None = None
    behind: int | None = None
    known: Mapping[bytes, CatalogEntry] | None = None


def is_suffix(value: object) -> bool:
    """Return whether a value is 26 characters of base32, as every record's number ends."""
    return isinstance(value, str) and _SUFFIX.fullmatch(value) is not None


def damaged_number(record_id: object) -> CacheError:
    """Return the error for a record whose suffix is not one; it is shown nowhere."""
    name = record_id if isinstance(record_id, int) else "?"
    return CacheError(
        f"the cache holds a damaged number for record {name}",
        "`pith-tui cache repair` begins a new cache with what can be read",
    )


def response_from_row(row: tuple[object, ...]) -> StoredResponse:
    """Unpack a row of ``ROW_COLUMNS``; raises CacheError if it is not what was stored."""
    suffix, sha256, codec, stored, origin, etag, fetched_at, checked_at = row
    if not (isinstance(suffix, str) and is_suffix(suffix)):
        raise CacheError(
            "the cache holds a record under a damaged number",
            "`pith-tui cache repair` begins a new cache with what can be read",
        )
    try:
        raw = unpack(_integer(codec), _blob(stored), MAX_SIZE + 1)
        times = from_micros(_integer(fetched_at)), from_micros(_integer(checked_at))
        if len(raw) > MAX_SIZE or row_digest(suffix, raw) != sha256:
            raise ValueError("the bytes are not those that were stored")
        etag = None if etag is None else _text(etag)
        return StoredResponse(raw, suffix, *times, _text(origin), etag)
    except (ValueError, OverflowError) as error:
        raise CacheError(
            f"the cache holds damaged bytes for {suffix}: {error}",
            "fetch it again with --refresh",
        ) from None


def row_digest(suffix: str, raw: bytes) -> bytes:
    """Bind bytes to their record: a damaged index may lead to undamaged bytes of another."""
    return hashlib.sha256(suffix.encode() + b"\0" + raw).digest()


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("a number is missing")
    return value


def _blob(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("the bytes are missing, or more than a record has")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise ValueError("where they came from is no text, or too long")
    return value
