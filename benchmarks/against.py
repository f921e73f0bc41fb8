"""Compare this checkout with another one, such as an earlier commit: A B A B …, as ratios.

``benchmarks/against.py CHECKOUT``: see benchmarks/README.md.
"""

from __future__ import annotations

import compileall
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.run import (  # noqa: E402
    PROGRAM,
    environment,
    fill,
    keep,
    processor_time,
    to_marker,
    whole_command,
)
from tests.registry.records import SigningKey  # noqa: E402
from tests.support import real_record  # noqa: E402

from pith_tui.store.cache import Cache  # noqa: E402

PAIRS = 21
RECORDS = 2000
ED25519 = """
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.generate()
message = b"m" * 32
signature, public = key.sign(message), key.public_key()
for _ in range({count}):
    public.verify(signature, message)
"""


def row(name: str, this: Callable[[], float], other: Callable[[], float], pairs: int) -> str:
    """Run two measurements in turn; return a table row with the median of their ratios."""
    this(), other()
    times = [(this(), other()) for _ in range(pairs)]
    ratios = [a / b for a, b in times]
    a, b = (statistics.median(side) * 1000 for side in zip(*times, strict=True))
    return (
        f"| {name} | {a:.0f} ms / {b:.0f} ms = {statistics.median(ratios):.2f} ×"
        f" ({min(ratios):.2f}–{max(ratios):.2f}) |"
    )


def main() -> None:
    """Measure both checkouts; each has a home of its own with the same cache."""
    other = Path(sys.argv[1]).resolve()
    for checkout in (ROOT, other):
        compileall.compile_dir(checkout / "src", quiet=1)
    with tempfile.TemporaryDirectory() as directory:
        here, there = (
            prepared(Path(directory) / name, checkout)
            for name, checkout in (("here", ROOT), ("there", other))
        )
        print("| what | here / there |\n|---|---|")
        for name, arguments in (
            ("`verify 2503.11832 --offline`", ["verify", "2503.11832", "--offline"]),
            ("`--version`", ["--version"]),
        ):
            command = [*PROGRAM, *arguments]
            print(
                row(
                    name,
                    lambda command=command: whole_command(command, here),
                    lambda command=command: whole_command(command, there),
                    PAIRS,
                ),
                flush=True,
            )
        frame = [*PROGRAM, "2503.11832", "--offline"]
        print(
            row(
                "first frame with a verdict",
                lambda: to_marker(frame, b"VERIFIED", here),
                lambda: to_marker(frame, b"VERIFIED", there),
                PAIRS,
            ),
            flush=True,
        )
        verify_all(here, there)


def prepared(home: Path, checkout: Path) -> dict[str, str]:
    """Make a home with a cache of generated records and a real one, whose keys are trusted."""
    home.mkdir()
    env = {**environment(home), "PYTHONPATH": str(checkout / "src")}
    key = SigningKey()
    shared = home.parent / "cache.sqlite3"
    if not shared.exists():
        fill(shared, key, RECORDS).close()
        with_real = Cache.open(shared, notice=print)
        keep(with_real, real_record())
        with_real.close()
    shutil.copy(shared, env["PITH_TUI_CACHE"])
    processor_time([*PROGRAM, "keys", "add", key.key_id, key.public_b64, "--yes"], env)
    return env


def verify_all(here: dict[str, str], there: dict[str, str]) -> None:
    """Compare ``cache verify`` in one process, and each with Ed25519 alone for as many records."""
    command = [*PROGRAM, "cache", "verify", "--jobs", "1"]
    alone = [sys.executable, "-c", ED25519.format(count=RECORDS)]
    print(
        row(
            f"`cache verify` of {RECORDS:,} records, processor time",
            lambda: processor_time(command, here),
            lambda: processor_time(command, there),
            7,
        ),
        flush=True,
    )
    for name, env in (("here", here), ("there", there)):
        print(
            row(
                f"`cache verify` {name} / Ed25519 alone",
                lambda env=env: processor_time(command, env),
                lambda: processor_time(alone, here),
                7,
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
