"""Commands of the record screen."""

from __future__ import annotations

from pith_tui.output.panes import PANES
from pith_tui.tui.commands.base import Command, Group

# In order of importance: the footer shows as many as fit, from the first.
RECORD = Group(
    "Record",
    (
        Command(
            "find",
            "slash",
            "find",
            "Look up",
            "Type an id of any kind and press Enter",
            "look up",
            at_once=True,
        ),
        Command(
            "library",
            "o",
            "library",
            "Library",
            "List and search everything in the cache",
            "library",
        ),
        Command(
            "recent",
            "apostrophe",
            "recent",
            "Recent",
            "Switch to a bookmark or a recent record",
            "recent",
        ),
        Command("next", "tab,l,right", "step(1)", "Next pane", "Go to the next pane", "next pane"),
        Command(
            "previous", "shift+tab,h,left", "step(-1)", "Previous pane", "Go to the previous pane"
        ),
        *(
            Command(f"pane_{key}", f"{key}", f"pane({key - 1})", name, f"Go to the {name} pane")
            for key, (_, name) in enumerate(PANES, 1)
        ),
        Command("copy", "y", "copy", "Copy", "Copy all of the field under the cursor", "copy"),
        Command("export", "a", "export", "Export", "Copy or save ids, citations, report", "export"),
        Command(
            "links", "u", "links", "Links and actions", "Open or copy the record's URLs", "links"
        ),
        Command("compare", "d", "compare", "Compare", "Compare with another record", "compare"),
        Command(
            "back",
            "left_square_bracket,alt+left,backspace",
            "back",
            "Back",
            "Go back to the previous record",
            "back",
        ),
        Command(
            "forward", "right_square_bracket,alt+right", "forward", "Forward", "Go forward again"
        ),
        Command(
            "verify",
            "v",
            "verify",
            "Verify again",
            "Repeat every check, from the bytes",
            "verify",
        ),
        Command(
            "graph",
            "p",
            "graph",
            "Graph",
            "Draw the record, what it cites and what cites it",
            "graph",
        ),
        Command(
            "bookmark",
            "m",
            "bookmark",
            "Bookmark",
            "Set or remove a bookmark",
            "bookmark",
            writes=True,
        ),
        Command(
            "cache",
            "c",
            "cache",
            "Cache",
            "Inspect and maintain the cache as a whole",
            "cache",
            writes=True,
        ),
        Command(
            "bibliography",
            "b",
            "bibliography",
            "Bibliography",
            "Check the titles of a reference list against signed records",
        ),
        Command(
            "history",
            "H",
            "history",
            "History",
            "Show every stored response for this record",
            "history",
        ),
        Command("refresh", "r", "refresh", "Refresh", "Ask the servers for this record", "refresh"),
        Command("tex", "x", "tex", "TeX source", "Show TeX as Unicode or as its source", "TeX"),
        Command("raw", "w", "raw", "Raw JSON", "Show every member of the record, marked", "raw"),
        Command(
            "details",
            "e",
            "details",
            "Details",
            "Show every check in full, or in one line each",
            "details",
        ),
        Command("cancel", "escape", "cancel", "Cancel", "Cancel the request"),
        Command("samples", "s", "samples", "Samples", "List the bundled records"),
    ),
)
