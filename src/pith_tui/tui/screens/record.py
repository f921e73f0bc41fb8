"""The record screen: all that can be done with the record that is open."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pith_tui.protocol.identifiers import Identifier, parse_identifier
from pith_tui.sources.library import Found, Library
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.screens.lookup import LOOK_UP, LookUpScreen
from pith_tui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from pith_tui.output.rows import View
    from pith_tui.sources.places import Places
    from pith_tui.tui.candidates import Candidate
    from pith_tui.tui.reading import Reading
    from pith_tui.tui.shelf_list import Kept
    from pith_tui.tui.work import Findings


class RecordScreen(LookUpScreen):
    """The commands of an open record; each module of another screen is loaded when it is opened."""

    GROUP = RECORD
    BINDINGS: ClassVar[list[BindingType]] = GROUP.bindings

    _kept: Kept | None = None
    """How the library was left: its shelf, filter and order."""
    _findings: Findings | None = None
    """What verifying the archive has found so far: kept for as long as the program runs."""

    # The record itself

    def action_verify(self) -> None:
        """Do every check again, from the bytes."""
        if self._reading is None:
            self._say("there is no record to verify: press / and give an id", trouble=True)
            return
        self.run_worker(self._verify_again(self._reading.found), group=LOOK_UP, exclusive=True)

    async def _verify_again(self, found: Found) -> None:
        await self._verify(found, self._asked)
        at = self._library.now().astimezone().strftime("%H:%M:%S")
        self._say(f"verified again from {len(found.raw):,} bytes at {at}")

    def action_refresh(self) -> None:
        """Ask the servers for the whole record, whatever is held."""
        if self._asked is None:
            self._say("there is no record to refresh: press / and give an id", trouble=True)
        elif self._library.offline:
            self._say("offline: no server is asked in this session", trouble=True)
        else:
            self.open(self._asked, refresh=True)

    def action_copy(self) -> None:
        """Copy the row under the cursor, whole and raw."""
        pane = self.focused
        row = pane.current if isinstance(pane, Pane) else None
        if row is None:
            self._say("move to a field first, then copy it", trouble=True)
            return
        self.app.copy_text(row.copied, self._say)

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
        places, suffix, asked = self.app.places, self._suffix, self._asked
        if suffix is None or asked is None:
            self._say("there is no record to bookmark: press / and give an id", trouble=True)
        elif places is None:
            self._say("nothing is remembered in this session", trouble=True)
        else:
            self.run_worker(self._turn_bookmark(places, suffix, asked.text), group="places")

    async def _turn_bookmark(self, places: Places, suffix: str, name: str) -> None:
        before = self._starred
        self._starred = await asyncio.to_thread(_turn_bookmark, places, self._library, suffix, name)
        self._show_title()
        if self._starred is before:
            self._say("the bookmark could not be written", trouble=True)
        else:
            self._say("bookmarked" if self._starred else "the bookmark is gone")

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
        from pith_tui.tui.screens.picture import PictureScreen

        if self._reading is not None and self._view("draw") is not None:
            screen = PictureScreen(self._reading, self._library.now())
            self.app.push_screen(screen, self._open_chosen)

    def action_take(self) -> None:
        """List what there is to copy or save of the record."""
        from pith_tui.tui.screens.take import TakeScreen

        reading, view = self._reading, self._view("take from")
        if reading is not None and view is not None:
            self.app.push_screen(TakeScreen(view, reading.found, self._library.now()))

    def action_links(self) -> None:
        """List the links and actions of the record."""
        from pith_tui.tui.screens.links import LinksScreen

        reading, view = self._reading, self._view("link to")
        if reading is not None and view is not None:
            self.app.push_screen(LinksScreen(view, reading.found, self._library.now()))

    def action_compare(self) -> None:
        """Choose something to compare the record with."""
        from pith_tui.tui.candidates import candidates
        from pith_tui.tui.screens.choose import ChooseScreen

        reading = self._reading
        if reading is None or self._view("compare") is None:
            return
        load = partial(candidates, self._library, self.app.places, reading)
        nothing = "Only this one answer is held, and no other record was visited: open one first."
        screen = ChooseScreen("Compare with", load, nothing)
        self.app.push_screen(screen, partial(self._compare, reading))

    def _compare(self, own: Reading, other: Candidate | None) -> None:
        from pith_tui.tui.screens.compare import CompareScreen

        if other is None or own.view is None or other.reading.view is None:
            return
        names = (self._asked.text if self._asked else "this record", other.name)
        views = (own.view, other.reading.view)
        self.app.push_screen(CompareScreen(*views, names, self._library.trusted))

    def _view(self, doing: str) -> View | None:
        """Give the open record, or say that there is none to do something with."""
        view = None if self._reading is None else self._reading.view
        if view is None:
            self._say(f"there is no record to {doing}: press / and give an id", trouble=True)
        return view

    def action_archive(self) -> None:
        """Look at the cache as a whole."""
        from pith_tui.tui.screens.archive import ArchiveScreen
        from pith_tui.tui.work import Findings

        if self._library.cache is None:
            self._say("there is no cache in this session", trouble=True)
            return
        self._findings = self._findings or Findings()
        screen = ArchiveScreen(self._library, self._findings, spared=self._bookmarked)
        self.app.push_screen(screen, self._open_chosen)

    def _bookmarked(self) -> list[str]:
        places = self.app.places
        return [] if places is None else [place.suffix for place in places.bookmarks()]

    def action_history(self) -> None:
        """List every answer that is held of the record."""
        from pith_tui.tui.screens.history import HistoryScreen

        if self._suffix is None or self._library.cache is None:
            self._say("there is no record with a history here", trouble=True)
            return
        self.app.push_screen(HistoryScreen(self._library, self._suffix), self._show_answer)

    def _show_answer(self, found: Found | None) -> None:
        if found is not None:
            self.run_worker(self._verify(found, self._asked), group=LOOK_UP, exclusive=True)
            self._say("an answer out of the history; r asks for the one of today")

    def begin(self) -> None:
        """Begin with the library where the settings say so, else with the samples."""
        super().begin()
        if self.app.settings.start == "library":
            self.action_library()

    def action_library(self) -> None:
        """List all that is held, as it was left."""
        self._open_library(None)

    def action_recent(self) -> None:
        """List the records that were open last, to switch to one."""
        self._open_library("recent")

    def _open_library(self, shelf: str | None) -> None:
        from pith_tui.tui.screens.library import LibraryScreen
        from pith_tui.tui.shelf_list import Kept, Shelves

        self._kept = self._kept or Kept()
        places = self.app.places
        shelves = Shelves()
        if places is not None:
            turn = partial(_turn_bookmark, places, self._library)
            shelves = Shelves(places.bookmarks, places.recent, turn)
        screen = LibraryScreen(self._library, shelves, shelf, self._kept)
        self.app.push_screen(screen, self._open_chosen)

    def _open_chosen(self, name: str | None) -> None:
        if name is not None:
            self.open(parse_identifier(name))


def _turn_bookmark(places: Places, library: Library, suffix: str, name: str) -> bool:
    """Set a bookmark or take it away; tells whether it is set now.  Raises CacheError."""
    if places.is_bookmarked(suffix):
        return not places.unbookmark(suffix)
    return places.bookmark(suffix, name, library.now())
