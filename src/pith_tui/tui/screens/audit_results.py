"""The records that a verification of the archive found wanting, listed to choose one from."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from pith_tui.errors import CacheError
from pith_tui.lookup.service import RecordService
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
        self, library: RecordService, title: str, suffixes: Sequence[str], count: int
    ) -> None:
        """List records by suffix; ``count`` is how many there are, named or not."""
        super().__init__()
        self._library = library
        self._title = title
        self._suffixes = suffixes
        self._count = count

    def compose(self) -> ComposeResult:
        """Render the list and a line of remarks."""
        records = RecordList(id="records", now=self._library.now)
        records.border_title = self._title
        yield records
        yield StatusBar(id="status")
        yield KeyBar(FOUND, id="keys")

    def on_mount(self) -> None:
        """Begin with the first."""
        records = self.query_one(RecordList)
        records.focus()
        assert self._library.cache is not None, "an archive was verified"
        source = _Named(self._library.cache, self._suffixes, self._library.trusted)
        records.show(source, Sort(), ("None of them is named.",))
        words = f"{self._count:,} record{'' if self._count == 1 else 's'}"
        if self._count > len(self._suffixes):
            words += f", of which the first {len(self._suffixes):,} are named here"
        self.query_one(StatusBar).say(f"{words}; each is verified anew as it is shown")

    @on(RecordList.Chosen)
    def choose(self, message: RecordList.Chosen) -> None:
        """Return the chosen record back."""
        self.dismiss(message.suffix)

    def action_leave(self) -> None:
        """Go back to the archive."""
        self.dismiss(None)


class _Named:
    """A source of rows over suffixes; the place of each is where it stands among them."""

    def __init__(self, cache: Cache, suffixes: Sequence[str], trusted: Sequence[PublicKey]) -> None:
        self._cache = cache
        self._suffixes = suffixes
        self._trusted = trusted

    def __call__(self, window: Window) -> list[ListRow]:
        """Read a page, its records not verified yet."""
        at = None if window.place is None else int(window.place.key)
        if window.backward:
            last = len(self._suffixes) if at is None else at
            first = max(last - window.size, 0)
        else:
            first = 0 if at is None else at + 1
            last = first + window.size
        return [
            row_of(PositionedRecord(Position(index, index), _item(self._cache, index, suffix)))
            for index, suffix in enumerate(self._suffixes[first:last], first)
        ]

    def judged(self, row: ListRow) -> ListRow:
        """Verify the record of a row."""
        return verified_row(row, self._trusted)


def _item(cache: Cache, index: int, suffix: str) -> StoredRecord:
    """Read one record anew."""
    try:
        held = cache.latest(suffix)
    except CacheError as error:
        return StoredRecord(index, suffix, None, error)
    gone = None if held is not None else CacheError("it was removed since")
    return StoredRecord(index, suffix, held, gone)
