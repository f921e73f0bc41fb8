"""The terminal between the first frame and the moment at which Textual takes it over.

It has the modes that Textual's driver sets: what is typed meanwhile is neither echoed nor lost.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
from contextlib import suppress
from typing import Any

RESET = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[m"
)
"""Resets every mode that Textual sets, for when there is no time for an orderly end."""
ALTERNATE_SCREEN = "\x1b[?1049h"
_BEGIN = f"{ALTERNATE_SCREEN}\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?2026h"
_END = "\x1b[?2026l"
"""Ends what a terminal that can (synchronized output) shows all at once."""
_PATIENCE = 0.5
"""Seconds that a signal handler waits for a terminal that accepts no output."""
_IFLAG, _LFLAG, _CC = 0, 3, 6
"""Places in the list of a terminal's attributes."""


class EarlyScreen:
    """A terminal that shows a first frame; ``restore`` gives it back, unless a driver has it."""

    def __init__(self) -> None:
        """Find the terminal, and leave it as it is."""
        assert sys.__stdin__ is not None, "it is a terminal"
        assert sys.__stdout__ is not None, "it is a terminal"
        self._input, self._output = sys.__stdin__.fileno(), sys.__stdout__.fileno()
        self._encoding = sys.__stdout__.encoding
        self._before: list[Any] | None = None
        self._is_held = False

    def paint(self, frame: str) -> None:
        """Take over the terminal and paint; do nothing if it is gone."""
        self._is_held = True
        with suppress(termios.error):
            wait_for_foreground(self._input)
            self._before = termios.tcgetattr(self._input)
            termios.tcsetattr(self._input, termios.TCSANOW, _raw(self._before))
        self._write(f"{_BEGIN}{frame}{_END}")

    def hand_over(self) -> list[Any] | None:
        """Leave the terminal to a driver; return the attributes that it is to be left with."""
        self._is_held = False
        return self._before

    def restore(self) -> None:
        """Restore the terminal, if no driver has it, however long it takes."""
        if self._is_held:
            self._restore_attributes()
            self._write(RESET)
            self._is_held = False

    def _restore_attributes(self) -> None:
        if self._before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._before)

    def request_exit(self) -> bool:
        """Return that there is no event loop yet that could leave."""
        return False

    def abandon_terminal(self) -> None:
        """Restore the terminal, if no driver has it, from a signal handler.

        A terminal that does not read may keep its screen, but not the process.
        """
        if self._is_held:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            self._restore_attributes()
            if select.select([], [self._output], [], _PATIENCE)[1]:
                self._write(RESET)
            self._is_held = False

    def _write(self, text: str) -> None:
        data = memoryview(text.encode(self._encoding, "replace"))
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except OSError:
            return  # the terminal is gone, or takes no more for now: the frame to come is whole


def wait_for_foreground(descriptor: int) -> None:
    """Stay stopped by the system while a shell has the process in the background.

    Starts output that nothing stopped, so as to change nothing: attributes that are read in the
    background are those with which the shell reads its command line.  Raises ``termios.error`` if
    the terminal is gone.
    """
    termios.tcflow(descriptor, termios.TCOON)


def terminal_size(descriptor: int) -> tuple[int, int]:
    """Return columns and rows as the terminal has them, not as the environment does.

    A serial line may not know its own size; there the environment is asked.
    """
    try:
        columns, rows = os.get_terminal_size(descriptor)
    except OSError:
        columns, rows = 0, 0
    if columns and rows:
        return columns, rows
    import shutil  # seldom needed

    asked = shutil.get_terminal_size()
    return asked.columns, asked.lines


def _raw(attributes: list[Any]) -> list[Any]:
    """Return attributes with which keys come at once and unchanged, as Textual's driver has it."""
    raw = [*attributes[:_CC], list(attributes[_CC])]
    raw[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[_IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[_CC][termios.VMIN] = 1
    return raw
