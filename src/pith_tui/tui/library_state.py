"""The tabs of the library screen: their names, their contents, and the texts for empty ones.

Bookmarks and recent records are not known here: the code that opens the screen passes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pith_tui.lookup.service import RecordService
from pith_tui.operations.collections import (
    CollectionSource,
    ReadOnlyCache,
    collection_of,
    open_reader,
    samples_collection,
)
from pith_tui.tui.commands.keys import KeyFor
from pith_tui.tui.render.columns import Sort

TABS = ("all", "bookmarks", "recent", "samples")
TAB_LABELS = ("All", "Bookmarks", "Recent", "Samples")
SHORT_NAMES = ("All", "Starred", "Recent", "Samples")
"""The names for a terminal of 40 columns."""

if TYPE_CHECKING:
    from pith_tui.operations.check_bibliography import BibliographyCheck

Toggle = Callable[[str, str], bool | None]
"""Sets or removes a bookmark, given a suffix and a name."""


class TabSources(NamedTuple):
    """The sources of bookmarks and recent records, best first; called in a thread.

    ``toggle_bookmark`` is given a suffix and a name, and returns whether it is bookmarked now, None
    if that could not be written.
    """

    bookmarks: CollectionSource = tuple
    recent: CollectionSource = tuple
    toggle_bookmark: Toggle | None = None


class BibliographyState:
    """The reference list that was checked last, and the state of its results.

    ``line`` is the number of the entry that the cursor was on, from 0.
    """

    def __init__(self) -> None:
        self.check: BibliographyCheck | None = None
        self.everything = False
        self.line = 0


class LibraryState:
    """The tab, filter and order with which the library is opened again."""

    def __init__(self) -> None:
        self.tab = "all"
        self.filter_text = ""
        self.sort = Sort()
        self.bibliography = BibliographyState()


def open_tab(name: str, service: RecordService, sources: TabSources) -> ReadOnlyCache:
    """Prepare a tab for reading, in a thread.  Raises CacheError."""
    if name == "all":
        return collection_of((), None) if service.cache is None else open_reader(service.cache)
    if name == "samples":
        return samples_collection()
    members = sources.bookmarks() if name == "bookmarks" else sources.recent()
    return collection_of(members, service.cache)


def no_match_message(filter_text: str, key_for: KeyFor) -> Sequence[str]:
    """Return the text for a search without results, and what to do."""
    # Enter goes from the filter to the list, and does nothing in a list without rows.
    clear = f"Press Enter, then {key_for('filter_clear')}, to clear the filter."
    if ":" in filter_text:
        return ("No record matches.", f"Fields narrow the search: remove one. {clear}")
    every = "Every word must match the beginning of a word in the record."
    return ("No record matches.", f"{every} {clear}")


def empty_message(
    name: str, service: RecordService, key_for: KeyFor, *, remembers: bool = True
) -> Sequence[str]:
    """Return the text for an empty tab, and how to add to it.

    Without ``remembers`` there are no bookmarks and no recent records in this session.
    """
    if not remembers and name in ("bookmarks", "recent"):
        return ("History and bookmarks are disabled in this session.",)
    if name == "bookmarks":
        key = key_for("bookmark")
        return ("No bookmarks yet.", f"Press {key} on a record to set one, and again to remove it.")
    if name == "recent":
        return (
            "No recent records yet.",
            "Records that you open are listed here, the most recent first.",
        )
    if name == "samples":
        return ("There are no samples.",)
    samples = f"Press {key_for('tab_samples')} for the real records that come with the program."
    if service.cache is None:
        return ("There is no cache in this session, so nothing is stored.", samples)
    leave, find = key_for("library_leave"), key_for("find")
    return (
        "The cache is empty.",
        f"Records that you look up are stored: press {leave}, then {find}, and type an id."
        " Or import many at once: pith-tui cache import FILE.",
        samples,
    )
