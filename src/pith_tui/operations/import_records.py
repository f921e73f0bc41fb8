"""Keep the records among what an import reads; what is none is skipped, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.operations.import_inputs import InputRecord
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import NewResponse

_BATCH = 1000


class ImportCounts(NamedTuple):
    """What an import came to."""

    new: int
    known: int
    skipped: int


def import_all(
    cache: Cache,
    candidates: Iterator[InputRecord],
    skipped: Callable[[str, str], None],
    progress: Callable[[int], None],
) -> ImportCounts:
    """Keep every record among the candidates; ``skipped`` is told of each that is none, and why.

    No server sent them now, so of a record that was held before, the latest answer stays that.

    ``progress`` is told now and then how many candidates were looked at.  Raises CacheError; what
    was kept by then stays.
    """
    new = faults = number = 0
    last = cache.last_answer()
    batch: list[NewResponse] = []
    for number, candidate in enumerate(candidates, 1):
        entry = _entry(candidate, last)
        if isinstance(entry, str):
            faults += 1
            skipped(candidate.name, entry)
        else:
            batch.append(entry)
        if len(batch) == _BATCH:
            new += cache.store_many(batch)
            batch = []
        if number % _BATCH == 0:
            progress(number)
    new += cache.store_many(batch) if batch else 0
    progress(number)
    return ImportCounts(new, number - faults - new, faults)


def _entry(candidate: InputRecord, last: int) -> NewResponse | str:
    if candidate.error:
        return candidate.error
    try:
        catalog = catalog_entry(Record(candidate.raw))
    except NotARecordError as error:
        return str(error)
    if catalog is None:
        return "nothing in it says which record it is"
    at = min(candidate.time, datetime.now(UTC))  # no file's time is a later one
    return NewResponse(candidate.raw, catalog, f"import:{candidate.name}", None, at, behind=last)
