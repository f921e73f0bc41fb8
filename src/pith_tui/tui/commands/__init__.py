"""The one registry of commands: keys, footers, palette, help and keymap all come from here."""

from __future__ import annotations

from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.archive import ARCHIVE, ASK, CONFIRM, FOUND, HISTORY
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.commands.text import TEXT

__all__ = [
    "APP",
    "ARCHIVE",
    "ASK",
    "CONFIRM",
    "FOUND",
    "GROUPS",
    "HISTORY",
    "LIBRARY",
    "RECORD",
    "ROWS",
    "TEXT",
    "Command",
    "Group",
]

GROUPS: tuple[Group, ...] = (
    RECORD,
    LIBRARY,
    ARCHIVE,
    FOUND,
    HISTORY,
    ASK,
    CONFIRM,
    TEXT,
    ROWS,
    APP,
)
"""Every group there is.  No two commands have the same id."""
