"""Every group of commands, for who needs them all: the keymap of the settings, and the tests."""

from __future__ import annotations

from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.archive import ARCHIVE, ASK, CONFIRM, FOUND, HISTORY
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.commands.compare import COMPARE
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.commands.links import LINKS
from pith_tui.tui.commands.picture import PICTURE
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.commands.take import TAKE
from pith_tui.tui.commands.text import TEXT

__all__ = [
    "APP",
    "ARCHIVE",
    "ASK",
    "COMPARE",
    "CONFIRM",
    "FOUND",
    "GROUPS",
    "HISTORY",
    "IDS",
    "LIBRARY",
    "LINKS",
    "PICTURE",
    "RECORD",
    "ROWS",
    "TAKE",
    "TEXT",
    "Command",
    "Group",
]

GROUPS: tuple[Group, ...] = (
    RECORD,
    LIBRARY,
    PICTURE,
    ARCHIVE,
    FOUND,
    HISTORY,
    ASK,
    CONFIRM,
    TAKE,
    LINKS,
    COMPARE,
    TEXT,
    ROWS,
    APP,
)
"""Every group there is.  No two commands have the same id."""
IDS = frozenset(command.id for group in GROUPS for command in group.commands)
"""The id of every command."""
