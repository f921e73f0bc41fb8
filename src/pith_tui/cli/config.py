"""``pith-tui config``: the settings as they hold, and where they come from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from pith_tui.cli import exit_codes
from pith_tui.cli.known_settings import check_in_browser
from pith_tui.cli.streams import configure_streams, write_path
from pith_tui.output.safe import safe
from pith_tui.user.paths import config_dir
from pith_tui.user.settings import EXAMPLE, FILE_NAME, Settings, given_settings

_UNSET = "as chosen in the browser"


def config(options: argparse.Namespace) -> int:
    """Print the path, the settings or an example of them."""
    path = config_dir() / FILE_NAME
    if options.command == "path":
        write_path(path)
    elif options.command == "example":
        sys.stdout.write(EXAMPLE)
    else:
        given = given_settings(path.parent)
        settings = Settings(**given)  # type: ignore[arg-type]
        check_in_browser(settings, path.parent)
        configure_streams(settings.unicode, ascii_asked="ascii" in options)
        if options.json:
            _write_json(path, settings, given)
        else:
            _write_text(path, settings, given)
    return exit_codes.OK


def _write_text(path: Path, settings: Settings, given: Mapping[str, object]) -> None:
    print(f"{'file':12} {safe(str(path))}{'' if path.exists() else ' (there is none)'}")
    for name, value in settings._asdict().items():
        if not value:
            print(f"{name:12} {_UNSET if name == 'theme' else 'the usual ones'}  (default)")
            continue
        origin = "from the file" if name in given else "default"
        for number, shown in enumerate(_shown(value)):
            print(f"{name if number == 0 else '':12} {safe(shown)}  ({origin})")


def _shown(value: object) -> list[str]:
    """Return the lines of a value."""
    if isinstance(value, Mapping):
        return [f"{command} = {keys}" for command, keys in value.items()]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _write_json(path: Path, settings: Settings, given: Mapping[str, object]) -> None:
    from pith_tui.output.as_json import to_text

    objects = {
        name: {
            "value": dict(value) if isinstance(value, Mapping) else value,
            "default": name not in given,
        }
        for name, value in settings._asdict().items()
    }
    sys.stdout.write(to_text({"path": str(path), "exists": path.exists(), "settings": objects}))
