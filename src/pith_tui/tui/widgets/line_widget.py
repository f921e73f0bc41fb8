"""What panes, lists and the graph have in common: lines that are drawn one by one, and a cursor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pith_tui.tui.commands.rows import ROWS


class LineWidget(Widget, can_focus=True):
    """A widget that implements ``render_line`` and knows which of its lines change."""

    BINDINGS: ClassVar[list[BindingType]] = ROWS.bindings
    # Textual finds no text in such lines: it would copy the widget's name, and paint the whole
    # screen for every click, which may begin a selection.
    ALLOW_SELECT = False

    _line_style: Style | None = None

    @property
    def line_style(self) -> Style:
        """The widget's own style, which Textual works out from those of all around it.

        Worked out once for all lines that are drawn at a time.
        """
        if self._line_style is None:
            self._line_style = self.rich_style
        return self._line_style

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines that changed; whatever surrounds the widget may have changed as well."""
        self._line_style = None
        return super().render_lines(crop)

    def refresh_lines(self, lines: Iterable[int]) -> None:
        """Redraw these lines and leave all others as they are, since each is bytes to be sent.

        ``lines`` are numbers as ``render_line`` gets them; those that are not on the screen are
        left out.  A change that shows elsewhere too, such as scrolling, needs ``refresh``.
        """
        width, height = self.content_size
        regions = [Region(0, y, width, 1) for y in lines if 0 <= y < height]
        if regions:  # with none, Textual would redraw the whole widget
            self.refresh(*regions)
