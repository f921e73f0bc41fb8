"""``pith-tui config``: the effective settings and where they come from."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path

from pith_tui.cli import exit_codes
from pith_tui.cli.json_output import JsonOutput, json_options, json_output
from pith_tui.cli.streams import configure_streams, write_path
from pith_tui.errors import UsageError
from pith_tui.output.safe import safe
from pith_tui.user.paths import config_dir
from pith_tui.user.settings import EXAMPLE, FILE_NAME, Settings, check_known, given_settings

_UNSET = {
    "theme": "as chosen in the browser",
    "ca_file": "the system's certificates",
    "keys": "the defaults",
}

EPILOG = """\
examples:
  pith-tui config example > "$(pith-tui config path)"
  pith-tui config show"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the commands of ``pith-tui config``."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("path", help="print the path of the settings file, and make its directory")
    show = commands.add_parser("show", help="show every setting, and which of them the file sets")
    json_options(show.add_mutually_exclusive_group())
    commands.add_parser("example", help="print a settings file with every setting explained")


def run(options: argparse.Namespace) -> int:
    """Print the path, the settings or an example of them."""
    path = config_dir() / FILE_NAME
    if options.command == "path":
        # What the shell writes to that path, as in the example above, needs the directory.
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_path(path)
    elif options.command == "example":
        sys.stdout.write(EXAMPLE)
    else:
        chosen = given_settings(path.parent)
        settings = Settings(**chosen)  # type: ignore[arg-type]
        validate_tui_settings(settings, path.parent)
        configure_streams(settings.unicode, ascii_asked="ascii" in options)
        output = json_output(options, "config/1")
        if output is not None:
            _write_json(output, path, settings, chosen)
        else:
            _write_text(path, settings, chosen)
    return exit_codes.OK


def validate_tui_settings(settings: Settings, directory: Path) -> None:
    """Check themes, command names and keys against those of the browser.

    Raises UsageError for an unknown theme or command, and for a key bound to two commands: Textual
    would silently ignore one of them.
    """
    if settings.theme is None and not settings.keys:
        return  # without importing the browser
    from pith_tui.tui.commands.registry import IDS, clashes
    from pith_tui.tui.themes import THEMES

    check_known(settings, directory, themes=THEMES, commands=IDS)
    for clash in clashes(settings.keys):
        raise UsageError(
            f"in the settings {directory / FILE_NAME}, [keys] gives one key to two commands:"
            f" {clash.key} to {clash.one} and to {clash.other} ({clash.group})",
            f"give {clash.other if clash.one in settings.keys else clash.one} another key there,"
            " or remove its line",
        )


def _write_text(path: Path, settings: Settings, chosen: Mapping[str, object]) -> None:
    print(f"{'file':12} {safe(str(path))}{'' if path.exists() else ' (there is none)'}")
    for name, value in settings._asdict().items():
        if not value:
            print(f"{name:12} {_UNSET[name]}  (default)")
            continue
        origin = "from the file" if name in chosen else "default"
        for number, shown in enumerate(_shown(value)):
            print(f"{name if number == 0 else '':12} {safe(shown)}  ({origin})")


def _shown(value: object) -> list[str]:
    """Return the lines of a value."""
    if isinstance(value, Mapping):
        return [f"{command} = {keys}" for command, keys in value.items()]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _write_json(
    output: JsonOutput, path: Path, settings: Settings, chosen: Mapping[str, object]
) -> None:
    objects = {
        name: {
            "value": dict(value) if isinstance(value, Mapping) else value,
            "default": name not in chosen,
        }
        for name, value in settings._asdict().items()
    }
    output.add({"path": str(path), "exists": path.exists(), "settings": objects})
    output.end()
