"""The table of commands and their parsers.

A command is one module with ``add_arguments(parser)`` and ``run(options) -> exit code``, and may
have ``DESCRIPTION`` and ``EPILOG`` for its help; a module without ``run`` is a group of commands.
To add a command, write its module and add a line to this table: help, completions and
``docs/cli.md`` are generated from both.  A module is imported when its command is run or its full
help is shown.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import argparse


class Command(NamedTuple):
    """The module of a command and a one-line summary; without a summary it is not listed.

    ``needs_settings`` is false where a broken settings file must not stand in the way.
    """

    module: str
    summary: str
    needs_settings: bool = True


ROOT = ""
"""The name of ``pith-tui [ID]``, the browser."""

COMMANDS = {
    ROOT: Command("pith_tui.cli.browse", "browse Pith Number records, every signature verified"),
    "show": Command("pith_tui.cli.show", "show records, with a mark before every field"),
    "verify": Command("pith_tui.cli.verify", "verify records and list every check"),
    "check": Command(
        "pith_tui.cli.check", "check the titles of a reference list against signed records"
    ),
    "cite": Command("pith_tui.cli.cite", "cite records, and state what is signed"),
    "compare": Command("pith_tui.cli.compare", "compare two records field by field"),
    "fetch": Command("pith_tui.cli.fetch", "fetch many records into the cache at a limited rate"),
    "cache": Command("pith_tui.cli.cache", "inspect and manage the local cache"),
    "cache path": Command("pith_tui.cli.cache.path", "print the path of the cache file"),
    "cache info": Command("pith_tui.cli.cache.info", "show the contents and state of the cache"),
    "cache list": Command("pith_tui.cli.cache.list", "list records, one per line"),
    "cache show": Command("pith_tui.cli.cache.show", "show the stored responses of one record"),
    "cache verify": Command("pith_tui.cli.cache.verify", "verify all stored records"),
    "cache import": Command("pith_tui.cli.cache.import_", "import records from files"),
    "cache export": Command(
        "pith_tui.cli.cache.export", "export records as lines or as a static mirror"
    ),
    "cache remove": Command("pith_tui.cli.cache.remove", "remove records with all their responses"),
    "cache prune": Command("pith_tui.cli.cache.prune", "remove old records or limit the size"),
    "cache repair": Command(
        "pith_tui.cli.cache.repair", "rebuild a damaged cache from what can be read of it"
    ),
    "keys": Command("pith_tui.cli.keys", "list and choose the trusted keys"),
    "config": Command(
        "pith_tui.cli.config", "show the settings and where they are stored", needs_settings=False
    ),
    "completions": Command(
        "pith_tui.cli.completions", "print a completion script for a shell", needs_settings=False
    ),
    "completions ids": Command("pith_tui.cli.completion_ids", "", needs_settings=False),
}


def find_command(arguments: list[str]) -> str:
    """Return the longest name in the table that the arguments begin with; ROOT if there is none."""
    name = ROOT
    for word in arguments:
        longer = f"{name} {word}" if name else word
        if longer == ROOT or longer not in COMMANDS:
            break
        name = longer
    return name


def subcommands(group: str) -> dict[str, str]:
    """Return the commands listed directly below one, by their last word, with their summaries."""
    start = f"{group} " if group else ""
    return {
        name.removeprefix(start): command.summary
        for name, command in COMMANDS.items()
        if name != group
        and name.startswith(start)
        and " " not in name.removeprefix(start)
        and command.summary
    }


def load(name: str) -> ModuleType:
    """Import the module of a command."""
    return importlib.import_module(COMMANDS[name].module)


def make_parser(name: str) -> argparse.ArgumentParser:
    """Make the parser of a command, or of a group, which only names its commands."""
    from pith_tui.cli.parser import new_parser

    module, summary = load(name), COMMANDS[name].summary
    parser = new_parser(
        f"pith-tui {name}".rstrip(),
        getattr(module, "DESCRIPTION", f"{summary[:1].upper()}{summary[1:]}."),
        getattr(module, "EPILOG", None),
    )
    if is_group(module):
        below = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        for word, summary in subcommands(name).items():
            below.add_parser(word, help=summary)
    else:
        module.add_arguments(parser)
    return parser


def is_group(module: ModuleType) -> bool:
    """Return whether a module is a group of commands and cannot be run itself."""
    return not hasattr(module, "run")
