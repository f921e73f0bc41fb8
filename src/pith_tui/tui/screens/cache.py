"""The archive: what the cache holds, verified as a whole, brought in, taken out and cleared."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from pith_tui.errors import PithError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.job import Findings, Job
from pith_tui.output.cache_info import cache_info_rows
from pith_tui.output.check_text import CHECK_NAMES
from pith_tui.output.rows import ListRecords, OpenRecord, Row, Style
from pith_tui.output.wording import size_of
from pith_tui.protocol.report import Verdict
from pith_tui.store.records import PruneCandidate
from pith_tui.tui import cache_jobs as jobs
from pith_tui.tui.commands.cache import CACHE
from pith_tui.tui.render.cache_rows import doomed_rows, findings_rows, import_words, skipped_rows
from pith_tui.tui.screens.audit_results import AuditResultsScreen
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.screens.dialogs import ConfirmDialog, PromptDialog
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.progress_line import ProgressLine
from pith_tui.user.files import resolve_output_file, resolve_path

_EVERY = 0.5
"""Seconds between two looks at what a verification has found so far."""


class CacheScreen(PithScreen[str | None]):
    """The archive as a whole; returns the suffix of a record that was chosen in it.

    ``findings`` outlive the screen, so that opening a record does not lose them.  ``spared`` gives
    the suffixes that pruning leaves, whatever its limit.
    """

    GROUP = CACHE
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-tight"),
        (60, "-narrow"),
        (120, "-wide"),
    ]
    CSS = """
    #both { layout: vertical; height: 1fr; }
    #holdings { height: 11; }
    #findings { height: 1fr; }
    CacheScreen.-wide #both { layout: horizontal; }
    CacheScreen.-wide #holdings { width: 2fr; height: 1fr; }
    CacheScreen.-wide #findings { width: 3fr; }
    CacheScreen.-tight #holdings { display: none; height: 1fr; }
    CacheScreen.-tight.-holdings #holdings { display: block; }
    CacheScreen.-tight.-holdings #findings { display: none; }
    """

    def __init__(
        self,
        library: RecordService,
        findings: Findings | None = None,
        *,
        spared: Callable[[], Collection[str]] = tuple,
    ) -> None:
        super().__init__()
        assert library.cache is not None, "the screen is opened only where there is a cache"
        self._library = library
        self._path = library.cache.path
        self._readonly = library.cache.readonly
        self._findings = Findings() if findings is None else findings
        self._spared = spared
        self._job: Job | None = None
        self._told: list[Row] = []

    def compose(self) -> ComposeResult:
        """Render what is held, what was found, the line of progress and that of remarks."""
        with Container(id="both"):
            yield Pane("The archive", id="holdings")
            yield Pane("What was found", id="findings")
        yield ProgressLine(id="progress")
        yield StatusBar(id="status")
        yield KeyBar(CACHE, id="keys")

    def on_mount(self) -> None:
        """Look at the archive; show what an earlier verification found."""
        self._show_findings()
        self.query_one("#findings", Pane).focus()
        self._describe()
        self.set_interval(_EVERY, self._follow)

    # What is shown

    def _say(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(StatusBar).say(text, trouble=trouble)

    def _describe(self, *, thorough: bool = False) -> None:
        self.run_worker(self._look(thorough), group="look", exclusive=True)

    async def _look(self, thorough: bool) -> None:
        pane = self.query_one("#holdings", Pane)
        if not pane.rows or thorough:
            pane.show([Row("", "looking through the file …", Style.NOTE)])
        job = Job("Looking")
        try:
            info = await asyncio.to_thread(jobs.describe, self._path, job, thorough=thorough)
        except asyncio.CancelledError:
            job.stop()
            raise
        except PithError as error:
            pane.show([Row("path", str(self._path)), Row("", str(error), Style.NOTE)])
            return
        now = self._library.now()
        pane.show(cache_info_rows(info, self._path, now, readonly=self._readonly), keep_place=True)

    def _follow(self) -> None:
        if self._job is not None:
            self._show_findings()

    def _show_findings(self) -> None:
        rows = findings_rows(self._findings, busy=self._job is not None)
        pane = self.query_one("#findings", Pane)
        before = pane.current
        pane.show([*self._told, *rows], keep_place=True)
        if before is None or pane.current is None or before.label != pane.current.label:
            pane.action_edge(-1)  # what was under the cursor is elsewhere now, or is no more

    # What is done in a thread

    def _begin(self, job: Job, work: Callable[[Job], str]) -> None:
        """Have a thread do something; only one thing is under way at a time."""
        if self._is_busy():
            return
        self._job = job
        self._told = []
        self._say("")
        self.query_one(ProgressLine).watch_job(job)
        self._show_findings()
        self.run_worker(self._do(job, work), group="job")

    def _is_busy(self) -> bool:
        if self._job is not None:
            self._say(f"{self._job.word} is under way: Esc stops it first", trouble=True)
        return self._job is not None

    async def _do(self, job: Job, work: Callable[[Job], str]) -> None:
        try:
            words = await asyncio.to_thread(work, job)
            self._say(words, trouble=words.startswith("ALARM"))
        except PithError as error:
            self._say_error(error)
        except asyncio.CancelledError:
            job.stop()  # the screen is being closed: the thread sees it, and ends its processes
            raise
        finally:
            self._job = None
        self.query_one(ProgressLine).let_go()
        self._show_findings()
        self._describe()

    def _say_error(self, error: PithError) -> None:
        hint = f". {error.hint}" if error.hint else ""
        self._say(f"{error}{hint}", trouble=True)

    def _may_write(self) -> bool:
        """Return whether the archive can be changed, and say so where it cannot, or not now."""
        if self._readonly:
            self._say("the archive is opened for reading: nothing can be changed", trouble=True)
            return False
        return not self._is_busy()

    # Verifying

    def action_verify(self) -> None:
        """Verify everything from the beginning."""
        now, findings = self._library.now(), self._findings

        def work(job: Job) -> str:
            jobs.begin_verification(self._path, findings, now)
            return self._verify_on(job)

        self._begin(Job("Verifying"), work)

    def action_resume(self) -> None:
        """Go on with what was stopped."""
        if self._findings.begun_at is None or self._findings.complete:
            self._say("there is nothing to go on with: v begins", trouble=True)
            return
        done, total = self._findings.done, self._findings.total
        self._begin(Job("Verifying", total, done), self._verify_on)

    def _verify_on(self, job: Job) -> str:
        words = jobs.verify_on(self._path, self._library.trusted, self._findings, job)
        return f"ALARM: see above; {words}" if self._findings.alarming else words

    def action_rivals(self) -> None:
        """Look for equivocation."""

        def work(job: Job) -> str:
            del job
            return jobs.look_for_rivals(self._path, self._library.trusted, self._findings)

        self._begin(Job("Comparing"), work)

    def action_look_through(self) -> None:
        """Have SQLite read the whole file."""
        if not self._is_busy():
            self._describe(thorough=True)

    @on(Pane.Opened)
    def open_row(self, message: Pane.Opened) -> None:
        """List the records of a verdict or a check, or open the record of a row."""
        match message.row.action:
            case OpenRecord(identifier):
                self._leave_for(identifier.value)
            case ListRecords(Verdict.VERIFIED.value):
                self.run_worker(self._list_verified(), group="doomed", exclusive=True)
            case ListRecords(name):
                self._list(name, self._findings.named(name))

    async def _list_verified(self) -> None:
        trusted = self._library.trusted
        try:
            names = await asyncio.to_thread(jobs.first_verified, self._path, trusted)
        except PithError as error:
            self._say_error(error)
            return
        self._list(Verdict.VERIFIED.value, names)

    def _list(self, name: str, suffixes: list[str]) -> None:
        label = CHECK_NAMES.get(name, name)
        count = max(self._findings.count(name), len(suffixes))
        found = AuditResultsScreen(self._library, label, suffixes, count)
        self.app.push_screen(found, self._leave_for)

    def _leave_for(self, suffix: str | None) -> None:
        if suffix is not None:
            self.dismiss(suffix)

    # Bringing in and taking out

    def action_bring_in(self) -> None:
        """Ask what to import."""
        if self._may_write():
            ask = PromptDialog("Which file or directory has the records?", "~/records.jsonl.gz")
            self.app.push_screen(ask, self._bring_in)

    def _bring_in(self, source: str | None) -> None:
        if source is None:
            return
        now = self._library.now()

        def work(job: Job) -> str:
            brought = jobs.bring_in(self._path, source, now, job)
            self._told = skipped_rows(brought)
            self._findings.outdated |= brought.done.new > 0
            how = "stopped; what was kept by then stays" if job.stopped else "imported"
            return f"{how}: {import_words(brought.done)}"

        self._begin(Job("Importing"), work)

    def action_export(self) -> None:
        """Ask where to write lines to."""
        if not self._is_busy():
            ask = PromptDialog("Into which file, one record a line?", "~/records.jsonl")
            self.app.push_screen(ask, self._export)

    def _export(self, target: str | None) -> None:
        if target is not None:
            self.run_worker(self._find_target(target), group="target", exclusive=True)

    async def _find_target(self, name: str) -> None:
        try:
            path = await asyncio.to_thread(resolve_output_file, name)
            is_there = await asyncio.to_thread(os.path.exists, path)
        except PithError as error:
            self._say_error(error)
            return
        if not is_there:
            self._take_out(lambda: path)
            return

        def replace(yes: bool | None) -> None:
            if yes is True:
                self._take_out(lambda: path, overwrite=True)

        about = [Row("", "It is replaced once the new one is whole.", Style.NOTE)]
        self.app.push_screen(ConfirmDialog(f"{path} is there already. Replace it?", about), replace)

    def action_mirror(self) -> None:
        """Ask where to write a mirror to."""
        if not self._is_busy():
            ask = PromptDialog("Into which directory, new or empty?", "~/site")
            self.app.push_screen(ask, self._mirror)

    def _mirror(self, target: str | None) -> None:
        if target is not None:
            self._take_out(lambda: resolve_path(target), mirror=True)

    def _take_out(
        self, find: Callable[[], Path], *, mirror: bool = False, overwrite: bool = False
    ) -> None:
        """Write everything to the path that ``find``, called in the thread, gives."""
        now = self._library.now()

        def work(job: Job) -> str:
            return jobs.take_out(self._path, find(), now, job, mirror=mirror, overwrite=overwrite)

        self._begin(Job("Exporting"), work)

    # Clearing out

    def action_prune(self) -> None:
        """Ask what to leave."""
        if self._may_write():
            ask = PromptDialog(
                "What is to be left? Records confirmed within so long, so many, or so much.",
                "90 days, 5000 records, 200M",
            )
            self.app.push_screen(ask, self._prune)

    def _prune(self, text: str | None) -> None:
        if text is not None:
            self.run_worker(self._find_doomed(text), group="doomed", exclusive=True)

    async def _find_doomed(self, text: str) -> None:
        try:
            limit = jobs.parse_limit(text, self._library.now())
            spared = await asyncio.to_thread(self._spared)
            candidates = await asyncio.to_thread(jobs.find_doomed, self._path, limit, spared)
            names = await asyncio.to_thread(jobs.names_of, self._path, candidates)
        except PithError as error:
            self._say_error(error)
            return
        if not candidates:
            self._say("nothing is over that limit")
            return
        suffixes, rows = [each.suffix for each in candidates], doomed_rows(candidates, names)
        self._confirm_removal(suffixes, _removal_words(candidates), rows)

    def action_remove(self) -> None:
        """Ask which record to remove."""
        if self._may_write():
            ask = PromptDialog(
                "Which record is to be removed, with all its answers?", "2503.11832v5"
            )
            self.app.push_screen(ask, self._remove)

    def _remove(self, text: str | None) -> None:
        if text is not None:
            self.run_worker(self._find_held(text), group="doomed", exclusive=True)

    async def _find_held(self, text: str) -> None:
        try:
            today = self._library.now().date()
            suffixes = await asyncio.to_thread(jobs.find_held, self._path, text, today)
        except PithError as error:
            self._say_error(error)
            return
        count = f"{len(suffixes)} records" if len(suffixes) > 1 else "this record"
        rows = [Row(suffix, "with all its answers") for suffix in suffixes]
        self._confirm_removal(suffixes, f"Remove {count}, named by {text}?", rows)

    def _confirm_removal(self, suffixes: list[str], question: str, rows: list[Row]) -> None:
        def remove(yes: bool | None) -> None:
            if yes is True:
                work: Callable[[Job], str] = lambda job: jobs.remove(self._path, suffixes, job)  # noqa: E731
                self._begin(Job("Removing"), work)

        self.app.push_screen(ConfirmDialog(question, rows), remove)

    # Leaving

    def action_other(self) -> None:
        """Go to the other pane."""
        holdings, findings = self.query(Pane)
        self.set_class(findings.has_focus, "-holdings")  # where there is room for one
        (holdings if findings.has_focus else findings).focus()

    def action_leave(self) -> None:
        """Stop what is under way, or go back where nothing is."""
        if self._job is not None:
            self._job.stop()
        else:
            self.dismiss(None)


def _removal_words(candidates: list[PruneCandidate]) -> str:
    size = size_of(sum(each.stored_bytes for each in candidates))
    return f"Remove {len(candidates):,} record{'' if len(candidates) == 1 else 's'}, {size}?"
