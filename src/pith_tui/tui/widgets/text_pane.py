"""A pane of plain text, line by line, as it is exported."""

from __future__ import annotations

from pith_tui.output.cells import wrap
from pith_tui.output.rows import Row
from pith_tui.output.safe import MAX_LENGTH, MAX_LINES, safe
from pith_tui.tui.render.layout import Line
from pith_tui.tui.widgets.pane import Pane


class TextPane(Pane):
    """Shows the beginning of a text, with control characters made visible."""

    def show_text(self, text: str) -> None:
        """Show another text from its beginning, with a note if there is more."""
        lines = text[:MAX_LENGTH].splitlines()
        rows = [Row("", line) for line in lines[:MAX_LINES]]
        if len(text) > MAX_LENGTH or len(lines) > MAX_LINES:
            rows.append(Row("", f"… and so on, {len(text):,} characters in all"))
        self.show(rows)

    def lines_for(self, width: int) -> list[Line]:
        """Wrap each line; continuation lines have the indentation of the first."""
        lines: list[Line] = []
        for index, row in enumerate(self.rows):
            shown = safe(row.text)
            indent = min(len(shown) - len(shown.lstrip(" ")), width // 2)
            pieces = wrap(shown.lstrip(" "), max(width - indent, 4))
            lines += [Line(index, ((" " * indent, "value"), (piece, "value"))) for piece in pieces]
        return lines
