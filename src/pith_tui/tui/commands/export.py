"""Commands of the screen that takes something away."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

EXPORT = Group(
    "Take away",
    (
        Command(
            "take_copy",
            "y",
            "copy",
            "Copy",
            "Copy what is under the cursor, whole; Enter does the same",
            "copy",
        ),
        Command(
            "take_save",
            "s",
            "save",
            "Save",
            "Save it to a file, whose name you give",
            "save",
            at_once=True,
        ),
        Command(
            "take_other", "tab,shift+tab", "other", "List or preview", "Go to the other", "preview"
        ),
        Command("take_leave", "escape", "leave", "Back", "Go back to the record", "back"),
    ),
)
