"""Where the keyboard can jump to: every widget lists its targets, and each gets a label."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import NamedTuple, Protocol, runtime_checkable

from textual.screen import Screen
from textual.widget import Widget

# The home row first; no letters that look alike.
_LETTERS = "asdfgjklqwertyuiopzxcvbnmh"


class JumpTarget(NamedTuple):
    """A place to jump to: line and column on the screen, and what going there does."""

    x: int
    y: int
    go: Callable[[], None]


@runtime_checkable
class HasJumpTargets(Protocol):
    """A widget that one can jump into."""

    def jump_targets(self) -> list[JumpTarget]:
        """Return the places that can be seen at the moment."""
        ...


def jump_targets(screen: Screen[object]) -> list[JumpTarget]:
    """Return every place on a screen that can be jumped to, from the top down."""
    targets: list[JumpTarget] = []
    for widget in screen.walk_children(Widget):
        if isinstance(widget, HasJumpTargets) and widget.display and widget.visible:
            targets += widget.jump_targets()
    return sorted(targets, key=lambda stop: (stop.y, stop.x))


def labels(count: int) -> list[str]:
    """Make ``count`` labels, none a prefix of another; one letter each if that is enough."""
    return list(islice(_labels(1 if count <= len(_LETTERS) else 2), count))


def _labels(length: int) -> Iterator[str]:
    return ("".join(letters) for letters in product(_LETTERS, repeat=length))
