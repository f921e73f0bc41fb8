"""The one registry of commands: key, footer, palette and help all come from here."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding


class Command(NamedTuple):
    """Something a person can ask the browser to do.

    ``keys`` are separated by commas, the first is the one that is shown; ``action`` is a Textual
    action of the screen or the app; ``footer`` is the word in the footer, empty to leave it out
    there; ``id`` names the command in a keymap; ``at_once`` is for a command that changes where
    the keys typed after it belong.
    """

    id: str
    keys: str
    action: str
    name: str
    help: str
    footer: str = ""
    at_once: bool = False

    @property
    def binding(self) -> Binding:
        """The key binding of the command."""
        return Binding(
            self.keys, self.action, self.name, show=False, id=self.id, priority=self.at_once
        )

    @property
    def key_name(self) -> str:
        """The first key as it stands on a keyboard."""
        first = self.keys.split(",")[0]
        return _KEY_NAMES.get(first, first)


_KEY_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "escape": "Esc",
    "tab": "Tab",
    "ctrl+p": "^p",
}

RECORD_COMMANDS = (
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
        "verify", "v", "verify", "Verify again", "Do every check anew, from the bytes", "verify"
    ),
    Command("refresh", "r", "refresh", "Refresh", "Ask the servers for this record", "refresh"),
    Command("copy", "y,c", "copy", "Copy", "Copy the field under the cursor, whole", "copy"),
    Command("tex", "x", "tex", "TeX source", "Show TeX as Unicode or as its source", "TeX"),
    Command("raw", "w", "raw", "Raw JSON", "Show every member of the record with its mark", "raw"),
    Command(
        "details",
        "e",
        "details",
        "Details",
        "Show every check in full, or in one line each",
        "details",
    ),
    Command("pane_1", "1", "pane(0)", "Paper", "Go to the Paper pane"),
    Command("pane_2", "2", "pane(1)", "Verification", "Go to the Verification pane"),
    Command("pane_3", "3", "pane(2)", "Graph", "Go to the Graph pane"),
    Command("pane_4", "4", "pane(3)", "Aliases", "Go to the Aliases pane"),
    Command("next", "tab,l,right", "step(1)", "Next pane", "Go to the next pane", "next pane"),
    Command("previous", "shift+tab,h,left", "step(-1)", "Previous pane", "Go to the pane before"),
    Command("cancel", "escape", "cancel", "Cancel", "Stop a request that is under way"),
    Command(
        "library", "o", "library", "Library", "List and search all that the cache holds", "library"
    ),
    Command("samples", "s", "samples", "Samples", "List the records that come with the program"),
)
APP_COMMANDS = (
    Command("help", "question_mark,f1", "help", "Help", "Explain keys, marks and outcomes", "help"),
    Command("theme", "t", "next_theme", "Dark or light", "Switch between the dark and light theme"),
    Command("palette", "ctrl+p", "command_palette", "Commands", "Search all commands by name"),
    Command("quit", "q,ctrl+q", "quit", "Quit", "Leave the browser", "quit"),
)
COMMANDS = (*RECORD_COMMANDS, *APP_COMMANDS)

MOVES = (
    ("↑ ↓  j k", "Move through the rows of a pane"),
    ("PgUp PgDn Space", "Move by a page"),
    ("g G  Home End", "Go to the first or the last row"),
    ("Enter, double click", "Open a record in a list; show or hide the details of a check"),
)
"""Keys of a pane that need no command of their own, for the help."""
