"""Commands to move in a pane or list: the same keys wherever there are rows."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

ROWS = Group(
    "Navigation",
    (
        Command("up", "up,k", "move(-1)", "Up", "Move to the row above"),
        Command("down", "down,j", "move(1)", "Down", "Move to the row below"),
        Command("page_up", "pageup,ctrl+b", "page(-1)", "Page up", "Move up by a page"),
        Command(
            "page_down", "pagedown,space,ctrl+f", "page(1)", "Page down", "Move down by a page"
        ),
        Command("first", "g,home", "edge(-1)", "First", "Go to the first row"),
        Command("last", "G,end", "edge(1)", "Last", "Go to the last row"),
        Command(
            "enter",
            "enter",
            "open",
            "Open",
            "Open what a row leads to (↗), or expand or collapse it; a double click does the same",
        ),
    ),
)
