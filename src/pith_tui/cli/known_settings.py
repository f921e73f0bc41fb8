"""Settings against what the browser has: themes, commands, and a key for one command alone."""

from __future__ import annotations

from pathlib import Path

from pith_tui.errors import UsageError
from pith_tui.user.settings import FILE_NAME, Settings, check_known


def check_in_browser(settings: Settings, directory: Path) -> None:
    """Refuse a theme or command that there is not, and a key that two commands would have.

    Raises UsageError.  Textual would take such a key from one of them without a word.
    """
    if settings.theme is None and not settings.keys:
        return  # and nothing of the browser is imported
    from pith_tui.tui.commands.registry import IDS, clashes
    from pith_tui.tui.themes import THEMES

    check_known(settings, directory, themes=THEMES, commands=IDS)
    for clash in clashes(settings.keys):
        raise UsageError(
            f"in the settings {directory / FILE_NAME}, [keys] gives one key to two commands:"
            f" {clash.key} to {clash.one} and to {clash.other} ({clash.group})",
            f"give {clash.other if clash.one in settings.keys else clash.one} another key there,"
            " or leave it its own",
        )
