"""Looking a record up and showing it: cache first, then the servers, verified as one watches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from pith_tui.errors import CacheError, NotFoundError, PithError, UnreachableError
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.output.panes import PANES
from pith_tui.output.rows import OpenRecord, Row, Toggle
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.report import Check
from pith_tui.tui.commands.base import Group
from pith_tui.tui.loading import Reading
from pith_tui.tui.nav_history import NavigationHistory
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TabBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.id_bar import IdBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.record_panes import RecordPanes

if TYPE_CHECKING:
    from concurrent.futures import Future


LOOK_UP = "look-up"
"""The group of workers of which one at a time looks a record up."""


class LookUpScreen(PithScreen[None]):
    """One record at a time: id bar, verdict, title, the four panes, status and keys."""

    GROUP: ClassVar[Group]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-narrow"),
        (120, "-wide"),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        library: RecordService,
        asked: Identifier | None,
        first: Future[Reading | None] | None,
        *,
        refresh: bool,
    ) -> None:
        """Make the screen; ``first`` is the reading of ``asked`` that was begun already."""
        super().__init__()
        self._library = library
        self._wanted = asked
        self._first = first
        self._refresh_first = refresh
        self._reading: Reading | None = None
        self._trail = NavigationHistory()
        self._starred = False
        self._alarm: str | None = None

    @property
    def shown(self) -> Reading | None:
        """The record that is on the screen, None where none is.

        Whatever is done with a record is done with this one, and under the name that it was
        verified as, whatever is being looked up at the moment.
        """
        return None if self.has_class("-listing") else self._reading

    def compose(self) -> ComposeResult:
        """Render the bars and panes; styles decide what of it is seen at which width."""
        yield IdBar(id="id-bar")
        yield VerdictBar(id="verdict")
        yield TitleBar(id="title")
        yield TabBar([name for _, name in PANES], id="tabs")
        yield RecordPanes(id="panes")
        yield Pane("Records", id="listing")
        yield StatusBar(id="status")
        yield KeyBar(self.GROUP, id="keys")

    def on_mount(self) -> None:
        """Begin with the record that was asked for, or with what there is to open."""
        self._source = self.pith.settings.tex == "source"
        self._panes = self.query_one(RecordPanes)
        self._panes.set_source(self._source)
        self._listing = self.query_one("#listing", Pane)
        self._id_bar = self.query_one(IdBar)
        self._verdict = self.query_one(VerdictBar)
        self._status = self.query_one(StatusBar)
        self._select_pane(0, focus=False)
        for notice in self.pith.notices:
            self._status.say(notice, trouble=True)
        if self._wanted is None:
            self.begin()
            return
        if self._first is not None and self._first.done() and not self._first.exception():
            # Ready before the first frame, so that the first frame shows it.
            self._present(self._first.result())
        self.open(self._wanted, refresh=self._refresh_first)

    def begin(self) -> None:
        """Show what there is to open, where no record was asked for."""
        self.action_samples()

    # Looking up

    def open(self, identifier: Identifier, *, refresh: bool = False) -> None:
        """Look a record up and show it; what was under way is given up.

        Until it is there, the record that is shown stays, under its own name.
        """
        self._wanted = identifier
        if self._reading is None or self._reading.asked != identifier:
            self._id_bar.seek(identifier.text)
        work = self._look_up(identifier, refresh)
        self.run_worker(work, name=identifier.text, group=LOOK_UP, exclusive=True)

    async def _look_up(self, identifier: Identifier, refresh: bool) -> None:
        try:
            held = await self._at_hand(identifier)
            if not self._library.offline:
                await self._ask_servers(identifier, held, refresh)
            elif held is None:
                await self._library.fetch(identifier, None, self._say)
        except PithError as error:
            self._explain(error)

    async def _at_hand(self, identifier: Identifier) -> FetchedRecord | None:
        begun, self._first = self._first, None
        try:
            if begun is None:
                found = await asyncio.to_thread(self._library.find_local, identifier)
                if found is not None:
                    await self._verify(found, identifier)
                return found
            reading = await asyncio.wrap_future(begun)
        except CacheError as error:
            self._say(f"{error}. {error.hint}", trouble=True)
            return None
        if reading is not self._reading:
            self._present(reading)
        return None if reading is None else reading.found

    async def _ask_servers(
        self, identifier: Identifier, held: FetchedRecord | None, refresh: bool
    ) -> None:
        self._say(f"asking the servers for {identifier.text} … (Esc gives up)")
        self.set_class(True, "-asking")
        try:
            found = await self._library.fetch(identifier, None if refresh else held, self._say)
        except (NotFoundError, UnreachableError) as error:
            if held is None:
                raise
            self._say(f"showing the copy at hand: {error}", trouble=True)
            return
        finally:
            self.set_class(False, "-asking")
        if held is None:
            await self._verify(found, identifier)
            self._say("fetched")
        elif held.raw == found.raw and self.shown is not None:
            self._reading = self.shown._replace(found=found)
            self._show_verdict(found, self._reading.report.checks)
            self._say("the server holds the very same bytes")
        else:
            from pith_tui.output.changes import alarm_in, change_rows

            changed = change_rows(held.raw, found.raw, self._library.trusted, identifier)
            await self._verify(found, identifier, changed)
            self._say("the server's answer differs from the copy at hand: see the Paper pane")
            self._sound(alarm_in(changed))

    async def _verify(
        self, found: FetchedRecord, identifier: Identifier | None, changed: list[Row] | None = None
    ) -> None:
        """Verify before the reader's eyes, each check shown as it is done, then fill the panes."""
        self._forget()
        self.set_class(False, "-listing")
        self._panes.begin_checks()
        self._id_bar.show("" if identifier is None else identifier.text)
        done: list[Check] = []
        for check in found.checked.report.checks:
            done.append(check)
            self._panes.add_check(check)
            self._show_verdict(found, tuple(done))
            await asyncio.sleep(0)  # so that what is done can be painted
        reading = Reading(found)
        await self._panes.prepare(reading)
        self._present(reading, changed)

    def _forget(self) -> None:
        """Show nothing more of the record that was shown: what comes next is another's."""
        self._reading = None
        self._starred = False
        self._alarm = None
        self._show_title()

    def _present(self, reading: Reading | None, changed: list[Row] | None = None) -> None:
        """Fill the panes with what was read."""
        if reading is None:
            return
        self._forget()
        self._reading = reading
        self.set_class(False, "-listing")
        self._id_bar.show(reading.name)
        self._panes.show(reading, changed)
        self._show_verdict(reading.found, reading.report.checks)
        self._show_title()
        if reading.asked is not None:
            self._trail.visit(reading.asked)
        self._arrive(reading)
        if self._panes.index_of(self.focused) is None and not isinstance(self.focused, Input):
            self._panes.open_pane.focus()

    def _arrive(self, reading: Reading) -> None:
        """Note the visit, but not under the name of another record than came."""
        catalog = reading.catalog
        if catalog is None:
            return
        if reading.asked is not None and reading.is_answer:
            self.pith.arrive(catalog.suffix, reading.asked.text, self._library.now())
        # Files can wait for the frame to be out.
        self.call_after_refresh(self._look_around, reading, catalog.suffix)

    def _look_around(self, reading: Reading, suffix: str) -> None:
        self.run_worker(self._remember(reading, suffix), group="places", exclusive=True)
        self.run_worker(self._find_rivals(reading), group="rivals", exclusive=True)

    async def _remember(self, reading: Reading, suffix: str) -> None:
        """Write the visit down, and learn whether the record is bookmarked."""
        starred = await asyncio.to_thread(self.pith.remember, suffix)
        if self._reading is reading:
            self._starred = starred
            self._show_title()

    async def _find_rivals(self, reading: Reading) -> None:
        """Look whether other content is held that was signed for the same version of the work."""
        if self._library.cache is None:
            return
        from pith_tui.lookup.equivocation import find_equivocation

        try:
            alarm = await asyncio.to_thread(
                find_equivocation, self._library.cache, reading.found.raw, self._library.trusted
            )
        except CacheError as error:
            self._say(f"{error}. {error.hint}", trouble=True)
            return
        if alarm is not None and self._reading is reading:
            self._sound(f"ALARM: {alarm.value}")

    def _sound(self, alarm: str | None) -> None:
        """Show an alarm beside the verdict for as long as the record is shown."""
        shown = self.shown
        if alarm is None or shown is None:
            return
        self._alarm = alarm
        self._show_verdict(shown.found, shown.report.checks)
        self._say(f"{alarm}; H shows every answer held, d compares", trouble=True)

    def _show_verdict(self, found: FetchedRecord, done: tuple[Check, ...]) -> None:
        self._verdict.show(found, done, self._library.now(), self._alarm)

    def _show_title(self) -> None:
        view = self.shown.view if self.shown else None
        title = view.record.title or view.record.source.text if view else None
        mark = view.marks.get(("paper", "title")) if view else None
        self.query_one(TitleBar).display_title(
            title, mark, source=self._source, starred=self._starred
        )

    def _explain(self, error: PithError) -> None:
        """Show an error where the record would stand; what was there before is gone by request."""
        from pith_tui.tui.render.start_page import message_rows

        self._forget()
        self._id_bar.show("" if self._wanted is None else self._wanted.text)
        if self._wanted is not None:
            self._trail.visit(self._wanted)
        self._list(message_rows("No record to show", error), "What happened")
        self._say(str(error), trouble=True)

    def _say(self, text: str, *, trouble: bool = False) -> None:
        self._status.say(text, trouble=trouble)

    # The listing: what there is to open

    def _list(self, rows: list[Row], title: str) -> None:
        self.set_class(True, "-listing")
        self._listing.border_title = title
        self._listing.show(rows)
        self._listing.focus()
        self._verdict.clear()
        self._show_title()

    def action_samples(self) -> None:
        """List the records that come with the program."""
        from pith_tui.tui.render.start_page import welcome_rows

        self.workers.cancel_group(self, LOOK_UP)
        self._id_bar.show("")
        self._list(welcome_rows(offline=self._library.offline), "Records")
        self.run_worker(self._list_samples(), group="samples", exclusive=True)

    async def _list_samples(self) -> None:
        from pith_tui.tui.render.start_page import sample_rows, welcome_rows

        rows = await asyncio.to_thread(sample_rows)
        self._listing.show([*welcome_rows(offline=self._library.offline), *rows])

    @on(Pane.Opened)
    def open_row(self, message: Pane.Opened) -> None:
        """Open what a row leads to, or unfold the check it stands for."""
        match message.row.action:
            case OpenRecord(identifier):
                self.open(identifier)
            case Toggle(toggle_id):
                self._panes.toggle(toggle_id)

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ``/`` to the input while there is one: old ids have one in them."""
        del parameters
        return action != "find" or not isinstance(self.focused, Input)

    async def action_find(self) -> None:
        """Type an identifier."""
        await self.query_one(IdBar).edit()

    @on(IdBar.Asked)
    def look_up_typed(self, message: IdBar.Asked) -> None:
        """Open what was typed, or say why it is no identifier."""
        try:
            identifier = parse_identifier(message.text)
        except IdentifierError as error:
            self._say(f"{error}. {error.hint}", trouble=True)
            return
        self._focus_content()
        self.open(identifier)

    @on(IdBar.Left)
    def leave_id_bar(self) -> None:
        """Go back to reading."""
        self._focus_content()

    def _focus_content(self) -> None:
        listing = self.has_class("-listing")
        (self._listing if listing else self._panes.open_pane).focus()

    def action_cancel(self) -> None:
        """Return up what is under way; or go back from a list to the record that was open."""
        back = self._reading
        if self.has_class("-asking"):
            self.workers.cancel_group(self, LOOK_UP)
            self._id_bar.seek("")
            self._say("given up" if self.shown is None else "given up; showing what is at hand")
        elif self.has_class("-listing") and back is not None:
            self.set_class(False, "-listing")
            self._id_bar.show(back.name)
            self._show_verdict(back.found, back.report.checks)
            self._show_title()
            self._focus_content()
        if back is not None:
            self._wanted = back.asked

    def action_pane(self, index: int) -> None:
        """Go to a pane."""
        if self.has_class("-listing"):
            self.action_cancel()
        self._select_pane(index)

    def action_step(self, step: int) -> None:
        """Go to the pane after or before."""
        if not self.has_class("-listing"):
            self._select_pane((self._panes.open_index + step) % len(PANES))

    @on(TabBar.Chosen)
    def choose_tab(self, message: TabBar.Chosen) -> None:
        """Go to the pane whose name was clicked."""
        self.action_pane(message.index)

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
