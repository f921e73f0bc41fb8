"""SIGINT, SIGTERM and SIGHUP while the browser starts, shows, looks up and imports."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.registry.records import Paper, build, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY
from tests.terminal import Terminal

OPEN = ["2503.11832", "--offline"]
SIZE = (100, 30)
DEFAULTS = {7, 25}
"""The private modes of a terminal that nobody uses: lines are wrapped, the cursor is shown."""
ENDING = [signal.SIGHUP, signal.SIGINT, signal.SIGTERM]


def names(number: signal.Signals) -> str:
    return number.name


def patched(tmp_path: Path, code: str) -> dict[str, str]:
    """Return an environment in which the program runs some code before it starts."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(code, "utf-8")
    return {"PYTHONPATH": str(site)}


def check_left(terminal: Terminal, code: int, modes: list[object]) -> None:
    """Check that the program ends and restores the terminal."""
    assert terminal.wait_for_end() == code
    assert terminal.screen.private == DEFAULTS
    assert b"Traceback" not in terminal.raw
    assert b"Exception" not in terminal.raw
    assert modes == [] or terminal.modes == modes


class Fresh(Terminal):
    """A terminal whose modes before the program started are known."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str] | None = None) -> None:
        self.before: list[object] = []
        super().__init__(arguments, SIZE, env)
        self.before = self.modes


@pytest.mark.parametrize("number", ENDING, ids=names)
def test_signal_restores_the_terminal_as_q_does(number: signal.Signals) -> None:
    final_output = {}
    for way in ("q", number):
        with Fresh(OPEN) as terminal:
            terminal.wait_for("15 passed, 1 undecided")
            assert 1049 in terminal.screen.private
            if way == "q":
                terminal.press("q")
            else:
                os.kill(terminal.pid, number)
            check_left(terminal, 0 if way == "q" else 128 + number, terminal.before)
            final_output[way] = bytes(terminal.raw[terminal.raw.rindex(b"\x1b[?2004l") :])
    assert final_output["q"] == final_output[number]


_WHILE_IMPORTING = """
import os
import pith_tui.tui.loading as loading
load = loading.load_in_background
def interrupted(*arguments):
    os.kill(os.getpid(), {number})
    return load(*arguments)
loading.load_in_background = interrupted
"""
_BEFORE_THE_FRAME = """
import os
import pith_tui.tui.system.driver as driver
start = driver.TerminalDriver.start_application_mode
def interrupted(self):
    start(self)
    os.kill(os.getpid(), {number})
driver.TerminalDriver.start_application_mode = interrupted
"""
_BEFORE_THE_DRIVER = """
import os
import pith_tui.tui.system.driver as driver
make = driver.TerminalDriver.__init__
def interrupted(self, *arguments, **options):
    make(self, *arguments, **options)
    os.kill(os.getpid(), {number})
driver.TerminalDriver.__init__ = interrupted
"""


@pytest.mark.parametrize("number", ENDING, ids=names)
@pytest.mark.parametrize(
    "moment",
    [_WHILE_IMPORTING, _BEFORE_THE_DRIVER, _BEFORE_THE_FRAME],
    ids=["importing", "no terminal yet", "no frame yet"],
)
def test_signal_before_the_first_frame_ends_the_browser(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    with Fresh(OPEN, patched(tmp_path, moment.format(number=int(number)))) as terminal:
        check_left(terminal, 128 + number, terminal.before)
        assert "VERIFIED" not in terminal.text


@pytest.mark.parametrize("number", ENDING, ids=names)
def test_signal_during_a_look_up_ends_the_browser(tmp_path: Path, number: signal.Signals) -> None:
    with Registry(KEY) as registry:
        registry.fail("/", Fault("stall"), times=10)
        cache = str(tmp_path / "cache.sqlite3")
        arguments = ["2401.00001", "--server", registry.url, "--cache", cache]
        with Fresh(arguments) as terminal:
            terminal.wait_for("asking the servers")
            os.kill(terminal.pid, number)
            check_left(terminal, 128 + number, terminal.before)


def test_signal_during_an_import_ends_the_browser(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes((wire(build(Paper(), KEY)) + b"\n") * 20_000)
    with Fresh([*OPEN, "--cache", str(tmp_path / "cache.sqlite3")]) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press("c")
        terminal.wait_for("import")
        terminal.press("i")
        terminal.wait_for("Enter")
        terminal.press(f"{lines}\r")
        terminal.wait_for("Importing")
        os.kill(terminal.pid, signal.SIGTERM)
        check_left(terminal, 143, terminal.before)


_BLOCKED = """
import os, threading
import pith_tui.tui.screens.record as record
def block(self):
    os.write(2, b"BLOCKED")
    threading.Event().wait()
record.RecordScreen.action_tex = block
"""


def test_second_signal_ends_at_once(tmp_path: Path) -> None:
    with Fresh(OPEN, patched(tmp_path, _BLOCKED)) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press("x")
        # On the screen it may be painted over before it is seen.
        terminal.wait_until(lambda: b"BLOCKED" in terminal.raw, "the block")

        def ended() -> bool:
            os.kill(terminal.pid, signal.SIGTERM)  # again, until one of them ends it
            return terminal.screen.private == DEFAULTS

        terminal.wait_until(ended, "the end")
        check_left(terminal, 143, terminal.before)


class Deaf(Fresh):
    """A program that was started with SIGINT ignored, as in the background of a script."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        super()._become(arguments, size, env)


def test_ignored_signal_stays_ignored() -> None:
    with Deaf(OPEN) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        os.kill(terminal.pid, signal.SIGINT)
        terminal.press("2")
        terminal.wait_for("Digest")
        terminal.press("q")
        check_left(terminal, 0, terminal.before)


_WHILE_LOADING = """
import sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "pith_tui.cli.dispatch":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
"""


def test_ctrl_c_while_loading_shows_no_traceback(tmp_path: Path) -> None:
    with Fresh(["verify", "2503.11832"], patched(tmp_path, _WHILE_LOADING)) as terminal:
        check_left(terminal, 130, terminal.before)
