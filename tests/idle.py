"""Wait until a browser under test is idle, without a fixed delay."""

from __future__ import annotations

import asyncio
from typing import Any

from textual import _wait
from textual._context import active_app
from textual.app import App

_SLEEP = _wait.wait_for_idle
_RESIZE_DELAY = 1 / 120
"""Seconds after which an app takes a new size, see its ``_on_resize``."""


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Replace the function of Textual, which sleeps until the process uses little CPU time.

    Run everything that can run, and paint the screen, until nothing is left to do.  While a worker
    is busy, in a thread or with a server, only Textual's way is possible.
    """
    app = active_app.get()
    await _run_what_can_run(app)
    if any(not worker.is_finished for worker in app.workers):
        await _SLEEP(min_sleep, max_sleep)
        await _run_what_can_run(app)


async def _run_what_can_run(app: App[Any]) -> None:
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    while True:
        await asyncio.sleep(0)
        if ready:
            continue
        if app._resize_timer is not None:
            await asyncio.sleep(_RESIZE_DELAY)
        elif not _is_stale(app):
            return
        else:
            app.screen._on_timer_update()


def _is_stale(app: App[Any]) -> bool:
    """Return whether painting is due and possible."""
    if not app.is_running or not app.screen_stack or app._batch_count:
        return False
    screen = app.screen
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._dirty_widgets
        or screen._recompose_required
        or screen._callbacks
    )
