"""The behaviour that all parsers share, and the options of several commands."""

from __future__ import annotations

import argparse
import contextlib
import functools
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from pith_tui.cli.streams import write_error
from pith_tui.output.safe import safe

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

ID_HELP = "arXiv id, DOI, Pith Number, or a URL or text that names one"

TARGET_HELP = f"{ID_HELP}; a file; - for standard input"


_UNSHOWN: Any = functools.partial(argparse.RawDescriptionHelpFormatter, width=80)
"""Lays out what nobody reads: argparse makes a formatter for every option that is added, which
without a width asks for the terminal's size and loads five modules for it."""


class _Parser(argparse.ArgumentParser):
    """A parser of a command or subcommand, with the global options.

    ``--ascii`` and ``--debug`` are handled before any parser is made (see ``dispatch``); here they
    are declared, for help and completion.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False, "formatter_class": _UNSHOWN})
        for name, meaning in (
            ("--ascii", "use ASCII only, whatever the terminal supports"),
            ("--debug", "log to a file, whose path is printed first"),
        ):
            # No default: that of a subcommand would override the value given before it.
            self.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=meaning)

    def format_usage(self) -> str:
        """Lay the usage out for the terminal."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_usage()

    def format_help(self) -> str:
        """Lay the help out for the terminal."""
        self.formatter_class = argparse.RawDescriptionHelpFormatter
        return super().format_help()

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print help or an error; argparse would hide a failure to write it."""
        if file is not None and file is sys.stdout:
            file.write(message)
        else:
            write_error(message)

    def error(self, message: str) -> NoReturn:
        """Exit with code 2; the message may quote anything that was typed."""
        super().error(safe(message))


def new_parser(name: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Make a parser without abbreviated options that prints help texts as they are formatted."""
    return _Parser(
        prog=name,
        description=description,
        epilog=epilog,
    )


def source_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for where records come from."""
    group = parser.add_argument_group("where records come from")
    group.add_argument("--offline", action="store_true", help="do not use the network")
    group.add_argument("--refresh", action="store_true", help="ask the server even if cached")
    group.add_argument("--sample", action="store_true", help="use only the bundled records")
    group.add_argument(
        "--server",
        action="append",
        metavar="URL",
        help="ask this server; may be repeated, and servers are asked in order",
    )
    group.add_argument(
        "--ca-file",
        metavar="FILE",
        help="trust these certificates for https instead of the system's",
    )
    cache_option(group)


def cache_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--cache``."""
    parser.add_argument("--cache", metavar="PATH", help="the cache file (or its directory) to use")


def rate_option(parser: argparse._ActionsContainer, where: str = "") -> None:
    """Add ``--rate``; ``where`` says what it applies to, if not to the whole command."""
    from pith_tui.lookup import RATE  # for the commands that ask servers

    parser.add_argument(
        "--rate",
        type=_rate,
        default=RATE,
        metavar="N",
        help=f"requests per second{where} (default: {RATE:g})",
    )


def _rate(text: str) -> float:
    """Parse requests per second.  Raises ArgumentTypeError for an invalid number."""
    with contextlib.suppress(ValueError):
        # Written so that NaN, which compares false, is refused too.
        if (rate := float(text)) > 0:
            return rate
    raise argparse.ArgumentTypeError("it must be a number greater than 0")


def strict_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--strict``."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="also exit with code 6 if the service contradicts itself",
    )


def subparsers(parser: argparse.ArgumentParser) -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Return the commands below a parser: the summary and the parser of each."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {name: (helps[name], below) for name, below in action.choices.items()}
    return {}


_COMMON = frozenset({"--help", "--ascii", "--debug"})


def common_options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the options that every command takes."""
    return [action for action in parser._actions if _COMMON.intersection(action.option_strings)]


def own_arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments of a parser without those that every command has."""
    return [
        action
        for action in parser._actions
        if not _COMMON.intersection(action.option_strings)
        and not isinstance(action, argparse._SubParsersAction)
        and action.help != argparse.SUPPRESS
    ]


def value_name(action: argparse.Action) -> str:
    """Return the placeholder for the value of an argument in the usage line."""
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def repeated(name: str, action: argparse.Action) -> str:
    """Format a positional argument for the usage line, by how often it may be given."""
    return {"?": f"[{name}]", "*": f"[{name}]...", "+": f"{name}..."}.get(str(action.nargs), name)
