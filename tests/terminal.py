"""A real pseudo-terminal with an emulated screen: what a program's bytes make of it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Sequence

import pyte

# What terminals answer to the questions Textual asks at its start.
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;4;22c",
    b"\x1b[?2026$p": b"\x1b[?2026;0$y",
    b"\x1b[?u": b"\x1b[?0u",
}


class Terminal:
    """A running ``pith-tui`` on a screen of ``size`` (columns, rows)."""

    def __init__(
        self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            self._become(arguments, size, env or {})

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        columns, rows = size
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **env}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        command = [sys.executable, "-m", "pith_tui", *arguments]
        os.execve(sys.executable, command, {**kept, **own})

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exc: object) -> None:
        try:
            os.kill(self._pid, 9)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def press(self, keys: str) -> None:
        """Type, as a keyboard does."""
        os.write(self._fd, keys.encode())

    def wait_for(self, words: str, seconds: float = 60.0) -> None:
        """Read until the screen shows some words; fails with the screen where it never does."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            left = deadline - time.monotonic()
            assert left > 0, f"{words!r} never came:\n{self.text}"
            self._read(left)

    def wait_for_end(self, seconds: float = 60.0) -> int:
        """Read until the program ends; gives its exit code."""
        deadline = time.monotonic() + seconds
        while self._read(max(deadline - time.monotonic(), 0)):
            assert time.monotonic() < deadline, f"it never ended:\n{self.text}"
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        for question, answer in _ANSWERS.items():
            if question in data:
                os.write(self._fd, answer)
        self.raw += data
        # pyte does not know these two private sequences and would print their tails.
        self._stream.feed(data.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        return bool(data)
