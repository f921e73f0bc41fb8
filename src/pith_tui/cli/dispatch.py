"""From words to a command, and from whatever ends it to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from pith_tui import trace
from pith_tui.cli import exit_codes, parser
from pith_tui.cli.context import error_message, message
from pith_tui.cli.streams import configure_streams, write_path
from pith_tui.errors import PithError, UsageError
from pith_tui.user.paths import config_dir, log_path
from pith_tui.user.settings import load_settings

Command = Callable[[list[str]], int]

# Options whose value is a word of its own, of those that may stand before a command.
_WITH_VALUE = ("--server", "--cache", "--ca-file")
_ENDING = ("--", "-h", "--help", "-V", "--version")
"""Behind these no command is looked for."""
_LONGEST = 20
"""Letters that may have been meant as a command."""


def run(arguments: list[str]) -> int:
    """Run what the words ask for; every ending becomes an exit code, none a traceback.

    One that nobody expected is told as ``pith_tui.cli.debug`` has it.
    """
    code = exit_codes.USAGE  # which the parsers end with, by an exception of their own
    try:
        code = _run(_command_first(arguments))
    except Exception as error:
        from pith_tui.cli import debug

        code = exit_codes.CRASHED
        debug.crash(log_path(), error, message)
    finally:
        if trace.is_enabled():
            from pith_tui.cli import debug

            debug.end(code)
    return code


def _run(arguments: list[str]) -> int:
    command, rest = _COMMANDS.get(arguments[0] if arguments else "", _browse), arguments[1:]
    if command is _browse:
        rest = arguments
    try:
        _prepare(arguments)
        code = command(rest)
        sys.stdout.flush()
        return code
    except PithError as error:
        error_message(error)
        if trace.is_enabled():
            from pith_tui.cli import debug

            debug.error(error)
        return exit_codes.exit_code(error)
    except KeyboardInterrupt:
        message("interrupted")
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        _leave_stdout()  # the reader (head, less) has seen enough
        return exit_codes.OK
    except OSError as error:
        message(f"reading or writing failed: {error.strerror or error}")
        _leave_stdout()
        return exit_codes.USAGE


def _leave_stdout() -> None:
    """Write nothing more to standard output: Python would complain at exit when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _command_first(arguments: list[str]) -> list[str]:
    """Put the options that stand before the command behind it, where its parser takes them."""
    at = _first_word(arguments)
    if not at or arguments[at] not in _COMMANDS:
        return arguments
    before, command, rest = arguments[:at], arguments[at], arguments[at + 1 :]
    below = _first_word(rest) if command in _WITH_COMMANDS else None
    if below is None:
        return [command, *before, *rest]
    return [command, rest[below], *before, *rest[:below], *rest[below + 1 :]]


def _first_word(arguments: list[str]) -> int | None:
    """Find the first word that is neither an option nor the value of one."""
    at = 0
    while at < len(arguments) and arguments[at] not in _ENDING:
        if not arguments[at].startswith("-") or arguments[at] == "-":
            return at
        at += 2 if arguments[at] in _WITH_VALUE else 1
    return None


def _refuse_mistyped_command(arguments: list[str]) -> None:
    """Say of a word that is no identifier that it is no command either; raises UsageError."""
    at = _first_word(arguments)
    word = "" if at is None else arguments[at]
    if not (word.isascii() and word.isalpha() and len(word) < _LONGEST):
        return
    from pith_tui.protocol.identifiers import IdentifierError, parse_identifier

    try:
        parse_identifier(word)
    except IdentifierError as error:
        import difflib  # for the few that mistype

        near = difflib.get_close_matches(word, _COMMANDS, 1)
        hint = f"did you mean `pith-tui {near[0]}`?" if near else "`pith-tui --help` lists them"
        raise UsageError(f"{error}; nor is there such a command", hint) from None


def _prepare(arguments: list[str]) -> None:
    """Heed the options that hold everywhere, wherever they stand, and the settings of output."""
    options = set(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    configure_streams("auto", ascii_asked="--ascii" in options)
    if "--debug" in options:
        from pith_tui.cli import debug

        debug.begin(log_path(), arguments, message)
    # Help, and what mends the settings, must not fail by them.
    if arguments[:1] in (["config"], ["completions"]) or options & {"-h", "--help"}:
        return
    configure_streams(load_settings(config_dir()).unicode, ascii_asked="--ascii" in options)


def _browse(arguments: list[str]) -> int:
    _refuse_mistyped_command(arguments)
    options = parser.browse_parser().parse_args(arguments)
    if options.version:
        from pith_tui import __version__

        print(f"pith-tui {__version__}")
        return exit_codes.OK
    if _has_screen():
        from pith_tui.cli.browse import browse

        return browse(options)
    if options.id is None:
        raise UsageError(
            "the browser needs a terminal with a screen, and no ID was given to print instead",
            "try `pith-tui show ID`, or `pith-tui --help`",
        )
    from pith_tui.cli.show import show

    options.ids, options.json, options.raw = [options.id], False, False
    return show(options)


def _has_screen() -> bool:
    """Return whether there is a terminal, and one that a program can paint on."""
    dumb = os.environ.get("TERM") == "dumb"  # an editor's shell, say
    return sys.stdout.isatty() and sys.stdin.isatty() and not dumb


def _show(arguments: list[str]) -> int:
    from pith_tui.cli.show import show

    return show(parser.show_parser().parse_args(arguments))


def _verify(arguments: list[str]) -> int:
    from pith_tui.cli.verify import verify

    return verify(parser.verify_parser().parse_args(arguments))


def _cite(arguments: list[str]) -> int:
    from pith_tui.cli.cite import cite
    from pith_tui.cli.taking_parser import cite_parser

    return cite(cite_parser().parse_args(arguments))


def _compare(arguments: list[str]) -> int:
    from pith_tui.cli.compare import compare
    from pith_tui.cli.taking_parser import compare_parser

    return compare(compare_parser().parse_args(arguments))


def _cache(arguments: list[str]) -> int:
    from pith_tui.cli.cache_parser import cache_parser

    options = cache_parser().parse_args(arguments)
    if options.command == "path":
        from pith_tui.user.paths import cache_path

        write_path(cache_path(options.cache))
        return exit_codes.OK
    from pith_tui.cli.cache import run_cache

    return run_cache(options)


def _fetch(arguments: list[str]) -> int:
    from pith_tui.cli.fetch import fetch

    return fetch(parser.fetch_parser().parse_args(arguments))


def _keys(arguments: list[str]) -> int:
    from pith_tui.cli.keys import keys

    return keys(parser.keys_parser().parse_args(arguments))


def _config(arguments: list[str]) -> int:
    from pith_tui.cli.config import config
    from pith_tui.cli.config_parser import config_parser

    return config(config_parser().parse_args(arguments))


def _completions(arguments: list[str]) -> int:
    from pith_tui.cli.completions import completions, offer_ids

    if arguments[:1] == ["ids"]:  # for the scripts alone
        return offer_ids(arguments[1] if len(arguments) > 1 else "")
    return completions(parser.completions_parser().parse_args(arguments))


_COMMANDS: dict[str, Command] = {
    "show": _show,
    "verify": _verify,
    "cite": _cite,
    "compare": _compare,
    "fetch": _fetch,
    "cache": _cache,
    "keys": _keys,
    "config": _config,
    "completions": _completions,
}
_WITH_COMMANDS = ("cache", "keys", "config")
"""Commands that have commands of their own, whose parsers take most options."""
