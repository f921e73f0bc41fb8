"""The user's settings: ``config.toml`` in the settings directory, read at each start."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pith_tui.errors import UsageError

FILE_NAME = "config.toml"
DEFAULT_SERVERS = ("https://pith.science",)


class Settings(NamedTuple):
    """What can be set.

    ``servers`` are asked in this order.  None of them needs to be trusted: the key is pinned.
    """

    servers: tuple[str, ...] = DEFAULT_SERVERS


def load_settings(directory: Path) -> Settings:
    """Read the settings, the defaults where there is no file.

    Raises UsageError that names the file and the key for whatever is wrong in it.
    """
    path = directory / FILE_NAME
    if not path.exists():
        return Settings()
    import tomllib  # here, since few have a settings file and every start would pay for it

    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the settings {path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the settings {path} are not TOML: {error}") from None
    unknown = values.keys() - set(Settings._fields)
    if unknown:
        raise UsageError(
            f"the settings {path} have a key that means nothing: {min(unknown)}",
            f"known keys: {', '.join(Settings._fields)}",
        )
    servers = values.get("servers", list(DEFAULT_SERVERS))
    if not isinstance(servers, list) or not servers or not all(isinstance(s, str) for s in servers):
        raise UsageError(
            f"in the settings {path}, servers must be a list of URLs",
            f'for example: servers = ["{DEFAULT_SERVERS[0]}"]',
        )
    return Settings(tuple(servers))
