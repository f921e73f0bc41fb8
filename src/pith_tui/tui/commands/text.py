"""Commands of screens that hold one pane of text."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

TEXT = Group(
    "Text",
    (
        Command("text_copy", "y", "copy", "Copy", "Copy the row under the cursor", "copy"),
        Command("text_close", "escape,q,question_mark,w", "leave", "Close", "Go back", "close"),
    ),
)
