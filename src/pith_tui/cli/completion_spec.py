"""What can be typed after ``pith-tui``, read from the parsers for the completion scripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from pith_tui.cli.commands import COMMANDS, ROOT, make_parser, subcommands
from pith_tui.cli.parser import subparsers


class Value(NamedTuple):
    """What an option or a command takes: records, files, directories, or a choice.

    ``name`` is its name in the help.  With no other field set it is free text.
    """

    name: str
    ids: bool = False
    files: bool = False
    directories: bool = False
    choices: tuple[str, ...] = ()


class Option(NamedTuple):
    """An option: its spellings, help, value if it takes one, and whether it may be repeated."""

    names: tuple[str, ...]
    summary: str
    value: Value | None
    again: bool


class CommandSpec(NamedTuple):
    """A command: its path of words, its help, its options and its arguments."""

    path: tuple[str, ...]
    summary: str
    options: tuple[Option, ...]
    value: Value | None
    commands: tuple[tuple[str, str], ...]


def nodes() -> list[CommandSpec]:
    """Read all parsers: first that of ``pith-tui`` itself, a group before its commands."""
    return list(_table_nodes(ROOT))


def _table_nodes(name: str) -> Iterator[CommandSpec]:
    """Read a command of the table and those below it."""
    below = subcommands(name)
    path, summary = tuple(name.split()), COMMANDS[name].summary if name else ""
    first, *rest = _nodes(path, summary, make_parser(name))
    if not below:
        yield from (first, *rest)
        return
    yield first._replace(commands=tuple(below.items()))
    for word in below:
        yield from _table_nodes(f"{name} {word}".strip())


def _nodes(
    path: tuple[str, ...], summary: str, parser: argparse.ArgumentParser
) -> Iterator[CommandSpec]:
    """Read a parser and those below it."""
    options: list[Option] = []
    value: Value | None = None
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            continue
        if not action.option_strings:
            value = _both(value, _value(action))
        elif action.help is not argparse.SUPPRESS:
            options.append(_option(action))
    below = subparsers(parser)
    named = tuple((name, help_text) for name, (help_text, _) in below.items())
    yield CommandSpec(path, summary, tuple(options), value, named)
    for name, (help_text, subparser) in below.items():
        yield from _nodes((*path, name), help_text, subparser)


def _option(action: argparse.Action) -> Option:
    value = None if action.nargs == 0 else _value(action)
    again = isinstance(action, argparse._AppendAction)
    return Option(tuple(action.option_strings), action.help or "", value, again)


def _value(action: argparse.Action) -> Value:
    """Derive the kind of a value from its name in the help; ``ID|FILE`` may be either."""
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    kinds = set(name.split("|"))
    return Value(
        name,
        ids="ID" in kinds,
        files=bool(kinds & {"FILE", "PATH"}),
        directories="DIR" in kinds,
        choices=tuple(map(str, action.choices or ())),
    )


def _both(first: Value | None, second: Value) -> Value:
    """Merge two positional arguments: a shell offers at each position what either accepts."""
    if first is None:
        return second
    return Value(
        f"{first.name} {second.name}",
        first.ids or second.ids,
        first.files or second.files,
        first.directories or second.directories,
        first.choices + second.choices,
    )
