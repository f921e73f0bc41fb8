"""Screens of one pane: help, and the whole record member by member."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pith_tui.output.rows import Row, RowBuilder, Style, View
from pith_tui.output.words import MARK_MEANINGS, MARK_SIGNS, OUTCOME_SIGNS
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome
from pith_tui.tui.commands import COMMANDS, MOVES
from pith_tui.tui.widgets.pane import Pane

_OUTCOME_MEANINGS = {
    Outcome.PASSED: "the check was done and holds",
    Outcome.FAILED: "the check was done and does not hold",
    Outcome.UNDECIDED: "it was tried and cannot be decided; the line says why",
    Outcome.ABSENT: "the record has nothing to check",
}
_VERDICTS = (
    ("VERIFIED", "no check failed and all nine that are required passed"),
    ("FAILED", "a check failed"),
    ("UNDECIDED", "nothing failed, but a required check did not pass"),
)


class _TextScreen(ModalScreen[None]):
    """A pane over the record; Esc, q or the key that opened it close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,w", "dismiss_it", "Close", show=False),
        Binding("y,c", "copy", "Copy", show=False),
    ]

    def __init__(self, title: str, rows: list[Row]) -> None:
        super().__init__()
        self._title = title
        self._shown = rows

    def compose(self) -> ComposeResult:
        """Lay out the one pane."""
        pane = Pane(f"{self._title} (Esc closes)", id="text")
        pane.show(self._shown)
        yield pane

    def action_dismiss_it(self) -> None:
        """Go back to the record."""
        self.dismiss()

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        row = self.query_one(Pane).current
        if row is not None:
            self.app.copy_to_clipboard(row.text if row.copy is None else row.copy)


class HelpScreen(_TextScreen):
    """Keys, marks, outcomes and verdicts."""

    def __init__(self) -> None:
        super().__init__("Help", help_rows())


class RawScreen(_TextScreen):
    """Every leaf of the record in the order received, each with its mark."""

    def __init__(self, view: View) -> None:
        build = RowBuilder(view)
        build.rest()
        super().__init__("The record as received, member by member", build.take())


def help_rows() -> list[Row]:
    """Explain the program from the same registry that binds the keys."""
    rows = [Row("Keys", "", Style.HEADING)]
    rows += [Row(_keys(command.keys), f"{command.help}") for command in COMMANDS]
    rows += [Row(keys, words) for keys, words in MOVES]
    rows.append(Row("Marks", "how far a field can be believed", Style.HEADING))
    rows += [Row(f"{MARK_SIGNS[mark]} {mark.value}", MARK_MEANINGS[mark]) for mark in Mark]
    rows.append(Row("Outcomes", "how a check ended", Style.HEADING))
    rows += [
        Row(f"{OUTCOME_SIGNS[outcome]} {outcome.value}", words)
        for outcome, words in _OUTCOME_MEANINGS.items()
    ]
    rows.append(Row("Verdicts", "what the checks come to", Style.HEADING))
    rows += [Row(name, words) for name, words in _VERDICTS]
    return rows


def _keys(keys: str) -> str:
    names = {"slash": "/", "question_mark": "?", "escape": "Esc", "shift+tab": "S-Tab", "f1": "F1"}
    return " ".join(names.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))
