"""Bookmark operations of the screens, in threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pith_tui.user.bookmarks import UserState


def toggle_bookmark(
    user_state: UserState, now: Callable[[], datetime], suffix: str, name: str
) -> bool | None:
    """Set or remove a bookmark; return whether it is set now, None if that failed."""
    if user_state.is_bookmarked(suffix):
        return False if user_state.unbookmark(suffix) else None
    return True if user_state.bookmark(suffix, name, now()) else None
