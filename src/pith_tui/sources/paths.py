"""Where the program keeps its files, by each system's custom and the user's word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_APP = "pith-tui"
_CACHE_FILE = "cache.sqlite3"


def cache_path(override: str | None = None) -> Path:
    """Give the cache file: the argument, else ``PITH_TUI_CACHE``, else the user's cache directory.

    Where one of the first two names a directory, the file is looked for in there.
    """
    chosen = override or os.environ.get("PITH_TUI_CACHE")
    if chosen:
        path = Path(chosen).expanduser()
        return path / _CACHE_FILE if path.is_dir() else path
    return _dirs().user_cache_path / _CACHE_FILE


def config_dir() -> Path:
    """Give the settings directory: ``PITH_TUI_CONFIG``, else the user's."""
    chosen = os.environ.get("PITH_TUI_CONFIG")
    return Path(chosen).expanduser() if chosen else _dirs().user_config_path


def _dirs() -> PlatformDirs:
    # Imported when asked for: with both overrides set nobody needs it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APP, appauthor=False)
