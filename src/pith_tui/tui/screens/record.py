"""The record screen: one record, and everything that can be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from pith_tui.errors import PithError
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.output.names import signed_work
from pith_tui.output.panes import PANES
from pith_tui.output.rows import OpenRecord, Row, Toggle
from pith_tui.protocol.identifiers import Identifier, IdentifierError
from pith_tui.protocol.pasted_text import identifier_in
from pith_tui.protocol.report import Check, Report
from pith_tui.store.response_rows import StoredResponse
from pith_tui.tui.bookmarking import toggle_bookmark
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.exclusive_worker import run_exclusive
from pith_tui.tui.loading import EarlyLookUp
from pith_tui.tui.lookup_controller import LookupController
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.screens.destinations import Destinations
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TabBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.id_bar import IdBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.record_panes import RecordPanes

_LOOK_UP = "look-up"
"""The group of workers that change the shown record, one at a time."""


class RecordScreen(PithScreen[None]):
    """Id bar, verdict, title, the four panes or a list, status and keys.

    Draws the state of its controller, and forwards commands to it and to the other screens.
    """

    GROUP = RECORD
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - typed by Textual
    AUTO_FOCUS = ""

    def __init__(
        self,
        service: RecordService,
        asked: Identifier | None,
        first: EarlyLookUp | None,
        *,
        refresh: bool,
    ) -> None:
        """Make the screen; ``first`` is the local look-up of ``asked`` if already started."""
        super().__init__()
        self._service = service
        self._asked_first = asked
        self._refresh_first = refresh
        self._controller = LookupController(service, self, first)
        self._destinations = Destinations(self, service, self.open, self._open_response)

    # Layout

    def compose(self) -> ComposeResult:
        """Compose the bars and panes; the style sheet decides what is visible at which width."""
        self.apply_breakpoints()
        yield IdBar(id="id-bar")
        yield VerdictBar(id="verdict")
        yield TitleBar(id="title")
        yield TabBar([name for _, name in PANES], id="tabs")
        yield RecordPanes(id="panes")
        yield Pane("Records", id="listing")
        yield StatusBar(id="status")
        yield KeyBar(self.GROUP, id="keys")

    def on_mount(self) -> None:
        """Start with the record that was asked for, or with the start page."""
        self._source = self.pith.settings.tex == "source"
        self._panes, self._listing = self.query_one(RecordPanes), self.query_one("#listing", Pane)
        self._panes.set_source(self._source)
        self._id_bar, self._title = self.query_one(IdBar), self.query_one(TitleBar)
        self._verdict = self.query_one(VerdictBar)
        self._select_pane(0, focus=False)
        for notice in self.pith.notices:
            self.say(notice, warning=True)
        if self._asked_first is not None:
            self._controller.show_first()
            self.open(self._asked_first, refresh=self._refresh_first)
            return
        self.action_samples()
        if self.pith.settings.start == "library":
            self.run_worker(self.action_library())

    def _select_pane(self, index: int, *, focus: bool = True) -> None:
        self._panes.select(index)
        self.query_one(TabBar).choose(index)
        if focus:
            self._panes.open_pane.focus()

    def on_descendant_focus(self) -> None:
        """Follow the focus, so that tabs and panes agree after a click."""
        index = self._panes.index_of(self.focused)
        if index is not None:
            self._select_pane(index, focus=False)

    @on(IdBar.Left)
    def focus_content(self) -> None:
        """Focus the open pane again."""
        (self._listing if self._controller.listing else self._panes.open_pane).focus()

    @on(TabBar.Chosen)
    def choose_tab(self, message: TabBar.Chosen) -> None:
        """Go to the clicked pane."""
        self.action_pane(message.index)

    def action_pane(self, index: int) -> None:
        """Go to a pane."""
        self._controller.return_to_record()
        if not self._controller.listing:
            self._select_pane(index)

    def action_step(self, step: int) -> None:
        """Go to the next or previous pane."""
        if not self._controller.listing:
            self._select_pane((self._panes.open_index + step) % len(PANES))

    # Drawing the controller's state

    def show_state(self) -> None:
        """Redraw the id bar, the verdict and the title, and the panes or the list."""
        state = self._controller
        self.set_class(state.listing, "-listing")
        self._id_bar.show(state.name, state.looking_up)
        self._show_verdict()
        shown = state.shown
        if shown is None or shown.checked.error is not None:
            self._title.clear()
        else:
            self._title.show_title(shown.checked, source=self._source, starred=state.bookmarked)

    def _show_verdict(self) -> None:
        state = self._controller
        record = None if state.listing else state.record or state.checking
        if record is None:
            self._verdict.clear()
        else:
            self._verdict.show(record, state.done, self._service.now(), state.findings)

    def start_checks(self) -> None:
        """Clear the panes for the next record."""
        self._panes.clear()

    def show_check(self, check: Check, report: Report) -> None:
        """Show a check of a report as it finishes."""
        self._panes.add_check(check, report)
        self._show_verdict()

    async def prepare(self, record: FetchedRecord) -> None:
        """Make the rows of a record that is about to be shown."""
        await self._panes.prepare(record.checked)

    def show_record(self, record: FetchedRecord, changed: Sequence[Row]) -> None:
        """Fill the panes, and note the visit."""
        self._panes.show(record.checked, changed)
        if record.checked.catalog is not None:
            self._note_visit(record, record.checked.catalog.suffix)
        if self._panes.index_of(self.focused) is None and not isinstance(self.focused, Input):
            self._panes.open_pane.focus()

    def _note_visit(self, record: FetchedRecord, suffix: str) -> None:
        asked = record.checked.report.asked
        if asked is not None and self._controller.was_asked_for(record):
            # Not under the name of a different record than the one that was received.
            self.pith.set_open_record(suffix, asked.text, self._service.now())
        # Files can wait until the frame is painted.
        later = partial(self.call_after_refresh, run_exclusive, self)
        later("visit", self._remember, record, suffix)

    async def _remember(self, record: FetchedRecord, suffix: str) -> None:
        bookmarked = await asyncio.to_thread(self.pith.remember, suffix)
        self._controller.set_bookmarked(record, bookmarked)

    def show_error(self, error: PithError) -> None:
        """Show an error in place of the record."""
        from pith_tui.tui.render.start_page import error_rows

        self._list(error_rows("No record to show", error, self.key_for), "What happened")
        self.say(str(error), warning=True)

    # Looking up

    def open(self, identifier: Identifier, *, refresh: bool = False) -> None:
        """Look up a record and show it; a running look-up is cancelled."""
        self._controller.start(identifier)
        run_exclusive(self, _LOOK_UP, self._controller.look_up, identifier, refresh)

    def _open_response(self, record: FetchedRecord, response: StoredResponse) -> None:
        asked = record.checked.report.asked
        run_exclusive(self, _LOOK_UP, self._controller.show_response, response, asked)

    @on(Pane.Opened)
    def open_row(self, message: Pane.Opened) -> None:
        """Open the record that a row refers to, or expand or collapse its details."""
        match message.row.action:
            case OpenRecord(identifier):
                self.open(identifier)
            case Toggle(toggle_id):
                self._panes.toggle(toggle_id)

    def action_samples(self) -> None:
        """List the records that come with the program."""
        from pith_tui.tui.render.start_page import welcome_rows

        self.workers.cancel_group(self, _LOOK_UP)
        self._controller.show_list()
        self._list(welcome_rows(self.key_for, offline=self._service.offline), "Records")
        run_exclusive(self, "samples", self._list_samples)

    async def _list_samples(self) -> None:
        from pith_tui.tui.render.start_page import sample_rows, welcome_rows

        rows = await asyncio.to_thread(sample_rows)
        self._listing.show([*welcome_rows(self.key_for, offline=self._service.offline), *rows])

    def _list(self, rows: list[Row], title: str) -> None:
        self._listing.border_title = title
        self._listing.show(rows)
        self._listing.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key to the input while there is one: old ids contain a slash."""
        del parameters
        return action != "find" or not isinstance(self.focused, Input)

    async def action_find(self) -> None:
        """Open the input for an identifier."""
        await self._id_bar.edit()

    @on(IdBar.Asked)
    def look_up_typed(self, message: IdBar.Asked) -> None:
        """Open what was typed, or say why it is not an identifier."""
        try:
            identifier = identifier_in(message.text, self._service.now().date())
        except IdentifierError as error:
            self.fail(error)
            return
        self.focus_content()
        self.open(identifier)

    def action_cancel(self) -> None:
        """Cancel a request; or go back from a list to the record that was open."""
        if self._controller.asking:
            self.workers.cancel_group(self, _LOOK_UP)
            self._controller.cancel()
        elif self._controller.return_to_record():
            self.focus_content()

    def action_refresh(self) -> None:
        """Ask the servers for the complete record, whatever is stored."""
        wanted = self._controller.wanted
        if wanted is None:
            self._say_nothing_open("refresh")
        elif self._service.offline:
            self.say("offline: no server is asked in this session", warning=True)
        else:
            self.open(wanted, refresh=True)

    def action_back(self) -> None:
        """Go back to the previous record."""
        self._go(self._controller.history.back(), "this is the first record of the session")

    def action_forward(self) -> None:
        """Go forward again."""
        self._go(self._controller.history.forward(), "there is no later record")

    def _go(self, identifier: Identifier | None, otherwise: str) -> None:
        if identifier is None:
            self.say(otherwise, warning=True)
            return
        self.open(identifier)
        self.say(f"record {self._controller.history.position} of this session")

    # The record that is open

    def _open_record(self, purpose: str) -> FetchedRecord | None:
        """Return the open record, or report that there is none for a purpose."""
        shown = self._controller.shown
        if shown is None or shown.checked.error is not None:
            self._say_nothing_open(purpose)
            return None
        return shown

    def _say_nothing_open(self, purpose: str) -> None:
        key = self.key_for("find")
        self.say(f"there is no record to {purpose}: press {key} and type an id", warning=True)

    def action_verify(self) -> None:
        """Repeat every check, from the bytes."""
        shown = self._controller.shown
        if shown is None:
            self._say_nothing_open("verify")
        else:
            run_exclusive(self, _LOOK_UP, self._controller.verify_again, shown)

    def action_copy(self) -> None:
        """Copy the row under the cursor, whole and raw."""
        pane = self.focused
        row = pane.current if isinstance(pane, Pane) else None
        if row is None:
            self.say("move to a field first", warning=True)
            return
        self.pith.copy_text(row.copied, self.say)

    def action_tex(self) -> None:
        """Switch between TeX as Unicode and TeX as its source."""
        self._source = not self._source
        self._panes.set_source(self._source)
        self._listing.set_source(self._source)
        self.show_state()
        self.say("TeX is shown as its source" if self._source else "TeX is shown as Unicode")

    def action_details(self) -> None:
        """Expand every check, or collapse them all."""
        if (expanded := self._panes.toggle_details()) is not None:
            self.say(f"every check is shown in {'full' if expanded else 'one line'}")

    def action_bookmark(self) -> None:
        """Set or remove a bookmark of the record."""
        shown = self._open_record("bookmark")
        catalog = None if shown is None else shown.checked.catalog
        if shown is None or catalog is None:
            return
        user_state = self.pith.user_state
        if user_state is None:
            self.say("history and bookmarks are disabled in this session", warning=True)
            return
        # By the signed work: a name that was only asked for may belong to another.
        name = signed_work(shown.checked) or catalog.suffix
        toggle = partial(toggle_bookmark, user_state, self._service.now, catalog.suffix, name)
        run_exclusive(self, "bookmark", self._toggle_bookmark, shown, name, toggle)

    async def _toggle_bookmark(
        self, shown: FetchedRecord, name: str, toggle: Callable[[], bool | None]
    ) -> None:
        bookmarked = await asyncio.to_thread(toggle)
        if bookmarked is None:
            self.say("the bookmark could not be written", warning=True)
            return
        self.say(f"{name} is bookmarked" if bookmarked else f"{name} is no longer bookmarked")
        self._controller.set_bookmarked(shown, bookmarked)

    # Other screens

    def action_raw(self) -> None:
        """Show every leaf of the record with its mark."""
        if (record := self._open_record("show")) is not None:
            self._destinations.raw(record)

    def action_graph(self) -> None:
        """Draw the record with the works that it cites and that cite it."""
        if (record := self._open_record("draw")) is not None:
            self._destinations.graph(record, self._controller.findings)

    def action_export(self) -> None:
        """List what can be copied or saved of the record."""
        if (record := self._open_record("export")) is not None:
            self._destinations.export(record, self._controller.findings)

    def action_links(self) -> None:
        """List the links and actions of the record."""
        if (record := self._open_record("link to")) is not None:
            self._destinations.links(record, self._controller.findings)

    def action_compare(self) -> None:
        """Choose something to compare the record with."""
        if (record := self._open_record("compare")) is not None:
            self._destinations.compare(record)

    def action_history(self) -> None:
        """List every stored response of the record."""
        if (record := self._open_record("show the history of")) is not None:
            self._destinations.history(record)

    def action_cache(self) -> None:
        """Open the cache screen."""
        self._destinations.cache()

    def action_bibliography(self) -> None:
        """Check the titles of a reference list, or go back to the last check."""
        self._destinations.bibliography()

    async def action_library(self) -> None:
        """List everything in the cache, in the last state of the list."""
        await self._destinations.library(None)

    async def action_recent(self) -> None:
        """List the records that were open last, to switch to one."""
        await self._destinations.library("recent")
