"""The history of a record: every stored response, and what each one changed."""

from __future__ import annotations

import asyncio
from itertools import islice

from textual import on
from textual.app import ComposeResult

from pith_tui.errors import CacheError
from pith_tui.lookup.service import RecordService
from pith_tui.output.history import HistoryEntry, history_rows, responses_text, steps_of
from pith_tui.output.rows import Pick, Row, Style
from pith_tui.store.response_rows import StoredResponse
from pith_tui.store.responses import iter_responses
from pith_tui.tui.commands.cache import HISTORY
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.pane import Pane

_MAX_LISTED = 100
"""Maximum responses that are shown; ``pith-tui cache show ID --history`` prints all."""


class HistoryScreen(PithScreen[StoredResponse | None]):
    """The responses of one record, the latest first; returns the chosen one."""

    GROUP = HISTORY
    CSS = "#history { height: 1fr; }"

    def __init__(self, service: RecordService, suffix: str) -> None:
        """Show the responses stored for the record with this suffix of 26 characters."""
        super().__init__()
        assert service.cache is not None, "the screen is opened only where there is a cache"
        self._service = service
        self._cache = service.cache
        self._suffix = suffix
        self._steps: list[HistoryEntry] = []

    def compose(self) -> ComposeResult:
        """Compose the pane, status and keys."""
        yield Pane(f"History of {self._suffix}", id="history")
        yield StatusBar(id="status")
        yield KeyBar(HISTORY, id="keys")

    def on_mount(self) -> None:
        """Read the responses in a thread."""
        self.query_one(Pane).focus()
        self.run_worker(self._show(), exclusive=True)

    async def _show(self) -> None:
        pane, status = self.query_one(Pane), self.query_one(StatusBar)
        status.say("reading …")
        try:
            self._steps = await asyncio.to_thread(self._read)
        except CacheError as error:
            status.say(f"{error}; {error.hint}", warning=True)
            return
        shown = self._steps[:_MAX_LISTED]
        rows = history_rows(shown, self._service.now())
        if len(self._steps) > _MAX_LISTED:
            note = f"Older ones are not listed: `pith-tui cache show {self._suffix} --history`"
            rows.append(Row("", note, Style.NOTE))
        pane.show(rows or [Row("", "The cache has no response for this record.", Style.NOTE)])
        alarms = [step.alarm for step in shown if step.alarm is not None]
        if alarms:
            status.say(alarms[0], warning=True)
        else:
            key, count = self.key_for("enter"), responses_text(len(shown))
            status.say(f"{count}; {key} shows the one under the cursor" if shown else "")

    def _read(self) -> list[HistoryEntry]:
        stored = iter_responses(self._cache, self._suffix)
        return list(islice(steps_of(stored, self._service.trusted), _MAX_LISTED + 1))

    @on(Pane.Opened)
    def choose(self, message: Pane.Opened) -> None:
        """Return the response whose row was chosen."""
        action = message.row.action
        response = (
            self._steps[action.position].stored.response if isinstance(action, Pick) else None
        )
        if response is None:
            self.say("that response cannot be read", warning=True)
            return
        self.dismiss(response)

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        row = self.query_one(Pane).current
        if row is not None:
            self.pith.copy_text(row.copied, self.say)
