"""The one registry of commands: keys, footers, palette, help and keymap all come from here."""

from __future__ import annotations

from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.commands.picture import PICTURE
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.commands.text import TEXT

__all__ = ["APP", "GROUPS", "LIBRARY", "PICTURE", "RECORD", "ROWS", "TEXT", "Command", "Group"]

GROUPS: tuple[Group, ...] = (RECORD, LIBRARY, PICTURE, TEXT, ROWS, APP)
"""Every group there is.  No two commands have the same id."""
