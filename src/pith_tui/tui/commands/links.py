"""Commands of the list of links and actions."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

LINKS = Group(
    "Links and actions",
    (
        Command("link_open", "o", "browse", "Open", "Open the link in the web browser", "open"),
        Command("link_copy", "y", "copy", "Copy", "Copy the URL under the cursor", "copy"),
        Command("links_leave", "escape", "leave", "Back", "Go back to the record", "back"),
    ),
)
