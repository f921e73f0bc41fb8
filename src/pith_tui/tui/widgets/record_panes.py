"""The four panes of a record: filled from a reading, gone about in, folded and unfolded."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from pith_tui.output.panes import PANES, Panes, check_rows, is_quiet, panes_of
from pith_tui.output.rows import Row
from pith_tui.protocol.report import Check, Report
from pith_tui.tui.loading import Reading
from pith_tui.tui.widgets.pane import Pane

VERIFICATION, GRAPH = 1, 2
"""The places of two panes among the four: those with something to fold."""


class RecordPanes(Container):
    """Paper, Verification, Graph and Aliases; one of them is the open one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.each = [Pane(name, id=pane_id) for pane_id, name in PANES]
        self.open_index = 0
        self._reading: Reading | None = None
        self._prepared: tuple[Reading, Panes] | None = None
        self._toggled: set[str] = set()

    def compose(self) -> ComposeResult:
        """Render the panes; styles decide how many of them are seen at which width."""
        yield from self.each

    @property
    def open_pane(self) -> Pane:
        """The pane that is seen where there is room for one, and that keys go to."""
        return self.each[self.open_index]

    def select(self, index: int) -> None:
        """Make a pane the open one."""
        self.open_index = index
        for number, pane in enumerate(self.each):
            pane.set_class(number == index, "-open")

    def index_of(self, widget: Widget | None) -> int | None:
        """Return which pane a widget is, None where it is none of them."""
        return self.each.index(widget) if isinstance(widget, Pane) and widget in self.each else None

    async def prepare(self, reading: Reading) -> None:
        """Render what is to be shown, in a thread: a record can hold very many members."""
        view = reading.view
        if view is not None:
            self._prepared = (reading, await asyncio.to_thread(panes_of, view, self._is_open))

    def show(self, reading: Reading, changed: list[Row] | None = None) -> None:
        """Fill the panes; ``changed`` says what a fetch changed, above all else."""
        self._reading = reading
        if reading.view is None:
            assert reading.fault is not None, "what cannot be viewed has a fault"
            from pith_tui.tui.render.start_page import message_rows

            rows = message_rows("These bytes are not a record", reading.fault)
            panes = Panes(rows, check_rows(reading.report, self._is_open), [], [])
        elif self._prepared is not None and self._prepared[0] is reading:
            panes = self._prepared[1]
        else:
            panes = panes_of(reading.view, self._is_open)
        self._prepared = None
        paper = [*(changed or []), *panes.paper]
        for pane, rows in zip(self.each, (paper, *panes[1:]), strict=True):
            pane.show(rows)

    def begin_checks(self) -> None:
        """Empty the panes for a record to come."""
        self._reading = None
        for pane in self.each:
            pane.show([])

    def add_check(self, check: Check, report: Report) -> None:
        """Show a check of a report as it is done."""
        rows = check_rows(report._replace(checks=(check,)), self._is_open)
        self.each[VERIFICATION].add(rows)

    def set_source(self, source: bool) -> None:
        """Show TeX as its source, or as Unicode where the conversion is sure."""
        for pane in self.each:
            pane.set_source(source)

    def toggle(self, fold: str) -> None:
        """Fold what is unfolded, or the other way about."""
        self._toggled ^= {fold}
        self._fold_anew()

    def toggle_details(self) -> None:
        """Unfold every check, or fold them all."""
        if self._reading is None:
            return
        usual = {check.id: not is_quiet(check) for check in self._reading.report.checks}
        unfold = not all(self._is_open(*each) for each in usual.items())
        self._toggled -= usual.keys()
        self._toggled |= {fold for fold, opened in usual.items() if opened is not unfold}
        self._fold_anew()

    def _is_open(self, fold: str, usual: bool) -> bool:
        """Return whether something is unfolded: as usual, unless it was turned over by hand."""
        return usual is not (fold in self._toggled)

    def _fold_anew(self) -> None:
        if self._reading is None or self._reading.view is None:
            return
        panes = panes_of(self._reading.view, self._is_open)
        for index in (VERIFICATION, GRAPH):
            self.each[index].show(panes[index], keep_place=True)
