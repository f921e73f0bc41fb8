"""Commands of the archive and of the screens that it opens."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

CACHE = Group(
    "Archive",
    (
        Command(
            "archive_verify",
            "v",
            "verify",
            "Verify all",
            "Verify every record from its bytes, on all processors",
            "verify all",
        ),
        Command(
            "archive_import",
            "i",
            "bring_in",
            "Import",
            "Keep the records of a file or a directory",
            "import",
        ),
        Command(
            "archive_export", "x", "export", "Export lines", "Write records as lines", "export"
        ),
        Command(
            "archive_mirror",
            "m",
            "mirror",
            "Export a mirror",
            "Write a static mirror that any web server can serve",
            "mirror",
        ),
        Command(
            "archive_prune",
            "p",
            "prune",
            "Prune",
            "Remove what is old or too much; says first what it would do",
            "prune",
        ),
        Command(
            "archive_resume",
            "u",
            "resume",
            "Go on",
            "Go on with a verification that was stopped",
            "go on",
        ),
        Command(
            "archive_rivals",
            "e",
            "rivals",
            "Equivocation",
            "Look for works that were signed with two different contents",
            "two-faced",
        ),
        Command(
            "archive_remove", "d", "remove", "Remove", "Remove one record with all its answers"
        ),
        Command(
            "archive_look",
            "w",
            "look_through",
            "Look through the file",
            "Have SQLite look through the whole file for damage",
        ),
        Command("archive_other", "tab,shift+tab", "other", "Other pane", "Go to the other pane"),
        Command(
            "archive_leave",
            "escape,c",
            "leave",
            "Back",
            "Stop what is under way, or go back",
            "back",
        ),
    ),
)

FOUND = Group(
    "Records found",
    (Command("found_leave", "escape", "leave", "Back", "Go back to the archive", "back"),),
)

HISTORY = Group(
    "History",
    (
        Command("history_copy", "y", "copy", "Copy", "Copy the row under the cursor", "copy"),
        Command("history_leave", "escape,c", "leave", "Back", "Go back to the record", "back"),
    ),
)

ASK = Group(
    "Question",
    (Command("ask_leave", "escape", "leave", "Cancel", "Answer nothing, do nothing", "cancel"),),
)

CONFIRM = Group(
    "Question",
    (
        Command("confirm_yes", "y", "answer(True)", "Yes", "Do it", "yes, do it"),
        Command("confirm_no", "n,escape", "answer(False)", "No", "Leave all as it is", "no"),
    ),
)
