"""The list of checked entries, the worst first: a line each with sign, key, id and title."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message

from pith_tui.operations.bibliography.comparison import Result
from pith_tui.operations.check_bibliography import EntryResult
from pith_tui.output.bibliography_text import RESULT_SIGNS
from pith_tui.output.rows import Pick, Row
from pith_tui.output.safe import safe
from pith_tui.tui.render.layout import Line, Span, fit, shown
from pith_tui.tui.widgets.pane import Pane

_STYLES = {
    Result.SAME: "passed",
    Result.PART: "proved",
    Result.OTHER: "conflict",
    Result.NOT_CHECKED: "undecided",
    Result.NO_RECORD: "absent",
    Result.FAILED: "failed",
    Result.IMPOSSIBLE: "failed",
    Result.NO_ID: "absent",
}
_WITH_ID = 70
"""From this width on the list has a column for ids."""
_ID = 18
_KEY = 24


class ResultsPane(Pane):
    """Shows entries, and reports which one the cursor is on."""

    class Moved(Message):
        """Posted when the cursor is on another entry, or on none any more."""

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(title, id=id)
        self._results: Sequence[EntryResult] = ()
        self._reported = 0

    @property
    def chosen(self) -> EntryResult | None:
        """The entry under the cursor."""
        row = self.current
        return self._results[row.action.position] if row and isinstance(row.action, Pick) else None

    @property
    def line(self) -> int:
        """The number of the entry under the cursor, from 0."""
        return self._cursor

    def go_to(self, line: int) -> None:
        """Put the cursor on an entry by its number."""
        self._reveal(min(line, max(len(self._results) - 1, 0)))
        self._report()

    def show_results(self, results: Sequence[EntryResult], *, keep_position: bool) -> None:
        """List these entries in their order."""
        self._results = results
        rows = [
            Row(result.entry.key, _title(result), action=Pick(index))
            for index, result in enumerate(results)
        ]
        self.show(rows, keep_position=keep_position)
        self._reported = self._cursor
        self.post_message(self.Moved())

    def _report(self) -> None:
        if self._cursor != self._reported:
            self._reported = self._cursor
            self.post_message(self.Moved())

    def action_move(self, step: int) -> None:
        """Move to the next entry."""
        super().action_move(step)
        self._report()

    def action_page(self, step: int) -> None:
        """Move by the height of the list."""
        super().action_page(step)
        self._report()

    def action_edge(self, step: int) -> None:
        """Move to the first or the last entry."""
        super().action_edge(step)
        self._report()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked entry; a double click opens its record."""
        super().on_click(event)
        self._report()

    def _go_to(self, row: int) -> None:
        super()._go_to(row)
        self._report()

    def lines_for(self, width: int) -> list[Line]:
        """Render a line for each entry; a text too long for it is shortened."""
        return [Line(index, _spans(result, width)) for index, result in enumerate(self._results)]


def _title(result: EntryResult) -> str:
    title = result.entry.value("title")
    return title if title is not None else result.entry.value("text") or ""


def _spans(result: EntryResult, width: int) -> tuple[Span, ...]:
    column = min(_KEY, width // 4)
    key = fit(safe(result.entry.key or f"line {result.entry.line}"), column)
    spans: list[Span] = [
        (f"{RESULT_SIGNS[result.result]} ", _STYLES[result.result]),
        (key + " " * (column - cell_len(key) + 1), "label"),
    ]
    left = width - column - 3
    if width >= _WITH_ID:
        name = fit(safe(result.ids[0].text if result.ids else ""), _ID - 1)
        spans.append((name + " " * (_ID - cell_len(name)), "note"))
        left -= _ID
    spans.append((fit(shown(_title(result)), max(left, 1)), "value"))
    return tuple(spans)
