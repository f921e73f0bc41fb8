"""Commands of the comparison of two records."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

COMPARE = Group(
    "Compare",
    (
        Command(
            "compare_all",
            "a",
            "all",
            "All fields",
            "List all fields, or only those that differ",
            "all fields",
        ),
        Command("compare_copy", "y", "copy", "Copy", "Copy the field of both sides", "copy"),
        Command("compare_leave", "escape", "leave", "Back", "Go back to the record", "back"),
    ),
)
