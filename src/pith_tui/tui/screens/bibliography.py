"""A checked bibliography: its entries, the worst first, each with what its record proves."""

from __future__ import annotations

import asyncio
import os

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from pith_tui.errors import PithError, UsageError
from pith_tui.lookup import JOBS, RATE
from pith_tui.lookup.service import RecordService
from pith_tui.operations.bibliography.reading import read_source
from pith_tui.operations.check_bibliography import BibliographyCheck, EntryResult
from pith_tui.operations.job import Job
from pith_tui.output.check_plan import plan_line
from pith_tui.output.check_report import count_line, is_listed, nothing_checked, worst_first
from pith_tui.output.check_rows import entry_rows
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import safe
from pith_tui.protocol.identifiers import Identifier
from pith_tui.tui.commands.bibliography import BIBLIOGRAPHY
from pith_tui.tui.exclusive_worker import run_exclusive
from pith_tui.tui.library_state import BibliographyState
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.screens.dialogs import PromptDialog
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.progress_line import ProgressLine
from pith_tui.tui.widgets.results_pane import ResultsPane
from pith_tui.user.files import resolve_path

_WIDE = 100
_NAME = 80
"""Maximum characters of a file name that are shown."""
_WORK = "check"


class BibliographyScreen(PithScreen[str | None]):
    """Checks a reference list; returns the suffix of the record that was chosen."""

    GROUP = BIBLIOGRAPHY
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-narrow"),
        (_WIDE, "-wide"),
    ]
    CSS = """
    BibliographyScreen #both { height: 1fr; }
    BibliographyScreen.-wide #both { layout: horizontal; }
    BibliographyScreen #results { width: 1fr; height: 1fr; }
    BibliographyScreen #entry { width: 1fr; height: 1fr; }
    BibliographyScreen #status { height: auto; max-height: 4; text-wrap: wrap; }
    """

    def __init__(self, service: RecordService, state: BibliographyState) -> None:
        super().__init__()
        self._service = service
        self._state = state
        self._results: list[EntryResult] = []
        self._asking: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Compose the list, the entry under its cursor, progress, status and keys."""
        with Container(id="both"):
            yield ResultsPane("Bibliography", id="results")
            yield Pane("Entry", id="entry")
        yield ProgressLine(id="progress")
        yield StatusBar(id="status")
        yield KeyBar(BIBLIOGRAPHY, id="keys")

    def on_mount(self) -> None:
        """Show the last check; if there is none, ask for a file."""
        self._list = self.query_one(ResultsPane)
        self._list.focus()
        if self._state.check is None:
            self.action_file()
        else:
            run_exclusive(self, _WORK, self._show_again, self._state.check)

    # Reading and comparing

    def action_file(self) -> None:
        """Ask which file to check."""
        question = "Check which reference list? A .bib, .bbl, .tex, .md or .txt file"
        self.app.push_screen(PromptDialog(question, "~/paper/refs.bib"), self._check_file)

    def _check_file(self, name: str | None) -> None:
        if name is not None:
            run_exclusive(self, _WORK, self._read, name)
        elif self._state.check is None:
            self.dismiss(None)

    async def _read(self, name: str) -> None:
        """Read a file, use the stored records, and report what remains to be asked."""
        try:
            check = await asyncio.to_thread(_open, name, self._service)
        except PithError as error:
            self.fail(error)
            return
        job = Job("Reading the cache", len(check.identifiers))

        def count(done: int) -> None:
            job.done = done

        progress = self.query_one(ProgressLine)
        progress.watch_job(job)
        try:
            await asyncio.to_thread(check.find_stored, count)
        except asyncio.CancelledError:
            check.stop()  # otherwise the thread would continue reading for nothing
            raise
        finally:
            progress.clear_job()
        self._state.check, self._state.line = check, 0
        await self._show_results(check, keep_position=False)

    async def _show_again(self, check: BibliographyCheck) -> None:
        await self._show_results(check, keep_position=False)
        self._list.go_to(self._state.line)

    async def _show_results(self, check: BibliographyCheck, *, keep_position: bool) -> None:
        self._results = worst_first(await self._compare(check))
        name = safe(os.path.basename(check.files[0].name), limit=_NAME)
        self._list.border_title = Content(f"Bibliography: {name}")  # not a str: that is markup
        self._list_results(keep_position=keep_position)
        self._show_status(check)

    async def _compare(self, check: BibliographyCheck) -> list[EntryResult]:
        """Compare in a thread, with progress; a cancelled worker stops it."""
        job = Job("Comparing", check.entries)
        progress = self.query_one(ProgressLine)
        progress.watch_job(job)
        try:
            return await asyncio.to_thread(_compare, check, job)
        finally:
            job.stop()
            progress.clear_job()

    def _list_results(self, *, keep_position: bool) -> None:
        listed = self._results
        if not self._state.everything:
            listed = [result for result in listed if is_listed(result)]
        self._list.show_results(listed, keep_position=keep_position)

    def _show_status(self, check: BibliographyCheck) -> None:
        if not any(result.ids for result in self._results):
            self.say(nothing_checked(self._results), warning=True)
            return
        text = count_line(self._results, check.files, signs=False)
        to_ask = len(check.to_ask)
        if to_ask:
            servers = self._service.new_remote().servers
            plan = plan_line(len(check.identifiers), check.stored, to_ask, servers, RATE)
            text = f"{text}. {plan}; press {self.key_for('bibliography_ask')} to ask"
        self.say(text)

    # Asking

    def action_ask(self) -> None:
        """Ask the servers for the records that are not stored."""
        check = self._state.check
        if check is None:
            self.say("choose a reference list first", warning=True)
        elif self._service.offline:
            self.say("no server is asked in this session", warning=True)
        elif not check.to_ask:
            self.say("every id was looked up already")
        elif self._asking is None:
            run_exclusive(self, _WORK, self._ask, check)

    async def _ask(self, check: BibliographyCheck) -> None:
        job = Job("Asking", len(check.to_ask))
        progress = self.query_one(ProgressLine)

        def count(_: Identifier) -> None:
            job.done += 1

        progress.watch_job(job)
        asking = check.ask_servers(self.say, count, rate=RATE, jobs=JOBS)
        self._asking = asyncio.create_task(asking)
        try:
            await asyncio.wait({self._asking})
        finally:
            self._asking.cancel()
            self._asking = None
            progress.clear_job()
        await self._show_results(check, keep_position=True)

    # Keys

    @on(ResultsPane.Moved)
    def show_entry(self) -> None:
        """Show the entry under the cursor."""
        chosen = self._list.chosen
        nothing = "Nothing needs attention: every entry has the same title or no id."
        rows = [Row("", nothing, Style.NOTE)] if chosen is None else entry_rows(chosen)
        self.query_one("#entry", Pane).show(rows)
        self._state.line = self._list.line

    @on(Pane.Opened)
    def open_record(self) -> None:
        """Return the record of the entry: the compared one, or the one that its id names."""
        chosen = self._list.chosen
        for compared in () if chosen is None else chosen.ids:
            if compared.facts is not None and compared.facts.suffix is not None:
                self.dismiss(compared.facts.suffix)
                return
        self.say("this entry has no record to open", warning=True)

    def action_all(self) -> None:
        """List all entries, or only those that need attention."""
        self._state.everything = not self._state.everything
        self._list_results(keep_position=False)

    def action_other(self) -> None:
        """Go to the other pane."""
        panes = self.query(Pane)
        self.set_focus(panes.last() if self.focused is panes.first() else panes.first())

    def action_leave(self) -> None:
        """Stop asking the servers; otherwise go back."""
        if self._asking is not None:
            self._asking.cancel()
        else:
            self.dismiss(None)


def _compare(check: BibliographyCheck, job: Job) -> list[EntryResult]:
    results = []
    for result in check.results():
        results.append(result)
        job.done += 1
        if job.stopped:
            break  # the result is no longer needed
    return results


def _open(name: str, service: RecordService) -> BibliographyCheck:
    """Read a file and find its ids.  Raises UsageError if it cannot be read."""
    path = resolve_path(name)
    if not os.path.isfile(path):
        # A pipe is refused too: it might never send anything, and a waiting thread cannot be
        # stopped.
        raise UsageError(f"there is no file {path}", "give a reference list")
    return BibliographyCheck(service, [read_source(str(path))])
