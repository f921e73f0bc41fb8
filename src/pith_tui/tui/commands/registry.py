"""Every group of commands: for the keymap of the settings, and the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textual.binding import Binding

from pith_tui.tui.commands.aliases import ALIASES, with_present_ids
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.commands.bibliography import BIBLIOGRAPHY
from pith_tui.tui.commands.cache import ASK, CACHE, CONFIRM, FOUND, HISTORY
from pith_tui.tui.commands.compare import COMPARE
from pith_tui.tui.commands.export import EXPORT
from pith_tui.tui.commands.graph import GRAPH
from pith_tui.tui.commands.library import LIBRARY
from pith_tui.tui.commands.links import LINKS
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.commands.text import TEXT

__all__ = [
    "APP",
    "ASK",
    "BIBLIOGRAPHY",
    "CACHE",
    "COMMANDS",
    "COMPARE",
    "CONFIRM",
    "EXPORT",
    "FOUND",
    "GRAPH",
    "GROUPS",
    "HISTORY",
    "IDS",
    "LIBRARY",
    "LINKS",
    "RECORD",
    "ROWS",
    "TEXT",
    "Clash",
    "Command",
    "Group",
    "clashes",
]

GROUPS: tuple[Group, ...] = (
    RECORD,
    LIBRARY,
    GRAPH,
    CACHE,
    FOUND,
    HISTORY,
    ASK,
    CONFIRM,
    EXPORT,
    LINKS,
    COMPARE,
    TEXT,
    BIBLIOGRAPHY,
    ROWS,
    APP,
)
"""Every group there is.  No two commands have the same id."""
COMMANDS = {command.id: command for group in GROUPS for command in group.commands}
"""Every command by its id."""
IDS = frozenset(COMMANDS) | ALIASES.keys()
"""Every id that a keymap may name, those of earlier versions among them."""


class Clash(NamedTuple):
    """One key for two commands of a screen: the group's title, the key, the ids of both."""

    group: str
    key: str
    one: str
    other: str


def clashes(keys: Mapping[str, str]) -> list[Clash]:
    """List the clashes that a keymap causes, from a command's id to its keys.

    A screen has the commands of its group, those of rows and those of the app.  What clashes
    without the keymap, as where a screen means to take a key of the app's, is not listed.
    """
    usual = set(_clashes({}))
    caused = [clash for clash in _clashes(with_present_ids(keys)) if clash not in usual]
    # One of rows or of the app clashes on every screen; that is said once.
    return list({clash[1:]: clash for clash in reversed(caused)}.values())[::-1]


def _clashes(keys: Mapping[str, str]) -> Iterator[Clash]:
    for group in GROUPS:
        here = {group, ROWS, APP}
        taken: dict[str, str] = {}
        for other_group in GROUPS:
            for command in other_group.commands if other_group in here else ():
                for key in _normal(keys.get(command.id, command.keys)):
                    other = taken.setdefault(key, command.id)
                    if other != command.id:
                        yield Clash(group.title, key, other, command.id)


def _normal(keys: str) -> list[str]:
    """Return keys as Textual names them: ``slash`` where ``/`` was given."""
    return [binding.key for binding in Binding.make_bindings([Binding(keys, "", "")])]
