"""What screens do with bookmarks, in threads: set or remove one, and list them to be spared."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from pith_tui.errors import CacheError
from pith_tui.user.bookmarks import UserState


def toggle_bookmark(
    user_state: UserState, now: Callable[[], datetime], suffix: str, name: str
) -> bool | None:
    """Set a bookmark or remove it; return whether it is set now, None where that failed."""
    if user_state.is_bookmarked(suffix):
        return False if user_state.unbookmark(suffix) else None
    return True if user_state.bookmark(suffix, name, now()) else None


def bookmarked_suffixes(user_state: UserState | None) -> list[str]:
    """Return the suffixes that are bookmarked; raises CacheError where they cannot be read.

    What cannot be read must not pass for no bookmarks: pruning would remove the records.
    """
    if user_state is None:
        return []
    notices: list[str] = []
    with closing(UserState(user_state.path, notice=notices.append, strict=True)) as own:
        suffixes = [saved.suffix for saved in own.bookmarks()]
    if notices:
        raise CacheError(notices[0], "see which bookmarks are left, then prune again")
    return suffixes
