"""The four panes of a record: filling, navigating, expanding and collapsing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from pith_tui.output.check_text import unreadable_text
from pith_tui.output.panes import PANES, Panes, check_rows, is_quiet, panes_of
from pith_tui.output.rows import Row
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Report
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.widgets.pane import Pane

VERIFICATION, GRAPH = 1, 2
"""The indexes of the two panes whose rows can be expanded."""


class RecordPanes(Container):
    """Paper, Verification, Graph and Aliases; one of them is the open one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.panes = [Pane(name, id=pane_id) for pane_id, name in PANES]
        self.open_index = 0
        self._checked: CheckedRecord | None = None
        self._prepared: tuple[CheckedRecord, Panes] | None = None
        self._toggled: set[str] = set()

    def compose(self) -> ComposeResult:
        """Compose the panes; the style sheet decides how many are visible at which width."""
        yield from self.panes

    @property
    def open_pane(self) -> Pane:
        """The pane that is visible if only one fits, and that receives the keys."""
        return self.panes[self.open_index]

    def select(self, index: int) -> None:
        """Make a pane the open one."""
        self.open_index = index
        for number, pane in enumerate(self.panes):
            pane.set_class(number == index, "-open")

    def index_of(self, widget: Widget | None) -> int | None:
        """Return which pane a widget is, or None."""
        return (
            self.panes.index(widget) if isinstance(widget, Pane) and widget in self.panes else None
        )

    async def prepare(self, checked: CheckedRecord) -> None:
        """Make the rows of a record in a thread: it can have very many members."""
        if checked.error is None:
            self._prepared = (checked, await asyncio.to_thread(panes_of, checked, self._is_open))

    def show(self, checked: CheckedRecord, changed: Sequence[Row] = ()) -> None:
        """Fill the panes; ``changed`` are the rows of what a fetch changed, shown first."""
        self._checked = checked
        if checked.error is not None:
            from pith_tui.tui.render.start_page import error_rows

            key_for = pith_app(self).key_for
            rows = error_rows(unreadable_text(checked.report), checked.error, key_for)
            panes = Panes(rows, check_rows(checked.report, self._is_open))
        elif self._prepared is not None and self._prepared[0] is checked:
            panes = self._prepared[1]
        else:
            panes = panes_of(checked, self._is_open)
        self._prepared = None
        paper = [*changed, *panes.paper]
        for pane, rows in zip(self.panes, (paper, *panes[1:]), strict=True):
            pane.show(rows)

    def clear(self) -> None:
        """Clear the panes for the next record."""
        self._checked = None
        for pane in self.panes:
            pane.show([])

    def add_check(self, check: Check, report: Report) -> None:
        """Show a check of a report as it finishes."""
        rows = check_rows(Report((check,), report.asked, report.signer), self._is_open)
        self.panes[VERIFICATION].add(rows)

    def set_source(self, source: bool) -> None:
        """Show TeX as its source, or as Unicode if the conversion is certain."""
        for pane in self.panes:
            pane.set_source(source)

    def toggle(self, toggle_id: str) -> None:
        """Toggle whether a row is expanded."""
        self._toggled ^= {toggle_id}
        self._render_anew()

    def toggle_details(self) -> bool | None:
        """Expand every check, or collapse them all.

        Return whether they are expanded now, None if no record is shown.
        """
        if self._checked is None:
            return None
        usual = {check.id: not is_quiet(check) for check in self._checked.report.checks}
        expand = not all(self._is_open(*default) for default in usual.items())
        self._toggled -= usual.keys()
        self._toggled |= {name for name, expanded in usual.items() if expanded is not expand}
        self._render_anew()
        return expand

    def _is_open(self, toggle_id: str, usual: bool) -> bool:
        """Return whether a row is expanded: by default, unless the user toggled it."""
        return usual is not (toggle_id in self._toggled)

    def _render_anew(self) -> None:
        if self._checked is None or self._checked.error is not None:
            return
        panes = panes_of(self._checked, self._is_open)
        for index in (VERIFICATION, GRAPH):
            self.panes[index].show(panes[index], keep_position=True)
