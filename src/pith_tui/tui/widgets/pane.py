"""A pane: rows drawn line by line, with a cursor, at any width.

One widget for a whole pane, through Textual's line API: the first frame must not wait for a
widget per field, and lines that are not on the screen cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pith_tui.output.rows import Row, Style
from pith_tui.tui.layout import Line, lay_out

if TYPE_CHECKING:
    from pith_tui.tui.app import PithApp


class Pane(ScrollView, can_focus=True):
    """A bordered list of rows; the rows may hold record text, which layout makes safe."""

    app: PithApp
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", show=False),
        Binding("down,j", "cursor(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "Page down", show=False),
        Binding("home,g", "edge(-1)", "First", show=False),
        Binding("end,G", "edge(1)", "Last", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    class Opened(Message):
        """Enter or a click on the cursor's row, where that row can be opened."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.border_title = title
        self._rows: list[Row] = []
        self._lines: list[Line] = []
        self._laid_width = -1
        self._source = False
        self._cursor = 0

    @property
    def rows(self) -> list[Row]:
        """The rows shown, in order."""
        return self._rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    def show(self, rows: list[Row], *, keep_place: bool = False) -> None:
        """Show other rows; the cursor and the place stay only where asked."""
        self._rows = rows
        self._laid_width = -1
        if not keep_place:
            self._cursor = self._next_stop(-1, 1)
            self.scroll_to(y=0, animate=False, immediate=True)
        self._cursor = min(self._cursor, max(len(rows) - 1, 0))
        self._lay_out()
        self.refresh()

    def add(self, rows: list[Row]) -> None:
        """Add rows below the others, laying out the new ones alone."""
        first = len(self._rows)
        self._rows = [*self._rows, *rows]
        if self._laid_width < 0:
            self._lay_out()
        else:
            self._lines += lay_out(rows, self._laid_width, source=self._source, first=first)
            self.virtual_size = Size(self._laid_width, len(self._lines))
        self.refresh()

    def set_source(self, source: bool) -> None:
        """Show TeX as its source, or as Unicode where the conversion is sure."""
        self._source = source
        self._laid_width = -1
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or width == self._laid_width:
            return
        self._laid_width = width
        self._lines = lay_out(self._rows, width, source=self._source)
        self.virtual_size = Size(width, len(self._lines))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew for the new width."""
        del event
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        self._lay_out()
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        base, palette = self.rich_style, self.app.palette
        if number >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[number]
        at_cursor = self.has_focus and line.row == self._cursor and line.spans
        under = base + palette["cursor"] if at_cursor else base
        segments = [Segment(text, under + palette[name]) for text, name in line.spans]
        return Strip(segments).adjust_cell_length(width, under)

    def action_cursor(self, step: int) -> None:
        """Move to the next row that can hold the cursor, or scroll where there is none."""
        stop = self._next_stop(self._cursor, step)
        if stop == self._cursor:
            self.scroll_relative(y=step, animate=False)
        self._go_to(stop)

    def action_page(self, step: int) -> None:
        """Move by the height of the pane."""
        height = max(self.scrollable_content_region.height - 1, 1)
        target = self._first_line(self._cursor) + step * height
        target = min(max(target, 0), len(self._lines) - 1)
        if self._lines:
            stop = self._next_stop(self._lines[target].row - step, step)
            self._go_to(stop)

    def action_edge(self, step: int) -> None:
        """Move to the first or the last row."""
        if step < 0:
            self._go_to(self._next_stop(-1, 1))
            self.scroll_home(animate=False)
        else:
            self._go_to(self._next_stop(len(self._rows), -1))
            self.scroll_end(animate=False)

    def action_open(self) -> None:
        """Ask for the row under the cursor to be opened or unfolded."""
        row = self.current
        if row is not None and (row.opens or row.folds):
            self.post_message(self.Opened(row))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        number = offset.y + self.scroll_offset.y
        if number < len(self._lines):
            self._cursor = self._lines[number].row
            self.refresh()
            if event.chain > 1:
                self.action_open()

    def _next_stop(self, start: int, step: int) -> int:
        """Find the next row a cursor makes sense on; ``start`` where there is none."""
        index = start + step
        while 0 <= index < len(self._rows):
            if self._rows[index].style not in (Style.HEADING, Style.NOTE):
                return index
            index += step
        return max(start, 0)

    def _go_to(self, row: int) -> None:
        self._cursor = row
        top = self._first_line(row)
        height = sum(line.row == row for line in self._lines[top : top + 40])
        view = Region(0, top, self._laid_width, max(height, 1))
        self.scroll_to_region(view, animate=False, force=True, immediate=True)
        self.refresh()

    def _first_line(self, row: int) -> int:
        return next((n for n, line in enumerate(self._lines) if line.row == row), 0)
