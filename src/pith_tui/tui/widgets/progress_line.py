"""The progress line: a bar, how far, how fast, and the time left."""

from __future__ import annotations

from textual.content import Content
from textual.timer import Timer

from pith_tui.operations.job import Job
from pith_tui.output.progress import format_progress
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.widgets.bars import Bar

_EVERY = 0.2
"""Seconds between two updates."""


class ProgressLine(Bar):
    """Shows a job while there is one, and nothing otherwise."""

    DEFAULT_CSS = """
    ProgressLine { display: none; padding: 0 1; }
    ProgressLine.-busy { display: block; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._job: Job | None = None
        self._timer: Timer | None = None

    def watch_job(self, job: Job) -> None:
        """Show a job until ``clear_job`` is called."""
        self._job = job
        self.add_class("-busy")
        self._draw()
        if self._timer is None:
            self._timer = self.set_interval(_EVERY, self._draw)
        self._timer.resume()

    def clear_job(self) -> None:
        """Show nothing."""
        self._job = None
        self.remove_class("-busy")
        if self._timer is not None:
            self._timer.pause()

    def _draw(self) -> None:
        job = self._job
        if job is None:
            return
        text = format_progress(job.done, job.total, job.seconds, before=job.before)
        ending = (
            "stopping …"
            if job.stopped
            else f"press {pith_app(self).key_for('cache_leave')} to stop"
        )
        room = min(max(self.size.width - len(text) - len(job.label) - len(ending) - 12, 0), 40)
        parts: list[tuple[str, str]] = [(f"{job.label} ", "bold")]
        if job.total and room >= 8:
            full = min(room * job.done // job.total, room)
            parts += [("━" * full, "$accent"), ("━" * (room - full), "$pith-border"), (" ", "")]
        self.write(Content.assemble(*parts, (text, ""), (f"  {ending}", "dim")))
