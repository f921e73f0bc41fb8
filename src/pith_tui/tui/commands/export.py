"""Commands of the screen that exports a record."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

EXPORT = Group(
    "Export",
    (
        Command(
            "export_copy",
            "y",
            "copy",
            "Copy",
            "Copy all of the item under the cursor; opening it does the same",
            "copy",
        ),
        Command(
            "export_save",
            "s",
            "save",
            "Save",
            "Save the item under the cursor to a file",
            "save",
            at_once=True,
            writes=True,
        ),
        Command(
            "export_other",
            "tab,shift+tab",
            "other",
            "List or preview",
            "Switch between them",
            "preview",
        ),
        Command("export_leave", "escape", "leave", "Back", "Go back to the record", "back"),
    ),
)
