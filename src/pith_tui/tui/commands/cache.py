"""Commands of the cache screen and of the screens that it opens."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

CACHE = Group(
    "Cache",
    (
        Command(
            "cache_verify",
            "v",
            "verify",
            "Verify all",
            "Verify every record from its bytes, on all processors",
            "verify",
        ),
        Command(
            "cache_import",
            "i",
            "import_records",
            "Import",
            "Import the records of a file or a directory",
            "import",
            writes=True,
        ),
        Command(
            "cache_export",
            "x",
            "export",
            "Export lines",
            "Write records as lines",
            "export",
            writes=True,
        ),
        Command(
            "cache_mirror",
            "m",
            "export_mirror",
            "Export a mirror",
            "Write a static mirror that any web server can serve",
            "mirror",
            writes=True,
        ),
        Command(
            "cache_prune",
            "p",
            "prune",
            "Prune",
            "Remove old records, or down to a limit; lists them first",
            "prune",
            writes=True,
        ),
        Command(
            "cache_resume",
            "u",
            "resume",
            "Resume",
            "Resume a verification that was stopped",
        ),
        Command(
            "cache_equivocation",
            "e",
            "find_equivocations",
            "Equivocation",
            "Look for works that were signed with two different contents",
        ),
        Command(
            "cache_remove",
            "d",
            "remove",
            "Remove",
            "Remove one record with all its responses",
            writes=True,
        ),
        Command(
            "cache_check_file",
            "w",
            "check_file",
            "Check the file",
            "Have SQLite check the whole file for damage",
        ),
        Command("cache_other", "tab,shift+tab", "other", "Other pane", "Go to the other pane"),
        Command(
            "cache_leave",
            "escape,c",
            "leave",
            "Back",
            "Stop what is running, or go back",
            "back",
        ),
    ),
)

FOUND = Group(
    "Results",
    (Command("results_leave", "escape", "leave", "Back", "Go back to the cache", "back"),),
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
    (Command("ask_leave", "escape", "leave", "Cancel", "Do nothing", "cancel"),),
)

CONFIRM = Group(
    "Question",
    (
        Command("confirm_yes", "y", "answer(True)", "Yes", "Confirm", "yes"),
        Command("confirm_no", "n,escape", "answer(False)", "No", "Cancel", "no"),
    ),
)
