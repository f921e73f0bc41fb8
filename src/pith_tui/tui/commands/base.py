"""Commands and groups of commands, and how their keys are displayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding, BindingType


class Command(NamedTuple):
    """A command that the user can give to the browser.

    ``keys`` are separated by commas, and the first is the one that is shown; ``action`` is a
    Textual action of the screen or the app; ``footer`` is its label in the footer, empty to leave
    it out; ``id`` names the command in a keymap; ``at_once`` marks a command after which typed keys
    go elsewhere, so that it is handled before them; ``writes`` marks a command that changes files,
    or shows where they are: a read-only session has none of them.
    """

    id: str
    keys: str
    action: str
    name: str
    help: str
    footer: str = ""
    at_once: bool = False
    writes: bool = False

    @property
    def binding(self) -> Binding:
        """The key binding of the command."""
        from textual.binding import Binding  # the first frame is painted without Textual

        return Binding(
            self.keys, self.action, self.name, show=False, id=self.id, priority=self.at_once
        )

    def key_names(self, keymap: Mapping[str, str]) -> list[str]:
        """Format the keys in readable form; those of the keymap replace the default ones."""
        return [format_key(key) for key in keymap.get(self.id, self.keys).split(",")]


class Group(NamedTuple):
    """The commands of one screen, in the order in which footer and help show them."""

    title: str
    commands: tuple[Command, ...]

    def available(self, *, read_only: bool) -> Group:
        """Return the group with the commands that are available in a session."""
        if not read_only:
            return self
        return self._replace(commands=tuple(c for c in self.commands if not c.writes))

    def writes(self, action: str) -> bool:
        """Return whether an action belongs to a command that changes files."""
        return any(command.writes and command.action == action for command in self.commands)

    @property
    def bindings(self) -> list[BindingType]:
        """The key bindings of the commands, in the form that a screen needs."""
        return [command.binding for command in self.commands]


_KEY_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "apostrophe": "'",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_PREFIXES = {"ctrl": "^", "shift": "S-", "alt": "M-"}


def format_key(key: str) -> str:
    """Format a Textual key name in readable form: ``^p``, ``S-Tab``, ``/``."""
    *modifiers, name = key.strip().split("+")
    shown = _KEY_NAMES.get(name, name.upper() if len(name) > 1 and name[0] == "f" else name)
    return "".join(_PREFIXES.get(name, f"{name}-") for name in modifiers) + shown
