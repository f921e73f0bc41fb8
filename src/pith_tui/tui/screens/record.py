"""The record screen: all that can be done with the record that is open."""

from __future__ import annotations

import asyncio
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pith_tui.errors import CacheError
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.screens.lookup import LOOK_UP, LookUpScreen
from pith_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from pith_tui.operations.job import Findings
    from pith_tui.protocol.reading import CheckedRecord
    from pith_tui.tui.comparison_candidates import Candidate
    from pith_tui.tui.library_state import LibraryState
    from pith_tui.tui.loading import Reading
    from pith_tui.user.bookmarks import UserState


class RecordScreen(LookUpScreen):
    """The commands of an open record; each module of another screen is loaded when it is opened."""

    GROUP = RECORD
    BINDINGS: ClassVar[list[BindingType]] = GROUP.bindings

    _kept: LibraryState | None = None
    """How the library was left: its shelf, filter and order."""
    _findings: Findings | None = None
    """What verifying the archive has found so far: kept for as long as the program runs."""

    # The record itself

    def action_verify(self) -> None:
        """Do every check again, from the bytes."""
        shown = self.shown
        if shown is None:
            self._say("there is no record to verify: press / and give an id", trouble=True)
            return
        self.run_worker(self._verify_again(shown), group=LOOK_UP, exclusive=True)

    async def _verify_again(self, shown: Reading) -> None:
        checked = await asyncio.to_thread(read, shown.found.raw, shown.asked, self._library.trusted)
        await self._verify(shown.found._replace(checked=checked), shown.asked)
        at = self._library.now().astimezone().strftime("%H:%M:%S")
        self._say(f"verified again from {len(shown.found.raw):,} bytes at {at}")

    def action_refresh(self) -> None:
        """Ask the servers for the whole record, whatever is held."""
        if self._wanted is None:
            self._say("there is no record to refresh: press / and give an id", trouble=True)
        elif self._library.offline:
            self._say("offline: no server is asked in this session", trouble=True)
        else:
            self.open(self._wanted, refresh=True)

    def action_copy(self) -> None:
        """Copy the row under the cursor, whole and raw."""
        pane = self.focused
        row = pane.current if isinstance(pane, Pane) else None
        if row is None:
            self._say("move to a field first, then copy it", trouble=True)
            return
        self.pith.copy_text(row.copied, self._say)

    def action_tex(self) -> None:
        """Switch between TeX as Unicode and TeX as its source."""
        self._source = not self._source
        self._panes.set_source(self._source)
        self._listing.set_source(self._source)
        self._show_title()
        self._say("TeX is shown as its source" if self._source else "TeX is shown as Unicode")

    def action_details(self) -> None:
        """Unfold every check, or fold them all."""
        self._panes.toggle_details()

    def action_raw(self) -> None:
        """Show every leaf of the record with its mark."""
        from pith_tui.tui.screens.text import RawScreen

        view = self._view("show")
        if view is not None:
            self.app.push_screen(RawScreen(view))

    def action_bookmark(self) -> None:
        """Keep a bookmark of the record, or take it away."""
        user_state, shown = self.pith.user_state, self.shown
        catalog = None if shown is None else shown.catalog
        if shown is None or catalog is None:
            self._say("there is no record to bookmark: press / and give an id", trouble=True)
        elif user_state is None:
            self._say("nothing is remembered in this session", trouble=True)
        else:
            # By the work that is signed: a name that was only asked for may be another's.
            name = shown.work or catalog.suffix
            work = self._turn_bookmark(user_state, shown, catalog.suffix, name)
            self.run_worker(work, group="bookmark", exclusive=True)

    async def _turn_bookmark(
        self, user_state: UserState, shown: Reading, suffix: str, name: str
    ) -> None:
        kept = await asyncio.to_thread(_turn_bookmark, user_state, self._library, suffix, name)
        if kept is None:
            self._say("the bookmark could not be written", trouble=True)
            return
        self._say(f"{name} is bookmarked" if kept else f"the bookmark of {name} is gone")
        if self._reading is shown:
            self._starred = kept
            self._show_title()

    # Going elsewhere

    def action_back(self) -> None:
        """Go back to the record before."""
        self._go(self._trail.back(), "this is where you began")

    def action_forward(self) -> None:
        """Go forward again."""
        self._go(self._trail.forward(), "there is no record further on")

    def _go(self, identifier: Identifier | None, otherwise: str) -> None:
        if identifier is None:
            self._say(otherwise, trouble=True)
            return
        self.open(identifier)
        self._say(f"{self._trail.place} on the way you came")

    def action_picture(self) -> None:
        """Draw the record among what it cites and what cites it."""
        from pith_tui.tui.screens.graph import GraphScreen

        shown = self.shown
        if self._view("draw") is not None and shown is not None:
            screen = GraphScreen(shown, self._library.now())
            self.app.push_screen(screen, self._open_identifier)

    def action_take(self) -> None:
        """List what there is to copy or save of the record."""
        from pith_tui.tui.screens.export import ExportScreen

        reading, view = self.shown, self._view("take from")
        if reading is not None and view is not None:
            self.app.push_screen(ExportScreen(view, reading.found, self._library.now()))

    def action_links(self) -> None:
        """List the links and actions of the record."""
        from pith_tui.tui.screens.links import LinksScreen

        reading, view = self.shown, self._view("link to")
        if reading is not None and view is not None:
            self.app.push_screen(LinksScreen(view, reading.found, self._library.now()))

    def action_compare(self) -> None:
        """Choose something to compare the record with."""
        from pith_tui.tui.comparison_candidates import candidates
        from pith_tui.tui.screens.compare_picker import ComparePickerScreen

        reading = self.shown
        if self._view("compare") is None or reading is None:
            return
        load = partial(candidates, self._library, self.pith.user_state, reading)
        nothing = "Only this one answer is held, and no other record was visited: open one first."
        screen = ComparePickerScreen("Compare with", load, nothing)
        self.app.push_screen(screen, partial(self._compare, reading))

    def _compare(self, own: Reading, other: Candidate | None) -> None:
        from pith_tui.tui.screens.compare import CompareScreen

        if other is None or own.view is None or other.reading.view is None:
            return
        names = (own.work or "a record of which nothing is signed", other.name)
        views = (own.view, other.reading.view)
        self.app.push_screen(CompareScreen(*views, names, self._library.trusted))

    def _view(self, doing: str) -> CheckedRecord | None:
        """Return the open record, or say that there is none to do something with."""
        view = None if self.shown is None else self.shown.view
        if view is None:
            self._say(f"there is no record to {doing}: press / and give an id", trouble=True)
        return view

    def action_archive(self) -> None:
        """Look at the cache as a whole."""
        from pith_tui.operations.job import Findings
        from pith_tui.tui.screens.cache import CacheScreen

        if self._library.cache is None:
            self._say("there is no cache in this session", trouble=True)
            return
        self._findings = self._findings or Findings()
        screen = CacheScreen(self._library, self._findings, spared=self._bookmarked)
        self.app.push_screen(screen, self._open_chosen)

    def _bookmarked(self) -> list[str]:
        """Return the suffixes that are bookmarked, in a thread; raises CacheError where it cannot.

        What cannot be read must not pass for no bookmarks: pruning would take the records.
        """
        if self.pith.user_state is None:
            return []
        from pith_tui.user.bookmarks import UserState

        said: list[str] = []
        with closing(
            UserState(self.pith.user_state.path, notice=said.append, strict=True)
        ) as user_state:
            suffixes = [place.suffix for place in user_state.bookmarks()]
        if said:
            raise CacheError(said[0], "see which bookmarks are left, then prune again")
        return suffixes

    def action_history(self) -> None:
        """List every answer that is held of the record."""
        from pith_tui.tui.screens.history import HistoryScreen

        shown = self.shown
        catalog = None if shown is None else shown.catalog
        if shown is None or catalog is None or self._library.cache is None:
            self._say("there is no record with a history here", trouble=True)
            return
        screen = HistoryScreen(self._library, catalog.suffix)
        self.app.push_screen(screen, partial(self._show_answer, shown))

    def _show_answer(self, shown: Reading, found: FetchedRecord | None) -> None:
        if found is not None:
            checked = read(found.raw, shown.asked, self._library.trusted)
            self.run_worker(
                self._verify(found._replace(checked=checked), shown.asked),
                group=LOOK_UP,
                exclusive=True,
            )
            self._say("an answer out of the history; r asks for the one of today")

    def begin(self) -> None:
        """Begin with the library where the settings say so, else with the samples."""
        super().begin()
        if self.pith.settings.start == "library":
            self.run_worker(self.action_library())

    async def action_library(self) -> None:
        """List all that is held, as it was left."""
        await self._open_library(None)

    async def action_recent(self) -> None:
        """List the records that were open last, to switch to one."""
        await self._open_library("recent")

    async def _open_library(self, shelf: str | None) -> None:
        from pith_tui.tui.library_state import LibraryState, Shelves
        from pith_tui.tui.screens.library import LibraryScreen

        self._kept = self._kept or LibraryState()
        user_state = self.pith.user_state
        shelves = Shelves()
        if user_state is not None:
            turn = partial(_turn_bookmark, user_state, self._library)
            shelves = Shelves(user_state.bookmarks, user_state.recent, turn)
        screen = LibraryScreen(self._library, shelves, shelf, self._kept)
        # Awaited, so that keys typed right after this go there.
        await self.app.push_screen(screen, self._open_chosen)

    def _open_identifier(self, identifier: Identifier | None) -> None:
        if identifier is not None:
            self.open(identifier)

    def _open_chosen(self, name: str | None) -> None:
        if name is None:
            return
        try:
            self.open(parse_identifier(name))
        except IdentifierError as error:
            self._say(f"{error}. {error.hint}", trouble=True)


def _turn_bookmark(
    user_state: UserState, library: RecordService, suffix: str, name: str
) -> bool | None:
    """Set a bookmark or take it away; returns whether it is set now, None where that failed."""
    if user_state.is_bookmarked(suffix):
        return False if user_state.unbookmark(suffix) else None
    return True if user_state.bookmark(suffix, name, library.now()) else None
