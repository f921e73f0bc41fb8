"""A pane: rows drawn line by line, with a cursor, at any width.

One plain widget for a whole pane, through Textual's line API.  A widget per field, or Textual's
own scroll view with its scroll bars, would cost the first frame more than all that it shows; lines
that are not on the screen cost nothing here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from pith_tui.output.rows import Row
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.render.layout import Line, holds_cursor, lay_out
from pith_tui.tui.widgets.line_widget import LineWidget

if TYPE_CHECKING:
    from pith_tui.tui.jump_targets import JumpTarget

_WHEEL = 3
"""Lines that one notch of a mouse wheel moves."""


class Pane(LineWidget):
    """A bordered list of rows, which may hold record text; layout makes it safe."""

    class Opened(Message):
        """Enter or a double click, on a row that leads somewhere or can be unfolded."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.border_title = title
        self._rows: list[Row] = []
        self._lines: list[Line] = []
        self._layout_width = -1
        self._source = False
        self._cursor = 0
        self._top = 0

    @property
    def rows(self) -> list[Row]:
        """The rows shown, in order."""
        return self._rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def top(self) -> int:
        """The number of the first line on the screen."""
        return self._top

    def show(self, rows: list[Row], *, keep_position: bool = False) -> None:
        """Show other rows; the cursor and the place stay only where asked."""
        self._rows = rows
        self._layout_width = -1
        if not keep_position:
            self._cursor, self._top = self._next_stop(-1, 1), 0
        self._cursor = min(self._cursor, max(len(rows) - 1, 0))
        self.refresh()

    def add(self, rows: list[Row]) -> None:
        """Add rows below the others."""
        self.show([*self._rows, *rows], keep_position=True)

    def set_source(self, source: bool) -> None:
        """Show TeX as its source, or as Unicode where the conversion is sure."""
        self._source = source
        self._layout_width = -1
        self.refresh()

    @property
    def _height(self) -> int:
        return max(self.content_size.height, 1)

    def _lay_out(self) -> None:
        # The last two columns are kept for the scroll bar, so that nothing moves when it appears.
        width = self.content_size.width - 2
        if width <= 0 or width == self._layout_width:
            return
        self._layout_width = width
        self._lines = self.lines_for(width)
        self._top = self._clamped(self._top)

    def lines_for(self, width: int) -> list[Line]:
        """Render the rows in ``width`` columns; another kind of pane does it its own way."""
        return lay_out(self._rows, width, source=self._source)

    def _clamped(self, top: int) -> int:
        """Return the first line of the screen nearest to ``top`` that leaves no room unused."""
        return max(min(top, len(self._lines) - self._height), 0)

    def _move_to(self, top: int, cursor: int | None = None) -> None:
        """Scroll to a line, put the cursor on a row if one is given, and redraw what changes."""
        before, top = self._cursor, self._clamped(top)
        if cursor is not None:
            self._cursor = cursor
        if top != self._top:
            self._top = top
            self.refresh()
        elif self._cursor != before:
            for row in (before, self._cursor):
                self.refresh_lines(number - top for number in self._lines_of(row))

    def _lines_of(self, row: int) -> range:
        """Return the numbers of a row's lines, which follow one another."""
        of_row = attrgetter("row")
        first = bisect_left(self._lines, row, key=of_row)
        return range(first, bisect_right(self._lines, row, first, key=of_row))

    def on_resize(self, event: events.Resize) -> None:
        """Render for the new size, and keep the cursor on the screen."""
        del event
        self._lay_out()
        self._move_to(self._top)
        if self.has_focus:
            self._reveal(self._cursor)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the part that is on the screen."""
        self._lay_out()
        base, palette = self.line_style, pith_app(self).palette
        width, number = self.content_size.width, y + self._top
        bar = Segment(self._bar(y), base + palette["note"])
        if number >= len(self._lines):
            return Strip([Segment(" " * (width - 1), base), bar], width)
        line = self._lines[number]
        at_cursor = self.has_focus and line.row == self._cursor and self._can_stop(line.row)
        under = base + palette["cursor"] if at_cursor else base
        segments = [Segment(text, under + palette[name]) for text, name in line.spans]
        strip = Strip(segments).adjust_cell_length(width - 1, under)
        return Strip([*strip, bar], width)

    def _bar(self, y: int) -> str:
        """Draw the scroll bar's cell beside line ``y``: nothing where everything is shown."""
        total, height = len(self._lines), self._height
        if total <= height:
            return " "
        size = max(height * height // total, 1)
        start = (height - size) * self._top // (total - height)
        return "┃" if start <= y < start + size else " "

    def action_move(self, step: int) -> None:
        """Move to the next row that can hold the cursor, or scroll where there is none."""
        stop = self._next_stop(self._cursor, step)
        if stop == self._cursor:
            self._move_to(self._top + step)
        else:
            self._reveal(stop)

    def action_page(self, step: int) -> None:
        """Move by the height of the pane."""
        if not self._lines:
            return
        top = self._clamped(self._top + step * max(self._height - 1, 1))
        edge = top if step > 0 else top + self._height - 1
        row = self._lines[min(edge, len(self._lines) - 1)].row
        self._move_to(top, self._next_stop(row - step, step))

    def action_edge(self, step: int) -> None:
        """Move to the first or the last row."""
        start = -1 if step < 0 else len(self._rows)
        self._move_to(0 if step < 0 else len(self._lines), self._next_stop(start, -step))

    def action_open(self) -> None:
        """Ask for the row under the cursor to be opened or unfolded."""
        row = self.current
        if row is not None and row.action is not None:
            self.post_message(self.Opened(row))

    def jump_targets(self) -> list[JumpTarget]:
        """Return the rows on the screen that can hold the cursor, for jumping."""
        from pith_tui.tui.jump_targets import JumpTarget

        left, top = self.content_region.offset
        seen = self._lines[self._top : self._top + self._height]
        targets: list[JumpTarget] = []
        for y, line in enumerate(seen):
            first = y == 0 or seen[y - 1].row != line.row
            if first and line.spans and self._can_stop(line.row):
                targets.append(JumpTarget(left, top + y, partial(self._go_to, line.row)))
        return targets

    def _go_to(self, row: int) -> None:
        self.focus()
        self._move_to(self._top, row)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y + self._top >= len(self._lines):
            return
        self._move_to(self._top, self._lines[offset.y + self._top].row)
        if event.chain > 1:
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll without moving the cursor."""
        event.stop()
        self._move_to(self._top + _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll without moving the cursor."""
        event.stop()
        self._move_to(self._top - _WHEEL)

    def _next_stop(self, start: int, step: int) -> int:
        """Find the next row a cursor makes sense on; ``start`` where there is none."""
        index = start + step
        while 0 <= index < len(self._rows):
            if self._can_stop(index):
                return index
            index += step
        return min(max(start, 0), max(len(self._rows) - 1, 0))

    def _can_stop(self, index: int) -> bool:
        return holds_cursor(self._rows[index])

    def _reveal(self, cursor: int) -> None:
        """Put the cursor on a row, and scroll just so far that it is on the screen, its first line
        before all."""
        own, top = self._lines_of(cursor), self._top
        if cursor == self._next_stop(-1, 1):
            top = 0  # a heading right above the first row is worth a line or two of scrolling
        elif own:
            top = min(max(top, own[-1] - self._height + 1), own[0])
        self._move_to(top, cursor)
