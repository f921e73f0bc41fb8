"""The cache screen on a real terminal, which its processes must not touch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.output.progress import format_progress
from pith_tui.store.cache import Cache
from tests.registry.records import SigningKey, synthetic, wire
from tests.stored import file_records, quiet
from tests.support import ROOT
from tests.terminal import Terminal

_DRIVER = """
import sys
from pathlib import Path
import pith_tui.operations.verify_all as verify_all
from pith_tui.protocol.keys import PINNED
from pith_tui.output.progress import format_progress
from pith_tui.store.cache import Cache
from pith_tui.lookup.service import RecordService
from pith_tui.tui.app import PithApp
from pith_tui.operations.verify_summary import VerifySummary
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.user.paths import user_state_path

def one_until_stopped(items, job):
    # The first batch, and no more until somebody asks to stop.
    yield next(items)
    job._stop.wait()

verify_all._RANGE, verify_all._processors = int(sys.argv[2]), lambda: 2
if sys.argv[3:] == ["endless"]:
    verify_all.until_stopped = one_until_stopped
library = RecordService(Cache.open(Path(sys.argv[1]), notice=print), None, (PINNED,))
app = PithApp(library)
app.call_later(lambda: app.push_screen(CacheScreen(library, VerifySummary(), user_state_path())))
app.run()
"""


class CacheTerminal(Terminal):
    """A terminal that opens the cache screen directly."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8", **env)
        os.environ["LINES"], os.environ["COLUMNS"] = str(size[1]), str(size[0])
        os.execv(sys.executable, [sys.executable, "-c", _DRIVER, *arguments])


def children(pid: int) -> list[int]:
    done = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in done.stdout.splitlines() if "worker_pool" in line]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a cache of 400 records, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "cache.sqlite3"
    key = SigningKey()
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_records(cache, (wire(synthetic(number, key)) for number in range(400)))
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(
        "PYTHONPATH", f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    )
    return Path(shutil.copy(filled, tmp_path / "cache.sqlite3"))


def test_verifying_on_two_processes_does_not_disturb_the_screen(path: Path) -> None:
    with CacheTerminal([str(path), "50"], (100, 30)) as terminal:
        terminal.wait_for("Results")
        terminal.wait_for("not damaged")
        terminal.press("v")
        terminal.wait_for("400 records checked")
        terminal.wait_for("UNDECIDED")
        assert terminal.lines[0].startswith("╭─ Cache")
        assert "quit" in terminal.lines[-1]
        assert b"Traceback" not in terminal.raw
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"\x1b[?1049l" in terminal.raw


@pytest.mark.parametrize("killed", [False, True], ids=["left", "killed"])
def test_processes_end_with_the_browser(path: Path, killed: bool) -> None:
    with CacheTerminal([str(path), "1", "endless"], (100, 30)) as terminal:
        terminal.wait_for("Results")
        terminal.press("v")
        terminal.wait_for("Verifying")
        terminal.wait_until(lambda: len(children(terminal.pid)) == 2, "the processes")
        mine = children(terminal.pid)
        if killed:
            os.kill(terminal.pid, 9)
        else:
            terminal.press("q")
            assert terminal.wait_for_end() == 0
        terminal.wait_until(lambda: not any(map(is_running, mine)), "their end")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize(
    ("done", "total", "seconds", "before", "expected"),
    [
        (0, None, 0.0, 0, "0, 0 a second"),
        (1500, None, 3.0, 0, "1,500, 500 a second"),
        (100, 400, 10.0, 0, "100 of 400, 10 a second, 0:30 left"),
        (300, 400, 10.0, 200, "300 of 400, 10 a second, 0:10 left"),
        (400, 400, 10.0, 0, "400 of 400, 40 a second"),
        (1, 100_000, 1.0, 0, "1 of 100,000, 1 a second, 27:46:39 left"),
    ],
)
def test_progress_is_formatted(
    done: int, total: int | None, seconds: float, before: int, expected: str
) -> None:
    assert format_progress(done, total, seconds, before=before) == expected


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["import", "{lines}"], "Importing 3, "),
        (["export", "--mirror", "{site}"], "Exporting 1 of 400, "),
        (["verify"], "Verifying 400 of 400, "),
    ],
    ids=str,
)
def test_command_line_shows_progress_on_a_terminal(
    path: Path, tmp_path: Path, command: list[str], shown: str
) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b"\n".join(wire(synthetic(n, SigningKey())) for n in range(3)))
    expected = [word.format(lines=lines, site=tmp_path / "site") for word in command]
    env = {"PYTHONPATH": os.environ["PYTHONPATH"]}
    with Terminal(["cache", *expected, "--cache", str(path)], (100, 24), env) as terminal:
        assert terminal.wait_for_end() in (0, 3)
        assert shown in terminal.raw.decode()
        assert shown not in terminal.text  # it is cleared at the end
