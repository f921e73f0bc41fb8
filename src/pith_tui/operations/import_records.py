"""Store the records among what an import reads; skip what is no record, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.operations.import_inputs import InputRecord
from pith_tui.operations.job import Job, until_stopped
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import NewResponse

MAX_SKIPPED = 200
"""Skipped inputs that a result names; the others are only counted."""
_BATCH = 1000
_BATCH_BYTES = 1 << 26
"""Bytes of records that are stored in one transaction, a single one apart."""


class SkippedInput(NamedTuple):
    """What an import did not store: where it is, and why."""

    name: str
    reason: str


class ImportResult(NamedTuple):
    """The result of an import; ``first_skipped`` are the first ``MAX_SKIPPED`` that were skipped.

    ``known`` counts the records that were stored byte for byte before.
    """

    new: int
    known: int
    skipped: int
    first_skipped: tuple[SkippedInput, ...] = ()


def import_all(
    cache: Cache,
    inputs: Iterator[InputRecord],
    job: Job,
    on_skipped: Callable[[SkippedInput], None] = lambda _: None,
) -> ImportResult:
    """Store every record among the inputs, until the job is stopped.

    No server sent them now, so the latest response of a record that was stored before stays the
    latest.  ``on_skipped`` is called with each input that is no record.  Raises CacheError; what
    was stored by then stays, and so it does if the job is stopped.
    """
    new = skipped = number = size = 0
    first_skipped: list[SkippedInput] = []
    last = cache.last_response_id()
    batch: list[NewResponse] = []
    for number, item in enumerate(until_stopped(inputs, job), 1):
        entry = _entry(item, last)
        if isinstance(entry, NewResponse):
            batch.append(entry)
            size += len(entry.raw)
        else:
            skipped += 1
            if len(first_skipped) < MAX_SKIPPED:
                first_skipped.append(entry)
            on_skipped(entry)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            new += cache.store_many(batch)
            batch, size = [], 0
        if number % _BATCH == 0:
            job.update(number)
    new += cache.store_many(batch) if batch else 0
    job.update(number)
    return ImportResult(new, number - skipped - new, skipped, tuple(first_skipped))


def _entry(item: InputRecord, last: int) -> NewResponse | SkippedInput:
    if item.error:
        return SkippedInput(item.name, item.error)
    try:
        catalog = catalog_entry(Record(item.raw))
    except NotARecordError as error:
        return SkippedInput(item.name, str(error))
    if catalog is None:
        return SkippedInput(item.name, "it has no Pith Number and no canonical record")
    time = min(item.time, datetime.now(UTC))  # no file's time is later than now
    return NewResponse(item.raw, catalog, f"import:{item.name}", None, time, behind=last)
