"""Commands of the library: all that is held, listed and searched."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

LIBRARY = Group(
    "Library",
    (
        Command(
            "filter",
            "slash",
            "filter",
            "Filter",
            "Type words to search for",
            "filter",
            at_once=True,
        ),
        Command("filter_or_list", "tab,shift+tab", "other", "Filter or list", "Go to the other"),
        Command("library_leave", "escape,o", "leave", "Back", "Go back to the record", "back"),
    ),
)
