"""Redrawing only those lines of a widget that changed: every line costs time, and bytes sent."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.widget import Widget


def refresh_lines(widget: Widget, lines: Iterable[int]) -> None:
    """Redraw these lines of a widget's content, and leave all others as they are.

    ``lines`` are numbers as ``render_line`` gets them; those that are not on the screen are left
    out.  A change that shows elsewhere too, such as scrolling, needs ``Widget.refresh``.
    """
    width, height = widget.content_size
    regions = [Region(0, y, width, 1) for y in lines if 0 <= y < height]
    if regions:  # with none, Textual would redraw the whole widget
        widget.refresh(*regions)
