"""From words to a command, and from whatever ends it to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from pith_tui.cli import codes, parser
from pith_tui.cli.context import narrate, narrate_error
from pith_tui.errors import PithError, UsageError

Command = Callable[[list[str]], int]


def run(arguments: list[str]) -> int:
    """Run what the words ask for; every expected ending becomes an exit code, none a traceback."""
    command, rest = _COMMANDS.get(arguments[0] if arguments else "", _browse), arguments[1:]
    if command is _browse:
        rest = arguments
    try:
        code = command(rest)
        sys.stdout.flush()
        return code
    except PithError as error:
        narrate_error(error)
        return codes.of_error(error)
    except KeyboardInterrupt:
        narrate("interrupted")
        return codes.INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()  # the reader (head, less) has seen enough
        return codes.OK
    except OSError as error:
        narrate(f"reading or writing failed: {error.strerror or error}")
        _let_go_of_stdout()
        return codes.USAGE


def _let_go_of_stdout() -> None:
    """Have Python flush into the void at its exit, where it would complain otherwise."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _browse(arguments: list[str]) -> int:
    options = parser.browse_parser().parse_args(arguments)
    if options.version:
        from pith_tui import __version__

        print(f"pith-tui {__version__}")
        return codes.OK
    if sys.stdout.isatty() and sys.stdin.isatty():
        from pith_tui.cli.browse import browse

        return browse(options)
    if options.id is None:
        raise UsageError(
            "the browser needs a terminal, and no ID was given to print instead",
            "try `pith-tui show ID`, or `pith-tui --help`",
        )
    from pith_tui.cli.show import show

    options.ids, options.json = [options.id], False
    return show(options)


def _show(arguments: list[str]) -> int:
    from pith_tui.cli.show import show

    return show(parser.show_parser().parse_args(arguments))


def _verify(arguments: list[str]) -> int:
    from pith_tui.cli.verify import verify

    return verify(parser.verify_parser().parse_args(arguments))


def _cache(arguments: list[str]) -> int:
    from pith_tui.cli.cache_parser import cache_parser

    options = cache_parser().parse_args(arguments)
    if options.command == "path":
        from pith_tui.sources.paths import cache_path

        print(cache_path(options.cache))
        return codes.OK
    from pith_tui.cli.cache import run_cache

    return run_cache(options)


def _fetch(arguments: list[str]) -> int:
    from pith_tui.cli.fetch import fetch

    return fetch(parser.fetch_parser().parse_args(arguments))


def _keys(arguments: list[str]) -> int:
    from pith_tui.cli.keys import keys

    return keys(parser.keys_parser().parse_args(arguments))


_COMMANDS: dict[str, Command] = {
    "show": _show,
    "verify": _verify,
    "fetch": _fetch,
    "cache": _cache,
    "keys": _keys,
}
