"""The id bar: shows which record is open, and becomes an input to type another id."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from pith_tui.output.safe import safe
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.render.bar_text import ID_HINT, id_bar_spans
from pith_tui.tui.widgets.line_input import LineInput


class IdBar(Widget):
    """One line: the program's name and the identifier, shown or typed.

    The input exists only while it is used: it costs the first frame more than the bar.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    class Asked(Message):
        """Posted when an identifier was typed and Enter pressed."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    class Left(Message):
        """Posted when the input was left with Esc."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._text = ""
        self._looking_up = ""

    def render(self) -> Content:
        """Show the name and the identifier."""
        find_key = partial(pith_app(self).key_for, "find")
        return Content.assemble(*id_bar_spans(self._text, self._looking_up, find_key))

    def show(self, text: str, looking_up: str) -> None:
        """Show what is open and what is being looked up, each empty for nothing."""
        if (text, looking_up) != (self._text, self._looking_up):
            self._text, self._looking_up = text, looking_up
            self.refresh()

    async def edit(self) -> None:
        """Open the input with the old identifier selected.

        Returns when the input has the focus, so that no later key goes elsewhere.
        """
        if not self.query(Input):
            await self.mount(
                LineInput(safe(self._text), placeholder=ID_HINT, compact=True, id="id-input")
            )
        self.screen.set_focus(self.query_one(Input))

    @on(Input.Submitted)
    def ask(self, message: Input.Submitted) -> None:
        """Post what was typed; invalid input stays to be corrected."""
        message.stop()
        self.post_message(self.Asked(message.value))

    @on(events.DescendantBlur)
    def close(self) -> None:
        """Hide the input when it is left."""
        self.query(Input).remove()

    async def on_click(self) -> None:
        """Open the input on a click."""
        await self.edit()

    def action_leave(self) -> None:
        """Leave the input."""
        self.post_message(self.Left())
