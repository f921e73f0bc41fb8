"""Two records side by side, grouped by what is signed, proved and only claimed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from pith_tui.output.compare import compare, headings
from pith_tui.output.safe import safe
from pith_tui.output.wording import OUTCOME_SIGNS, VERDICT_OUTCOMES, verdict_label
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Outcome
from pith_tui.tui.commands.compare import COMPARE
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import Bar, KeyBar, StatusBar
from pith_tui.tui.widgets.diff_pane import DiffPane

_COLOURS = {Outcome.PASSED: "$success", Outcome.FAILED: "$error", Outcome.UNDECIDED: "$warning"}


class CompareScreen(PithScreen[None]):
    """Both verdicts, an alarm if there is one, and every field that differs."""

    GROUP = COMPARE
    CSS = """
    CompareScreen .side { height: 1; }
    CompareScreen .verdict { width: 17; }
    CompareScreen .name { width: 1fr; color: $pith-muted; }
    CompareScreen #alarm {
        display: none; height: auto; max-height: 3; text-wrap: wrap; padding: 0 1;
        background: $error; color: $background; text-style: bold;
    }
    CompareScreen.-alarm #alarm { display: block; }
    CompareScreen DiffPane { height: 1fr; }
    CompareScreen #status { height: auto; max-height: 6; text-wrap: wrap; }
    """

    def __init__(
        self,
        left: CheckedRecord,
        right: CheckedRecord,
        names: tuple[str, str],
        trusted: Sequence[PublicKey],
    ) -> None:
        """Make the screen; ``names`` label the records and may contain record text."""
        super().__init__()
        self._views = (left, right)
        self._names = names
        self._trusted = trusted
        self._all = False

    def compose(self) -> ComposeResult:
        """Compose a line for each record, the alarm, the fields, status and keys.

        Each verdict has its own widget, which no name can overwrite.
        """
        for letter in "ab":
            with Horizontal(classes="side"):
                yield Bar(id=f"verdict-{letter}").add_class("verdict")
                yield Bar(id=f"name-{letter}").add_class("name")
        yield Bar(id="alarm")
        yield DiffPane("Compare", id="pairs")
        yield StatusBar(id="status")
        yield KeyBar(COMPARE, id="keys")

    def on_mount(self) -> None:
        """Show what differs."""
        for letter, view, name in zip("ab", self._views, self._names, strict=True):
            verdict = view.report.verdict
            badge = (
                f" {verdict_label(verdict)} ",
                f"reverse {_COLOURS[VERDICT_OUTCOMES[verdict]]}",
            )
            head = (f" {letter.upper()} ", "bold")
            self.query_one(f"#verdict-{letter}", Bar).write(Content.assemble(head, badge))
            self.query_one(f"#name-{letter}", Bar).write(Content(safe(name)))
        self.query_one(DiffPane).focus()
        self._show()

    def _show(self) -> None:
        self.say("comparing …")
        self.run_worker(self._compare(), group="compare", exclusive=True)

    async def _compare(self) -> None:
        left, right = self._views
        comparison = await asyncio.to_thread(compare, left, right, with_same=self._all)
        self.set_class(comparison.equivocation is not None, "-alarm")
        if comparison.equivocation is not None:
            outcome = Outcome.FAILED if comparison.equivocation.is_alarm else Outcome.CONFLICT
            alarm = f"{OUTCOME_SIGNS[outcome]} {headings(comparison)[0]}"
            self.query_one("#alarm", Bar).write(Content(alarm))
        self.query_one(DiffPane).compare(comparison)
        self.say(headings(comparison)[-1], warning=comparison.equivocation is not None)

    def action_all(self) -> None:
        """List all fields, or only those that differ."""
        self._all = not self._all
        self._show()

    def action_copy(self) -> None:
        """Copy both sides of the field under the cursor."""
        row = self.query_one(DiffPane).current
        if row is None or not row.copy:
            self.say("no field to copy here", warning=True)
            return
        self.pith.copy_text(row.copy, self.say)
