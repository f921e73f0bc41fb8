"""Export: what can be copied or saved of a record, with a preview of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input

from pith_tui.errors import PithError
from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.export_items import ExportItem, export_items
from pith_tui.output.rows import Row, Style
from pith_tui.tui.commands.export import EXPORT
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.text_pane import TextPane
from pith_tui.user.files import OutputExistsError, write_file

_WORK = "export"


class ItemPane(Pane):
    """A pane that reports when its cursor may have moved; any row can be opened."""

    class Moved(Message):
        """Posted when the cursor may have moved."""

    def action_move(self, step: int) -> None:
        """Move, and report it."""
        super().action_move(step)
        self.post_message(self.Moved())

    def action_page(self, step: int) -> None:
        """Move by one page, and report it."""
        super().action_page(step)
        self.post_message(self.Moved())

    def action_edge(self, step: int) -> None:
        """Go to the first or last row, and report it."""
        super().action_edge(step)
        self.post_message(self.Moved())

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def on_click(self, event: events.Click) -> None:
        """Report the click; the base class has its own handler, which moves the cursor."""
        del event
        self.post_message(self.Moved())

    def _go_to(self, row: int) -> None:
        super()._go_to(row)
        self.post_message(self.Moved())


class ExportScreen(PithScreen[None]):
    """The list of what can be exported, below the verdict of the record."""

    GROUP = EXPORT
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual has it as an instance variable
        (0, "-narrow"),
        (100, "-wide"),
    ]
    CSS = """
    ExportScreen #exporting { height: 1fr; layout: horizontal; }
    ExportScreen.-narrow #exporting { layout: vertical; }
    ExportScreen #items { width: 46; height: 1fr; }
    ExportScreen #preview { width: 1fr; height: 1fr; }
    ExportScreen.-narrow #items { width: 1fr; }
    ExportScreen #file { background: $surface; }
    ExportScreen #status { height: auto; max-height: 6; text-wrap: wrap; }
    """

    def __init__(self, record: FetchedRecord, findings: Sequence[Finding], now: datetime) -> None:
        """Make the screen for a record; ages are relative to ``now``."""
        super().__init__()
        self._record = record
        self._findings = findings
        self._now = now
        self._items: tuple[ExportItem, ...] = ()
        self._shown: str | None = None
        self._saving: ExportItem | None = None
        self._refused = ""

    def compose(self) -> ComposeResult:
        """Compose the verdict, list, preview, status and keys."""
        yield VerdictBar(id="verdict")
        yield TitleBar(id="title")
        with Container(id="exporting"):
            yield ItemPane("Export", id="items")
            yield TextPane("Preview", id="preview")
        yield StatusBar(id="status")
        yield KeyBar(EXPORT, id="keys")

    def on_mount(self) -> None:
        """Start with the first item of the list, once it is built."""
        checks = self._record.checked.report.checks
        self.query_one(VerdictBar).show(self._record, checks, self._now, self._findings)
        self.query_one(TitleBar).show_title(self._record.checked)
        pane = self.query_one(ItemPane)
        pane.show([Row("", "…", Style.NOTE)])
        pane.focus()
        self.run_worker(self._list(), group="items", exclusive=True)

    async def _list(self) -> None:
        """Make the export items in a thread: a record of several megabytes takes a while."""
        self._items = await asyncio.to_thread(export_items, self._record, self._now, self._findings)
        pane = self.query_one(ItemPane)
        pane.show([Row(item.name, item.summary, mark=item.mark) for item in self._items])
        self.preview()

    @property
    def item(self) -> ExportItem | None:
        """The item under the cursor of the list, None until there is a list."""
        pane = self.query_one(ItemPane)
        rows = zip(self._items, pane.rows, strict=False)
        return next((item for item, row in rows if row is pane.current), None)

    @on(ItemPane.Moved)
    def preview(self) -> None:
        """Show the item under the cursor, unless it is shown already."""
        item = self.item
        if item is not None and item.id != self._shown:
            self._shown = item.id
            self.query_one(TextPane).show_text(item.text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ``s`` to the input while a file name is typed."""
        del parameters
        return action != "save" or not isinstance(self.focused, Input)

    @on(Pane.Opened)
    def copy_row(self) -> None:
        """Copy the row that was opened."""
        self.action_copy()

    def action_copy(self) -> None:
        """Copy the item under the cursor."""
        item = self.item
        if item is None:
            return
        self.pith.copy_text(
            item.text,
            lambda message, warning: self.say(f"{item.title}: {message}", warning=warning),
        )

    async def action_save(self) -> None:
        """Ask for a file name."""
        item = self.item
        if item is None:
            return
        self._saving = item
        await self.query("#file").remove()
        field = Input(item.file_name, compact=True, id="file", select_on_focus=False)
        await self.mount(field, before=self.query_one(StatusBar))
        self.set_focus(field)
        self._refused = ""
        self.say(
            f"{item.title}: Enter saves it to this file, {self.key_for('export_leave')} cancels"
        )

    @on(Input.Submitted)
    def save_typed(self, message: Input.Submitted) -> None:
        """Save to the named file; overwrite an existing one only after a second request."""
        assert self._saving is not None, "a name is typed for something"
        overwrite = message.value == self._refused != ""
        work = self._save(self._saving, message.value, overwrite)
        self.run_worker(work, group=_WORK, exclusive=True)

    async def _save(self, item: ExportItem, name: str, overwrite: bool) -> None:
        try:
            path = await asyncio.to_thread(write_file, item.data, name, overwrite=overwrite)
        except OutputExistsError as error:
            self._refused = name
            cancel = self.key_for("export_leave")
            again = f"press Enter again to overwrite it, change the name, or cancel with {cancel}"
            self.say(f"{error}: {again}", warning=True)
            return
        except PithError as error:
            self.fail(error)
            return
        self._close_field()
        self.say(f"{item.title}: {len(item.data):,} bytes saved to {path}")

    def _close_field(self) -> None:
        self.query_one(ItemPane).focus()
        self.query("#file").remove()

    def action_other(self) -> None:
        """Switch between the list and the preview."""
        items, preview = self.query_one(ItemPane), self.query_one(TextPane)
        self.set_focus(preview if items.has_focus else items)

    def action_leave(self) -> None:
        """Cancel the file name, or go back to the record."""
        if self.query("#file"):
            self._close_field()
            self.say("nothing was saved")
        else:
            self.dismiss(None)
