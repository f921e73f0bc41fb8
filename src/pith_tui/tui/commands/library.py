"""Commands of the library, which lists, searches and sorts the records in the cache."""

from __future__ import annotations

from pith_tui.tui.commands.base import Command, Group

LIBRARY = Group(
    "Library",
    (
        Command(
            "filter",
            "slash",
            "filter",
            "Filter",
            "Type words to search for; author: title: cat: id: year: search in one field",
            "filter",
            at_once=True,
        ),
        Command(
            "sort_next",
            "greater_than_sign",
            "sort(1)",
            "Sort by the next column",
            "Sort by the column to the right; a click on its name does the same",
            "sort",
        ),
        Command(
            "sort_previous",
            "less_than_sign",
            "sort(-1)",
            "Sort by the previous column",
            "Sort by the column to the left",
        ),
        Command(
            "sort_reverse",
            "minus",
            "reverse",
            "Reverse order",
            "List the rows in reverse",
            "reverse",
        ),
        Command(
            "library_bookmark",
            "m",
            "bookmark",
            "Bookmark",
            "Set or remove the bookmark (a star) of the row",
            "bookmark",
            writes=True,
        ),
        Command("tab_all", "1", "tab(0)", "All", "List everything in the cache"),
        Command("tab_bookmarks", "2", "tab(1)", "Bookmarks", "List the bookmarks"),
        Command("tab_recent", "3", "tab(2)", "Recent", "List recent records"),
        Command("tab_samples", "4", "tab(3)", "Samples", "List the bundled records"),
        Command("tab_next", "l,right", "next_tab(1)", "Next tab", "Go to the next tab", "tab"),
        Command("tab_previous", "h,left", "next_tab(-1)", "Previous tab", "Go to the previous tab"),
        Command(
            "library_bibliography",
            "b",
            "bibliography",
            "Bibliography",
            "Check the titles of a reference list against signed records",
            "bibliography",
        ),
        Command("filter_clear", "x", "clear", "Clear filter", "Clear the filter"),
        Command(
            "filter_or_list", "tab,shift+tab", "other", "Filter or list", "Switch between them"
        ),
        Command("library_leave", "escape,o", "leave", "Back", "Go back to the record", "back"),
    ),
)
