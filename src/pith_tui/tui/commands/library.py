"""Commands of the library: all that is held, listed, searched and sorted, shelf by shelf."""

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
            "Sort by the column before",
            "Sort by the column to the left",
        ),
        Command("sort_turn", "minus", "turn", "Turn the order round", "Last first", "turn round"),
        Command(
            "library_bookmark",
            "m",
            "bookmark",
            "Bookmark",
            "Set or take away the bookmark (a star) of the row",
            "bookmark",
        ),
        Command("shelf_all", "1", "shelf(0)", "All", "List all that the cache holds"),
        Command("shelf_bookmarks", "2", "shelf(1)", "Bookmarks", "List the bookmarks"),
        Command("shelf_recent", "3", "shelf(2)", "Recent", "List what was open last"),
        Command("shelf_samples", "4", "shelf(3)", "Samples", "List what comes with the program"),
        Command("shelf_next", "l,right", "next_shelf(1)", "Next shelf", "Go to the next", "shelf"),
        Command("shelf_previous", "h,left", "next_shelf(-1)", "Shelf before", "Go to the previous"),
        Command("filter_clear", "x", "clear", "No filter", "Take the filter away"),
        Command("filter_or_list", "tab,shift+tab", "other", "Filter or list", "Go to the other"),
        Command("library_leave", "escape,o", "leave", "Back", "Go back to the record", "back"),
    ),
)
