"""Commands of the drawing of the graph."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

GRAPH = Group(
    "Graph",
    (
        Command(
            "graph_cross",
            "tab,shift+tab,l,h,left,right",
            "cross",
            "Other side",
            "Go from what cites this to what it cites, or back",
            "other side",
        ),
        Command("graph_leave", "escape,p", "leave", "Back", "Go back to the record", "back"),
    ),
)
