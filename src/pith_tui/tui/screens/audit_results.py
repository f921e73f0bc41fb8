"""The records of one group of a verification's results, to choose one from."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from pith_tui.errors import CacheError
from pith_tui.lookup.service import RecordService
from pith_tui.output.cache_text import count_records_text
from pith_tui.protocol.keys import PublicKey
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Position, PositionedRecord, Window
from pith_tui.store.records import StoredRecord
from pith_tui.tui.commands.cache import FOUND
from pith_tui.tui.render.columns import ListRow, Sort
from pith_tui.tui.row_source import row_of, verified_row
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.record_list import RecordList


class AuditResultsScreen(PithScreen[str | None]):
    """A list of named records, each read and verified when it is shown; returns the chosen one."""

    GROUP = FOUND

    def __init__(
        self, service: RecordService, title: str, suffixes: Sequence[str], count: int
    ) -> None:
        """List records by suffix; ``count`` is their total number, named or not."""
        super().__init__()
        self._service = service
        self._title = title
        self._suffixes = suffixes
        self._count = count

    def compose(self) -> ComposeResult:
        """Compose the list, status and keys."""
        records = RecordList(id="records", now=self._service.now)
        records.border_title = self._title
        yield records
        yield StatusBar(id="status")
        yield KeyBar(FOUND, id="keys")

    def on_mount(self) -> None:
        """Show the first records."""
        records = self.query_one(RecordList)
        records.focus()
        assert self._service.cache is not None, "a cache was verified"
        source = _Named(self._service.cache, self._suffixes, self._service.trusted)
        records.show(source, Sort(), ("None of these records is named.",))
        text = count_records_text(self._count)
        if self._count > len(self._suffixes):
            text += f", the first {len(self._suffixes):,} of which are listed"
        self.say(f"{text}; each is verified again as it is shown")

    @on(RecordList.Chosen)
    def choose(self, message: RecordList.Chosen) -> None:
        """Return the chosen record."""
        self.dismiss(message.suffix)

    def action_leave(self) -> None:
        """Go back to the cache."""
        self.dismiss(None)


class _Named:
    """A source of rows over suffixes; the position of each is its index among them."""

    def __init__(self, cache: Cache, suffixes: Sequence[str], trusted: Sequence[PublicKey]) -> None:
        self._cache = cache
        self._suffixes = suffixes
        self._trusted = trusted

    def __call__(self, window: Window) -> list[ListRow]:
        """Read a page of unverified records."""
        start = None if window.place is None else int(window.place.key)
        if window.backward:
            last = len(self._suffixes) if start is None else start
            first = max(last - window.size, 0)
        else:
            first = 0 if start is None else start + 1
            last = first + window.size
        return [
            row_of(
                PositionedRecord(Position(index, index), _stored_record(self._cache, index, suffix))
            )
            for index, suffix in enumerate(self._suffixes[first:last], first)
        ]

    def verified(self, row: ListRow) -> ListRow:
        """Verify the record of a row."""
        return verified_row(row, self._cache, self._trusted)


def _stored_record(cache: Cache, index: int, suffix: str) -> StoredRecord:
    """Read one record again."""
    try:
        response = cache.latest(suffix)
    except CacheError as error:
        return StoredRecord(index, suffix, None, error)
    removed = None if response is not None else CacheError("it has since been removed")
    return StoredRecord(index, suffix, response, removed)
