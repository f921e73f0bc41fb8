r"""The manual page ``docs/pith-tui.1`` in man(7) format, generated from the parsers.

To regenerate it: ``python -m pith_tui.cli.man > docs/pith-tui.1``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from pith_tui import __version__
from pith_tui.cli import exit_codes
from pith_tui.cli.commands import COMMANDS, ROOT, make_parser, subcommands
from pith_tui.cli.parser import (
    common_options,
    own_arguments,
    repeated,
    subparsers,
    value_name,
)

_FILES = (
    ("$XDG_CACHE_HOME/pith-tui/cache.sqlite3", "the cache: the bytes of every response"),
    ("$XDG_CONFIG_HOME/pith-tui/config.toml", "the settings; `pith-tui config example` prints one"),
    ("$XDG_DATA_HOME/pith-tui/places.sqlite3", "bookmarks and recent records"),
)
_ENVIRONMENT = (
    ("PITH_TUI_CACHE, PITH_TUI_CONFIG, PITH_TUI_DATA, PITH_TUI_LOG", "other paths for these files"),
    ("NO_COLOR", "no colours"),
    (
        "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
        "the proxies to use, and the hosts reached without one",
    ),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "certificates to trust instead of the system's"),
)


def page() -> str:
    """Return the manual page of all commands."""
    root = make_parser(ROOT)
    lines = [
        f'.TH PITH\\-TUI 1 "" "pith\\-tui {_text(__version__)}" "User Commands"',
        ".SH NAME",
        f"pith\\-tui \\- {_text(COMMANDS[ROOT].summary)}",
        ".SH SYNOPSIS",
        *_synopsis(root),
        *(line for name in _listed() if name != ROOT for line in _synopsis(make_parser(name))),
        ".SH DESCRIPTION",
        _text(
            "Fetch Pith Number records, which are signed metadata records of arXiv papers, and"
            " verify every signature before anything is shown. Data goes to standard output,"
            " messages to standard error."
        ),
        ".SH OPTIONS OF EVERY COMMAND",
        *_options(common_options(root)),
        ".SH COMMANDS",
    ]
    for name in _listed():
        lines += _command(name)
    lines += [".SH EXIT STATUS"]
    for code, meaning in exit_codes.MEANINGS.items():
        lines += [".TP", f"\\fB{code}\\fR", _text(meaning)]
    lines += [
        ".PP",
        _text(f"If several apply, the first of {exit_codes.order_text()} is returned."),
        *_table("ENVIRONMENT", _ENVIRONMENT),
        *_table("FILES", _FILES),
    ]
    return "\n".join(lines) + "\n"


def _listed() -> Iterator[str]:
    """Yield the commands that can be run; a group only contains others."""
    for name, command in COMMANDS.items():
        if command.summary and (name == ROOT or not subcommands(name)):
            yield name


def _command(name: str) -> Iterator[str]:
    parser = make_parser(name)
    yield f".SS {_text(parser.prog)}"
    if parser.description:
        yield _text(" ".join(parser.description.split()))
    yield from _options(own_arguments(parser))
    for word, (_, below) in subparsers(parser).items():
        yield from (".PP", f"\\fB{_text(f'{name} {word}')}\\fR: {_text(below.description or '')}")
        yield from _options(own_arguments(below))
    if parser.epilog and name != ROOT:  # the epilog of ROOT repeats the commands
        yield from (".PP", ".nf", *map(_text, parser.epilog.splitlines()), ".fi")


def _synopsis(parser: argparse.ArgumentParser) -> Iterator[str]:
    positions = [
        _position(action)
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]
    parts = ["[\\fIOPTION\\fR]...", *positions]
    if subparsers(parser):
        parts.append("\\fICOMMAND\\fR")
    yield f"\\fB{_text(parser.prog)}\\fR {' '.join(parts)}"
    yield ".br"


def _position(action: argparse.Action) -> str:
    return repeated(f"\\fI{_text(value_name(action))}\\fR", action)


def _options(actions: Iterable[argparse.Action]) -> Iterator[str]:
    for action in actions:
        value = "" if action.nargs == 0 else f" \\fI{_text(value_name(action))}\\fR"
        names = [f"\\fB{_text(name)}\\fR{value}" for name in action.option_strings]
        yield from (".TP", ", ".join(names) or value.strip(), _text(action.help or ""))


def _table(title: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {title}"
    for name, meaning in rows:
        yield from (".TP", f"\\fB{_text(name)}\\fR", _text(meaning))


def _text(text: str) -> str:
    """Escape what man(7) interprets: backslashes, hyphens, and a leading dot or quote."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    sys.stdout.write(page())
