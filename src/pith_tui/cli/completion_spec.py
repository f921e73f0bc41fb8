"""What can be typed after ``pith-tui``, read from the parsers: shells' scripts are made of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from pith_tui.cli import parser
from pith_tui.cli.cache_parser import cache_parser
from pith_tui.cli.config_parser import config_parser
from pith_tui.cli.taking_parser import cite_parser, compare_parser


class Value(NamedTuple):
    """What an option takes or a command goes on with: records, files, directories, or a choice.

    ``name`` is how help calls it.  With none of the others it is free text.
    """

    name: str
    ids: bool = False
    files: bool = False
    directories: bool = False
    choices: tuple[str, ...] = ()


class Option(NamedTuple):
    """An option: its spellings, help, the value it takes if any, and whether it may come again."""

    names: tuple[str, ...]
    words: str
    value: Value | None
    again: bool


class CommandSpec(NamedTuple):
    """A command: the words that lead to it, its help, and what may come behind them."""

    path: tuple[str, ...]
    words: str
    options: tuple[Option, ...]
    value: Value | None
    commands: tuple[tuple[str, str], ...]


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Make the parser of every command."""
    return {
        "show": parser.show_parser(),
        "verify": parser.verify_parser(),
        "cite": cite_parser(),
        "compare": compare_parser(),
        "fetch": parser.fetch_parser(),
        "cache": cache_parser(),
        "keys": parser.keys_parser(),
        "config": config_parser(),
        "completions": parser.completions_parser(),
    }


def nodes() -> list[CommandSpec]:
    """Read all parsers; the first node is ``pith-tui`` itself, those above come before below."""
    commands = {name: (made.description or "", made) for name, made in parsers().items()}
    return list(_nodes((), "", parser.browse_parser(), commands))


def _nodes(
    path: tuple[str, ...],
    words: str,
    made: argparse.ArgumentParser,
    commands: dict[str, tuple[str, argparse.ArgumentParser]],
) -> Iterator[CommandSpec]:
    options: list[Option] = []
    value: Value | None = None
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {each.dest: each.help or "" for each in action._choices_actions}
            commands = {name: (helps[name], below) for name, below in action.choices.items()}
        elif not action.option_strings:
            value = _both(value, _value(action))
        elif action.help is not argparse.SUPPRESS:
            options.append(_option(action))
    named = tuple((name, help_words) for name, (help_words, _) in commands.items())
    yield CommandSpec(path, words, tuple(options), value, named)
    for name, (help_words, below) in commands.items():
        yield from _nodes((*path, name), help_words, below, {})


def _option(action: argparse.Action) -> Option:
    value = None if action.nargs == 0 else _value(action)
    again = isinstance(action, argparse._AppendAction)
    return Option(tuple(action.option_strings), action.help or "", value, again)


def _value(action: argparse.Action) -> Value:
    """Read what a value is from its name in help, where ``ID|FILE`` may be either."""
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
    """Take two positions together: a shell offers at each what either takes."""
    if first is None:
        return second
    return Value(
        f"{first.name} {second.name}",
        first.ids or second.ids,
        first.files or second.files,
        first.directories or second.directories,
        first.choices + second.choices,
    )
