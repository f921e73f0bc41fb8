"""Regular expressions that are compiled when they are first used.

A command uses few of the patterns of the modules it imports; compiling all of them took a tenth
of the time of ``pith-tui verify --offline`` (benchmarks/NOTES.md).
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` returns, except that compiling waits for the first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(text, flags))


class _LazyPattern(Generic[AnyStr]):
    """Stand for a compiled pattern: each of its attributes is looked up there once, then kept."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._text: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        # copy and pickle ask for dunders: they are not the pattern's, and compile nothing.
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(re.compile(self._text, self._flags), name)  # which re keeps compiled
        setattr(self, name, value)
        return value
