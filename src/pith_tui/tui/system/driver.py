"""The terminal driver: Textual's driver for Linux, with the corrections that it needs.

Textual 8.2 draws on standard error, takes ``COLUMNS`` for the size of any terminal, writes from
within signal handlers, starts a second reader and writer when it is continued without having been
suspended, ends with a traceback if the terminal is gone or sends invalid UTF-8, and stops only its
own process, so that a program that started it, such as ``uv run``, keeps waiting.
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
from pith_tui.tui.system.early_screen import (
    ALTERNATE_SCREEN,
    RESET,
    terminal_size,
    wait_for_foreground,
)

_POLL_SECONDS = 0.1
"""Seconds between two checks of the reading thread whether it should end."""
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

    # Starting and stopping

    def start_application_mode(self) -> None:
        """Take over the terminal; the suspension handlers apply from here on."""
        self._wait_for_foreground()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._early_screen is not None:
            self.attrs_before = self._early_screen.hand_over()
            self._early_screen = None
        self._active = True
        # Through the event loop, which every signal wakes from now on: the system may deliver one
        # to another thread, while Python runs handlers in this one, which may be sleeping.
        self._loop.add_signal_handler(signal.SIGTSTP, self._suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._continue)

    def write(self, data: str) -> None:
        """Write to the terminal; do nothing if it was gone before it could be taken over."""
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
        """Restore the terminal at once, from a signal handler, without waiting for threads."""
        if not self._active:
            return  # but again if another signal arrives while this one is restoring it
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        if self.attrs_before is not None:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            except termios.error:
                return  # the terminal is gone
        self._terminal.write_at_once(RESET)

    # Suspending and continuing

    def _leave_suspension_to_the_system(self) -> None:
        for number in (signal.SIGTSTP, signal.SIGCONT):
            if not self._loop.remove_signal_handler(number):
                signal.signal(number, signal.SIG_DFL)  # the handler of Textual itself

    def _suspend(self) -> None:
        """Restore the terminal, stop, and take it over again when the process is continued."""
        if not self._active:
            return
        self.suspend_application_mode()
        if os.getpgrp() == os.getsid(0):
            # Not a job of a shell: the system does not stop such a process group by SIGTSTP.
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            os.killpg(0, signal.SIGTSTP)  # the whole job, as Ctrl-Z in a terminal does
        self._take_over_again()

    def _continue(self) -> None:
        """Start again after a SIGSTOP: whatever used the terminal meanwhile left its own modes."""
        if not self._active:
            return
        # One that arrives while the process waits below belongs to the same continuation.
        self._loop.remove_signal_handler(signal.SIGCONT)
        self._wait_for_foreground()
        self.suspend_application_mode()
        self._take_over_again()

    def _take_over_again(self) -> None:
        self._must_signal_resume = True  # makes the app repaint everything
        self.resume_application_mode()

    def _wait_for_foreground(self) -> None:
        with suppress(termios.error):  # the terminal is gone; the reading thread will notice
            wait_for_foreground(self.fileno)

    # Reading

    def run_input_thread(self) -> None:
        """Pass on the input until the driver stops or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        reading = True
        while reading and not self.exit_event.is_set():
            reading = self._read(parser, decode)
        if reading:
            # Replies of the terminal must not be left for the shell.
            self._read(parser, decode)
            return
        self._loop.call_soon_threadsafe(self._hang_up)

    def _read(self, parser: XTermParser, decode: Callable[[bytes], str]) -> bool:
        """Pass on input that arrives shortly; return whether the terminal is still there."""
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
        """Leave as after a SIGHUP, which a terminal may not send when it goes."""
        self._app.exit(return_code=128 + signal.SIGHUP)


class _Terminal(io.TextIOBase):
    """The terminal of a stream, opened a second time; once it is gone, nothing more is written."""

    def __init__(self, stream: Any) -> None:
        self._encoding: str = stream.encoding
        self._gone = False
        try:
            # A separate file description: another program on the terminal may have made the shared
            # one non-blocking.
            self._fd = os.open(os.ttyname(stream.fileno()), os.O_WRONLY | os.O_NOCTTY)
        except OSError:  # in a container it may have no name
            self._fd = os.dup(stream.fileno())

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._fd

    def write(self, text: str) -> int:
        """Write the complete text, however long the terminal takes."""
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
