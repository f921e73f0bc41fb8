"""Every distinct response that is stored of one record, one at a time, damaged ones too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import ROW_COLUMNS, StoredResponse, response_from_row


class ResponseRow(NamedTuple):
    """A stored response, or the error for which it cannot be read."""

    response: StoredResponse | None
    error: CacheError | None = None


def iter_responses(cache: Cache, suffix: str) -> Iterator[ResponseRow]:
    """Walk through the responses of a record, the one checked last first.

    Raises CacheError if the cache itself cannot be read; a damaged response is yielded as that, and
    does not hide the others.
    """
    with cache.reading() as connection:
        ids = connection.execute(
            "SELECT a.id FROM record r JOIN answer a ON a.record = r.id WHERE r.suffix = ?"
            " ORDER BY a.checked_at DESC, a.id DESC",
            (suffix,),
        ).fetchall()
    yield from read_responses(cache, ids)


def read_responses(cache: Cache, ids: Sequence[tuple[int]]) -> Iterator[ResponseRow]:
    """Read responses by their ids, one at a time; those that were removed are left out."""
    for response_id in ids:
        with cache.reading() as connection:
            row = connection.execute(
                f"SELECT {ROW_COLUMNS} FROM answer a JOIN record r ON r.id = a.record"
                " WHERE a.id = ?",
                response_id,
            ).fetchone()
        if row is None:
            continue  # removed in the meantime
        try:
            yield ResponseRow(response_from_row(row))
        except CacheError as error:
            yield ResponseRow(None, error)
