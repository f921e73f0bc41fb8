"""A large cache: build one of generated, signed records, and measure what it is like to use.

python benchmarks/scale.py build CACHE [RECORDS]      1,000,000 of them, if not said
python benchmarks/scale.py all CACHE                  everything, as a table, into RESULTS.md
python benchmarks/scale.py measure CACHE [WORD ...]   only what has one of the words in its name
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))
sys.path.insert(0, str(ROOT / "src"))  # this very checkout, whatever is installed

from measures import MEASURES, NOW, Subject  # noqa: E402
from tests.registry.records import SigningKey, synthetic, wire  # noqa: E402
from tests.support import real_record  # noqa: E402

from pith_tui.protocol.catalog_entry import catalog_entry  # noqa: E402
from pith_tui.protocol.record import Record  # noqa: E402
from pith_tui.store import reindex  # noqa: E402
from pith_tui.store.cache import Cache  # noqa: E402
from pith_tui.store.response_rows import NewResponse  # noqa: E402

KEY = SigningKey()
BATCH = 1000
RESULTS = ROOT / "benchmarks" / "RESULTS.md"


def _batch(start: int) -> list[bytes]:
    return [wire(synthetic(number, KEY)) for number in range(start, start + BATCH)]


def _entry(raw: bytes) -> NewResponse:
    catalog = catalog_entry(Record(raw))
    assert catalog is not None
    return NewResponse(raw, catalog, "https://example.org/", None, NOW)


def build(path: Path, count: int) -> None:
    """Make records on one processor and keep them on the other; says the rate of keeping."""
    cache = Cache.open(path, notice=print)
    kept, spent = 0, 0.0
    with get_context("spawn").Pool(1) as pool:
        for raws in pool.imap(_batch, range(0, count, BATCH)):
            start = time.perf_counter()
            cache.store_many(map(_entry, raws))
            spent += time.perf_counter() - start
            kept += len(raws)
            if kept % 50_000 == 0:
                print(f"{kept:,} kept, {kept / spent:,.0f} a second", flush=True)
    cache.close()


def machine() -> str:
    """Describe what it is measured on, and how busy that is."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    raw = real_record()
    parsed = min(timeit.repeat(lambda: json.loads(raw), number=200, repeat=5)) / 200 * 1e6
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores of {model},"
        f" {memory:.0f} GiB, {platform.system()} {platform.release()}; Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}; other work on the machine"
        f" when it began: load {load:.1f}. Its speed at that time: `json.loads` of the sample"
        f" record in {parsed:.0f} µs."
    )


def prepared(path: Path) -> Iterator[tuple[str, str, str]]:
    """Bring a file of an older version up to date, and say how long that took."""
    start = time.perf_counter()
    cache = Cache.open(path, notice=print)
    opened = time.perf_counter() - start
    left = reindex.pending_count(cache)
    if left:
        start = time.perf_counter()
        reindex.run_reindex(cache, lambda _: True)
        rate = left / (time.perf_counter() - start)
        yield "an older file: opened the first time", f"{opened:.1f} s", ""
        yield "an older file: prepared for sorting", f"{rate:,.0f} records a second", ""
    cache.close()


def measured(path: Path, names: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the figure and the target of each measurement."""
    yield from prepared(path)
    with tempfile.TemporaryDirectory() as directory:
        small = Path(directory) / "small.sqlite3"
        build(small, BATCH)
        subject = Subject(path, small, Path(directory), KEY)
        for name, measure in MEASURES.items():
            if not names or any(word in name for word in names):
                yield from measure(subject)


def all_of_it(path: Path) -> None:
    """Measure everything, and write it down."""
    load = machine()
    lines = ["# Results\n", f"{load}\n", "## A cache of generated, signed records\n"]
    lines.append("`python benchmarks/scale.py all CACHE`; median and worst of the runs of each.\n")
    lines += ["| what | measured | target |", "|---|---|---|"]
    for row in measured(path, []):
        lines.append("| {} | {} | {} |".format(*row))
        print(lines[-1], flush=True)
    run = [sys.executable, str(ROOT / "benchmarks" / "run.py")]
    table = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    lines += ["\n## Whole commands\n", "`python benchmarks/run.py`; ours / baseline = ratio.\n"]
    lines.append(table)
    notes = RESULTS.with_name("NOTES.md")
    if notes.exists():
        lines.append(notes.read_text("utf-8"))
    RESULTS.write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Build or measure."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    verb, path, *rest = sys.argv[1:]
    if verb == "build":
        build(Path(path), int(rest[0]) if rest else 1_000_000)
    elif verb == "all":
        all_of_it(Path(path))
    else:
        print(f"{machine()}\n\n| what | measured | target |\n|---|---|---|")
        for row in measured(Path(path), rest):
            print("| {} | {} | {} |".format(*row), flush=True)


if __name__ == "__main__":
    main()
