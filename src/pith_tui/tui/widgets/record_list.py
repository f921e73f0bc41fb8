"""A list of any number of records, of which only those on the screen are ever read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from pith_tui.errors import PithError
from pith_tui.output.cells import wrap
from pith_tui.output.safe import safe
from pith_tui.store.paging import Window
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.exclusive_worker import run_exclusive
from pith_tui.tui.render.columns import By, ListRow, Sort, columns_at, header, row_spans
from pith_tui.tui.render.layout import Span
from pith_tui.tui.widgets.line_widget import LineWidget

if TYPE_CHECKING:
    from pith_tui.tui.jump_targets import JumpTarget


class Source(Protocol):
    """Where rows come from.  Both are called in threads."""

    def __call__(self, window: Window) -> list[ListRow]:
        """Read a page, quickly: its records need not be verified."""

    def verified(self, row: ListRow) -> ListRow:
        """Verify the record of a row."""


_VERIFIED_AT_ONCE = 8
"""Rows between one drawing of verdicts and the next."""
_READ_DELAY = 0.2
"""Seconds after which rows that are no longer the right ones are shown faintly."""
_WHEEL = 3


class RecordList(LineWidget):
    """A window over a source of rows.  The source is called in a thread, never here."""

    class Chosen(Message):
        """A record was chosen."""

        def __init__(self, suffix: str) -> None:
            self.suffix = suffix
            super().__init__()

    class HeaderClicked(Message):
        """The name of a column was clicked."""

        def __init__(self, by: By) -> None:
            self.by = by
            super().__init__()

    class Shown(Message):
        """The rows of the source are on the screen, for the first time."""

    class Failed(Message):
        """Rows could not be read."""

        def __init__(self, error: PithError) -> None:
            self.error = error
            super().__init__()

    def __init__(self, *, id: str, now: Callable[[], datetime]) -> None:  # noqa: A002
        super().__init__(id=id)
        self._now = now
        self._source: Source | None = None
        self._sort = Sort()
        self._empty: Sequence[str] = ()
        self._rows: list[ListRow] = []
        self._layouts: dict[int, tuple[ListRow, int, bool, list[Span]]] = {}
        self._cursor = 0
        self._stale = True  # the rows at hand are not the source's
        self._busy = False
        self._dimmed = False
        self._behind = 0
        self.starred: set[str] = set()

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
        """The number of rows that fit below the header."""
        return max(self.content_size.height - 1, 1)

    def show(self, source: Source, sort: Sort, empty: Sequence[str]) -> None:
        """Show the rows of another source, from the first; ``empty`` is said where it has none."""
        self._source, self._sort, self._empty = source, sort, empty
        self._stale = True
        self._replace(Window(None, False, self._height), 0)

    def star(self, suffix: str, starred: bool) -> None:
        """Show the star of a bookmark beside a record, or remove it."""
        (self.starred.add if starred else self.starred.discard)(suffix)
        self._refresh_rows(n for n, row in enumerate(self._rows) if row.suffix == suffix)

    def say(self, message: Sequence[str]) -> None:
        """Show a text instead of rows: there is nothing to read."""
        self.detach()
        self._rows, self._layouts, self._empty = [], {}, message
        self._cursor, self._stale, self._dimmed = 0, True, False
        self.refresh()

    def detach(self) -> None:
        """Read no more from the source, which is about to be closed; the rows stay for now."""
        self.workers.cancel_group(self, "rows")
        self.workers.cancel_group(self, "verdicts")
        self._source, self._busy = None, False
        self._dim(True)

    def on_resize(self, event: events.Resize) -> None:
        """Read as many rows as there is room for now, the cursor on the row where it was."""
        del event
        if self._source is None:
            return
        if self._stale or not self._rows:
            self._replace(Window(None, False, self._height), 0)
            return
        keep = min(self._cursor, self._height - 1)
        first = self._cursor - keep
        self._rows, self._cursor = self._rows[first : first + self._height], keep
        if first:
            self.refresh()  # the new size was painted before this, with the first rows
        if self._rows and len(self._rows) < self._height:
            self._fill()

    # Reading

    def _replace(self, window: Window, cursor: int) -> None:
        run_exclusive(self, "rows", self._read_all, window, cursor)

    async def _read_all(self, window: Window, cursor: int) -> None:
        rows = await self._read(window)
        if rows is not None:
            fresh, self._stale = self._stale, False
            self._rows = rows
            self._cursor = max(min(cursor, len(rows) - 1), 0)
            self._rows_changed()
            if fresh:
                self.post_message(self.Shown())

    def _rows_changed(self) -> None:
        """Draw the rows, and have those verified that are not yet."""
        shown = set(map(id, self._rows))
        self._layouts = {key: layout for key, layout in self._layouts.items() if key in shown}
        self.refresh()
        if any(row.outcome is None for row in self._rows):
            # After the rows are drawn, which verifying beside it would make slower.
            self.call_after_refresh(run_exclusive, self, "verdicts", self._verify)

    async def _verify(self) -> None:
        """Verify what is on the screen, the first rows first."""
        source = self._source
        while source is not None and source is self._source:
            pending = [row for row in self._rows if row.outcome is None][:_VERIFIED_AT_ONCE]
            if not pending:
                return
            verified = await asyncio.to_thread(_verify_all, source, pending)
            done = {row.place: row for row in verified}
            self._rows = [done.get(row.place, row) for row in self._rows]
            self._refresh_rows(n for n, row in enumerate(self._rows) if row.place in done)
            if all(row.outcome is None for row in verified):
                return

    async def _read(self, window: Window) -> list[ListRow] | None:
        """Call the source in a thread; None where it failed or another took its place."""
        source = self._source
        assert source is not None, "there is something to read"
        self._busy = True
        reading = asyncio.ensure_future(asyncio.to_thread(source, window))
        try:
            done, _ = await asyncio.wait({reading}, timeout=_READ_DELAY)
            if not done:
                self._dim(True)
            rows = await reading
        except PithError as error:
            if source is self._source:
                self._rows, self._empty = [], (f"{error}.", f"{error.hint}.")
                self.refresh()
                self.post_message(self.Failed(error))
            return None
        finally:
            reading.cancel()
            if source is self._source:
                self._busy = False
                self._dim(False)
        return rows if source is self._source else None

    def _fill(self) -> None:
        """Read what is missing below the rows at hand, and above them where there is no more."""
        run_exclusive(self, "rows", self._read_missing)

    async def _read_missing(self) -> None:
        room = self._height - len(self._rows)
        below = await self._read(Window(self._rows[-1].place, False, room))
        if below is None:
            return
        self._rows = [*self._rows, *below]
        if len(below) < room:
            above = await self._read(Window(self._rows[0].place, True, room - len(below)))
            if above is None:
                return
            self._rows = [*above, *self._rows]
            self._cursor += len(above)
        self._rows_changed()

    def _scroll(self, count: int, cursor: int) -> None:
        """Move the window by so many rows, reading only those; ``cursor`` is where it ends up.

        What is asked while rows are being read is done after that, not dropped: a key that is
        held down comes faster than rows do.
        """
        if self._source is None:
            return
        if self._busy:
            self._behind += count
            return
        self._busy, self._behind = True, 0
        run_exclusive(self, "rows", self._read_on, count, cursor)

    async def _read_on(self, count: int, cursor: int) -> None:
        while count and self._rows:
            down, size = count > 0, min(abs(count), self._height)
            left = count - size if down else count + size
            edge = self._rows[-1 if down else 0].place
            new = await self._read(Window(edge, not down, size))
            if new is None:
                return
            rows = [*self._rows, *new] if down else [*new, *self._rows]
            self._rows = rows[-self._height :] if down else rows[: self._height]
            at_end = len(new) < size
            last = len(self._rows) - 1
            self._cursor = (last if down else 0) if at_end else min(cursor, last)
            self._rows_changed()
            count, self._behind = self._behind + (0 if at_end else left), 0

    # Moving

    def action_move(self, step: int) -> None:
        """Move the cursor; at the edge the window moves."""
        position = self._cursor + step
        if 0 <= position < len(self._rows):
            self._go_to(position)
        elif self._rows and (step < 0 or len(self._rows) == self._height):
            self._scroll(step, 0 if step < 0 else self._height - 1)

    def action_page(self, step: int) -> None:
        """Move the window by its height; at the end, the cursor to the last row."""
        if step > 0 and len(self._rows) < self._height:
            self._go_to(max(len(self._rows) - 1, 0))
        elif self._rows:
            self._scroll(step * self._height, self._cursor)

    def action_edge(self, step: int) -> None:
        """Go to the first or the last row."""
        if self._source is not None:
            last = step > 0
            self._replace(Window(None, last, self._height), self._height if last else 0)

    def action_open(self) -> None:
        """Choose the record under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current.suffix))

    def jump_targets(self) -> list[JumpTarget]:
        """Return the rows on the screen, for jumping."""
        from pith_tui.tui.jump_targets import JumpTarget

        left, top = self.content_region.offset
        return [
            JumpTarget(left, top + 1 + index, partial(self._jump_to, index))
            for index in range(len(self._rows))
        ]

    def _jump_to(self, index: int) -> None:
        self.focus()
        self._go_to(index)

    def _go_to(self, index: int) -> None:
        """Put the cursor on a row of the screen."""
        before, self._cursor = self._cursor, index
        self._refresh_rows((before, index))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a double click chooses it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            for column in columns_at(self.content_size.width):
                if column.start <= offset.x < column.start + column.width:
                    self.post_message(self.HeaderClicked(column.by))
        elif offset.y <= len(self._rows):
            self._go_to(offset.y - 1)
            if event.chain > 1:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the window down."""
        event.stop()
        if len(self._rows) == self._height:
            self._scroll(_WHEEL, self._cursor)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the window up."""
        event.stop()
        if self._rows:
            self._scroll(-_WHEEL, self._cursor)

    # Drawing

    def _refresh_rows(self, indexes: Iterable[int]) -> None:
        """Redraw these rows of those on the screen, the first of which is 0."""
        self.refresh_lines(index + 1 for index in indexes)

    def _dim(self, dimmed: bool) -> None:
        """Show the rows faintly, as they are no longer the right ones, or as usual."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the header, a row, or the text for an empty list."""
        base, palette = self.line_style, pith_app(self).palette
        width = self.content_size.width
        spans: list[Span] = []
        under = base
        if y == 0:
            spans = header(width, self._sort)
        elif y <= len(self._rows):
            row = self._rows[y - 1]
            spans = self._spans_of(row, width)
            if self._dimmed:
                spans = [(text, "label") for text, _ in spans]
            elif y - 1 == self._cursor and self.has_focus:
                under = base + palette["cursor"]
        elif not self._rows and not self._busy:
            spans = self._placeholder_line(y - 2, width)
        segments = [Segment(text, under + palette[style]) for text, style in spans]
        return Strip(segments).adjust_cell_length(width, under)

    def _spans_of(self, row: ListRow, width: int) -> list[Span]:
        """Render a row, once: it is drawn again as the list scrolls and the cursor moves."""
        starred = row.suffix in self.starred
        layout = self._layouts.get(id(row))
        if layout is not None and layout[0] is row and layout[1:3] == (width, starred):
            return layout[3]
        spans = row_spans(row, width, self._now(), starred=starred)
        self._layouts[id(row)] = (row, width, starred, spans)
        return spans

    def _placeholder_line(self, y: int, width: int) -> list[Span]:
        lines: list[Span] = []
        for number, text in enumerate(self._empty):
            style = "note" if number else "heading"
            lines += [(f"  {line}", style) for line in wrap(safe(text), max(width - 4, 8))]
        return lines[y : y + 1] if y >= 0 else []


def _verify_all(source: Source, rows: list[ListRow]) -> list[ListRow]:
    return [source.verified(row) for row in rows]
