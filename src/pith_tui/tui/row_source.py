"""The source of a list's rows: pages of a tab, and the verdict of each record on them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.lookup.equivocation import find_equivocation
from pith_tui.lookup.stored import best_stored
from pith_tui.operations.collections import SAMPLE_ORIGIN, ReadOnlyCache, sort_by_verdict
from pith_tui.output.safe import safe
from pith_tui.output.wording import VERDICT_OUTCOMES
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.store import paging
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Position, PositionedRecord, Window
from pith_tui.store.query import Query
from pith_tui.store.records import StoredRecord, records_at
from pith_tui.tui.render.columns import By, ListRow, Sort
from pith_tui.tui.render.layout import shown


class RowSource:
    """The sorted results of a search on a tab; called in threads, interrupted from any other."""

    def __init__(
        self, view: ReadOnlyCache, query: Query, sort: Sort, trusted: Sequence[PublicKey]
    ) -> None:
        self._view = view
        self._query = query
        self._sort = sort
        self._trusted = trusted
        self._stopped = threading.Event()
        self._by_verdict: list[int] | None = None

    def stop(self) -> None:
        """Interrupt the current read: its result is no longer needed."""
        self._stopped.set()
        self._view.interrupt()

    def __call__(self, window: Window) -> list[ListRow]:
        """Read a page of unverified records.

        Raises CacheError, and UsageError for too many records to sort by verdict.
        """
        if self._sort.by is By.VERDICT:
            placed = self._page_by_verdict(window)
        else:
            placed = paging.page(self._view, self._query, self._sort.sorting, window)
        return [self._row(record) for record in placed if not self._stopped.is_set()]

    def verified(self, row: ListRow) -> ListRow:
        """Verify the record of a row, from its bytes.

        If its latest response does not verify, the row becomes that of the best stored one.
        """
        if self._stopped.is_set():
            return row
        verified = verified_row(row, self._view, self._trusted)
        if verified is row or verified.outcome is Outcome.PASSED:
            return verified
        asked = Identifier(Kind.PITH, row.suffix)
        try:
            best = best_stored(self._view, row.suffix, asked, self._trusted)
        except CacheError:  # removed or damaged since the row was read
            return verified
        if best is None or best.response.raw == row.raw:
            return verified
        record = StoredRecord(row.place.number, row.suffix, best.response)
        return verified_row(row_of(PositionedRecord(row.place, record)), self._view, self._trusted)

    def _page_by_verdict(self, window: Window) -> list[PositionedRecord]:
        if self._by_verdict is None:
            self._by_verdict = sort_by_verdict(
                self._view,
                self._query,
                self._trusted,
                descending=self._sort.reversed,
                stopped=self._stopped.is_set,
            )
        end = len(self._by_verdict)
        if window.backward:
            last = end if window.place is None else int(window.place.key)
            first = max(last - window.size, 0)
        else:
            first = 0 if window.place is None else int(window.place.key) + 1
            last = min(first + window.size, end)
        items = records_at(self._view, self._by_verdict[first:last])
        return [
            PositionedRecord(Position(index, record.number), record)
            for index, record in enumerate(items, first)
        ]

    def _row(self, placed: PositionedRecord) -> ListRow:
        absent = self._view.absent.get(placed.item.suffix)
        if absent is not None:
            outcome = Outcome.FAILED if absent.damaged else Outcome.ABSENT
            return _bare_row(placed, absent.name, absent.why, outcome)
        return row_of(placed)


def _bare_row(placed: PositionedRecord, name: str, text: str, outcome: Outcome) -> ListRow:
    return ListRow(placed.place, placed.item.suffix, name, safe(text), None, "", "", None, outcome)


def row_of(placed: PositionedRecord) -> ListRow:
    """Make the row of an unverified record; an unreadable record has the error as its title."""
    place, item = placed
    if item.response is None:
        return _bare_row(placed, item.suffix, str(item.error), Outcome.FAILED)
    try:
        record = Record(item.response.raw)
    except NotARecordError as error:  # stored by an older version that took it for a record
        row = _bare_row(placed, item.suffix, str(error), Outcome.FAILED)
        return row._replace(outcome=None, raw=item.response.raw)
    source = record.canonical_source if record.canonical_record is not None else record.source
    metadata = ("canonical_record", "metadata")
    sample = item.response.origin == SAMPLE_ORIGIN
    return ListRow(
        place,
        item.suffix,
        source.text,
        shown(record.title or ""),
        None,
        record.text(*metadata, "primary_cat") or "",
        record.text(*metadata, "submitted_at") or "",
        None if sample else item.response.checked_at,
        None,
        "a sample" if sample else "–",
        item.response.raw,
    )


def verified_row(row: ListRow, cache: Cache, trusted: Sequence[PublicKey]) -> ListRow:
    """Verify the record of a row from its bytes, unless that is done.

    It is compared with other content that the cache has for the same work and version.
    """
    if row.outcome is not None:
        return row
    checked = read(row.raw, Identifier(Kind.PITH, row.suffix), trusted)
    title = checked.title
    finding = find_equivocation(cache, checked, trusted)
    return row._replace(
        title=row.title if title is None else shown(title.text),
        outcome=VERDICT_OUTCOMES[checked.report.verdict],
        mark=Mark.CLAIMED if title is None else title.mark,
        raw=b"",
        has_conflicts=bool(checked.report.conflicts),
        has_alarm=finding is not None and finding.kind.is_alarm,
    )
