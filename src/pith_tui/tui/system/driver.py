"""The terminal as the browser uses it: Textual's driver for Linux, and what that leaves undone.

Textual 8.2 draws on standard error, takes ``COLUMNS`` for the size of any terminal, writes from
within signal handlers, starts a second reader and writer when it is continued without having been
suspended, ends with a traceback where the terminal is gone or sends what is no UTF-8, and stops
only its own process, so that a program that started it, such as ``uv run``, goes on waiting.
"""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from pith_tui.tui.app_protocol import AppProtocol
from pith_tui.tui.system.early_screen import ALTERNATE_SCREEN, RESET, terminal_size

_POLL_SECONDS = 0.1
"""So often the reading thread looks whether it is to end."""
_READ_SIZE = 4096
_MOUSE_PIXELS_OFF = "\x1b[?1016l"


class TerminalDriver(LinuxDriver):
    """Reads keys from standard input and draws on the terminal of standard output."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._terminal = _Terminal(sys.__stdout__)
        self._file = self._terminal  # type: ignore[assignment]
        self._size = size or self._get_terminal_size()
        self._active = False
        self._early_screen = cast(AppProtocol, app).early_screen
        self._leave_suspension_to_the_system()

    def _get_terminal_size(self) -> tuple[int, int]:
        return terminal_size(self._terminal.fileno())

    # Beginning and ending

    def start_application_mode(self) -> None:
        """Take the terminal over; the handlers of suspension hold from here on."""
        self._wait_for_foreground()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._early_screen is not None:
            self.attrs_before = self._early_screen.hand_over()
            self._early_screen = None
        self._active = True
        # Through the loop, which every signal wakes from now on: the system may give one to
        # another thread, and Python runs its handlers in this one, which may sleep for long.
        self._loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._continue)

    def write(self, data: str) -> None:
        """Write to the terminal; nothing where it was gone before it could be taken over."""
        if self._early_screen is not None and data == ALTERNATE_SCREEN:
            return  # it shows the first frame, which being switched to once more would erase
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(data)

    def stop_application_mode(self) -> None:
        """Restore the terminal as it was."""
        self._leave_suspension_to_the_system()
        if self._mouse_pixels:
            self.write(_MOUSE_PIXELS_OFF)
        super().stop_application_mode()
        self._active = False

    def abandon(self) -> None:
        """Restore the terminal at once, from a signal handler, waiting for no thread."""
        if not self._active:
            return  # but once more where another signal comes while this one is restoring it
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        if self.attrs_before is not None:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            except termios.error:
                return  # the terminal is gone
        self._terminal.write_at_once(RESET)

    # Being suspended and continued

    def _leave_suspension_to_the_system(self) -> None:
        for number in (signal.SIGTSTP, signal.SIGCONT):
            if not self._loop.remove_signal_handler(number):
                signal.signal(number, signal.SIG_DFL)  # Textual's own

    def _suspend(self) -> None:
        """Restore the terminal, stop, and take it over again when the process is continued."""
        if not self._active:
            return
        self.suspend_application_mode()
        if os.getpgrp() == os.getsid(0):
            # No shell's job: the system does not stop such a group by SIGTSTP.
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            os.killpg(0, signal.SIGTSTP)  # the whole job, as the terminal's own Ctrl-Z does
        self._take_over_again()

    def _continue(self) -> None:
        """Start again after a SIGSTOP: whoever had the terminal meanwhile left its own modes."""
        if not self._active:
            return
        # One that comes while the process waits below is the same continuation.
        self._loop.remove_signal_handler(signal.SIGCONT)
        self._wait_for_foreground()
        self.suspend_application_mode()
        self._take_over_again()

    def _take_over_again(self) -> None:
        self._must_signal_resume = True  # which has the app paint everything
        self.resume_application_mode()

    def _wait_for_foreground(self) -> None:
        """Be stopped by the system for as long as a shell has the process in the background."""
        with suppress(termios.error):  # the terminal is gone, which the reading thread finds out
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))

    # Reading

    def run_input_thread(self) -> None:
        """Pass on what is typed, until the driver stops or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        reading = True
        while reading and not self.exit_event.is_set():
            reading = self._read(parser, decode)
        if reading:
            # What the terminal answered meanwhile must not be left for the shell.
            self._read(parser, decode)
            return
        self._loop.call_soon_threadsafe(self._hang_up)

    def _read(self, parser: XTermParser, decode: Callable[[bytes], str]) -> bool:
        """Pass on what comes within a moment; return whether the terminal is still there."""
        ready, _, _ = select.select([self.fileno], [], [], _POLL_SECONDS)
        if ready:
            try:
                data = os.read(self.fileno, _READ_SIZE)
            except BlockingIOError:
                return True  # another process that shares the terminal was faster
            except OSError:
                return False
            if not data:
                return False
            for event in parser.feed(decode(data)):
                self.process_message(event)
        for event in parser.tick():
            self.process_message(event)
        return True

    def _hang_up(self) -> None:
        """Leave as after a SIGHUP, which a terminal that is gone need not have sent."""
        self._app.exit(return_code=128 + signal.SIGHUP)


class _Terminal(io.TextIOBase):
    """The terminal of a stream, opened once more; where it is gone, nothing more is written."""

    def __init__(self, stream: Any) -> None:
        self._encoding: str = stream.encoding
        self._gone = False
        try:
            # A file description of its own: whatever else has the terminal may have made the
            # shared one non-blocking.
            self._fd = os.open(os.ttyname(stream.fileno()), os.O_WRONLY | os.O_NOCTTY)
        except OSError:  # in a container, it may have no name
            self._fd = os.dup(stream.fileno())

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._fd

    def write(self, text: str) -> int:
        """Write a text whole, however long the terminal takes for it."""
        data = memoryview(text.encode(self._encoding, "replace"))
        while data and not self._gone:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                select.select([], [self._fd], [])
            except OSError:
                self._gone = True
        return len(text)

    def write_at_once(self, text: str) -> None:
        """Write a text if the terminal takes it without delay."""
        if self._gone or not select.select([], [self._fd], [], 0)[1]:
            return
        try:
            os.write(self._fd, text.encode(self._encoding, "replace"))
        except OSError:
            self._gone = True
