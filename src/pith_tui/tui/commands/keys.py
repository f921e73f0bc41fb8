"""The key of a command in the user's keymap, for messages that name keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.commands.rows import ROWS

KeyFor = Callable[[str], str]
"""Returns the first key of a command in readable form, given its id."""


def key_name(command_id: str, keymap: Mapping[str, str]) -> str:
    """Return the first key of a command in readable form; raises KeyError for an unknown id."""
    return _command(command_id).key_names(keymap)[0]


def _command(command_id: str) -> Command:
    for group in (RECORD, ROWS, APP):  # loaded for the first frame anyway
        for command in group.commands:
            if command.id == command_id:
                return command
    from pith_tui.tui.commands.registry import COMMANDS

    return COMMANDS[command_id]
