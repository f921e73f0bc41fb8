"""The library: the records in the cache, filtered while typing, sorted, and verified when read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from pith_tui.errors import PithError, UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.collections import ReadOnlyCache, open_reader
from pith_tui.store import records
from pith_tui.store.query import Query, parse_query
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.exclusive_worker import run_exclusive
from pith_tui.tui.library_state import (
    SHORT_NAMES,
    TAB_LABELS,
    TABS,
    LibraryState,
    TabSources,
    Toggle,
    empty_message,
    no_match_message,
    open_tab,
)
from pith_tui.tui.reindex_worker import ReindexWorker
from pith_tui.tui.render.columns import By, ListRow, Sort
from pith_tui.tui.row_source import RowSource
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TabBar
from pith_tui.tui.widgets.line_input import LineInput
from pith_tui.tui.widgets.record_list import RecordList

_HINT = "filter: words, or author: title: cat: id: year:2020..2024"
_SMALL = 60
_ORDERS = tuple(By)
_COUNT_DELAY = 0.15
"""Seconds after which the status says that records are being counted."""


class LibraryScreen(PithScreen[str | None]):
    """A list of records to choose from; returns the suffix of the chosen one.

    ``begin`` is the tab of ``TABS`` to open; without it the screen has the ``state`` that the last
    one left.
    """

    GROUP = LIBRARY
    AUTO_FOCUS = "#records"  # not the filter: it would get keys typed meanwhile
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-small"),
        (_SMALL, "-large"),
    ]

    def __init__(
        self,
        service: RecordService,
        sources: TabSources = TabSources(),  # noqa: B008 - it cannot be changed
        begin: str | None = None,
        state: LibraryState | None = None,
    ) -> None:
        super().__init__()
        self._service = service
        self._sources = sources
        self._state = state or LibraryState()
        if begin is not None and begin != self._state.tab:
            self._state.tab, self._state.filter_text, self._state.sort = begin, "", Sort()
        self._uncounted: tuple[object, ...] = ()
        self._views: dict[str, ReadOnlyCache] = {}
        self._counting: ReadOnlyCache | None = None
        self._source: RowSource | None = None
        self._counted, self._backlog, self._error_text = "", "", ""
        self._marking = asyncio.Lock()
        self._reindex = ReindexWorker(service.cache, self._show_reindex, self.key_for)

    # Opening and closing

    def compose(self) -> ComposeResult:
        """Compose the tabs, the filter, the list and the status."""
        self.apply_breakpoints()
        yield TabBar(SHORT_NAMES if self.app.size.width < _SMALL else TAB_LABELS, id="library-tabs")
        yield LineInput(self._state.filter_text, placeholder=_HINT, compact=True, id="filter")
        yield RecordList(id="records", now=self._service.now)
        yield StatusBar(id="status")
        yield KeyBar(LIBRARY, id="keys")

    def on_mount(self) -> None:
        """Restore the last state."""
        self._list = self.query_one(RecordList)
        self._filter = self.query_one(Input)
        self._list.focus()
        run_exclusive(self, "stars", self._read_stars)
        self._go_to(self._state.tab)

    def on_unmount(self) -> None:
        """Close the open caches."""
        self._reindex.stop()
        self._stop_reading()
        self.workers.cancel_group(self, "count")
        for view in (*self._views.values(), self._counting):
            if view is not None:
                view.close()

    async def _read_stars(self) -> None:
        try:
            members = await asyncio.to_thread(self._sources.bookmarks)
        except PithError as error:
            self.fail(error)
            return
        self._list.starred = {member.suffix for member in members}
        self._list.refresh()

    # Tabs

    def _go_to(self, tab: str) -> None:
        self._state.tab = tab
        self._stop_reading()
        self._source = None
        self._list.detach()
        self.workers.cancel_group(self, "count")
        for changing in ("bookmarks", "recent"):
            view = self._views.pop(changing, None)
            if view is not None:
                view.close()
        self.query_one("#library-tabs", TabBar).choose(TABS.index(tab))
        self._list.border_title = TAB_LABELS[TABS.index(tab)]
        run_exclusive(self, "open", self._open, tab)

    async def _open(self, tab: str) -> None:
        try:
            if tab not in self._views:
                self._views[tab] = await _opened_view(open_tab, tab, self._service, self._sources)
            if tab == "all" and self._counting is None and self._service.cache is not None:
                self._counting = await _opened_view(open_reader, self._service.cache)
                await self._reindex.start_if_small()
        except PithError as error:
            self.fail(error)
            return
        self._search()

    def action_tab(self, index: int) -> None:
        """Go to a tab."""
        if TABS[index] != self._state.tab:
            self._go_to(TABS[index])

    def action_next_tab(self, step: int) -> None:
        """Go to the next or previous tab."""
        self.action_tab((TABS.index(self._state.tab) + step) % len(TABS))

    @on(TabBar.Chosen)
    def tab_clicked(self, message: TabBar.Chosen) -> None:
        """Go to the clicked tab."""
        self.action_tab(message.index)

    # Searching and sorting

    @on(Input.Changed)
    def search_typed(self, message: Input.Changed) -> None:
        """Search for the text of the filter."""
        if message.value != self._state.filter_text:
            self._state.filter_text = message.value
            self._search()

    def _search(self) -> None:
        """Show what the filter finds on the tab; the reads of the previous search are cancelled."""
        view = self._views.get(self._state.tab)
        if view is None:
            return
        try:
            query = parse_query(self._state.filter_text)
        except PithError as error:
            self._stop_reading()
            self._source = None
            self.workers.cancel_group(self, "count")
            self._list.say((f"{error}.", f"{error.hint}."))
            self._error_text = f"{error}; {error.hint}"
            self._show_status()
            return
        self._stop_reading()
        self._error_text = ""
        sort = self._state.sort
        self._source = RowSource(view, query, sort, self._service.trusted)
        is_search = query != records.EVERYTHING
        tab, remembers = self._state.tab, self._sources.toggle_bookmark is not None
        empty = (
            no_match_message(self._state.filter_text, self.key_for)
            if is_search
            else empty_message(tab, self._service, self.key_for, remembers=remembers)
        )
        self._list.show(self._source, sort, empty)
        label = f"{sort.by.label}{', reversed' if sort.reversed else ''}"
        if self._list.border_subtitle != label:  # setting it redraws the whole list
            self._list.border_subtitle = label
        self._uncounted = (view, query, is_search)
        self.workers.cancel_group(self, "count")

    @on(RecordList.Shown)
    def count(self) -> None:
        """Count the records, after the rows, which do not wait for it."""
        run_exclusive(self, "count", self._count, *self._uncounted)

    def _stop_reading(self) -> None:
        if self._source is not None:
            self._source.stop()
        if self._counting is not None:
            self._counting.interrupt()

    async def _count(self, view: ReadOnlyCache, query: Query, is_match: bool) -> None:
        """Show the number of records."""
        beside = self._counting if self._state.tab == "all" else None
        counting = asyncio.ensure_future(
            asyncio.to_thread(records.count_records, beside or view, query)
        )
        try:
            done, _ = await asyncio.wait({counting}, timeout=_COUNT_DELAY)
            if not done:
                self._counted = "counting …"
                self._show_status()
            number = await counting
        except PithError as error:
            self.fail(error)
            return
        finally:
            counting.cancel()
        text = "1 record" if number == 1 else f"{number:,} records"
        self._counted = f"{text} found" if is_match else text
        self._show_status()

    def _show_status(self) -> None:
        if self._error_text:
            self.say(self._error_text, warning=True)
            return
        remarks = [self._counted, self._backlog]
        self.say(" · ".join(filter(None, remarks)))

    def action_sort(self, step: int) -> None:
        """Sort by the next or previous column."""
        position = (_ORDERS.index(self._state.sort.by) + step) % len(_ORDERS)
        self._sort_by(Sort(_ORDERS[position]))

    def action_reverse(self) -> None:
        """Reverse the order."""
        self._sort_by(self._state.sort._replace(reversed=not self._state.sort.reversed))

    @on(RecordList.HeaderClicked)
    def header_clicked(self, message: RecordList.HeaderClicked) -> None:
        """Sort by a column; if it is sorted already, reverse the order."""
        if message.by is self._state.sort.by:
            self.action_reverse()
        else:
            self._sort_by(Sort(message.by))

    def _sort_by(self, sort: Sort) -> None:
        self._state.sort = sort
        self._search()
        if self._state.tab == "all" and sort.sorting.order.needs_columns:
            run_exclusive(self, "backlog", self._reindex.start)

    def _show_reindex(self, message: str, done: bool) -> None:
        """Show the progress of indexing, and sort once it is done."""
        self._backlog = message
        self._show_status()
        if done:
            self._backlog = ""
            self._search()

    @on(RecordList.Failed)
    def rows_failed(self, message: RecordList.Failed) -> None:
        """Show the error in the status bar, unless the list says it all."""
        if isinstance(message.error, UsageError):
            self._counted = ""
            self._show_status()
            return
        self._error_text = f"{message.error}; {message.error.hint}"
        self._show_status()

    # Keys

    @on(RecordList.Chosen)
    def choose(self, message: RecordList.Chosen) -> None:
        """Return the chosen record."""
        self.dismiss(message.suffix)

    @on(Input.Submitted)
    def go_to_list(self) -> None:
        """Go from the filter to its results."""
        self._list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ``/`` to the filter while it has the focus: old ids contain one."""
        del parameters
        return action != "filter" or not isinstance(self.focused, Input)

    def action_filter(self) -> None:
        """Focus the filter."""
        self.set_focus(self._filter)  # at once: the next keys belong to the filter

    def action_clear(self) -> None:
        """Clear the filter."""
        self._filter.value = ""

    def action_other(self) -> None:
        """Switch between the filter and the list."""
        self.set_focus(self._list if isinstance(self.focused, Input) else self._filter)

    def action_bookmark(self) -> None:
        """Set or remove the bookmark of the row under the cursor."""
        row, toggle = self._list.current, self._sources.toggle_bookmark
        if row is None or toggle is None:
            self.say("no record to bookmark here", warning=True)
            return
        self.run_worker(self._bookmark(row, toggle), group="bookmark")

    async def _bookmark(self, row: ListRow, toggle: Toggle) -> None:
        try:
            async with self._marking:  # one after the other, in the order of the key presses
                marked = await asyncio.to_thread(toggle, row.suffix, row.name)
        except PithError as error:
            self.fail(error)
            return
        if marked is None:
            self.say(f"the bookmark of {row.name} could not be written", warning=True)
            return
        self._list.star(row.suffix, marked)
        self.say(f"{row.name} is {'now' if marked else 'no longer'} bookmarked")

    def action_bibliography(self) -> None:
        """Check the titles of a reference list; a record chosen there is returned."""
        from pith_tui.tui.screens.bibliography import BibliographyScreen

        screen = BibliographyScreen(self._service, self._state.bibliography)
        self.app.push_screen(screen, self._choose_suffix)

    def _choose_suffix(self, suffix: str | None) -> None:
        if suffix is not None:
            self.dismiss(suffix)

    def action_leave(self) -> None:
        """Stop what is running; otherwise go back to the list, or from there to the record."""
        if self._reindex.running:
            self._reindex.stop()
        elif isinstance(self.focused, Input):
            self._list.focus()
        else:
            self.dismiss(None)


async def _opened_view(make: Callable[..., ReadOnlyCache], *arguments: object) -> ReadOnlyCache:
    """Open a view in a thread; if it is no longer wanted when it is ready, close it."""
    making = asyncio.get_running_loop().run_in_executor(None, make, *arguments)
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        making.add_done_callback(_close)
        raise


def _close(opening: asyncio.Future[ReadOnlyCache]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
