"""The records of the cache, each verified and with the response to use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pith_tui.lookup.stored import CheckedResponse, best_of
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.store.records import EVERYTHING, StoredRecord, iter_records


class BestRecord(NamedTuple):
    """A record of the cache and the response to use; ``best`` is None if all are damaged."""

    record: StoredRecord
    best: CheckedResponse | None


def best_of_record(cache: Cache, record: StoredRecord, trusted: Sequence[PublicKey]) -> BestRecord:
    """Verify a record of the cache, and look for a better response if the latest does not."""
    asked = Identifier(Kind.PITH, record.suffix)
    best = best_of(cache, record.suffix, asked, trusted, record.response)
    return BestRecord(record if best is None else record._replace(response=best.response), best)


def iter_best_records(
    cache: Cache, trusted: Sequence[PublicKey], query: Query = EVERYTHING
) -> Iterator[BestRecord]:
    """Walk through the records that a search finds, each with the response to use."""
    for record in iter_records(cache, query):
        yield best_of_record(cache, record, trusted)
