"""What a key costs in the running browser: milliseconds to the last byte on a pty, and bytes.

``benchmarks/keys.py [CHECKOUT]``: see benchmarks/README.md.
"""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.against import prepared  # noqa: E402
from benchmarks.run import PROGRAM  # noqa: E402

COLUMNS, ROWS = 160, 48
SILENCE = 0.05
"""Seconds without a byte after which a key has done all that it does."""
OPENED = 0.5
"""Seconds without a byte after which a screen has been opened."""
TABLE = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header
class Table(App):
    BINDINGS = [("j", "table('down')"), ("k", "table('up')"), ("space", "table('page')")]
    def compose(self):
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("Id", "Title", "Category", "Submitted", "Copy is")
        for number in range(2000):
            title = f"A title of a paper that is as long as they are, number {number}"
            table.add_row(f"2401.{number:05}", title, "cs.LG", "2024-01-01", "3 days old")
    def action_table(self, where):
        table = self.query_one(DataTable)
        getattr(table, "action_page_down" if where == "page" else f"action_cursor_{where}")()
Table().run()
"""


class Key(NamedTuple):
    """What a key cost: seconds to the last byte, and bytes."""

    seconds: float
    size: int


class Place(NamedTuple):
    """A list to press keys in: the keys that lead there, and those that are measured."""

    name: str
    opening: bytes
    keys: bytes
    to_reach: str = ""


REACH = "≤ 3 ms, 2 KB"
PLACES = (
    Place("library: to the next row", b"og", b"j" * 20 + b"k" * 20, REACH),
    Place("library: to the next page, to its last verdict", b"og", b" " * 10),
    Place("checks: to the next row", b"2g", b"jjjkkk" * 6, REACH),
    Place("Paper pane: to the next row, of one line or several", b"1g", b"jjjkkk" * 6, REACH),
)


class Running:
    """A program on a pty that answers as a terminal with synchronised output does."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(command[0], command, env)

    def read(self, seconds: float) -> bytes:
        """Return what comes next within so many seconds, nothing where nothing does."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return b""
        data = os.read(self._fd, 65536)
        if b"\x1b[?2026$p" in data:
            os.write(self._fd, b"\x1b[?2026;2$y")
        return data

    def open(self, marker: bytes, keys: bytes) -> None:
        """Wait for a marker, then press keys one by one; returns when all is painted."""
        seen = b""
        while marker not in seen:
            data = self.read(30)
            if not data:
                raise SystemExit(f"{marker!r} never came")
            seen += data
        for key in keys:
            self._read_all()
            self.press(bytes([key]))
        self._read_all()

    def _read_all(self) -> None:
        while self.read(OPENED):
            pass

    def press(self, key: bytes) -> Key:
        """Press a key and read all that it has painted."""
        start = last = time.perf_counter()
        os.write(self._fd, key)
        size = 0
        while data := self.read(SILENCE if size else OPENED):
            last, size = time.perf_counter(), size + len(data)
        return Key(last - start, size)

    def end(self) -> None:
        """Kill the program."""
        os.kill(self._pid, 9)
        os.waitpid(self._pid, 0)
        os.close(self._fd)


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], marker: bytes, keys: bytes = b""
) -> Iterator[Running]:
    """Run a program until it has shown a marker and taken the first keys, then for the block."""
    program = Running(command, env)
    try:
        program.open(marker, keys)
        yield program
    finally:
        program.end()


def row(place: Place, checkouts: Sequence[Mapping[str, str]]) -> str:
    """Press each key in every program in turn; return a table row of the medians."""
    browse = [*PROGRAM, "2503.11832", "--offline"]
    started = [running(browse, env, b"VERIFIED", place.opening) for env in checkouts]
    started.append(running([sys.executable, "-c", TABLE], checkouts[0], b"number 1"))
    with ExitStack() as stack:
        programs = [stack.enter_context(program) for program in started]
        pressed = [[program.press(bytes([key])) for program in programs] for key in place.keys]
    figures = " | ".join(figure(keys) for keys in zip(*pressed, strict=True))
    ratio = statistics.median(keys[0].seconds / keys[-1].seconds for keys in pressed)
    return f"| {place.name} | {figures} | {ratio:.2f} × | {place.to_reach} |"


def figure(keys: Sequence[Key]) -> str:
    """Format the medians of what some keys cost."""
    seconds, size = (statistics.median(values) for values in zip(*keys, strict=True))
    return f"{seconds * 1e3:.1f} ms, {size:,.0f} bytes"


def main() -> None:
    """Measure this checkout, and another one if it is given, beside a table of Textual's own."""
    checkouts = [ROOT, *(Path(name).resolve() for name in sys.argv[1:])]
    names = ["here", *(path.name for path in checkouts[1:])]
    print(f"| what | {' | '.join(names)} | DataTable | here / DataTable | target |")
    print("|---" * (len(names) + 4) + "|")
    with tempfile.TemporaryDirectory() as directory:
        homes = []
        for number, checkout in enumerate(checkouts):
            compileall.compile_dir(checkout / "src", quiet=1)
            homes.append(prepared(Path(directory) / str(number), checkout))
        for place in PLACES:
            print(row(place, homes), flush=True)


if __name__ == "__main__":
    main()
