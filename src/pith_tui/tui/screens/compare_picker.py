"""A dialog to choose one of several records."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import on
from textual.app import ComposeResult

from pith_tui.errors import PithError
from pith_tui.output.rows import Pick, Row, Style
from pith_tui.output.wording import VERDICT_OUTCOMES
from pith_tui.tui.commands.text import TEXT
from pith_tui.tui.comparison_candidates import Candidate
from pith_tui.tui.screens.base import PithModalScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane


class ComparePickerScreen(PithModalScreen[Candidate | None]):
    """Lists the candidates that ``load`` returns, in a thread; returns the chosen one."""

    GROUP = TEXT

    def __init__(self, title: str, load: Callable[[], list[Candidate]], nothing: str) -> None:
        """Make the screen; ``nothing`` is shown if there is no candidate."""
        super().__init__()
        self._title = title
        self._load = load
        self._nothing = nothing
        self._candidates: list[Candidate] = []

    def compose(self) -> ComposeResult:
        """Compose the pane."""
        yield Pane(f"{self._title} ({self.key_for('text_close')} closes)", id="text")
        yield StatusBar(id="status")

    def on_mount(self) -> None:
        """Start loading."""
        self.query_one(Pane).show([Row("", "loading …", Style.NOTE)])
        self.run_worker(self._look(), exclusive=True)

    async def _look(self) -> None:
        pane = self.query_one(Pane)
        try:
            self._candidates = await asyncio.to_thread(self._load)
        except PithError as error:
            pane.show([Row("", f"{error}; {error.hint}", Style.NOTE)])
            return
        rows = [_row(index, candidate) for index, candidate in enumerate(self._candidates)]
        pane.show(rows or [Row("", self._nothing, Style.NOTE)])

    @on(Pane.Opened)
    def choose(self, message: Pane.Opened) -> None:
        """Return the chosen candidate."""
        if isinstance(message.row.action, Pick):
            self.dismiss(self._candidates[message.row.action.position])

    def action_copy(self) -> None:
        """Copy the name under the cursor."""
        row = self.query_one(Pane).current
        if row is not None:
            self.pith.copy_text(row.label, self.say)


def _row(number: int, candidate: Candidate) -> Row:
    checked = candidate.checked
    title = checked.title
    return Row(
        candidate.name,
        f"{candidate.what}: {'(no title)' if title is None else title.text}",
        mark=None if title is None else title.mark,
        outcome=VERDICT_OUTCOMES[checked.report.verdict],
        tex=True,
        action=Pick(number),
    )
