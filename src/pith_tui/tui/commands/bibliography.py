"""Commands of the screen that checks a bibliography."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

BIBLIOGRAPHY = Group(
    "Bibliography",
    (
        Command(
            "bibliography_ask",
            "r",
            "ask",
            "Ask the servers",
            "Ask the servers for the ids that are not in the cache",
            "ask",
        ),
        Command(
            "bibliography_all",
            "a",
            "all",
            "All entries",
            "List all entries, or only those that need attention",
            "all",
        ),
        Command(
            "bibliography_file",
            "n",
            "file",
            "Another file",
            "Check another reference list",
            "file",
        ),
        Command(
            "bibliography_other",
            "tab,shift+tab",
            "other",
            "List or entry",
            "Switch between the results and the entry",
            "entry",
        ),
        Command(
            "bibliography_leave",
            "escape,b",
            "leave",
            "Back",
            "Stop asking the servers, or go back",
            "back",
        ),
    ),
)
