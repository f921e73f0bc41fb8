"""The library: all that the cache holds, filtered as one types, each row verified as it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from pith_tui.errors import PithError
from pith_tui.output.rows import view_of
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.protocol.verification import verify
from pith_tui.sources import archive
from pith_tui.sources.archive import Item
from pith_tui.sources.library import Library
from pith_tui.sources.query import Query, parse_query
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.record_list import ListRow, Page, RecordList

if TYPE_CHECKING:
    from pith_tui.tui.app import PithApp

_HINT = "words, or author: title: cat: id: year:2020..2024"
_OUTCOMES = {
    Verdict.VERIFIED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.UNDECIDED: Outcome.UNDECIDED,
}


class LibraryScreen(Screen[str | None]):
    """A list of records to choose one from; gives the suffix of the chosen one."""

    app: PithApp
    GROUP = LIBRARY
    BINDINGS: ClassVar[list[BindingType]] = GROUP.bindings

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def compose(self) -> ComposeResult:
        """Lay out the filter, the list and a line of remarks."""
        yield Input(placeholder=_HINT, compact=True, id="filter")
        records = RecordList(id="records", now=self._library.now)
        records.border_title = "Library"
        yield records
        yield StatusBar(id="status")
        yield KeyBar(LIBRARY, id="keys")

    def on_mount(self) -> None:
        """Begin with everything."""
        self.query_one(RecordList).focus()
        self._search("")

    @on(Input.Changed)
    def search_typed(self, message: Input.Changed) -> None:
        """Search for what stands in the filter."""
        self._search(message.value)

    def _search(self, text: str) -> None:
        status = self.query_one(StatusBar)
        try:
            query = parse_query(text)
        except PithError as error:
            status.say(f"{error}. {error.advice}", trouble=True)
            return
        self.query_one(RecordList).show(self._source_of(query))
        self.run_worker(self._count(query), group="count", exclusive=True)

    async def _count(self, query: Query) -> None:
        """Say how many there are; counted beside the rows, which do not wait for it."""
        cache = self._library.cache
        assert cache is not None, "the screen is opened only where there is a cache"
        try:
            found = await asyncio.to_thread(archive.count, cache, query)
        except PithError as error:
            self.query_one(StatusBar).say(f"{error}. {error.advice}", trouble=True)
            return
        self.query_one(StatusBar).say(f"{found:,} records" if found != 1 else "1 record")

    def _source_of(self, query: Query) -> Callable[[Page], list[ListRow]]:
        """Make a source of rows, to be called in a thread."""
        cache, trusted = self._library.cache, self._library.trusted

        def read(page: Page) -> list[ListRow]:
            assert cache is not None, "the screen is opened only where there is a cache"
            if page.before is None:
                found = archive.page(cache, query, after=page.after or 0, size=page.size)
            else:
                found = archive.page_before(cache, query, before=page.before, size=page.size)
            return [_row(item, trusted) for item in found]

        return read

    @on(RecordList.Chosen)
    def choose(self, message: RecordList.Chosen) -> None:
        """Give the chosen record back."""
        self.dismiss(message.suffix)

    @on(Input.Submitted)
    def go_to_list(self) -> None:
        """Go from the filter to what it found."""
        self.query_one(RecordList).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ``/`` to the filter while it is typed in: old ids have one in them."""
        del parameters
        return action != "filter" or not isinstance(self.focused, Input)

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(Input).focus()

    def action_other(self) -> None:
        """Go from the filter to the list, or back."""
        self.set_focus(
            self.query_one(RecordList) if isinstance(self.focused, Input) else self.query_one(Input)
        )

    def action_leave(self) -> None:
        """Go back to the record that was open."""
        if isinstance(self.focused, Input):
            self.query_one(RecordList).focus()
        else:
            self.dismiss(None)


def _row(item: Item, trusted: tuple[PublicKey, ...]) -> ListRow:
    if item.held is None:
        title = str(item.fault)
        return ListRow(
            item.number, item.suffix, item.suffix, title, None, "", "", None, Outcome.FAILED
        )
    asked = Identifier(Kind.PITH, item.suffix)
    report = verify(item.held.raw, asked, trusted)
    view = view_of(Record(item.held.raw), report)
    record = view.record
    source = record.canonical_source if record.canonical_record is not None else record.source
    metadata = ("canonical_record", "metadata")
    return ListRow(
        item.number,
        item.suffix,
        source.text,
        record.title or "",
        view.marks.get(("paper", "title")),
        record.text(*metadata, "primary_cat") or "",
        record.text(*metadata, "submitted_at") or "",
        item.held.checked_at,
        _OUTCOMES[report.verdict],
    )
