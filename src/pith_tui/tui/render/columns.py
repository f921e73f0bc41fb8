"""The columns of a list of records: which fit a width, and how a row is rendered in them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from rich.cells import set_cell_size

from pith_tui.output.safe import safe
from pith_tui.output.wording import OUTCOME_SIGNS, age, mark_text
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome
from pith_tui.store.paging import Order, Position, Sorting
from pith_tui.tui.render.layout import Span, fit

STAR = "★"


class ListRow(NamedTuple):
    """A record as a list shows it.

    ``place`` is its position in the order; name and category are raw record text; the title is
    ready for display, prepared once for each row in the thread that reads it; ``origin`` replaces
    the age of a record that no server sent.  ``outcome`` is None until ``raw``, its bytes, have
    been verified; until then the title has no mark.  ``has_conflicts`` is whether any check ended
    in conflict, which changes no verdict; ``has_alarm`` is whether the cache contains equivocation
    about it.
    """

    place: Position
    suffix: str
    name: str
    title: str
    mark: Mark | None
    category: str
    submitted: str
    checked_at: datetime | None
    outcome: Outcome | None
    origin: str = ""
    raw: bytes = b""
    has_conflicts: bool = False
    has_alarm: bool = False


class By(Enum):
    """Sort keys: the label, the name of the column, and the order.

    The cache has no order by verdict, since verdicts are not stored; it comes last because many
    records cannot be sorted by it.
    """

    ARRIVAL = ("by arrival", "", Order.ARRIVAL)
    NAME = ("by id", "Id", Order.NAME)
    TITLE = ("by title", "Title", Order.TITLE)
    CATEGORY = ("by category", "Category", Order.CATEGORY)
    SUBMITTED = ("by submission", "Submitted", Order.SUBMITTED)
    AGE = ("by age of the copy", "Copy is", Order.CHECKED)
    VERDICT = ("by verdict", "", None)

    def __init__(self, label: str, header: str, order: Order | None) -> None:
        self.label = label
        self.header = header
        self.order = order


class Sort(NamedTuple):
    """The sort key of a list, and whether the order is reversed."""

    by: By = By.ARRIVAL
    reversed: bool = False

    @property
    def arrow(self) -> str:
        """The sign of the direction."""
        return "▼" if self.reversed else "▲"

    @property
    def sorting(self) -> Sorting:
        """The same as an order of the cache; the youngest copy is the one checked last."""
        order = self.by.order or Order.ARRIVAL
        return Sorting(order, self.reversed != (self.by is By.AGE))


class Column(NamedTuple):
    """A column on the screen: its content, its start, and its width in cells with the gap."""

    by: By
    start: int
    width: int


# The list width from which a column is shown, and its width in cells.
_TAIL = ((By.CATEGORY, 64, 12), (By.SUBMITTED, 88, 12), (By.AGE, 106, 14))
_WIDE = 130
_ALARM = "ALARM "
_SIGNS = 4
"""Cells of the verdict's sign, the conflict's sign, the bookmark's star, and a gap."""


def columns_at(width: int) -> list[Column]:
    """Choose columns: verdict, id and title always, the rest if the title keeps enough room."""
    name = 20 if width >= 64 else 14
    tail = [(by, size) for by, needs, size in _TAIL if width >= needs]
    if width >= _WIDE:
        tail = [(by, size + 3) for by, size in tail]
    title = max(width - _SIGNS - name - sum(size for _, size in tail), 4)
    columns, start = [], 0
    for by, size in ((By.VERDICT, _SIGNS), (By.NAME, name), (By.TITLE, title), *tail):
        columns.append(Column(by, start, size))
        start += size
    return columns


def header(width: int, sort: Sort) -> list[Span]:
    """Render the column names, the sorted one marked."""
    spans: list[Span] = []
    for column in columns_at(width):
        name = column.by.header
        if column.by is By.TITLE:
            name = " " * _mark_width() + name
        if column.by is sort.by:
            name = f"{name} {sort.arrow}" if name else sort.arrow
        spans.append((_cell(name, column.width), "heading" if column.by is sort.by else "label"))
    return spans


def row_spans(row: ListRow, width: int, now: datetime, *, starred: bool) -> list[Span]:
    """Render a row in its columns."""
    spans: list[Span] = []
    for column in columns_at(width):
        if column.by is By.VERDICT:
            spans += [_sign(row), _conflict_sign(row)]
            spans.append((f"{STAR if starred else ' '} ", "proved"))
        elif column.by is By.TITLE:
            spans += _title(row, column.width)
        else:
            style = "label" if column.by is not By.NAME else "value"
            spans.append((_cell(safe(_text(row, column.by, now)), column.width), style))
    return spans


def _text(row: ListRow, by: By, now: datetime) -> str:
    if by is By.NAME:
        return row.name
    if by is By.CATEGORY:
        return row.category
    if by is By.SUBMITTED:
        return row.submitted[:10]
    return row.origin if row.checked_at is None else age(row.checked_at, now)


def _sign(row: ListRow) -> Span:
    if row.outcome is None:
        return ("…", "label")
    return (OUTCOME_SIGNS[row.outcome], row.outcome.value)


def _conflict_sign(row: ListRow) -> Span:
    sign = OUTCOME_SIGNS[Outcome.CONFLICT] if row.has_conflicts else " "
    return (sign, Outcome.CONFLICT.value)


def _title(row: ListRow, width: int) -> list[Span]:
    room = _mark_width()
    if row.mark is None and row.outcome is not None:
        return [(" " * room, "note"), (_cell(safe(row.title), width - room), "note")]
    title = safe(row.title) or "(no title)"
    mark = (" " * room, "note")
    if row.mark is not None:
        mark = (set_cell_size(mark_text(row.mark, with_word=False), room), row.mark.value)
    if not row.has_alarm:
        return [mark, (_cell(title, width - room), "value")]
    # Before the mark, where record text is never shown.
    alarm = fit(_ALARM, width)
    rest = _cell(title, max(width - room - len(alarm), 0))
    return [(alarm, Outcome.FAILED.value), mark, (rest, "value")]


def _mark_width() -> int:
    return len(mark_text(Mark.SIGNED, with_word=False))


def _cell(text: str, width: int) -> str:
    return set_cell_size(fit(text, width - 1), width)
