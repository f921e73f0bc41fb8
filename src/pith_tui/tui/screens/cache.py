"""The cache as a whole: inspect, verify, import, export, prune and remove."""

from __future__ import annotations

import asyncio
import io
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from pith_tui.errors import PithError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.cache_info import describe_cache
from pith_tui.operations.export_records import ExportResult, export_file, export_mirror
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.operations.import_records import ImportResult, import_all
from pith_tui.operations.job import Job
from pith_tui.operations.list_records import ListedRecord, find_stored, list_named
from pith_tui.operations.prune import (
    PrunePlan,
    bookmarked_suffixes,
    parse_limit,
    select_for_pruning,
)
from pith_tui.operations.remove import RemoveResult, remove_records
from pith_tui.operations.verify_all import (
    begin_verification,
    first_verified,
    look_for_equivocations,
    verify_all,
)
from pith_tui.operations.verify_summary import Group, VerifySummary, verdict_group
from pith_tui.output.cache_info import cache_info_rows
from pith_tui.output.cache_text import (
    count_records_text,
    equivocations_text,
    export_text,
    group_name,
    import_text,
    prune_text,
    remove_text,
)
from pith_tui.output.rows import ListRecords, OpenRecord, Row, Style
from pith_tui.protocol.pasted_text import identifier_in
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.records import CacheInfo
from pith_tui.tui.commands.cache import CACHE
from pith_tui.tui.operation_runner import OperationRunner
from pith_tui.tui.render.cache_rows import (
    MAX_LISTED,
    left_out_rows,
    prune_rows,
    skipped_rows,
    summary_rows,
    verified_text,
)
from pith_tui.tui.screens.audit_results import AuditResultsScreen
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.screens.dialogs import ask, confirm
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.progress_line import ProgressLine
from pith_tui.user.files import resolve_input, resolve_output_file, resolve_path

_REDRAW_EVERY = 0.5
"""Seconds between two updates of the results of a running verification."""
_VERIFIED = verdict_group(Verdict.VERIFIED.value)


class CacheScreen(PithScreen[str | None]):
    """The screen for the whole cache; returns the suffix of the chosen record.

    The ``summary`` of a verification outlives the screen, so that it is kept when a record is
    opened.  Pruning keeps the records bookmarked in the file ``bookmarks``.
    """

    GROUP = CACHE
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-tight"),
        (60, "-narrow"),
        (120, "-wide"),
    ]
    CSS = """
    #both { layout: vertical; height: 1fr; }
    #cache-info { height: 11; }
    #results { height: 1fr; }
    CacheScreen.-wide #both { layout: horizontal; }
    CacheScreen.-wide #cache-info { width: 2fr; height: 1fr; }
    CacheScreen.-wide #results { width: 3fr; }
    CacheScreen.-tight #cache-info { display: none; height: 1fr; }
    CacheScreen.-tight.-info #cache-info { display: block; }
    CacheScreen.-tight.-info #results { display: none; }
    """

    def __init__(self, service: RecordService, summary: VerifySummary, bookmarks: Path) -> None:
        super().__init__()
        assert service.cache is not None, "the screen is opened only if there is a cache"
        self._service = service
        self._path = service.cache.path
        self._readonly = service.cache.readonly
        self._summary = summary
        self._bookmarks = bookmarks
        self._runner = OperationRunner(self, self._path, self._job_changed)
        self._messages: list[Row] = []

    def compose(self) -> ComposeResult:
        """Compose the two panes, progress, status and keys."""
        with Container(id="both"):
            yield Pane("Cache", id="cache-info")
            yield Pane("Results", id="results")
        yield ProgressLine(id="progress")
        yield StatusBar(id="status")
        yield KeyBar(CACHE, id="keys")

    def on_mount(self) -> None:
        """Show the state of the cache and the results of an earlier verification."""
        self._show_results()
        self.query_one("#results", Pane).focus()
        self._describe()
        self.set_interval(_REDRAW_EVERY, self._show_progress)

    # Showing

    def _describe(self) -> None:
        self.run_worker(self._show_info(), group="info", exclusive=True)

    async def _show_info(self) -> None:
        pane = self.query_one("#cache-info", Pane)
        if not pane.rows:
            pane.show([Row("", "checking the file …", Style.NOTE)])
        try:
            info = await self._runner.in_thread(Job("Checking"), describe_cache)
        except PithError as error:
            pane.show([Row("path", str(self._path)), Row("", str(error), Style.NOTE)])
            return
        now = self._service.now()
        pane.show(
            cache_info_rows(info, self._path, now, readonly=self._readonly), keep_position=True
        )

    def _show_progress(self) -> None:
        if self._runner.job is not None:
            self._show_results()

    def _show_results(self) -> None:
        rows = summary_rows(self._summary, self.key_for, busy=self._runner.job is not None)
        pane = self.query_one("#results", Pane)
        before = pane.current
        notices = [Row("note", text) for text in self._runner.notices]
        pane.show([*notices, *self._messages, *rows], keep_position=True)
        if before is None or pane.current is None or before.label != pane.current.label:
            pane.action_edge(-1)  # the row under the cursor has moved or is gone

    def _job_changed(self) -> None:
        """Update the screen when an operation starts or ends."""
        if self._runner.job is not None:
            self._messages = []
            self.say("")
            self.query_one(ProgressLine).watch_job(self._runner.job)
        else:
            self.query_one(ProgressLine).clear_job()
            self._describe()
        self._show_results()

    def _may_write(self) -> bool:
        """Return whether the cache can be changed now, and report if it cannot."""
        if self._readonly:
            self.say("the cache is read-only: nothing can be changed", warning=True)
            return False
        return not self._runner.is_busy()

    # Verify

    def action_verify(self) -> None:
        """Verify everything from the beginning."""
        self._verify(Job("Verifying"), self._service.now())

    def action_resume(self) -> None:
        """Resume a verification that was stopped."""
        summary = self._summary
        if summary.begun_at is None or summary.complete:
            start = self.key_for("cache_verify")
            self.say(f"there is nothing to resume; press {start} to verify", warning=True)
            return
        self._verify(Job("Verifying", summary.total, summary.done), None)

    def _verify(self, job: Job, start_at: datetime | None) -> None:
        """Verify from the beginning if a start time is given, else resume."""

        def verify(cache: Cache, job: Job) -> None:
            if start_at is not None:
                begin_verification(cache, self._summary, start_at)
            verify_all(cache, self._service.trusted, self._summary, job)

        self._runner.start(job, verify, self._verified)

    def _verified(self, job: Job, _: None) -> None:
        text = verified_text(self._summary, job.seconds, self.key_for)
        self.say(text, warning=self._summary.has_alarm)

    def action_find_equivocations(self) -> None:
        """Search for versions of a work that were signed with two different contents."""
        trusted, summary = self._service.trusted, self._summary
        self._runner.start(
            Job("Comparing"),
            lambda cache, job: look_for_equivocations(cache, trusted, summary, job),
            self._compared,
        )

    def _compared(self, job: Job, _: None) -> None:
        if job.stopped:
            self.say("the comparison was cancelled")
            return
        alarm = "ALARM: " if self._summary.alarms else ""
        self.say(f"{alarm}{equivocations_text(self._summary)}", warning=bool(alarm))

    def action_check_file(self) -> None:
        """Have SQLite read the whole file."""
        self._runner.start(Job("Checking"), partial(describe_cache, thorough=True), self._checked)

    def _checked(self, job: Job, info: CacheInfo) -> None:
        del job
        text = "the file is not damaged" if info.damage is None else f"damaged: {info.damage}"
        self.say(text, warning=info.damage is not None)

    @on(Pane.Opened)
    def open_row(self, message: Pane.Opened) -> None:
        """List the records of a group, or open the record of a row."""
        match message.row.action:
            case OpenRecord(identifier):
                self._leave_for(identifier.value)
            case ListRecords(kind, group_id) if (kind, group_id) == _VERIFIED:
                self._list_verified()
            case ListRecords(kind, group_id):
                group = Group(kind, group_id)
                self._list(group, self._summary.named(group))

    def _list_verified(self) -> None:
        self._runner.start(
            Job("Listing"),
            lambda cache, job: first_verified(cache, self._service.trusted, job),
            lambda job, suffixes: self._list(_VERIFIED, suffixes),
        )

    def _list(self, group: Group, suffixes: list[str]) -> None:
        count = max(self._summary.count(group), len(suffixes))
        results = AuditResultsScreen(self._service, group_name(*group), suffixes, count)
        self.app.push_screen(results, self._leave_for)

    def _leave_for(self, suffix: str | None) -> None:
        if suffix is not None:
            self.dismiss(suffix)

    # Import and export

    def action_import_records(self) -> None:
        """Ask for the file or directory to import."""
        if self._may_write():
            ask(self, "Import which file or directory?", "~/records.jsonl.gz", self._import)

    def _import(self, source: str) -> None:
        now = self._service.now()

        def run(cache: Cache, job: Job) -> ImportResult:
            # No pipe: it might never send anything, and a waiting thread cannot be stopped.
            path = resolve_input(source)
            return import_all(cache, iter_inputs([str(path)], io.BytesIO(), now), job)

        self._runner.start(Job("Importing"), run, self._imported)

    def _imported(self, job: Job, result: ImportResult) -> None:
        self._messages += skipped_rows(result)
        self._summary.outdated |= result.new > 0
        how = "stopped; what was imported so far stays" if job.stopped else "imported"
        self.say(f"{how}: {import_text(result)}", warning=result.skipped > 0)

    def action_export(self) -> None:
        """Ask for the file to export to."""
        if not self._runner.is_busy():
            ask(self, "Export to which file, one record per line?", "~/records.jsonl", self._export)

    def _export(self, target: str) -> None:
        self.run_worker(self._check_target(target), group="target", exclusive=True)

    async def _check_target(self, name: str) -> None:
        try:
            path = await asyncio.to_thread(resolve_output_file, name)
        except PithError as error:
            self.fail(error)
            return
        if await asyncio.to_thread(os.path.exists, path):
            note = Row("", "It is replaced once the new file is complete.", Style.NOTE)
            write = partial(self._export_to, path, overwrite=True)
            confirm(self, f"{path} already exists. Replace it?", [note], write)
        else:
            self._export_to(path)

    def _export_to(self, path: Path, *, overwrite: bool = False) -> None:
        def run(cache: Cache, job: Job) -> tuple[Path, ExportResult]:
            return path, export_file(cache, path, self._service.trusted, job, overwrite=overwrite)

        self._runner.start(Job("Exporting"), run, partial(self._exported, "nothing was written"))

    def action_export_mirror(self) -> None:
        """Ask for the directory of a mirror."""
        if not self._runner.is_busy():
            ask(self, "Write a mirror to which new or empty directory?", "~/site", self._mirror)

    def _mirror(self, target: str) -> None:
        def run(cache: Cache, job: Job) -> tuple[Path, ExportResult]:
            root, service = resolve_path(target), self._service
            return root, export_mirror(cache, root, service.now(), service.trusted, job)

        self._runner.start(Job("Exporting"), run, partial(self._exported, "what was written stays"))

    def _exported(self, if_stopped: str, job: Job, done: tuple[Path, ExportResult]) -> None:
        path, result = done
        if not result.complete:
            self.say(f"the export was cancelled after {job.done:,} records; {if_stopped}")
            return
        self._messages += left_out_rows(result)
        self.say(f"{export_text(result)} to {path}", warning=result.is_partial)

    # Prune and remove

    def action_prune(self) -> None:
        """Ask for a limit."""
        if self._may_write():
            ask(
                self,
                "Keep how much? Give days since the last check, a number of records, or a size.",
                "90 days, 5000 records, 200M",
                self._prune,
            )

    def _prune(self, text: str) -> None:
        now = self._service.now()

        def select(cache: Cache, job: Job) -> tuple[PrunePlan, list[ListedRecord]]:
            limit = parse_limit(text, now)
            plan = select_for_pruning(cache, limit, bookmarked_suffixes(self._bookmarks), job)
            return plan, list(list_named(cache, plan.suffixes[:MAX_LISTED]))

        self._runner.start(Job("Selecting"), select, self._selected)

    def _selected(self, _: Job, selection: tuple[PrunePlan, list[ListedRecord]]) -> None:
        plan, listed = selection
        if plan.candidates:
            remove = partial(self._remove, plan.suffixes)
            confirm(self, f"Remove {prune_text(plan)}?", prune_rows(plan, listed), remove)
        else:
            self.say(prune_text(plan))

    def action_remove(self) -> None:
        """Ask which record to remove."""
        if self._may_write():
            ask(self, "Remove which record, with all its responses?", "2503.11832v5", self._find)

    def _find(self, text: str) -> None:
        self._runner.start(
            Job("Finding"),
            lambda cache, _: find_stored(cache, identifier_in(text, self._service.now().date())),
            lambda job, suffixes: self._named(text, suffixes),
        )

    def _named(self, text: str, suffixes: list[str]) -> None:
        rows = [Row(suffix, "with all its responses") for suffix in suffixes]
        question = f"Remove {count_records_text(len(suffixes))} named by {text}?"
        confirm(self, question, rows, partial(self._remove, suffixes))

    def _remove(self, suffixes: list[str]) -> None:
        self._runner.start(
            Job("Removing"),
            lambda cache, job: remove_records(cache, suffixes, job),
            self._removed,
        )

    def _removed(self, job: Job, result: RemoveResult) -> None:
        self._summary.outdated |= result.removed > 0
        text = f"{'stopped: ' if job.stopped else ''}{remove_text(result)}"
        self.say(text, warning=result.compact_error is not None)

    # Moving and leaving

    def action_other(self) -> None:
        """Go to the other pane."""
        info, results = self.query(Pane)
        self.set_class(results.has_focus, "-info")  # if only one fits
        (info if results.has_focus else results).focus()

    def action_leave(self) -> None:
        """Stop the running operation, or go back if there is none."""
        if not self._runner.stop():
            self.dismiss(None)
