"""Opening a URL in the web browser, in a process of its own.

The output of a browser would damage the screen, and a text browser would take over the terminal: so
``webbrowser`` runs in a process that has neither this terminal nor its streams.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import NamedTuple

TIME_LIMIT = 5.0
"""Seconds after which a browser that has not returned is assumed to be running."""
# Ends by itself even if the browser stays in the foreground until it is closed.
_OPEN = """
import os, sys, threading, webbrowser
ends = []
opening = threading.Thread(target=lambda: ends.append(webbrowser.open(sys.argv[1])), daemon=True)
opening.start()
opening.join(float(sys.argv[2]))
os._exit(0 if opening.is_alive() or ends == [True] else 1)
"""


class Opened(NamedTuple):
    """The result of an attempt to open a URL: a message, which always names the URL."""

    message: str
    failed: bool = False


async def open_url(url: str) -> Opened:
    """Open a URL that was built here from a checked id; for a worker, not for a handler."""
    started = await asyncio.to_thread(start_browser, url)
    if started:
        return Opened(f"handed to the web browser: {url}")
    return Opened(f"no web browser could be started; the URL is {url}", failed=True)


def start_browser(url: str, time_limit: float = TIME_LIMIT) -> bool:
    """Start the web browser; return whether one was started, as far as is known."""
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-c", _OPEN, url, f"{time_limit}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=time_limit + 5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
