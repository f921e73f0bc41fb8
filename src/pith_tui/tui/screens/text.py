"""Screens of one pane: help, and the complete record member by member."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from pith_tui.output.rows import OpenRecord, Row, RowBuilder, Style, Toggle
from pith_tui.output.wording import MARK_MEANINGS, OUTCOME_MEANINGS, VERDICT_MEANINGS
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Group
from pith_tui.tui.commands.keys import key_name
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.commands.text import TEXT
from pith_tui.tui.screens.base import PithModalScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane

_MAX_LEAVES = 10_000


class _TextScreen(PithModalScreen[None]):
    """A pane over the record, closed by the keys of its group."""

    GROUP = TEXT

    def __init__(self, title: str, rows: list[Row]) -> None:
        super().__init__()
        self._title = title
        self._shown = rows

    def compose(self) -> ComposeResult:
        """Compose the pane."""
        pane = Pane(f"{self._title} ({self.key_for('text_close')} closes)", id="text")
        pane.show(self._shown)
        yield pane
        yield StatusBar(id="status")

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        row = self.query_one(Pane).current
        if row is not None:
            self.pith.copy_text(row.copied, self.say)


class HelpScreen(_TextScreen):
    """Help: the row under the cursor, the keys of the screen, marks, outcomes and verdicts."""

    def __init__(self, group: Group | None, keymap: Mapping[str, str], here: Row | None) -> None:
        super().__init__(
            "Help", [*here_rows(here, key_name("enter", keymap)), *help_rows(group, keymap)]
        )


class RawScreen(_TextScreen):
    """Every leaf of the record in the order received, each with its mark."""

    def __init__(self, view: CheckedRecord) -> None:
        build = RowBuilder(view)
        build.add_remaining(most=_MAX_LEAVES)
        super().__init__("Record as received", build.flush())


def here_rows(row: Row | None, open_key: str) -> list[Row]:
    """Explain the row that the cursor is on; ``open_key`` is the key that opens rows."""
    if row is None or (row.mark is None and row.outcome is None):
        return []
    rows = [Row("Under the cursor", row.label or "the title", Style.HEADING)]
    if row.mark is not None:
        meaning = MARK_MEANINGS[row.mark]
        rows.append(Row(row.mark.value, meaning, Style.LEGEND, mark=row.mark))
    if row.outcome is not None:
        meaning = OUTCOME_MEANINGS[row.outcome]
        rows.append(Row(row.outcome.value, meaning, Style.LEGEND, outcome=row.outcome))
    match row.action:
        case OpenRecord(identifier):
            rows.append(Row(open_key, f"looks up {identifier.text}"))
        case Toggle():
            rows.append(Row(open_key, "expands or collapses it"))
    return rows


def help_rows(group: Group | None, keymap: Mapping[str, str]) -> list[Row]:
    """Explain the program from the same registry that binds the keys, the screen's own first."""
    rows: list[Row] = []
    for listed in (*([] if group is None else [group]), ROWS, APP):
        rows.append(Row(listed.title, "", Style.HEADING))
        rows += [Row(" ".join(c.key_names(keymap)), c.help) for c in listed.commands]
    rows.append(Row("Marks", "how far a field can be believed", Style.HEADING))
    rows += [Row(mark.value, MARK_MEANINGS[mark], Style.LEGEND, mark=mark) for mark in Mark]
    rows.append(Row("Outcomes", "how a check ended", Style.HEADING))
    rows += [
        Row(outcome.value, meaning, Style.LEGEND, outcome=outcome)
        for outcome, meaning in OUTCOME_MEANINGS.items()
    ]
    rows.append(Row("Verdicts", "what the checks amount to", Style.HEADING))
    rows += [Row(verdict.value, meaning) for verdict, meaning in VERDICT_MEANINGS.items()]
    return rows
