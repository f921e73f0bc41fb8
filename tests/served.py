"""The browser as ``textual serve`` runs it: over pipes, in the packets of Textual's web driver."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any, Self

import pyte

_PRELUDE = b"__GANGLION__\n"


class Served:
    """A running ``pith-tui`` behind a web page of ``size`` (columns, rows).

    A packet is a letter, four bytes of length and so many bytes: ``D`` for the terminal's data,
    ``M`` for JSON between server and program (https://github.com/Textualize/textual-serve).
    """

    def __init__(
        self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.messages: list[dict[str, Any]] = []
        self.raw = bytearray()
        self._pending = bytearray()
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {
            "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(size[0]),
            "ROWS": str(size[1]),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pith_tui", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**kept, **own, **(env or {})},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Type into the page."""
        self._send(b"D", keys.encode())

    def tell(self, kind: str, **values: object) -> None:
        """Send a message of the server, such as ``quit``."""
        self._send(b"M", json.dumps({"type": kind, **values}).encode())

    def hang_up(self) -> None:
        """Close the pipe to the program, as when the server is gone."""
        self._in.close()

    def wait_for(self, text: str, seconds: float = 60.0) -> None:
        """Read until the page shows a text; fail with the page if it never does."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            remaining = deadline - time.monotonic()
            assert remaining > 0 and self._read(remaining), f"{text!r} never came:\n{self.text}"  # noqa: PT018

    def wait_for_end(self, seconds: float = 60.0) -> tuple[int, str]:
        """Read until the program ends; return its exit code and what it wrote to stderr."""
        deadline = time.monotonic() + seconds
        while self._read(max(deadline - time.monotonic(), 0)):
            assert time.monotonic() < deadline, f"it never ended:\n{self.text}"
        assert self._process.stderr is not None
        errors = self._process.stderr.read().decode()
        return self._process.wait(), errors

    def _send(self, kind: bytes, payload: bytes) -> None:
        self._in.write(kind + len(payload).to_bytes(4, "big") + payload)
        self._in.flush()

    def _read(self, seconds: float) -> bool:
        """Read what arrives within a time; return whether the program is still running."""
        if not select.select([self._out], [], [], seconds)[0]:
            return True
        data = os.read(self._out.fileno(), 65536)
        self.raw += data
        self._pending += data
        if self._pending.startswith(_PRELUDE):
            del self._pending[: len(_PRELUDE)]
        while len(self._pending) >= 5:
            end = 5 + int.from_bytes(self._pending[1:5], "big")
            if len(self._pending) < end:
                break
            kind, payload = self._pending[:1], bytes(self._pending[5:end])
            del self._pending[:end]
            if kind == b"D":
                self._stream.feed(payload)
            elif kind == b"M":
                self.messages.append(json.loads(payload))
        return bool(data)
