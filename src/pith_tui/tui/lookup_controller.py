"""The look-up of the record screen: what is requested, stored, received, checked and shown.

This module does not import Textual: the screen draws the state, and starts and cancels the
coroutines in workers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from pith_tui.errors import PithError
from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.look_up import LookUp, LookUpResult, local_result
from pith_tui.lookup.service import FetchedRecord, Origin, RecordService
from pith_tui.output.lookup_text import (
    finding_text,
    look_up_text,
    not_kept_message,
    result_messages,
    verified_again_text,
    weightiest,
)
from pith_tui.output.names import record_name
from pith_tui.output.rows import Row
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Check, Outcome, Report
from pith_tui.store.response_rows import StoredResponse
from pith_tui.tui.loading import EarlyLookUp
from pith_tui.tui.nav_history import NavigationHistory


class RecordView(Protocol):
    """A view that draws the state of a controller."""

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a remark."""

    def key_for(self, command_id: str) -> str:
        """Return the key of a command in readable form."""

    def show_state(self) -> None:
        """Redraw all but the rows: the open record, its verdict and title, and the look-up."""

    def start_checks(self) -> None:
        """Clear the rows: the checks of another record follow."""

    def show_check(self, check: Check, report: Report) -> None:
        """Show a check of a report as it finishes."""

    async def prepare(self, record: FetchedRecord) -> None:
        """Make the rows of a record that is about to be shown."""

    def show_record(self, record: FetchedRecord, changed: Sequence[Row]) -> None:
        """Show the rows of a record, below those of the changes in the servers' response."""

    def show_error(self, error: PithError) -> None:
        """Show an error in place of the record."""


class LookupController:
    """The record that is open, and the look-up that is under way.

    ``wanted`` was requested last; ``record`` was shown last and is hidden while ``listing``;
    ``checking`` is being verified on screen, and ``done`` are its checks so far; ``name`` is what
    is open and ``looking_up`` what is being looked up, each empty for nothing; ``findings`` and
    ``bookmarked`` belong to ``record``.
    """

    def __init__(
        self,
        service: RecordService,
        view: RecordView,
        first: EarlyLookUp | None = None,
    ) -> None:
        """Make a controller; ``first`` is the local part of the first look-up, already started."""
        self.service = service
        self.history = NavigationHistory()
        self.wanted: Identifier | None = None
        self.record: FetchedRecord | None = None
        self.checking: FetchedRecord | None = None
        self.done: tuple[Check, ...] = ()
        self.listing = False
        self.asking = False
        self.name = ""
        self.looking_up = ""
        self.findings: tuple[Finding, ...] = ()
        self.bookmarked = False
        self._view = view
        self._first = first

    @property
    def shown(self) -> FetchedRecord | None:
        """The record on the screen, or None.

        Every command on a record acts on this one, under the name that it was verified as, whatever
        is being looked up.
        """
        return None if self.listing else self.record

    def is_open(self, record: FetchedRecord) -> bool:
        """Return whether a record is still the one that is open."""
        return self.record is not None and self.record.checked is record.checked

    # Looking up

    def show_first(self) -> None:
        """Show the record that was loaded before the screen, so that it is in the first frame."""
        record = None if self._first is None else self._first.poll()
        if record is not None:
            self._present_found(record)

    def start(self, identifier: Identifier) -> None:
        """Note what is wanted; until it arrives, the shown record stays."""
        self.wanted = identifier
        if self.record is None or self.record.checked.report.asked != identifier:
            self.looking_up = identifier.text
            self._view.show_state()

    async def look_up(self, identifier: Identifier, refresh: bool) -> None:
        """Show the local record, then what the servers send.

        With ``refresh`` the servers are asked for the complete record, not whether it has changed.
        """
        work = LookUp(self.service, identifier, refresh=refresh, notice=self._view.say)
        try:
            await self._show_stored(work)
            if work.stored is not None and not self.service.offline:
                # Done now, since the servers may be slow and the request may be cancelled.
                await self._sound_local_alarm(work.stored)
            if not self.service.offline:
                key = self._view.key_for("cancel")
                self._view.say(f"asking the servers for {identifier.text} … ({key} cancels)")
                await self._ask_servers(work)
            await self._show_result(await asyncio.to_thread(work.result))
        except PithError as error:
            self._show_error(error)

    async def _show_stored(self, work: LookUp) -> None:
        first, self._first = self._first, None
        if first is None:
            record = await asyncio.to_thread(work.find_stored)
            if record is not None:
                await self.show_checks(record)
        else:
            record = work.use_stored(await asyncio.to_thread(first.result))
            if record is not self.record:
                self._present_found(record)
        if work.cache_error is not None:
            self._view.say(f"{work.cache_error}; {work.cache_error.hint}", warning=True)

    async def _ask_servers(self, work: LookUp) -> None:
        self._set_asking(True)
        try:
            await work.ask_servers()
        finally:
            self._set_asking(False)

    async def _show_result(self, result: LookUpResult) -> None:
        """Show the record that replaces the stored copy, and report changes and findings."""
        stored, shown = result.stored, result.shown
        ending = look_up_text(result, self.service.now())
        if stored is None:
            await self.show_checks(shown)
        elif result.is_changed and shown is result.fetched:
            from pith_tui.output.changes import change_rows

            await self.show_checks(shown, change_rows(stored.checked, shown.checked))
            ending += ": see the Paper pane"
        elif result.fetched is not None and not result.is_changed and self.shown is not None:
            self.record = result.fetched._replace(checked=self.shown.checked)
            self._view.show_state()
        if ending:
            self._view.say(ending, warning=result.fetched is None)
        for text in (not_kept_message(result), next(result_messages(result), None)):
            if text is not None:
                self._view.say(text, warning=True)
        self.sound_alarm(result)

    def _set_asking(self, asking: bool) -> None:
        self.asking = asking
        self._view.show_state()

    def cancel(self) -> None:
        """Note that the look-up was cancelled; the local record stays on the screen."""
        self.looking_up = ""
        self._restore_wanted()
        self._view.show_state()
        self._view.say("cancelled" if self.shown is None else "cancelled; the stored copy is shown")

    # Showing

    async def show_checks(self, record: FetchedRecord, changed: Sequence[Row] = ()) -> None:
        """Show each check of a record as it finishes, then its rows."""
        asked = record.checked.report.asked
        self._forget()
        self.listing = False
        self.checking = record
        self.name, self.looking_up = "" if asked is None else asked.text, ""
        self._view.start_checks()
        self._view.show_state()
        for check in record.checked.report.checks:
            self.done = (*self.done, check)
            self._view.show_check(check, record.checked.report)
            await asyncio.sleep(0)  # so that the finished checks can be painted
        await self._view.prepare(record)
        self._present(record, changed)

    def _present_found(self, record: FetchedRecord | None) -> None:
        if record is not None:
            self._present(record, ())

    def _present(self, record: FetchedRecord, changed: Sequence[Row]) -> None:
        asked = record.checked.report.asked
        self._forget()
        self.record, self.done = record, record.checked.report.checks
        self.listing = False
        self.name, self.looking_up = record_name(record.checked), ""
        if asked is not None:
            self.history.visit(asked)
        self._view.show_state()
        self._view.show_record(record, changed)

    def _forget(self) -> None:
        """Forget the record that was shown: another one follows."""
        self.record = self.checking = None
        self.done, self.findings = (), ()
        self.bookmarked = False

    def _show_error(self, error: PithError) -> None:
        """Show an error in place of the previous record, on which no key may act any more."""
        self._forget()
        if self.wanted is not None:
            self.history.visit(self.wanted)
        self.show_list("" if self.wanted is None else self.wanted.text)
        self._view.show_error(error)

    def show_list(self, name: str = "") -> None:
        """Show a list instead of the record; ``name`` is what the id bar shows."""
        self.listing, self.name, self.looking_up = True, name, ""
        self._view.show_state()

    def return_to_record(self) -> bool:
        """Show again the record that was open before a list; return whether there was one."""
        if not self.listing or self.record is None:
            return False
        self.listing, self.name = False, record_name(self.record.checked)
        self._restore_wanted()
        self._view.show_state()
        return True

    def _restore_wanted(self) -> None:
        if self.record is not None:
            self.wanted = self.record.checked.report.asked

    # Commands on the record

    async def verify_again(self, record: FetchedRecord) -> None:
        """Repeat every check, from the bytes."""
        asked = record.checked.report.asked
        checked = await asyncio.to_thread(read, record.raw, asked, self.service.trusted)
        again = record._replace(checked=checked)
        await self.show_checks(again)
        self._view.say(verified_again_text(record, self.service.now()))
        await self._sound_local_alarm(again)

    async def show_response(self, response: StoredResponse, asked: Identifier | None) -> None:
        """Show an older response from the cache."""
        checked = await asyncio.to_thread(read, response.raw, asked, self.service.trusted)
        times = (response.checked_at, response.etag)
        record = FetchedRecord(checked, Origin.CACHE, response.origin, *times)
        await self.show_checks(record)
        key = self._view.key_for("refresh")
        self._view.say(f"a response from the history; {key} asks for the current one")
        await self._sound_local_alarm(record)

    async def _sound_local_alarm(self, record: FetchedRecord) -> None:
        """Show the findings of the cache about a record that was not just looked up."""
        result = await asyncio.to_thread(local_result, self.service, record)
        if self.is_open(record):
            self.sound_alarm(result)

    def sound_alarm(self, result: LookUpResult) -> None:
        """Show the findings beside the verdict for as long as the record is shown."""
        if not result.findings or self.shown is None:
            return
        self.findings = result.findings
        finding = weightiest(self.findings)
        assert finding is not None, "there are findings"
        self._view.show_state()
        history, compare = self._view.key_for("history"), self._view.key_for("compare")
        text = f"{finding_text(finding)}; {history} shows every stored response, {compare} compares"
        self._view.say(text, warning=True)

    def set_bookmarked(self, record: FetchedRecord, bookmarked: bool) -> None:
        """Note whether a record is bookmarked, if it is still open."""
        if self.is_open(record):
            self.bookmarked = bookmarked
            self._view.show_state()

    @staticmethod
    def was_asked_for(record: FetchedRecord) -> bool:
        """Return whether a record is the one that was asked for."""
        return record.checked.report.check("asked").outcome is not Outcome.FAILED
