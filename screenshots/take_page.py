"""Take the picture of the browser in a web page, with textual-serve and a headless Chromium.

Neither is needed by the project: ``pip install textual-serve`` in an environment of its own, then
``python screenshots/take_page.py path/to/pith-tui``.  Writes ``page.png`` beside this file.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

PICTURE = Path(__file__).parent / "page.png"
_SIZE = (1200, 720)
_PATIENCE = 120.0
_FOCUS = "document.querySelector('textarea').focus()"
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=" + ",".join(map(str, _SIZE)),
)


class Page:
    """A page of Chromium over its debugging protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method and return its result."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == self._number:
                return answer["result"]

    async def has_begun(self) -> bool:
        """Return whether the program has sent anything."""
        code = "document.body.classList.contains('-first-byte')"
        answer = await self.call("Runtime.evaluate", expression=code)
        return answer["result"].get("value") is True  # before the body is there it is an error

    async def press(self, key: str) -> None:
        """Type a character."""
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, text=key, key=key)

    async def still(self) -> bytes:
        """Return the picture once it no longer changes."""
        last = b""
        while True:
            await asyncio.sleep(2)
            data = base64.b64decode((await self.call("Page.captureScreenshot"))["data"])
            if data == last:
                return data
            last = data


async def take(command: str) -> bytes:
    """Serve the program on a free port of this machine, open it, and take its picture."""
    with tempfile.TemporaryDirectory() as profile:
        ports = [free_port(), free_port()]
        server = f"import textual_serve.server as s; s.Server({command!r}, port={ports[0]}).serve()"
        serving = await asyncio.create_subprocess_exec(
            sys.executable, "-c", server, stdout=asyncio.subprocess.DEVNULL
        )
        chromium = await asyncio.create_subprocess_exec(
            shutil.which("chromium") or "chromium",
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--remote-debugging-port={ports[1]}",
            "about:blank",
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            return await asyncio.wait_for(look(*ports), _PATIENCE)
        finally:
            for process in (chromium, serving):
                process.terminate()
                await process.wait()


async def look(served: int, debugged: int) -> bytes:
    """Open the page, show the checks, and try what writes."""
    async with aiohttp.ClientSession() as session:
        for port in (served, debugged):
            while not is_open(port):  # noqa: ASYNC110 - nothing tells when it is
                await asyncio.sleep(0.2)
        async with session.get(f"http://127.0.0.1:{debugged}/json") as answer:
            pages = await answer.json()
        url = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        async with session.ws_connect(url, max_msg_size=0) as socket:
            page = Page(socket)
            await page.call("Page.navigate", url=f"http://localhost:{served}/?fontsize=13")
            while not await page.has_begun():  # noqa: ASYNC110 - nothing tells when it has
                await asyncio.sleep(0.5)
            await page.still()
            await page.call("Runtime.evaluate", expression=_FOCUS)
            for key in "2m":
                await page.press(key)
            return await page.still()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_open(port: int) -> bool:
    """Return whether somebody listens on a port of this machine."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    PICTURE.write_bytes(asyncio.run(take(f"{sys.argv[1]} 2503.11832 --offline")))
