"""Measure the program: medians, and ratios against a baseline run in turn with it."""

from __future__ import annotations

import compileall
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))  # this very checkout, whatever is installed

from pith_tui.protocol.catalog_entry import catalog_entry  # noqa: E402
from pith_tui.protocol.identifiers import parse_identifier  # noqa: E402
from pith_tui.protocol.keys import PublicKey  # noqa: E402
from pith_tui.protocol.reading import read  # noqa: E402
from pith_tui.protocol.record import Record  # noqa: E402
from pith_tui.protocol.report import Verdict  # noqa: E402
from pith_tui.store.cache import Cache  # noqa: E402

sys.path.insert(0, str(ROOT))
from tests.bibliographies import BIB, expected_entries, plain_title  # noqa: E402
from tests.registry.records import Paper, SigningKey, build, synthetic, wire  # noqa: E402
from tests.support import real_record  # noqa: E402

RUNS = 15
HELLO = """
from textual.app import App
from textual.widgets import Footer, Header, Static
class Hello(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Header()
        yield Static("HelloMarker")
        yield Footer()
Hello().run()
"""
PROGRAM = [sys.executable, "-m", "pith_tui"]
NOW = datetime(2026, 6, 10, tzinfo=UTC)


def environment(home: Path) -> dict[str, str]:
    """Return a clean environment: an empty home directory, and bytecode allowed."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "PITH_TUI_CACHE": str(home / "cache.sqlite3"),
    }


def whole_command(command: list[str], env: dict[str, str]) -> float:
    """Time a command from its start to its end, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def processor_time(command: list[str], env: dict[str, str]) -> float:
    """Return the processor time that a command takes, in seconds: the same on a busy machine."""
    before = os.times()
    nowhere = subprocess.DEVNULL
    subprocess.run(command, env=env, stdout=nowhere, stderr=nowhere, check=True)
    after = os.times()
    own, system = after.children_user, after.children_system
    return own - before.children_user + system - before.children_system


def to_marker(command: list[str], marker: bytes, env: dict[str, str], occurrence: int = 1) -> float:
    """Time a command on a pty from its start to an occurrence of a marker, in seconds."""
    start = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execve(command[0], command, env)
    seen = b""
    try:
        while seen.count(marker) < occurrence:
            ready, _, _ = select.select([fd], [], [], 20)
            if not ready:
                raise SystemExit(f"{marker!r} never came")
            seen += os.read(fd, 65536)
        return time.perf_counter() - start
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)


def ratio(name: str, to_reach: str, ours: Callable[[], float], base: Callable[[], float]) -> str:
    """Run two measurements in turn; give a table row with the median of their ratios."""
    ours(), base()
    pairs = [(ours(), base()) for _ in range(RUNS)]
    ratios = [a / b for a, b in pairs]
    a, b = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    low, high = min(ratios), max(ratios)
    middle = statistics.median(ratios)
    return (
        f"| {name} | {a:.0f} ms / {b:.0f} ms = {middle:.2f} × ({low:.2f}–{high:.2f}) | {to_reach} |"
    )


def first_frame(home: Path) -> str:
    """Compare the time until a verdict can be read with that of a hello world's first frame."""
    env = environment(home)
    return ratio(
        "first-frame",
        "≤ 0.45 ×",
        lambda: to_marker([*PROGRAM, "2503.11832", "--offline"], b"VERIFIED", env),
        lambda: to_marker([sys.executable, "-c", HELLO], b"HelloMarker", env),
    )


def browser_usable(home: Path) -> str:
    """Compare Textual's own first frame, over the one painted early, with hello world's."""
    env = environment(home)
    return ratio(
        "browser-usable",
        "≤ 1.20 ×",
        lambda: to_marker([*PROGRAM, "2503.11832", "--offline"], b"VERIFIED", env, occurrence=2),
        lambda: to_marker([sys.executable, "-c", HELLO], b"HelloMarker", env),
    )


def verify_command(home: Path) -> str:
    """Compare a verification on the command line with an empty program."""
    env = environment(home)
    return ratio(
        "verify-command",
        "≤ 6.5 ×",
        lambda: whole_command([*PROGRAM, "verify", "2503.11832", "--offline"], env),
        lambda: whole_command([sys.executable, "-c", "pass"], env),
    )


def version_command(home: Path) -> str:
    """Compare ``--version`` with an empty program."""
    env = environment(home)
    return ratio(
        "version-command",
        "≤ 2.2 ×",
        lambda: whole_command([*PROGRAM, "--version"], env),
        lambda: whole_command([sys.executable, "-c", "pass"], env),
    )


def verify_many(home: Path) -> str:
    """Read generated records from a cache and verify each, in one process."""
    key = SigningKey()
    trusted = (PublicKey(key.key_id, key.raw),)
    rates = []
    with tempfile.TemporaryDirectory() as directory:
        cache = fill(Path(directory) / "cache.sqlite3", key, 2000)
        suffixes = [row[0] for row in cache._connection.execute("SELECT suffix FROM record")]
        for _ in range(5):
            start = time.perf_counter()
            for suffix in suffixes:
                stored = cache.latest(suffix)
                assert stored is not None
                assert read(stored.raw, None, trusted).report.verdict is Verdict.VERIFIED
            rates.append(len(suffixes) / (time.perf_counter() - start))
        cache.close()
    raw, times = real_record(), []
    for _ in range(300):
        start = time.perf_counter()
        read(raw)
        times.append(time.perf_counter() - start)
    alone = statistics.median(times) * 1e6
    return (
        f"| verify-many | {statistics.median(rates):,.0f} a second from the cache; "
        f"the real record alone {alone:.0f} µs | ≥ 6,000 a second |"
    )


def look_up(home: Path) -> str:
    """Find and read one record of 2,000 by its arXiv id."""
    key = SigningKey()
    with tempfile.TemporaryDirectory() as directory:
        cache = fill(Path(directory) / "cache.sqlite3", key, 2000)
        asked = parse_identifier("1601.01234")
        times = []
        for _ in range(500):
            start = time.perf_counter()
            assert cache.latest(cache.find(asked)[0]) is not None
            times.append(time.perf_counter() - start)
        cache.close()
    return f"| look-up | {statistics.median(times) * 1e6:.0f} µs | |"


VERIFY_ALONE = """
import sys
from pathlib import Path
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.store.cache import Cache
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys
cache, trusted = Cache.open(Path(sys.argv[1]), notice=print), load_keys(config_dir())
for asked in map(parse_identifier, sys.argv[2:]):
    checked = read(cache.latest(cache.find(asked)[0]).raw, asked, trusted)
    assert checked.report.verdict.value == "VERIFIED"
"""


def check_command(home: Path) -> str:
    """Check a bibliography of 448 entries from the cache, beside verifying its records alone."""
    key = SigningKey()
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory))
        add = ["keys", "add", key.key_id, key.public_b64, "--yes"]
        processor_time([*PROGRAM, *add], env)
        entries = expected_entries("a")
        titles = {name: entry.title or "" for entry in entries for name in entry.ids}
        cache = Cache.open(Path(env["PITH_TUI_CACHE"]), notice=print)
        for name, title in titles.items():
            keep(cache, wire(build(Paper(arxiv=name, title=plain_title(title)), key)))
        cache.close()
        return ratio(
            "check-command",
            "",
            lambda: processor_time([*PROGRAM, "check", str(BIB / "a.bib"), "--offline"], env),
            lambda: processor_time(
                [sys.executable, "-c", VERIFY_ALONE, env["PITH_TUI_CACHE"], *titles], env
            ),
        )


def fill(path: Path, key: SigningKey, count: int) -> Cache:
    """Make a cache of generated records."""
    cache = Cache.open(path, notice=print)
    for number in range(count):
        keep(cache, wire(synthetic(number, key)))
    return cache


def keep(cache: Cache, raw: bytes) -> None:
    """Store a record as if a server had sent it."""
    catalog = catalog_entry(Record(raw))
    assert catalog is not None
    cache.store(raw, catalog, origin="https://example.org/", etag=None, received_at=NOW)


BENCHMARKS = {
    "first-frame": first_frame,
    "browser-usable": browser_usable,
    "verify-command": verify_command,
    "version-command": version_command,
    "verify-many": verify_many,
    "look-up": look_up,
    "check-command": check_command,
}


def main() -> None:
    """Run the benchmarks whose names hold the words given, all without any."""
    compileall.compile_dir(ROOT / "src", quiet=1)
    wanted = sys.argv[1:] or [""]
    print("| what | measured | target |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        cache = Cache.open(home / "cache.sqlite3", notice=print)
        catalog = catalog_entry(Record(real_record()))
        assert catalog is not None
        cache.store(
            real_record(), catalog, origin="https://pith.science/", etag=None, received_at=NOW
        )
        cache.close()
        for name, benchmark in BENCHMARKS.items():
            if any(word in name for word in wanted):
                print(benchmark(home), flush=True)


if __name__ == "__main__":
    main()
