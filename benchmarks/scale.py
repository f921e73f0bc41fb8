"""A large archive: build one of generated, signed records, and measure what it is like to use.

python benchmarks/scale.py build CACHE [RECORDS]      1,000,000 of them, if not said
python benchmarks/scale.py measure CACHE [SMALL]      against a small cache, for the first frame
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from datetime import UTC, datetime  # noqa: E402

from run import PROGRAM, environment, to_marker  # noqa: E402
from tests.registry.records import SigningKey, synthetic, wire  # noqa: E402

from pith_tui.protocol.identifiers import parse_identifier  # noqa: E402
from pith_tui.protocol.keys import PublicKey  # noqa: E402
from pith_tui.protocol.record import Record  # noqa: E402
from pith_tui.sources import archive  # noqa: E402
from pith_tui.sources.cache import Cache, Entry  # noqa: E402
from pith_tui.sources.filing import filing_of  # noqa: E402
from pith_tui.sources.query import parse_query  # noqa: E402
from pith_tui.sources.sweep import sweep  # noqa: E402

KEY = SigningKey()
NOW = datetime(2026, 6, 10, tzinfo=UTC)
BATCH = 1000
TYPED = ("e", "er", "erd", "erdo", "q", "quantum", "quantum r", "author:g", "cat:cs.AI s", "1605.1")


def _batch(start: int) -> list[bytes]:
    return [wire(synthetic(number, KEY)) for number in range(start, start + BATCH)]


def _entry(raw: bytes) -> Entry:
    filing = filing_of(Record(raw))
    assert filing is not None
    return Entry(raw, filing, "https://example.org/", None, NOW)


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


def peak_mib(command: list[str], env: dict[str, str]) -> float:
    """Run a command to its end and give its peak of resident memory, in MiB."""
    code = "import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], env=env, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def medians(times: list[float]) -> str:
    """Spell the median and the worst in milliseconds."""
    return f"{statistics.median(times) * 1e3:.2f} ms median, {max(times) * 1e3:.1f} ms worst"


def measure(path: Path, small: Path | None) -> Iterator[tuple[str, str]]:
    """Give a name and a figure of each measurement."""
    cache = Cache.open(path, notice=print)
    records = cache.count()
    yield "records", f"{records:,}"
    yield "file", f"{path.stat().st_size / records:,.0f} bytes a record"
    yield "look-up by arXiv id, bytes read and checked", medians(list(_look_ups(cache, records)))
    for typed in TYPED:
        yield f"search `{typed}`, 50 rows read and checked", medians(_keystroke(cache, typed))
    trusted = (PublicKey(KEY.key_id, KEY.raw),)
    until = min(20_000, records)
    start = time.perf_counter()
    for _ in sweep(path, parse_query(""), trusted, after=0, until=until, processes=1):
        pass
    yield "verify, one process", f"{until / (time.perf_counter() - start):,.0f} a second"
    until = min(100_000, records)
    start = time.perf_counter()
    for _ in sweep(path, parse_query(""), trusted, after=0, until=until):
        pass
    yield "verify, all processors", f"{until / (time.perf_counter() - start):,.0f} a second"
    cache.close()
    yield "peak memory of this process", f"{_own_peak():.0f} MiB"
    yield from _of_the_program(path, small)


def _own_peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _look_ups(cache: Cache, records: int) -> Iterator[float]:
    for number in islice(range(7, records, max(records // 300, 1)), 300):
        source = synthetic(number, KEY)["source"]
        asked = parse_identifier(f"{source['id']}v{source['version']}")
        start = time.perf_counter()
        found = cache.find(asked)
        assert cache.latest(found[0]) is not None
        yield time.perf_counter() - start


def _keystroke(cache: Cache, typed: str) -> list[float]:
    times = []
    for _ in range(15):
        start = time.perf_counter()
        archive.page(cache, parse_query(typed), size=50)
        times.append(time.perf_counter() - start)
    return times


def _of_the_program(path: Path, small: Path | None) -> Iterator[tuple[str, str]]:
    env = {**environment(path.parent), "PITH_TUI_CACHE": str(path)}
    listing = [*PROGRAM, "cache", "list", "erdos"]
    yield "peak memory of `cache list erdos`", f"{peak_mib(listing, env):.0f} MiB"
    if small is None:
        return
    few = {**env, "PITH_TUI_CACHE": str(small)}
    browse = [*PROGRAM, "2503.11832", "--offline"]
    ratios = []
    for _ in range(15):
        large = to_marker(browse, b"VERIFIED", env)
        ratios.append(large / to_marker(browse, b"VERIFIED", few))
    yield "first frame against the small cache", f"{statistics.median(ratios):.2f} × median"


def main() -> None:
    """Build or measure."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    verb, path, *rest = sys.argv[1:]
    if verb == "build":
        build(Path(path), int(rest[0]) if rest else 1_000_000)
        return
    print("| what | measured |\n|---|---|")
    for name, figure in measure(Path(path), Path(rest[0]) if rest else None):
        print(f"| {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
