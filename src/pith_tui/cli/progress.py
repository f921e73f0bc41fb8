"""Progress on stderr: how much, how fast, how long still; silent where nobody is looking."""

from __future__ import annotations

import os
import sys
import time


class Progress:
    """One line that is written over; ``total`` is None where it is not known."""

    def __init__(self, word: str, total: int | None = None) -> None:
        self._word = word
        self._total = total
        self._start = time.monotonic()
        self._last = 0.0
        self._shown = False
        # A dumb terminal cannot write over a line.
        self._silent = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"

    def show(self, done: int) -> None:
        """Show how far it is, at most ten times a second."""
        now = time.monotonic()
        if self._silent or now - self._last < 0.1:
            return
        self._last = now
        self._shown = True
        print(f"\r{self._line(done, now - self._start)}\x1b[K", end="", file=sys.stderr, flush=True)

    def _line(self, done: int, seconds: float) -> str:
        rate = done / seconds if seconds > 0 else 0.0
        line = f"{done:,} {self._word}, {rate:,.0f} a second"
        if self._total and rate:
            left = int(max(self._total - done, 0) / rate)
            line = f"{line}, {left // 60}:{left % 60:02} left of {self._total:,}"
        return line

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
