"""A response as the cache keeps it: its row, read back only where it is what was stored."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.protocol.catalog_entry import CatalogEntry
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sqlite_file import from_micros
from pith_tui.store.compression import unpack

ANSWER_COLUMNS = (
    "r.suffix, a.sha256, a.codec, a.stored, a.origin, a.etag, a.fetched_at, a.checked_at"
)

_Row = tuple[str, bytes, int, bytes, str, str | None, int, int]


class StoredResponse(NamedTuple):
    """One answer as it is held.

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
    """An answer to be kept: its bytes, how it is filed, whence, with what ETag, and when it came.

    ``first_at`` is when these bytes first came, where that was earlier.  ``behind`` is for an
    answer that no server sent now, as in an import: the number of the last answer that was held
    before (see ``Cache.last_answer``).  Such a one comes behind those of its record up to there,
    and changes nothing about bytes that are held already, but that they may have come earlier.
    """

    raw: bytes
    catalog: CatalogEntry
    origin: str
    etag: str | None
    at: datetime
    first_at: datetime | None = None
    behind: int | None = None


def response_from_row(row: _Row) -> StoredResponse:
    """Unpack a row of ``ANSWER_COLUMNS``; raises CacheError where it is not what was stored."""
    suffix, sha256, codec, stored, origin, etag, fetched_at, checked_at = row
    try:
        raw = unpack(codec, stored, MAX_SIZE + 1)
        times = from_micros(fetched_at), from_micros(checked_at)
        if row_digest(suffix, raw) != sha256:
            raise ValueError("the bytes are not those that were stored")
        if not isinstance(etag, str | None):
            raise TypeError("the ETag is no text")
    except (ValueError, TypeError, OverflowError) as error:
        raise CacheError(
            f"the cache holds damaged bytes for {suffix}: {error}",
            "fetch it anew with --refresh",
        ) from None
    return StoredResponse(raw, suffix, *times, str(origin), etag)


def row_digest(suffix: str, raw: bytes) -> bytes:
    """Bind the bytes to the record: a damaged index may lead to another record's sound bytes."""
    if not isinstance(suffix, str):
        raise TypeError("the suffix is no text")
    return hashlib.sha256(suffix.encode() + b"\0" + raw).digest()
