"""What a browser under test paints: which lines of the screen, and what a terminal makes of it."""

from __future__ import annotations

from typing import Any

import pyte
from pyte.screens import Char
from textual._compositor import ChopsUpdate
from textual.pilot import Pilot
from textual.widget import Widget

from pith_tui.tui.app import PithApp

Cells = list[list[Char]]


class Painted:
    """An emulated terminal that gets all that the app of a pilot paints from now on.

    ``lines`` are the numbers of the lines that were painted since they were last cleared, and
    ``frames`` counts how often.
    """

    def __init__(self, pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, PithApp)
        self.lines: set[int] = set()
        self.frames = 0
        self._app = pilot.app
        self._screen = pyte.Screen(*pilot.app.size)
        self._stream = pyte.Stream(self._screen)
        self._app._display = self._display  # type: ignore[method-assign, assignment]
        for widget in self._app.screen.walk_children(Widget):
            widget.refresh()

    def clear(self) -> None:
        """Count from here on."""
        self.lines, self.frames = set(), 0

    @property
    def cells(self) -> Cells:
        """Every cell of the terminal with its colours and style, line by line."""
        return _cells(self._screen)

    def repainted(self) -> Cells:
        """Return every cell as it is when all is drawn and painted once more, from nothing."""
        for widget in self._widgets():
            widget._set_dirty()
            widget._exchange_repaint_regions()  # or the next update would paint all of it
        screen = pyte.Screen(*self._app.size)
        update: Any = self._app.screen._compositor.render_update(
            full=True, screen_stack=self._app._background_screens
        )
        pyte.Stream(screen).feed(update.render_segments(self._app.console))
        return _cells(screen)

    def _widgets(self) -> list[Widget]:
        stack = self._app.screen_stack
        return [widget for one in stack for widget in one.walk_children(Widget, with_self=True)]

    def _display(self, screen: object, update: Any) -> None:
        del screen
        if update is None or self._app._batch_count:
            return  # as Textual does
        columns, rows = self._app.size
        self._screen.resize(rows, columns)
        partial = isinstance(update, ChopsUpdate)
        self.lines |= {y for y, _, _ in update.spans} if partial else set(range(rows))
        self.frames += 1
        self._stream.feed(update.render_segments(self._app.console))


def _cells(screen: pyte.Screen) -> Cells:
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


def lines_of(widget: Widget, *lines: int) -> set[int]:
    """Return where lines of a widget's content stand on the screen."""
    return {widget.content_region.y + line for line in lines}
