"""A list of any number of records, of which only those on the screen are ever read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from pith_tui.output.safe import safe
from pith_tui.output.tex import display
from pith_tui.output.words import MARK_SIGNS, OUTCOME_SIGNS, age
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.layout import fit

if TYPE_CHECKING:
    from pith_tui.tui.app import PithApp


class ListRow(NamedTuple):
    """A record as the list shows it, verified when it was read.

    ``number`` is its place in the archive's own order; title and category are raw record text.
    """

    number: int
    suffix: str
    name: str
    title: str
    mark: Mark | None
    category: str
    submitted: str
    checked_at: datetime | None
    outcome: Outcome


class Page(NamedTuple):
    """What is asked of a source: rows after or before a number, so many at the most."""

    after: int | None
    before: int | None
    size: int


Source = Callable[[Page], list[ListRow]]


class RecordList(Widget, can_focus=True):
    """A window over a source of rows.  The source is called in a thread, never here."""

    app: PithApp
    BINDINGS: ClassVar[list[BindingType]] = ROWS.bindings

    class Chosen(Message):
        """A record was chosen."""

        def __init__(self, suffix: str) -> None:
            self.suffix = suffix
            super().__init__()

    def __init__(self, *, id: str, now: Callable[[], datetime]) -> None:  # noqa: A002
        super().__init__(id=id)
        self._now = now
        self._source: Source | None = None
        self._rows: list[ListRow] = []
        self._cursor = 0

    @property
    def rows(self) -> list[ListRow]:
        """The rows on the screen."""
        return self._rows

    @property
    def current(self) -> ListRow | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def _height(self) -> int:
        return max(self.content_size.height, 1)

    def show(self, source: Source) -> None:
        """Show the rows of another source, from the first."""
        self._source = source
        self._cursor = 0
        self._read(Page(0, None, self._height))

    def on_resize(self, event: events.Resize) -> None:
        """Read as many rows as there is room for now."""
        del event
        if self._source is not None:
            first = self._rows[0].number - 1 if self._rows else 0
            self._read(Page(first, None, self._height))

    def _read(self, page: Page, cursor: int | None = None) -> None:
        self.run_worker(self._read_page(page, cursor), group="rows", exclusive=True)

    async def _read_page(self, page: Page, cursor: int | None) -> None:
        assert self._source is not None, "there is something to read"
        rows = await asyncio.to_thread(self._source, page)
        if rows or page == Page(0, None, page.size):
            self._rows = rows
            wanted = self._cursor if cursor is None else cursor
            self._cursor = max(min(wanted, len(rows) - 1), 0)
            self.refresh()

    def action_move(self, step: int) -> None:
        """Move the cursor; at the edge the window moves by one row."""
        at = self._cursor + step
        if 0 <= at < len(self._rows):
            self._cursor = at
            self.refresh()
        elif step > 0 and len(self._rows) == self._height:
            self._further(1)
        elif step < 0 and self._rows:
            self._back(1)

    def action_page(self, step: int) -> None:
        """Move the window by its height; at the end, the cursor to the last row."""
        if step > 0 and len(self._rows) < self._height:
            self._cursor = max(len(self._rows) - 1, 0)
            self.refresh()
        elif step > 0:
            self._further(self._height)
        elif self._rows:
            self._back(self._height)

    def _further(self, count: int) -> None:
        """Move the window down, but not past a last row that is in it already."""
        after = self._rows[count - 1].number if count < self._height else self._rows[-1].number
        self._read(Page(after, None, self._height), self._height - 1 if count == 1 else 0)

    def _back(self, count: int) -> None:
        """Move the window up: what comes before it, and as much of it as there is room for."""
        before = self._rows[0].number
        if count < self._height and len(self._rows) >= self._height:
            before = self._rows[-count].number
        self._read(Page(None, before, self._height), 0)

    def action_edge(self, step: int) -> None:
        """Go to the first or the last row."""
        if step < 0:
            self._read(Page(0, None, self._height), 0)
        else:
            self._read(Page(None, 1 << 62, self._height), self._height)

    def action_open(self) -> None:
        """Choose the record under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current.suffix))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a double click chooses it."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(self._rows):
            self._cursor = offset.y
            self.refresh()
            if event.chain > 1:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down a row."""
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up a row."""
        event.stop()
        self.action_move(-1)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        base, palette = self.rich_style, self.app.palette
        width = self.content_size.width
        if y >= len(self._rows):
            return Strip.blank(width, base)
        row = self._rows[y]
        under = base + palette["cursor"] if y == self._cursor and self.has_focus else base
        segments = [
            Segment(text, under + palette[style])
            for text, style in columns(row, width, self._now())
        ]
        return Strip(segments).adjust_cell_length(width, under)


def columns(row: ListRow, width: int, now: datetime) -> list[tuple[str, str]]:
    """Lay a row out: the verdict's sign, id and title always, the rest where there is room."""
    sign = (f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value)
    name = (_cell(safe(row.name), 19 if width >= 60 else 15), "label")
    tail: list[tuple[str, str]] = []
    if width >= 76:
        tail.append((f" {_cell(safe(row.category), 15)}", "label"))
    if width >= 96:
        tail.append((f" {_cell(safe(row.submitted[:10]), 11)}", "label"))
    if width >= 114:
        old = age(row.checked_at, now) if row.checked_at else "–"
        tail.append((f" {_cell(old, 15)}", "label"))
    mark = "claimed" if row.mark is None else row.mark.value
    head = (f"{' ' if row.mark is None else MARK_SIGNS[row.mark]} ", mark)
    used = 2 + cell_len(name[0]) + 2 + sum(cell_len(text) for text, _ in tail)
    title = _cell(safe(display(row.title)) or "(no title)", max(width - used, 4))
    return [sign, name, head, (title, "value"), *tail]


def _cell(text: str, width: int) -> str:
    return set_cell_size(fit(text, width - 1), width)
