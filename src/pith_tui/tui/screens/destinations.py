"""The screens that the record screen opens; their modules are loaded when needed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.output.names import compared_name
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.store.response_rows import StoredResponse
from pith_tui.tui.bookmarking import toggle_bookmark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pith_tui.lookup.equivocation import Finding
    from pith_tui.operations.verify_summary import VerifySummary
    from pith_tui.tui.comparison_candidates import Candidate
    from pith_tui.tui.library_state import LibraryState
    from pith_tui.tui.screens.base import PithScreen


class Destinations:
    """Opens other screens over the record screen, and keeps the state they were left in."""

    def __init__(
        self,
        screen: PithScreen[None],
        service: RecordService,
        open_record: Callable[[Identifier], None],
        show_response: Callable[[FetchedRecord, StoredResponse], None],
    ) -> None:
        """Open screens over ``screen``; their choices go to the two callbacks."""
        self._screen = screen
        self._service = service
        self._open_record = open_record
        self._show_response = show_response
        self._library_state: LibraryState | None = None
        self._verify_summary: VerifySummary | None = None

    def raw(self, record: FetchedRecord) -> None:
        """Show every leaf of a record with its mark."""
        from pith_tui.tui.screens.text import RawScreen

        self._screen.app.push_screen(RawScreen(record.checked))

    def graph(self, record: FetchedRecord, findings: Sequence[Finding]) -> None:
        """Draw a record with the works that it cites and that cite it."""
        from pith_tui.tui.screens.graph import GraphScreen

        screen = GraphScreen(record, findings, self._service.now())
        self._screen.app.push_screen(screen, self._open_if_chosen)

    def export(self, record: FetchedRecord, findings: Sequence[Finding]) -> None:
        """List what can be copied or saved of a record."""
        from pith_tui.tui.screens.export import ExportScreen

        self._screen.app.push_screen(ExportScreen(record, findings, self._service.now()))

    def links(self, record: FetchedRecord, findings: Sequence[Finding]) -> None:
        """List the links and actions of a record."""
        from pith_tui.tui.screens.links import LinksScreen

        self._screen.app.push_screen(LinksScreen(record, findings, self._service.now()))

    def compare(self, record: FetchedRecord) -> None:
        """Choose something to compare a record with."""
        from pith_tui.tui.comparison_candidates import candidates
        from pith_tui.tui.screens.compare_picker import ComparePickerScreen

        user_state = self._screen.pith.user_state
        load = partial(candidates, self._service, user_state, record.checked)
        nothing = (
            "Only this response is stored, and no other record has been opened yet: open one first."
        )
        screen = ComparePickerScreen("Compare with", load, nothing)
        self._screen.app.push_screen(screen, partial(self._compare, record))

    def _compare(self, record: FetchedRecord, other: Candidate | None) -> None:
        from pith_tui.tui.screens.compare import CompareScreen

        if other is not None:
            both = (record.checked, other.checked)
            names = (compared_name(record.checked), other.name)
            self._screen.app.push_screen(CompareScreen(*both, names, self._service.trusted))

    def history(self, record: FetchedRecord) -> None:
        """List every stored response of a record."""
        from pith_tui.tui.screens.history import HistoryScreen

        catalog = record.checked.catalog
        if catalog is None or not self._has_cache():
            return

        def show(response: StoredResponse | None) -> None:
            if response is not None:
                self._show_response(record, response)

        self._screen.app.push_screen(HistoryScreen(self._service, catalog.suffix), show)

    def cache(self) -> None:
        """Open the cache screen."""
        from pith_tui.operations.verify_summary import VerifySummary
        from pith_tui.tui.screens.cache import CacheScreen
        from pith_tui.user.paths import user_state_path

        if not self._has_cache():
            return
        self._verify_summary = self._verify_summary or VerifySummary()
        user_state = self._screen.pith.user_state
        # Bookmarks of earlier sessions count even if this session keeps none.
        bookmarks = user_state_path() if user_state is None else user_state.path
        screen = CacheScreen(self._service, self._verify_summary, bookmarks)
        self._screen.app.push_screen(screen, self._open_suffix)

    def bibliography(self) -> None:
        """Check the titles of a reference list, or show the last check again."""
        from pith_tui.tui.library_state import LibraryState
        from pith_tui.tui.screens.bibliography import BibliographyScreen

        self._library_state = self._library_state or LibraryState()
        screen = BibliographyScreen(self._service, self._library_state.bibliography)
        self._screen.app.push_screen(screen, self._open_suffix)

    def _has_cache(self) -> bool:
        """Return whether there is a cache, and report if there is none."""
        if self._service.cache is None:
            self._screen.say("there is no cache in this session", warning=True)
        return self._service.cache is not None

    async def library(self, tab: str | None) -> None:
        """List the records in the cache: on a tab, or in the last state of the list."""
        from pith_tui.tui.library_state import LibraryState, TabSources
        from pith_tui.tui.screens.library import LibraryScreen

        self._library_state = self._library_state or LibraryState()
        user_state = self._screen.pith.user_state
        sources = TabSources()
        if user_state is not None:
            toggle = partial(toggle_bookmark, user_state, self._service.now)
            sources = TabSources(user_state.bookmarks, user_state.recent, toggle)
        screen = LibraryScreen(self._service, sources, tab, self._library_state)
        # Awaited, so that keys typed right after this go to the new screen.
        await self._screen.app.push_screen(screen, self._open_suffix)

    def _open_suffix(self, suffix: str | None) -> None:
        if suffix is not None:
            self._open_record(Identifier(Kind.PITH, suffix))

    def _open_if_chosen(self, identifier: Identifier | None) -> None:
        if identifier is not None:
            self._open_record(identifier)
