"""The id bar: shows which record is open; becomes an input when one is to be typed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from pith_tui.output.safe import safe

_HINT = "arXiv id, DOI, Pith Number or a URL"


class IdBar(Widget):
    """One line: the program's name and the identifier, typed or shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    class Asked(Message):
        """An identifier was typed and Enter pressed."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Left(Message):
        """The input was left with Esc."""

    def compose(self) -> ComposeResult:
        """Lay out the name and the input."""
        yield Static(" pith ", id="brand", markup=False)
        yield Input(placeholder=_HINT, compact=True, select_on_focus=True, id="id-input")

    def show(self, text: str) -> None:
        """Show the identifier of the open record."""
        self.query_one(Input).value = safe(text)

    def edit(self) -> None:
        """Put the cursor into the input, the old text selected."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def ask(self, message: Input.Submitted) -> None:
        """Pass on what was typed."""
        message.stop()
        self.post_message(self.Asked(message.value))

    def action_leave(self) -> None:
        """Leave the input."""
        self.post_message(self.Left())
