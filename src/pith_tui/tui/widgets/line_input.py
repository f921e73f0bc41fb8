"""A one-line input into which several lines can be pasted."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class LineInput(Input):
    """An input that joins pasted lines; Textual's takes the first and drops the others.

    Otherwise the first of two pasted ids would be looked up as if it were the only one, and a title
    broken over two lines would be cut.
    """

    def on_paste(self, event: events.Paste) -> None:
        """Join the lines, before Textual's own handler inserts them."""
        event.text = " ".join(filter(None, map(str.strip, event.text.splitlines())))
