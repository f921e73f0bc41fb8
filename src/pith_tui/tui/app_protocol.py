"""The part of the application that screens and widgets use; the application imports them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, cast

from rich.style import Style
from textual.message_pump import MessagePump

from pith_tui.tui.system.early_screen import EarlyScreen
from pith_tui.user.bookmarks import UserState
from pith_tui.user.settings import Settings


class AppProtocol(Protocol):
    """The application as its screens see it, in addition to what every Textual application has.

    ``user_state`` is None if history and bookmarks are disabled; ``notices`` were collected before
    there was a screen to show them; ``keys`` maps the id of a command to the keys that the user
    assigned to it; with ``read_only`` there are no commands that change files;
    ``early_screen`` is the terminal if the first frame was painted before there was a driver.
    """

    settings: Settings
    user_state: UserState | None
    notices: Sequence[str]
    keys: Mapping[str, str]
    read_only: bool
    early_screen: EarlyScreen | None

    @property
    def palette(self) -> Mapping[str, Style]:
        """The styles of rows in the current theme."""

    def key_for(self, command_id: str) -> str:
        """Return the first key of a command in readable form; raises KeyError for an unknown id."""

    def copy_text(self, text: str, say: Callable[..., None]) -> None:
        """Copy a text in the configured mode; ``say`` is called with the result."""

    def set_open_record(self, suffix: str, name: str, opened_at: datetime) -> None:
        """Note that a record is open; ``remember`` saves it."""

    def remember(self, suffix: str = "") -> bool:
        """Save the last visit, in a thread; return whether ``suffix`` is bookmarked."""


def pith_app(node: MessagePump) -> AppProtocol:
    """Return the application that a screen or widget belongs to."""
    return cast(AppProtocol, node.app)
