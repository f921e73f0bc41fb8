"""The four panes of a record: filled from a reading, gone about in, folded and unfolded."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from pith_tui.output.panes import PANES, Panes, check_rows, panes_of
from pith_tui.output.rows import Row
from pith_tui.protocol.report import Check, Outcome
from pith_tui.tui.listing import message_rows
from pith_tui.tui.reading import Reading
from pith_tui.tui.widgets.pane import Pane

VERIFICATION = 1
"""The place of the Verification pane among the four."""


class RecordPanes(Container):
    """Paper, Verification, Graph and Aliases; one of them is the open one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.each = [Pane(name, id=pane_id) for pane_id, name in PANES]
        self.open_index = 0
        self._reading: Reading | None = None
        self._unfolded: set[str] = set()

    def compose(self) -> ComposeResult:
        """Lay the panes out; styles decide how many of them are seen at which width."""
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
        """Tell which pane a widget is, None where it is none of them."""
        return self.each.index(widget) if isinstance(widget, Pane) and widget in self.each else None

    def show(self, reading: Reading, changed: list[Row] | None = None) -> None:
        """Fill the panes; ``changed`` says what a fetch changed, above all else."""
        self._reading = reading
        if reading.view is None:
            assert reading.fault is not None, "what cannot be viewed has a fault"
            rows = message_rows("These bytes are not a record", reading.fault)
            panes = Panes(rows, check_rows(reading.report.checks, self._in_detail), [], [])
        else:
            panes = panes_of(reading.view, self._in_detail)
        paper = [*(changed or []), *panes.paper]
        for pane, rows in zip(self.each, (paper, *panes[1:]), strict=True):
            pane.show(rows)

    def begin_checks(self) -> None:
        """Empty the Verification pane for checks to come."""
        self.each[VERIFICATION].show([])

    def add_check(self, check: Check) -> None:
        """Show a check as it is done."""
        self.each[VERIFICATION].add(check_rows((check,), self._in_detail))

    def set_source(self, source: bool) -> None:
        """Show TeX as its source, or as Unicode where the conversion is sure."""
        for pane in self.each:
            pane.set_source(source)

    def toggle(self, fold: str) -> None:
        """Fold what is unfolded, or the other way about."""
        self._unfolded ^= {fold}
        self._show_details()

    def toggle_details(self) -> None:
        """Unfold every check, or fold them all."""
        if self._reading is None:
            return
        done = self._reading.report.checks
        unfold = not all(map(self._in_detail, done))
        self._unfolded ^= {check.id for check in done if self._in_detail(check) is not unfold}
        self._show_details()

    def _in_detail(self, check: Check) -> bool:
        """Tell whether a check is shown in full: what did not pass is, unless folded by hand."""
        folded = check.outcome in (Outcome.PASSED, Outcome.ABSENT)
        return folded is (check.id in self._unfolded)

    def _show_details(self) -> None:
        if self._reading is not None and self._reading.view is not None:
            rows = panes_of(self._reading.view, self._in_detail).verification
            self.each[VERIFICATION].show(rows, keep_place=True)
