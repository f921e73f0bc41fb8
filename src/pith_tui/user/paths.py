"""Where the program keeps its files, by each system's conventions or the user's choice."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pith_tui.errors import UsageError

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_APP = "pith-tui"
_CACHE_FILE = "cache.sqlite3"
_PLACES_FILE = "places.sqlite3"
_LOG_FILE = "pith-tui.log"


def cache_path(override: str | None = None) -> Path:
    """Return the cache file: the argument, else ``PITH_TUI_CACHE``, else the default.

    Where one of the first two names a directory, the file is looked for in there.
    """
    chosen = override or os.environ.get("PITH_TUI_CACHE")
    return _file(chosen, _CACHE_FILE) if chosen else _cache_dir() / _CACHE_FILE


def config_dir() -> Path:
    """Return the settings directory: ``PITH_TUI_CONFIG``, else the user's."""
    chosen = os.environ.get("PITH_TUI_CONFIG")
    return _expanded(chosen) if chosen else _config_dir()


def data_dir() -> Path:
    """Return the directory of what a person keeps: ``PITH_TUI_DATA``, else the user's."""
    chosen = os.environ.get("PITH_TUI_DATA")
    return _expanded(chosen) if chosen else _data_dir()


def user_state_path() -> Path:
    """Return the file of bookmarks, recent records and remembered choices."""
    return data_dir() / _PLACES_FILE


def log_path() -> Path:
    """Return the log file of ``--debug``: ``PITH_TUI_LOG``, else in the user's log directory.

    Where the former names a directory, the file is in there.
    """
    chosen = os.environ.get("PITH_TUI_LOG")
    return _file(chosen, _LOG_FILE) if chosen else _dirs().user_log_path / _LOG_FILE


def check_regular(path: Path, what: str, *, use: str = "read") -> None:
    """Refuse a pipe, device or directory, which might never say anything; raises UsageError.

    A path where nothing exists is accepted.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"{what} {path} cannot be {use}: it is not a file", "move it away")


def _file(chosen: str, name: str) -> Path:
    path = _expanded(chosen)
    return path / name if os.path.isdir(path) else path


def _expanded(chosen: str) -> Path:
    # By ``os.path``, which leaves what it cannot look up as it is; who opens it says what is wrong.
    return Path(os.path.expanduser(chosen))


def _cache_dir() -> Path:
    return _xdg_dir("XDG_CACHE_HOME", ".cache") or _dirs().user_cache_path


def _config_dir() -> Path:
    return _xdg_dir("XDG_CONFIG_HOME", ".config") or _dirs().user_config_path


def _data_dir() -> Path:
    return _xdg_dir("XDG_DATA_HOME", ".local/share") or _dirs().user_data_path


def _xdg_dir(variable: str, below_home: str) -> Path | None:
    """Return the program's directory on an ordinary Linux system; None where platformdirs decides.

    Importing platformdirs takes a tenth of the time of ``verify --offline``, and there it would
    say the same (XDG Base Directory Specification, 0.8), which a test holds.
    """
    home = os.environ.get("HOME", "")
    if sys.platform != "linux" or "ANDROID_DATA" in os.environ or not home.startswith("/"):
        return None
    chosen = os.environ.get(variable, "")
    if not chosen:
        return Path(home, below_home, _APP)
    return Path(chosen, _APP) if chosen.startswith("/") else None


def _dirs() -> PlatformDirs:
    # Imported when asked for: most of the time nobody needs it.
    from platformdirs import PlatformDirs

    return PlatformDirs(_APP, appauthor=False)
