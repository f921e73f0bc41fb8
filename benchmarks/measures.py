"""What is measured of a large cache: each measure gives names, figures and aims."""

from __future__ import annotations

import asyncio
import compileall
import gzip
import os
import pty
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from run import PROGRAM, ROOT, environment, to_marker
from tests.registry.records import SigningKey, synthetic, wire

from pith_tui.operations.verify_all import iter_batches
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.store import paging, records
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Order, Sorting, Window
from pith_tui.store.query import parse_query

NOW = datetime(2026, 6, 10, tzinfo=UTC)
PAGE = 43
"""Rows of a screen of 48 lines."""
TYPED = (
    *("e", "er", "erd", "erdos", "q", "quantum", "quantum r", "author:g", "cat:cs.AI s"),
    *("1605.1", "year:1999", "erdos renyi", "nothing"),
)
KEYSTROKE = "≤ 50 ms median, ≤ 120 ms worst"
IMPORTED = 20_000

Row = tuple[str, str, str]


class Subject(NamedTuple):
    """What is measured: the large cache, a small one, a folder for scratch, and the key."""

    path: Path
    small: Path
    folder: Path
    key: SigningKey

    @property
    def env(self) -> dict[str, str]:
        """The environment of a program that uses the large cache."""
        return {**environment(self.folder), "PITH_TUI_CACHE": str(self.path)}

    @property
    def trusted(self) -> tuple[PublicKey, ...]:
        """The key that the generated records are signed by."""
        return (PublicKey(self.key.key_id, self.key.raw),)


def medians(times: list[float]) -> str:
    """Format the median and the worst value in milliseconds."""
    return f"{statistics.median(times) * 1e3:.1f} ms median, {max(times) * 1e3:.0f} ms worst"


def size(subject: Subject) -> Iterator[Row]:
    """Measure what a record takes in the file."""
    cache = Cache.open(subject.path, notice=print)
    records = cache.count()
    raw = statistics.mean(len(wire(synthetic(n * 997, subject.key))) for n in range(200))
    with cache.reading() as connection:
        stored = connection.execute(
            "SELECT avg(length(stored)) FROM (SELECT stored FROM answer WHERE id % 997 = 3)"
        ).fetchone()[0]
        # What a migration or pruning left free is used again, and is nobody's.
        pages = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        ]
    cache.close()
    yield "records", f"{records:,}", ""
    a_record = (pages[0] - pages[1]) * pages[2] / records
    yield (
        "size of a record",
        f"{a_record:,.0f} bytes in the file, indexes and all; its own {raw:,.0f} bytes"
        f" take {stored:,.0f}: {stored / raw:.0%}",
        "",
    )


def importing(subject: Subject) -> Iterator[Row]:
    """Measure `cache import` of a file of compressed lines, as a whole command."""
    lines = subject.folder / "records.jsonl.gz"
    with gzip.open(lines, "wb", compresslevel=1) as file:
        for number in range(IMPORTED):
            file.write(wire(synthetic(number, subject.key)) + b"\n")
    env = {**environment(subject.folder), "PITH_TUI_CACHE": str(subject.folder / "new.sqlite3")}
    start = time.perf_counter()
    subprocess.run(
        [*PROGRAM, "cache", "import", str(lines)], env=env, check=True, capture_output=True
    )
    rate = IMPORTED / (time.perf_counter() - start)
    yield f"`cache import` of {IMPORTED:,} from .jsonl.gz", f"{rate:,.0f} records a second", ""


def looking_up(subject: Subject) -> Iterator[Row]:
    """Measure finding and reading one record."""
    cache = Cache.open(subject.path, notice=print)
    records, times = cache.count(), []
    for number in islice(range(7, records, max(records // 300, 1)), 300):
        source = synthetic(number, subject.key)["source"]
        asked = parse_identifier(f"{source['id']}v{source['version']}")
        start = time.perf_counter()
        assert cache.latest(cache.find(asked)[0]) is not None
        times.append(time.perf_counter() - start)
    cache.close()
    yield "look-up by arXiv id, bytes read and checked", medians(times), ""


def searching(subject: Subject) -> Iterator[Row]:
    """Measure pages of searches in each order, at the source."""
    cache = Cache.open(subject.path, notice=print)
    for order in Order:
        times: list[float] = []
        worst = ("", 0.0)
        for text in TYPED:
            query = parse_query(text)
            for descending in (False, True):
                sorting, own = Sorting(order, descending), []
                for _ in range(3):
                    start = time.perf_counter()
                    paging.page(cache, query, sorting, Window(None, False, PAGE))
                    own.append(time.perf_counter() - start)
                times.append(statistics.median(own))
                worst = max(worst, (text, times[-1]), key=lambda search: search[1])
        figure = f"{medians(times)} (`{worst[0]}`)"
        yield f"search, by {order.name.lower()}, to {PAGE} rows read", figure, KEYSTROKE
    for text in ("", "e", "quantum"):
        start = time.perf_counter()
        count = records.count_records(cache, parse_query(text))
        took = (time.perf_counter() - start) * 1e3
        yield f"count of `{text}`, beside the rows", f"{count:,} in {took:.0f} ms", ""
    cache.close()


def typing(subject: Subject) -> Iterator[Row]:
    """Measure from a key pressed in the running program to the rows drawn, then to verdicts."""
    for by in ("ARRIVAL", "TITLE", "SUBMITTED"):
        keys = asyncio.run(_typed(subject, by))
        worst = max(keys, key=lambda key: key.rows)
        figure = f"{medians([key.rows for key in keys])} (`{worst.typed}`)"
        yield f"key to rows on the screen, by {by.lower()}", figure, KEYSTROKE
        yield "… and to the last of their verdicts", medians([key.verdicts for key in keys]), ""


class Typed(NamedTuple):
    """What was typed with a key, and the seconds from it to rows, and to all verdicts."""

    typed: str
    rows: float
    verdicts: float


async def _typed(subject: Subject, by: str) -> list[Typed]:
    from textual import events

    from pith_tui.lookup.service import RecordService
    from pith_tui.tui.app import PithApp
    from pith_tui.tui.library_state import LibraryState
    from pith_tui.tui.render.columns import By, Sort
    from pith_tui.tui.screens.library import LibraryScreen
    from pith_tui.tui.widgets.record_list import RecordList

    cache, kept = Cache.open(subject.path, notice=print), LibraryState()
    kept.sort = Sort(By[by])
    app = PithApp(RecordService(cache, None, subject.trusted, now=lambda: NOW))
    times: list[Typed] = []
    async with app.run_test(size=(160, 48)) as pilot:
        app.push_screen(LibraryScreen(app._first_screen._service, state=kept))
        await pilot.pause(1)
        await pilot.press("slash")
        rows = app.screen.query_one(RecordList)
        drawn = [0.0]
        original = rows.render_line

        def render_line(y: int):  # type: ignore[no-untyped-def]
            if not rows._stale:
                drawn[0] = time.perf_counter()
            return original(y)

        rows.render_line = render_line  # type: ignore[method-assign]
        for text in ("erdos renyi", "quantum r", "author:godel", "1605.12"):
            for end, letter in enumerate(text, 1):
                start = time.perf_counter()
                app.screen.focused.post_message(  # type: ignore[union-attr]
                    events.Key("space" if letter == " " else letter, letter)
                )
                # Looked at often: nobody else is to be told when a row has been drawn.
                while kept.filter_text != text[:end] or rows._stale or drawn[0] < start:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
                shown = drawn[0] - start
                while any(row.outcome is None for row in rows.rows):  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
                times.append(Typed(text[:end], shown, time.perf_counter() - start))
                await asyncio.sleep(0.05)
            app.screen.action_clear()  # type: ignore[attr-defined]
            await pilot.pause(0.3)
    cache.close()
    return [key for key in times if not key.typed.endswith(":")]


def first_frames(subject: Subject) -> Iterator[Row]:
    """Measure the first frame on the large cache against the small one, run in turn."""
    compileall.compile_dir(ROOT / "src", quiet=1)
    few = {**subject.env, "PITH_TUI_CACHE": str(subject.small)}
    browse = [*PROGRAM, "2503.11832", "--offline"]
    ratios, larges = [], []
    for _ in range(15):
        larges.append(to_marker(browse, b"VERIFIED", subject.env))
        ratios.append(larges[-1] / to_marker(browse, b"VERIFIED", few))
    ratio, took = statistics.median(ratios), statistics.median(larges) * 1e3
    yield (
        "first frame, against a cache of 1,000",
        f"{ratio:.2f} × median ({took:.0f} ms)",
        "≤ 1.10 ×",
    )
    large = [_library_opened(subject, subject.env) for _ in range(7)]
    small = [_library_opened(subject, few) for _ in range(7)]
    yield (
        "the library, from its key to its rows",
        f"{medians(large)}; on 1,000: {medians(small)}",
        "",
    )


class _Running:
    """The program on a pty, fed with keys."""

    def __init__(self, env: dict[str, str]) -> None:
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            command = [*PROGRAM, "2503.11832", "--offline"]
            os.execve(command[0], command, {**env, "COLUMNS": "120", "LINES": "40"})

    def wait_for(self, marker: bytes) -> None:
        seen = b""
        while marker not in seen:
            ready, _, _ = select.select([self._fd], [], [], 30)
            if not ready:
                raise SystemExit(f"{marker!r} never came")
            seen += os.read(self._fd, 65536)

    def press(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def rest(self, seconds: float) -> None:
        """Read whatever comes for so long; a cursor that blinks never ends."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                os.read(self._fd, 65536)

    def peak_mib(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def end(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self._fd)


def _library_opened(subject: Subject, env: dict[str, str]) -> float:
    """Open the library; gives the seconds to the row of the first record."""
    first = synthetic(0, subject.key)["source"]
    running = _Running(env)
    try:
        running.wait_for(b"VERIFIED")
        running.rest(0.3)
        start = time.perf_counter()
        running.press(b"o")
        running.wait_for(f"{first['id']}v{first['version']}".encode())
        return time.perf_counter() - start
    finally:
        running.end()


def verifying(subject: Subject) -> Iterator[Row]:
    """Measure the verification of many, in one process and on every processor."""
    cache = Cache.open(subject.path, notice=print)
    records = cache.count()
    cache.close()
    for processes, until in ((1, min(20_000, records)), (None, min(60_000, records))):
        start = time.perf_counter()
        everything = parse_query("")
        for _ in iter_batches(
            subject.path, everything, subject.trusted, after=0, until=until, processes=processes
        ):
            pass
        rate = until / (time.perf_counter() - start)
        name = "one process" if processes == 1 else f"{os.cpu_count()} processes"
        yield f"verify, {name}", f"{rate:,.0f} records a second", "≥ 6,000 a second and core"


def memory(subject: Subject) -> Iterator[Row]:
    """Measure peaks of resident memory: of the browser, and of commands over many records."""
    running = _Running(subject.env)
    running.wait_for(b"VERIFIED")
    running.rest(0.5)
    before = running.peak_mib()
    running.press(b"o")
    running.rest(1)
    opened = running.peak_mib()
    for key in (b"G", b"g", *[b" "] * 40, b">>>", b"G", b"/"):
        running.press(key)
        running.rest(0.1)
    for letter in b"erdos renyi":
        running.press(bytes([letter]))
        running.rest(0.2)
    running.rest(1)
    after = running.peak_mib()
    running.end()
    yield (
        "peak memory of the browser",
        f"{before:.0f} MiB with a record, {opened:.0f} with the library open,"
        f" {after:.0f} after scrolling, sorting and searching",
        "≤ 80 MiB",
    )
    out = str(subject.folder / "out.jsonl")
    for command in (
        ["cache", "verify", "year:1999", "--jobs", "2"],
        ["cache", "list", "year:1999"],
        ["cache", "export", "year:1999", "--output", out],
    ):
        peak = _peak_of([*PROGRAM, *command], subject.env)
        yield f"peak memory of `{' '.join(command[:3])}`, a process", f"{peak:.0f} MiB", ""


def _peak_of(command: list[str], env: dict[str, str]) -> float:
    """Run a command to its end and give the peak of its largest process, in MiB."""
    code = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], env=env, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


MEASURES: dict[str, Callable[[Subject], Iterator[Row]]] = {
    "size": size,
    "import": importing,
    "look-up": looking_up,
    "search": searching,
    "typing": typing,
    "first-frame": first_frames,
    "verify": verifying,
    "memory": memory,
}
"""The measures by name."""
