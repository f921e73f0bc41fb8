"""Progress on a terminal's stderr: how much is done, how fast, and the time left."""

from __future__ import annotations

import os
import sys
import time

from pith_tui.cli.streams import write_error
from pith_tui.operations.job import Job
from pith_tui.output.progress import format_progress


class Progress(Job):
    """A job that draws itself as one line, which it overwrites.

    ``total`` is None if unknown; ``before`` is the number done in an earlier session.
    """

    def __init__(self, label: str, total: int | None = None, before: int = 0) -> None:
        super().__init__(label, total, before)
        self._last = 0.0
        self._shown = False
        # A dumb terminal cannot overwrite a line.
        self._silent = not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"

    def update(self, done: int) -> None:
        """Show the progress, at most ten times a second."""
        super().update(done)
        now = time.monotonic()
        if self._silent or now - self._last < 0.1:
            return
        self._last = now
        self._shown = True
        pace = format_progress(done, self.total, self.seconds, before=self.before)
        write_error(f"\r{self.label} {pace}\x1b[K")

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            self._shown = False
            write_error("\r\x1b[K")
