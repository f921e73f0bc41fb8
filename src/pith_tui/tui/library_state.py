"""The shelves of the library screen: their names, what is on them, and what is said of empty ones.

Bookmarks and recent records are not known here: whoever opens the screen says how to get them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pith_tui.lookup.service import RecordService
from pith_tui.operations.collections import (
    CollectionSource,
    ReadOnlyCache,
    collection_of,
    open_reader,
    samples_collection,
)
from pith_tui.tui.render.columns import Sort

TABS = ("all", "bookmarks", "recent", "samples")
TAB_LABELS = ("All", "Bookmarks", "Recent", "Samples")
SHORT_NAMES = ("All", "Marks", "Recent", "Samples")
"""The names where forty columns have to do."""

_SAMPLES = "Press 4 for the real records that come with the program."


Toggle = Callable[[str, str], bool | None]
"""Sets or takes away a bookmark, given a suffix and a name."""


class Shelves(NamedTuple):
    """Where bookmarks and recent records come from, best first; called in a thread.

    ``toggle_bookmark`` is given a suffix and a name, and tells whether it is a bookmark now, None
    where that could not be written.
    """

    bookmarks: CollectionSource = tuple
    recent: CollectionSource = tuple
    toggle_bookmark: Toggle | None = None


class LibraryState:
    """What the library is opened with again: the shelf, the words of the filter, the order."""

    def __init__(self) -> None:
        self.shelf = "all"
        self.words = ""
        self.sort = Sort()


def open_shelf(name: str, library: RecordService, shelves: Shelves) -> ReadOnlyCache:
    """Make a shelf ready to be read; to be called in a thread.  Raises CacheError."""
    if name == "all":
        return collection_of((), None) if library.cache is None else open_reader(library.cache)
    if name == "samples":
        return samples_collection()
    members = shelves.bookmarks() if name == "bookmarks" else shelves.recent()
    return collection_of(members, library.cache)


def nothing_found(words: str) -> Sequence[str]:
    """Say that a search found nothing, and what to do."""
    away = "Esc and then x takes the filter away."
    if ":" in words:
        return ("Nothing on this shelf fits.", f"Fields narrow it down: leave one out. {away}")
    every = "Every word has to be there, each as the beginning of a word."
    return ("Nothing on this shelf fits.", f"{every} {away}")


def empty_message(name: str, library: RecordService) -> Sequence[str]:
    """Say that a shelf is empty, and how something gets onto it."""
    if name == "bookmarks":
        return ("No bookmarks yet.", "Press m on a record to set one; it stays until taken away.")
    if name == "recent":
        return ("Nothing was open yet.", "Records you have read are listed here, the last first.")
    if name == "samples":
        return ("There are no samples.",)
    if library.cache is None:
        return ("There is no cache in this session, so nothing is kept.", _SAMPLES)
    return (
        "Nothing is kept here yet.",
        "Records you look up are: press Esc, then / and an id. Or bring many in at once:"
        " pith-tui cache import FILE.",
        _SAMPLES,
    )
