"""The command reference ``docs/cli.md``, generated from the parsers.

To regenerate it: ``python -m pith_tui.cli.reference > docs/cli.md``.  It does not use the help of
``argparse``, whose layout depends on the version of Python and the width of the terminal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from pith_tui.cli import exit_codes
from pith_tui.cli.commands import COMMANDS, ROOT, make_parser, subcommands
from pith_tui.cli.parser import (
    common_options,
    own_arguments,
    repeated,
    subparsers,
    value_name,
)


def reference() -> str:
    """Return all commands, options and exit codes as Markdown."""
    root = make_parser(ROOT)
    lines = [
        "# Command line",
        "",
        "<!-- Generated from the parsers: python -m pith_tui.cli.reference > docs/cli.md -->",
        "",
        "Options may be given before or after the command. Data goes to standard output,"
        " messages to standard error. Every command takes these options:",
        "",
        *(_item(option) for option in common_options(root)),
        "",
        "## Exit codes",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in exit_codes.MEANINGS.items()),
        "",
        f"If several apply, or over several records, the first of {exit_codes.order_text()} is"
        " returned.",
    ]
    for name, command in COMMANDS.items():
        if command.summary:
            lines += _section(make_parser(name), 2 + (" " in name), subcommands(name))
    return "\n".join(lines) + "\n"


def _section(
    parser: argparse.ArgumentParser, level: int, commands: dict[str, str]
) -> Iterator[str]:
    below = subparsers(parser)
    arguments = own_arguments(parser)
    usage = [parser.prog, "[OPTION]...", *(_usage(argument) for argument in arguments)]
    if below:
        usage.append("COMMAND")
    yield from ("", f"{'#' * level} {parser.prog}", "")
    yield from (f"    {' '.join(word for word in usage if word)}", "")
    if parser.description:
        yield from (" ".join(parser.description.split()), "")
    yield from (_item(argument) for argument in arguments)
    if parser.prog == "pith-tui":
        return  # the epilog of ROOT repeats the commands and exit codes
    yield from (f"- `{name}`: {text}" for name, (text, _) in below.items())
    if parser.epilog:
        yield from ("", "```text", parser.epilog, "```")
    if not commands:
        for _, subparser in below.values():
            yield from _section(subparser, level + 1, {})


def _usage(action: argparse.Action) -> str:
    """Return how a positional argument appears in the usage line, "" for an option."""
    if action.option_strings:
        return ""
    return repeated(value_name(action), action)


def _item(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else value_name(action)
    names = [f"{name} {value}".strip() for name in action.option_strings] or [value]
    return f"- {', '.join(f'`{name}`' for name in names)}: {action.help}"


if __name__ == "__main__":
    sys.stdout.write(reference())
