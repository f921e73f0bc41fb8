"""The user's settings: ``config.toml`` in the settings directory, read at each start."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pith_tui.errors import UsageError
from pith_tui.user.paths import check_regular

FILE_NAME = "config.toml"
DEFAULT_SERVERS = ("https://pith.science",)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "clipboard": ("auto", "osc52", "native", "off"),
    "unicode": ("auto", "on", "off"),
    "tex": ("unicode", "source"),
    "start": ("last", "library", "samples"),
}
"""The values that a setting may have; the first is what holds where none is given."""
EXAMPLE = """\
# Settings of pith-tui.  A line that begins with # is a comment; remove the # to change a setting.

# The servers to ask, in this order.  None needs to be trusted: the key is pinned in the program.
# servers = ["https://pith.science"]

# The CA certificates (PEM) to trust for https instead of the system's; --ca-file overrides it.
# ca_file = "~/company-ca.pem"

# The colours of the browser; without this line, the last ones chosen in it.
# theme = "pith-light"

# How a field is copied: by the terminal (osc52), by a program of the system (native), whichever
# there is (auto), or not at all (off).
# clipboard = "auto"

# Signs and letters beyond ASCII: if the terminal can show them (auto), always, or never.
# unicode = "auto"

# TeX in the browser: as Unicode where the conversion is certain, or as its source.
# tex = "unicode"

# What `pith-tui` alone opens: the last record, the library, or the samples.
# start = "last"

# Keys of the browser's commands; `?` in the browser lists them.
# [keys]
# verify = "v,f5"
# library = "ctrl+o"
"""
"""A settings file that changes nothing and explains everything."""

_MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")
_KEY_NAMES = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    *("backspace", "enter", "escape", "tab", "space", *(f"f{n}" for n in range(1, 25))),
    # Signs, as Unicode and Textual name them.
    *("slash", "backslash", "question_mark", "exclamation_mark", "full_stop", "comma", "colon"),
    *("semicolon", "apostrophe", "quotation_mark", "grave_accent", "circumflex_accent", "tilde"),
    *("at", "number_sign", "dollar_sign", "percent_sign", "ampersand", "asterisk", "plus", "minus"),
    *("equals_sign", "underscore", "vertical_line", "less_than_sign", "greater_than_sign"),
    *("left_parenthesis", "right_parenthesis", "left_square_bracket", "right_square_bracket"),
    *("left_curly_bracket", "right_curly_bracket"),
)


class Settings(NamedTuple):
    """What can be set.

    ``servers`` are asked in this order.  None of them needs to be trusted: the key is pinned.
    ``ca_file`` is a path, None for the system's certificates.  ``theme`` is None where none is
    set; ``keys`` maps the id of a command to its keys, separated by commas.  Which themes and
    commands there are, the browser knows: see ``check_known``.  For the other settings see
    ``CHOICES``.
    """

    servers: tuple[str, ...] = DEFAULT_SERVERS
    theme: str | None = None
    clipboard: str = CHOICES["clipboard"][0]
    unicode: str = CHOICES["unicode"][0]
    tex: str = CHOICES["tex"][0]
    start: str = CHOICES["start"][0]
    ca_file: str | None = None
    keys: Mapping[str, str] = MappingProxyType({})


def load_settings(directory: Path) -> Settings:
    """Read the settings, the defaults if there is no file.

    Raises UsageError that names the file and the key for whatever is wrong in it.
    """
    return Settings(**given_settings(directory))  # type: ignore[arg-type]


def given_settings(directory: Path) -> dict[str, object]:
    """Read what the file sets, and nothing else.  Raises as ``load_settings`` does."""
    path = directory / FILE_NAME
    check_regular(path, "the settings file")
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"the settings {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"the settings {path} are not UTF-8: {error}") from None
    import tomllib  # here, since few have a settings file and every start would pay for it

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"the settings {path} are not TOML: {error}",
            "`pith-tui config example` prints a file that is",
        ) from None
    except RecursionError:
        raise UsageError(f"the settings {path} are nested too deeply to be read") from None
    return {key: _value(path, key, value) for key, value in values.items()}


def check_known(
    settings: Settings, directory: Path, *, themes: Collection[str], commands: Collection[str]
) -> None:
    """Refuse a theme or a command that the browser does not know; raises UsageError."""
    path = directory / FILE_NAME
    if settings.theme is not None and settings.theme not in themes:
        raise _wrong(path, "theme", settings.theme, themes)
    for command in settings.keys:
        if command not in commands:
            raise UsageError(
                f"in the settings {path}, [keys] names an unknown command: {command}",
                _nearest(command, commands, "`?` in the browser lists them", most=3),
            )


def _value(path: Path, key: str, value: object) -> object:
    if key in CHOICES:
        if value not in CHOICES[key]:
            raise _wrong(path, key, value, CHOICES[key])
        return value
    read = _READERS.get(key)
    if read is None:
        raise UsageError(
            f"the settings {path} have an unknown key: {key}",
            _nearest(key, Settings._fields),
        )
    return read(path, value)


def _servers(path: Path, value: object) -> tuple[str, ...]:
    from pith_tui.user.servers import check_server

    if not isinstance(value, list) or not value or not all(isinstance(s, str) for s in value):
        raise UsageError(
            f"in the settings {path}, servers must be a list of URLs, not {_as_toml(value)}",
            f'for example: servers = ["{DEFAULT_SERVERS[0]}"]',
        )
    try:
        return tuple(check_server(server) for server in value)
    except UsageError as error:
        raise UsageError(f"in the settings {path}, servers: {error}", error.hint) from None


def _ca_file(path: Path, value: object) -> str:
    """Return the path of a file; a relative one begins at the settings file."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise UsageError(
            f"in the settings {path}, ca_file must be the path of a file, not {_as_toml(value)}",
            'for example: ca_file = "~/company-ca.pem"',
        )
    return str(path.parent / os.path.expanduser(value))


def _theme(path: Path, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError(
            f"in the settings {path}, theme must be the name of a theme, not {_as_toml(value)}",
            'for example: theme = "pith-light"',
        )
    return value


def _keys(path: Path, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise UsageError(
            f"in the settings {path}, keys must be a table, not {_as_toml(value)}",
            'for example: [keys] on a line of its own, and verify = "v,f5" below it',
        )
    return {command: _key_list(path, command, keys) for command, keys in value.items()}


def _key_list(path: Path, command: str, value: object) -> str:
    where = f"in the settings {path}, [keys] {command}"
    example = f'for example: {command} = "ctrl+o,f5"'
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where} must be keys in one string, not {_as_toml(value)}", example)
    keys = [key.strip() for key in value.split(",")]
    for key in keys:
        if not key:
            raise UsageError(
                f"{where} has an empty key between commas: {_as_toml(value)}",
                "the comma itself is called comma",
            )
        *modifiers, last = [key] if len(key) == 1 else key.split("+")
        for modifier in modifiers:
            if modifier not in _MODIFIERS:
                raise UsageError(
                    f"{where} has an unknown key: {key}", _nearest(modifier, _MODIFIERS)
                )
        if not (len(last) == 1 and last.isprintable()) and last not in _KEY_NAMES:
            raise UsageError(
                f"{where} has an unknown key: {key}",
                _nearest(last, _KEY_NAMES, "keys are written like v, ctrl+o, f5, slash, escape"),
            )
    return ",".join(keys)


_READERS: Mapping[str, Callable[[Path, object], object]] = {
    "servers": _servers,
    "ca_file": _ca_file,
    "theme": _theme,
    "keys": _keys,
}


def _wrong(path: Path, key: str, value: object, right: Collection[str]) -> UsageError:
    message = f"in the settings {path}, {key} cannot be {_as_toml(value)}"
    return UsageError(message, _nearest(value, right))


def _nearest(word: object, right: Collection[str], every: str = "", *, most: int = 1) -> str:
    """Return a hint with the likeliest values first; ``every`` is the hint if the list is long."""
    import difflib  # only after a typo

    near = difflib.get_close_matches(str(word), sorted(right), most)
    every = every or f"known: {', '.join(right)}"
    return f"did you mean {' or '.join(near)}? {every}" if near else every


def _as_toml(value: object) -> str:
    """Format a value as TOML would, cut short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
