"""What the program does, passed to a listener: none is set unless ``--debug`` keeps a log.

``logging`` is not imported for it: a look-up that nobody logs must not pay for that.
"""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def set_listener(listener: Callable[[str], None] | None) -> None:
    """Set the listener; None for none."""
    global _listener
    _listener = listener


def is_enabled() -> bool:
    """Return whether a listener is set."""
    return _listener is not None


def trace(text: str) -> None:
    """Pass what was done to the listener. The text is raw: the listener makes it safe."""
    if _listener is not None:
        _listener(text)
