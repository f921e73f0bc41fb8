"""Jump targets: every widget lists its own, and each gets a label."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import NamedTuple, Protocol, runtime_checkable

from textual.screen import Screen
from textual.widget import Widget

# The home row first; no letters that look alike.
_LETTERS = "asdfgjklqwertyuiopzxcvbnmh"


class JumpTarget(NamedTuple):
    """A place to jump to: line and column on the screen, and the function that goes there."""

    x: int
    y: int
    go: Callable[[], None]


@runtime_checkable
class HasJumpTargets(Protocol):
    """A widget that has jump targets."""

    def jump_targets(self) -> list[JumpTarget]:
        """Return the targets that are visible at the moment."""
        ...


def jump_targets(screen: Screen[object]) -> list[JumpTarget]:
    """Return every jump target on a screen, from top to bottom."""
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
