"""Every distinct answer that is held of one record, one at a time, damaged ones too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import ANSWER_COLUMNS, StoredResponse, response_from_row


class ResponseRow(NamedTuple):
    """An answer as it is held, or the fault for which it cannot be read."""

    response: StoredResponse | None
    error: CacheError | None = None


def iter_responses(cache: Cache, suffix: str) -> Iterator[ResponseRow]:
    """Walk through the answers of a record, the one checked last first.

    Raises CacheError where the cache itself cannot be read; a damaged answer is given as that, and
    does not hide the others.
    """
    with cache.reading() as connection:
        numbers = connection.execute(
            "SELECT a.id FROM record r JOIN answer a ON a.record = r.id WHERE r.suffix = ?"
            " ORDER BY a.checked_at DESC, a.id DESC",
            (suffix,),
        ).fetchall()
    yield from read_responses(cache, numbers)


def read_responses(cache: Cache, numbers: Sequence[tuple[int]]) -> Iterator[ResponseRow]:
    """Read answers by their numbers, one at a time; those that were removed are left out."""
    for number in numbers:
        with cache.reading() as connection:
            row = connection.execute(
                f"SELECT {ANSWER_COLUMNS} FROM answer a JOIN record r ON r.id = a.record"
                " WHERE a.id = ?",
                number,
            ).fetchone()
        if row is None:
            continue  # removed in the meantime
        try:
            yield ResponseRow(response_from_row(row))
        except CacheError as fault:
            yield ResponseRow(None, fault)
