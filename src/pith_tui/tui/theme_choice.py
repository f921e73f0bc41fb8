"""Which theme a person chose, if any."""

from __future__ import annotations

from pith_tui.user.bookmarks import UserState
from pith_tui.user.settings import Settings


def chosen_theme(settings: Settings, user_state: UserState | None) -> str | None:
    """Return the theme of the settings, else the one chosen last in the browser."""
    if settings.theme is not None:
        return settings.theme
    return None if user_state is None else user_state.choice("theme")
