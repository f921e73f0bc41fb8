"""The base of all screens: their commands, the application, status messages and leaving."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.screen import ModalScreen, Screen, ScreenResultType

from pith_tui.errors import PithError
from pith_tui.tui.app_protocol import AppProtocol, pith_app
from pith_tui.tui.commands.base import Group
from pith_tui.tui.widgets.bars import StatusBar


class PithScreen(Screen[ScreenResultType]):
    """A screen whose keys are those of its group of commands."""

    GROUP: ClassVar[Group]

    def __init_subclass__(cls, **options: Any) -> None:
        """Bind the keys of the group, which Textual reads when the class is created."""
        if "GROUP" in cls.__dict__:
            cls.BINDINGS = cls.GROUP.bindings
        super().__init_subclass__(**options)

    @property
    def pith(self) -> AppProtocol:
        """The application, as the screens see it."""
        return pith_app(self)

    def key_for(self, command_id: str) -> str:
        """Return the first key of a command in readable form."""
        return self.pith.key_for(command_id)

    def apply_breakpoints(self) -> None:
        """Set the CSS class for the terminal's width while composing.

        Textual sets it after the first layout, which would be painted as for another width.
        """
        for width, name in sorted(self.HORIZONTAL_BREAKPOINTS or (), reverse=True):
            if self.app.size.width >= width:
                self.add_class(name)
                return

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a message in the status bar, where the last one stays."""
        for bar in self.query(StatusBar):  # there is none while the screen is closing
            bar.say(text, warning=warning)

    def fail(self, error: PithError) -> None:
        """Show an error and what to do about it."""
        self.say(f"{error}; {error.hint}" if error.hint else str(error), warning=True)

    def action_leave(self) -> None:
        """Go back to the previous screen, without a result."""
        self.dismiss(None)


class PithModalScreen(ModalScreen[ScreenResultType], PithScreen[ScreenResultType]):
    """A screen on top of another one."""
