"""Commands that are available on every screen."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

APP = Group(
    "Everywhere",
    (
        Command(
            "jump",
            "f",
            "app.jump",
            "Jump",
            "Label every row; typing a label goes there",
            "jump",
        ),
        Command("theme", "t", "app.next_theme", "Next theme", "Switch to the next theme"),
        Command(
            "palette", "ctrl+p", "app.command_palette", "Commands", "Search all commands by name"
        ),
        Command(
            "help",
            "question_mark,f1",
            "app.help",
            "Help",
            "Explain keys, marks and outcomes",
            "help",
        ),
        Command(
            "suspend",
            "ctrl+z",
            "app.suspend_process",
            "Suspend",
            "Suspend to the shell; `fg` returns",
        ),
        Command("quit", "q,ctrl+q", "app.quit", "Quit", "Leave the browser", "quit"),
    ),
)
