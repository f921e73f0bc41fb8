"""The terminal while the program is suspended, resized, redirected or gone, over a real pty."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyte.screens import Char

from tests.terminal import Terminal, settle

OPEN = ["2503.11832", "--offline"]
SIZE = (100, 30)


class Job(Terminal):
    """A shell with job control on the terminal, which runs what is typed."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        self.prepare(size)
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        os.execve("/bin/sh", ["sh", "-i"], {**kept, **own, "PS1": "ready> ", **env})


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


def wait_for_stop(terminal: Terminal, pid: int) -> None:
    def is_stopped() -> bool:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    terminal.wait_until(is_stopped, "the stop")


def wait_for_screen(terminal: Terminal, before: list[list[Char]]) -> None:
    """Wait until every cell, with its colours and style, is as before."""
    terminal.wait_until(lambda: terminal.cells == before, "the screen as it was")


def wait_for_prompt(terminal: Terminal) -> None:
    """Wait until the shell reads: earlier input is discarded with the program's."""
    terminal.wait_until(lambda: terminal.raw.endswith(b"ready> "), "the prompt")


def check_one_key(terminal: Terminal) -> None:
    """Press a key whose effect would be visible if handled twice."""
    terminal.press("t")
    terminal.wait_for("theme pith-light")


def test_ctrl_z_and_fg_restore_the_screen_and_modes(tmp_path: Path) -> None:
    with Job([], SIZE) as terminal:
        wait_for_prompt(terminal)
        shell, private = terminal.modes, set(terminal.screen.private)
        terminal.press(f"{terminal.command_line(OPEN)}\r")
        before = settle(terminal)
        pid = terminal.foreground
        own, count, modes = terminal.modes, threads(pid), set(terminal.screen.private)
        for _ in range(2):
            terminal.press("\x1a")
            wait_for_stop(terminal, pid)
            terminal.wait_until(lambda: terminal.screen.private == private, "the shell's modes")
            assert terminal.modes == shell
            wait_for_prompt(terminal)
            assert "VERIFIED" not in terminal.text
            terminal.press("fg\r")
            wait_for_screen(terminal, before)
            assert (terminal.modes, threads(pid)) == (own, count)
            assert terminal.screen.private == modes
        check_one_key(terminal)
        terminal.press("q")
        terminal.wait_until(lambda: terminal.modes == shell, "the shell's modes")
        wait_for_prompt(terminal)
        terminal.press("echo ended $?\r")
        terminal.wait_for("ended 0")
        assert terminal.screen.private == private


def test_resumed_in_the_background_it_waits_for_the_foreground() -> None:
    with Job([], SIZE) as terminal:
        wait_for_prompt(terminal)
        terminal.press(f"{terminal.command_line(OPEN)}\r")
        before = settle(terminal)
        pid = terminal.foreground
        terminal.press("\x1a")
        wait_for_stop(terminal, pid)
        wait_for_prompt(terminal)
        terminal.press("bg; echo in the back''ground\r")
        terminal.wait_for("in the background")
        wait_for_stop(terminal, pid)
        assert 1049 not in terminal.screen.private
        terminal.press("fg\r")
        wait_for_screen(terminal, before)
        check_one_key(terminal)


@pytest.mark.parametrize("by", [signal.SIGSTOP, signal.SIGTSTP], ids=["STOP", "TSTP"])
def test_screen_is_repainted_after_any_stop(by: signal.Signals) -> None:
    with Terminal(OPEN, SIZE) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        before = settle(terminal)
        own, count, modes = terminal.modes, threads(terminal.pid), set(terminal.screen.private)
        os.kill(terminal.pid, by)
        wait_for_stop(terminal, terminal.pid)
        # Another program may leave anything on the terminal meanwhile.
        terminal.screen.erase_in_display(2)
        os.kill(terminal.pid, signal.SIGCONT)
        wait_for_screen(terminal, before)
        assert (terminal.modes, threads(terminal.pid)) == (own, count)
        assert terminal.screen.private == modes
        check_one_key(terminal)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def other_thread(pid: int) -> int:
    """Return a thread of a process that is not its main one, where Python runs its handlers."""
    return max(int(thread) for thread in os.listdir(f"/proc/{pid}/task") if int(thread) != pid)


def test_signal_delivered_to_another_thread_is_handled_at_once() -> None:
    """The system chooses the thread: after a stop it is often not the main one, which sleeps."""
    with Terminal(OPEN, SIZE) as terminal:
        before = settle(terminal)
        os.kill(terminal.pid, signal.SIGSTOP)
        wait_for_stop(terminal, terminal.pid)
        terminal.screen.erase_in_display(2)
        os.kill(other_thread(terminal.pid), signal.SIGCONT)
        wait_for_screen(terminal, before)
        terminal.wait_until_quiet()
        os.kill(other_thread(terminal.pid), signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM


def test_window_resized_while_suspended_is_filled() -> None:
    with Terminal(OPEN, SIZE) as terminal:
        settle(terminal)
        terminal.press("\x1a")
        wait_for_stop(terminal, terminal.pid)
        terminal.resize(80, 24)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_until(lambda: "q quit" in terminal.lines[23], "the new size")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_terminal_size_overrides_the_environment() -> None:
    with Terminal(OPEN, SIZE, {"COLUMNS": "40", "LINES": "12"}) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.wait_until(lambda: "q quit" in terminal.lines[29], "the last line")
        terminal.resize(80, 24)
        terminal.screen.erase_in_display(2)  # its last line is that of before
        terminal.wait_until(lambda: "q quit" in terminal.lines[23], "the new size")


def test_browser_draws_when_standard_error_is_redirected(tmp_path: Path) -> None:
    with Job([], SIZE) as terminal:
        wait_for_prompt(terminal)
        terminal.press(f"{terminal.command_line(OPEN)} 2>{tmp_path}/errors; echo ended $?\r")
        settle(terminal)
        terminal.press("q")
        terminal.wait_for("ended 0")
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.parametrize("ignored", [False, True], ids=["hung up", "signal ignored"])
def test_closed_terminal_ends_the_browser_silently(tmp_path: Path, ignored: bool) -> None:
    """With SIGHUP ignored, only the end of input shows that the terminal is gone."""
    errors = tmp_path / "errors"
    with Lost(OPEN, SIZE, {"ERRORS": str(errors), "IGNORED": "1" if ignored else ""}) as terminal:
        settle(terminal)
        assert terminal.close() == 129
    assert errors.read_bytes() == b""


def test_terminal_closed_while_suspended_ends_the_browser_silently(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with Lost(OPEN, SIZE, {"ERRORS": str(errors), "IGNORED": ""}) as terminal:
        settle(terminal)
        terminal.press("\x1a")
        wait_for_stop(terminal, terminal.pid)
        assert terminal.close() == 129
    assert errors.read_bytes() == b""


class Lost(Terminal):
    """A program whose standard error is a file, and that may ignore SIGHUP."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        errors, ignored = env.pop("ERRORS"), env.pop("IGNORED")
        os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
        if ignored:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        super()._become(arguments, size, env)


def test_invalid_utf8_input_does_not_crash() -> None:
    with Terminal(OPEN, SIZE) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press("/")
        terminal.press(b"\xe9\xff")
        terminal.wait_for("\ufffd")
        terminal.press("\x11")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("keys", ["qu", "qo", "quit", "uq", "aq", "cq", "q?", "q\x10", "qqq"])
def test_typing_while_quitting_does_not_crash(keys: str) -> None:
    with Terminal(OPEN, SIZE) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press(keys)
        assert terminal.wait_for_end() == 0


_EDITING_SHELL = """
import os, signal, sys, termios
cooked = termios.tcgetattr(0)
editing = [*cooked]
editing[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(0, termios.TCSANOW, editing)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "pith_tui", *sys.argv[1:]])
assert os.WIFSTOPPED(os.waitpid(job, os.WUNTRACED)[1])
termios.tcsetattr(0, termios.TCSANOW, cooked)
os.tcsetpgrp(0, job)
os.kill(-job, signal.SIGCONT)
os.waitpid(job, 0)
os.tcsetpgrp(0, os.getpid())
sys.exit(termios.tcgetattr(0) != cooked)
"""
"""A shell that edits its command line: it starts a job in the background, then has it in front."""


class EditingShell(Terminal):
    """A program that was started in the background by a shell that has modes of its own."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        self.prepare(size)
        os.environ.update(env, LC_ALL="C.UTF-8")
        os.execv(sys.executable, [sys.executable, "-c", _EDITING_SHELL, *arguments])


@pytest.mark.parametrize("colours", ["truecolor", ""], ids=["painted early", "not"])
def test_started_in_the_background_it_leaves_the_modes_of_the_foreground(colours: str) -> None:
    env = {"COLORTERM": colours, "TERM": "xterm"}
    with EditingShell(OPEN, SIZE, env) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
