"""A real pseudo-terminal with an emulated screen, on which a program draws."""

from __future__ import annotations

import copy
import fcntl
import os
import pty
import select
import shlex
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

import pyte

# The replies of terminals to the queries of Textual at its start.
_SYNCHRONISED = b"\x1b[?2026$p"
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;4;22c",
    _SYNCHRONISED: b"\x1b[?2026;2$y",
    b"\x1b[?u": b"\x1b[?0u",
}


_HALF_FRAME = 2026
"""The private mode that is set while a frame is being written, see ``_ANSWERS``."""
_FOCUS = 1004
"""The private mode (reports of focus) that the browser sets once it is to read keys."""
_LOOK_AGAIN = 0.2
"""Seconds after which is looked again at what need not come with any output."""


class Screen(pyte.Screen):
    """An emulated screen with an alternate screen, as terminals have; pyte has only one.

    ``private`` are the numbers of the set private modes (DECSET); ``is_early`` says that
    the last frame was painted by a program that reads no keys yet.
    """

    def __init__(self, columns: int, lines: int) -> None:
        self.is_early = False
        self.private = {7, 25}  # lines are wrapped, and the cursor is shown
        self._behind: dict[int, Any] = {}
        super().__init__(columns, lines)

    def draw(self, data: str) -> None:
        super().draw(data)
        if _FOCUS in self.private:
            self.is_early = False

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private"):
            if 1049 in modes and 1049 not in self.private:
                self._behind = copy.deepcopy(dict(self.buffer))
                self.erase_in_display(2)
            self.private |= set(modes)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private"):
            if 1049 in modes and 1049 in self.private:
                self.buffer.clear()
                self.buffer.update(self._behind)
                self.dirty.update(range(self.lines))
            if _HALF_FRAME in modes:
                self.is_early = _FOCUS not in self.private
            if 1049 in modes:
                self.is_early = False
            self.private -= set(modes)


class Terminal:
    """A running ``pith-tui`` on a screen of ``size`` (columns, rows)."""

    def __init__(
        self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str] | None = None
    ) -> None:
        self.screen = Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self._lines: dict[int, str] = {}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            self._become(arguments, size, env or {})

    @staticmethod
    def prepare(size: tuple[int, int]) -> None:
        """Set the size of this process's terminal."""
        columns, rows = size
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @staticmethod
    def command_line(arguments: Sequence[str]) -> str:
        """Return the shell command that runs the program."""
        return shlex.join([sys.executable, "-m", "pith_tui", *arguments])

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        self.prepare(size)
        own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **env}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        command = [sys.executable, "-m", "pith_tui", *arguments]
        os.execve(sys.executable, command, {**kept, **own})

    def __enter__(self) -> Self:
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
        screen = self.screen
        for number in screen.dirty:  # the others are as they were, and reading a line is slow
            row = screen.buffer[number]
            text = "".join(row[column].data for column in range(screen.columns))
            self._lines[number] = text.rstrip()
        screen.dirty.clear()
        return [self._lines.get(number, "") for number in range(screen.lines)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def cells(self) -> list[list[pyte.screens.Char]]:
        """Return every cell of the screen with its colours and style, line by line."""
        columns, lines = range(self.screen.columns), range(self.screen.lines)
        return [[self.screen.buffer[y][x] for x in columns] for y in lines]

    @property
    def pid(self) -> int:
        """Return the id of the process that the terminal was made for."""
        return self._pid

    @property
    def modes(self) -> list[Any]:
        """Return the terminal's modes, as ``termios`` gives them."""
        return termios.tcgetattr(self._fd)

    @property
    def foreground(self) -> int:
        """Return the id of the foreground process group."""
        return os.tcgetpgrp(self._fd)

    def resize(self, columns: int, rows: int) -> None:
        """Resize the window."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self) -> int:
        """Close the window; return the exit code of the program."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def press(self, keys: str | bytes) -> None:
        """Type keys."""
        os.write(self._fd, keys.encode() if isinstance(keys, str) else keys)

    def wait_for(self, text: str, seconds: float = 60.0) -> None:
        """Read until the screen shows a text; fail with the screen if it never does."""
        self.wait_until(lambda: text in self.text, repr(text), seconds)

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        """Read until a condition holds for a complete frame; fail if it never does."""
        deadline = time.monotonic() + seconds
        while self._is_between_frames or not holds():
            remaining = deadline - time.monotonic()
            assert remaining > 0, f"{what} never came:\n{self.text}"
            self._read(min(remaining, _LOOK_AGAIN))

    def wait_for_early_frame(self, seconds: float = 60.0) -> None:
        """Read until a frame is there that was painted before the program reads keys."""
        deadline = time.monotonic() + seconds
        while not self.screen.is_early:
            remaining = deadline - time.monotonic()
            assert remaining > 0, f"no early frame ever came:\n{self.text}"
            self._read(min(remaining, _LOOK_AGAIN))

    def wait_until_quiet(self, seconds: float = 0.7) -> None:
        """Read until the program has written nothing for a while and no frame is incomplete."""
        while self._has_more(seconds) or self._is_between_frames:
            if not self._read(seconds):
                return

    @property
    def _is_between_frames(self) -> bool:
        """Whether a frame is half there, or painted by a program that reads no keys yet."""
        return _HALF_FRAME in self.screen.private or self.screen.is_early

    def _has_more(self, seconds: float) -> bool:
        return bool(select.select([self._fd], [], [], seconds)[0])

    def wait_for_end(self, seconds: float = 60.0) -> int:
        """Read until the program ends; return its exit code."""
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
            self.screen.private.discard(_HALF_FRAME)  # a program that was killed ends no frame
            self.screen.is_early = False
            return False
        for question, answer in _ANSWERS.items():
            if question in data:
                os.write(self._fd, answer)
        self.raw += data
        # pyte does not know these two private sequences and would print their tails.
        self._stream.feed(data.replace(b"\x1b[>1u", b"").replace(b"\x1b[<u", b""))
        return bool(data)


def settle(terminal: Terminal) -> list[list[pyte.screens.Char]]:
    """Wait until the complete real record is drawn; return every cell."""
    terminal.wait_for("15 passed, 1 undecided")
    terminal.press("v")
    terminal.wait_for("verified again from")
    terminal.wait_until_quiet()
    return terminal.cells
