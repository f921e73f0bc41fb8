"""SIGINT, SIGTERM and SIGHUP: the first one ends the browser as ``q`` does, a second one at once.

This module does not import Textual, so that signals are handled while that is being imported.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Protocol, Self

_HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Handler = Callable[[int, FrameType | None], object] | int | None


class Interruptible(Protocol):
    """A program with an event loop and a terminal; both methods are called from signal handlers."""

    def request_exit(self) -> bool:
        """Have the event loop leave; return whether it runs and was not leaving already."""

    def abandon_terminal(self) -> None:
        """Restore the terminal without waiting for anything."""


class EndSignals:
    """Handles the signals while entered; one that is ignored, as under nohup, stays ignored.

    Before a program is attached, a signal ends the process at once: the terminal is still
    untouched.  An exception would be lost if raised in a finalizer, and importing runs many.
    """

    def __init__(self) -> None:
        self._received: int | None = None
        self._program: Interruptible | None = None
        self._before: dict[int, _Handler] = {}

    @property
    def exit_code(self) -> int | None:
        """128 plus the number of the first signal, as shells report it; None if none arrived."""
        return None if self._received is None else 128 + self._received

    def attach(self, program: Interruptible) -> None:
        """Set the program that is to leave from now on."""
        self._program = program

    def __enter__(self) -> Self:
        for number in _HANDLED:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._handle)
        return self

    def __exit__(self, *exc: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        first = self._received is None
        if first:
            self._received = number
        if self._program is not None:
            if first and self._program.request_exit():
                return
            self._program.abandon_terminal()
        os._exit(128 + number)
