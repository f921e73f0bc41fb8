"""An input of one line into which several can be pasted."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class LineInput(Input):
    """An input that takes pasted lines as one; Textual's takes the first and drops the others.

    The first of two pasted ids would be looked up as if it were the only one, and a title that a
    page breaks over two lines would be cut.
    """

    def on_paste(self, event: events.Paste) -> None:
        """Join the lines, before Textual's own handler puts them in."""
        event.text = " ".join(filter(None, map(str.strip, event.text.splitlines())))
