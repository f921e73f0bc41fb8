"""What the sources do, told to whoever listens: nobody, unless the log of ``--debug`` is kept.

``logging`` is not imported for it: a look-up that nobody logs must not pay for that.
"""

from __future__ import annotations

from collections.abc import Callable

_listener: Callable[[str], None] | None = None


def set_listener(listener: Callable[[str], None] | None) -> None:
    """Choose who is told from now on; None for nobody."""
    global _listener
    _listener = listener


def is_enabled() -> bool:
    """Return whether anybody listens."""
    return _listener is not None


def trace(text: str) -> None:
    """Return what was done.  The text is raw: the listener makes it safe."""
    if _listener is not None:
        _listener(text)
