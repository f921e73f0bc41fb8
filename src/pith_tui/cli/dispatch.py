"""Run the command that the arguments name, and turn every outcome into an exit code."""

from __future__ import annotations

import functools
import sys
from collections.abc import Container

from pith_tui import trace
from pith_tui.cli import exit_codes
from pith_tui.cli.commands import (
    COMMANDS,
    ROOT,
    find_command,
    is_group,
    load,
    make_parser,
    subcommands,
)
from pith_tui.cli.context import error_message, message
from pith_tui.cli.parser import subparsers
from pith_tui.cli.streams import configure_streams, flush_output, leave
from pith_tui.errors import PithError, UsageError
from pith_tui.user.paths import config_dir, log_path
from pith_tui.user.settings import load_settings

_ENDING = ("--", "-h", "--help", "-V", "--version")
"""After one of these, no command is searched for."""
_LONGEST = 20
"""A word of letters, which may have been meant as a command."""


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; no error ends with a traceback.

    An unexpected exception is logged and reported by ``pith_tui.cli.debug``.
    """
    code = exit_codes.USAGE  # the parsers raise SystemExit with this code
    try:
        code = _run_and_flush(arguments)
    except Exception as error:
        from pith_tui.cli import debug

        code = exit_codes.CRASHED
        debug.crash(log_path(), error, message)
    finally:
        if trace.is_enabled():
            from pith_tui.cli import debug

            debug.end(code)
    return code


def _run_and_flush(arguments: list[str]) -> int:
    """Run the command and flush its output.  Raises SystemExit after help was printed."""
    ending = None
    try:
        code = _run(arguments)
    except SystemExit as raised:
        ending, code = raised, exit_codes.OK
    unwritten = flush_output()
    if unwritten is not None:
        return _broken(unwritten, code)
    if ending is not None:
        raise ending
    return code


def _run(arguments: list[str]) -> int:
    try:
        name, rest = split_command(arguments)
        _prepare(arguments, needs_settings=COMMANDS[name].needs_settings)
        if name == ROOT:
            _refuse_mistyped_command(rest)
        parser = make_parser(name)
        options = parser.parse_args(_subcommand_first(rest, subparsers(parser)))
        module = load(name)
        if is_group(module):  # the parser ends in all other cases
            parser.error("a COMMAND must come before --")
        code: int = module.run(options)
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
    except OSError as error:
        return _broken(error, exit_codes.OK)


def _broken(error: OSError, code: int) -> int:
    """Report a failed read or write, unless a reader of the output (head, less) closed it.

    Return the exit code, which is ``code`` for such a reader.
    """
    if flush_output() is not None:
        leave(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return code
    message(f"reading or writing failed: {error.strerror or error}")
    return exit_codes.USAGE


def split_command(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the command that is meant and its arguments, including those before it."""
    rest, name = list(arguments), ROOT
    while (index := _first_word(rest)) is not None:
        longer = find_command([*name.split(), rest[index]])
        if longer == name:
            break
        name = longer
        del rest[index]
    return name, rest


def _subcommand_first(arguments: list[str], names: Container[str]) -> list[str]:
    """Move options that precede a command of a parser after it, where its parser takes them.

    Only for parsers with subcommands, which are the ``names``.
    """
    index = _first_word(arguments)
    if not index or arguments[index] not in names:
        return arguments
    return [arguments[index], *arguments[:index], *arguments[index + 1 :]]


def _first_word(arguments: list[str]) -> int | None:
    """Find the first word that is neither an option nor the value of one."""
    index = 0
    while index < len(arguments) and arguments[index] not in _ENDING:
        argument = arguments[index]
        if not argument.startswith("-") or argument == "-":
            return index
        index += 2 if argument in _options_with_value() else 1
    return None


@functools.cache
def _options_with_value() -> frozenset[str]:
    """Return the options before a command that take a value."""
    return frozenset(
        name
        for action in make_parser(ROOT)._actions
        for name in action.option_strings
        if action.nargs != 0
    )


def _refuse_mistyped_command(arguments: list[str]) -> None:
    """Raise UsageError for a word that is neither an identifier nor a command."""
    index = _first_word(arguments)
    word = "" if index is None else arguments[index]
    if not (word.isascii() and word.isalpha() and len(word) < _LONGEST):
        return
    from pith_tui.protocol.identifiers import IdentifierError, parse_identifier

    try:
        parse_identifier(word)
    except IdentifierError as error:
        import difflib  # only after a typo

        near = difflib.get_close_matches(word, subcommands(ROOT), 1)
        hint = f"did you mean `pith-tui {near[0]}`?" if near else "`pith-tui --help` lists all"
        raise UsageError(f"{error}; there is no such command either", hint) from None


def _prepare(arguments: list[str], *, needs_settings: bool) -> None:
    """Apply the global options, wherever they stand, and the settings of output."""
    options = set(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    configure_streams("auto", ascii_asked="--ascii" in options)
    if "--debug" in options:
        from pith_tui.cli import debug

        debug.begin(log_path(), arguments, message)
    # Help, and what repairs the settings, must not fail because of them.
    if needs_settings and not options & {"-h", "--help"}:
        configure_streams(load_settings(config_dir()).unicode, ascii_asked="--ascii" in options)
