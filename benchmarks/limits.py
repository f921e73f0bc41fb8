"""Time and peak memory of the worst texts that are just read, and of those that are too large.

``python benchmarks/limits.py`` measures each in a process of its own; the aim is under 2 s and
200 MiB for each, the interpreter's own memory included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

SIZE = 16 << 20
VALUES = 250_000


def _record(**members: object) -> bytes:
    return json.dumps({"record_type": "pith_number_record", **members}).encode()


def _filled(text: str, different: int = 1) -> bytes:
    """Put a text into everything that is hashed, up to the largest size; one is hashed once."""
    texts = [f"{text}{number % different}" for number in range(4)]
    paper = {"title": texts[0], "abstract_excerpt": texts[1]}
    graph = {"title": texts[2], "abstract_excerpt": texts[3]}
    hashes = {"title_canon_sha256": "0" * 64, "abstract_canon_sha256": "0" * 64}
    whole = _record(
        canonical_record={"metadata": hashes}, paper=paper, graph_snapshot={"paper": graph}
    )
    if len(whole) > SIZE:
        raise ValueError(f"{len(whole):,} bytes are more than are read")
    return whole


def _many(item: bytes, count: int) -> bytes:
    return b'{"receipt":{},"x":[' + b",".join([item] * count) + b"]}"


def _canonical(fill: object) -> bytes:
    return _record(canonical_record={"x": fill})


CASES: dict[str, Callable[[], bytes]] = {
    "the most empty lists": lambda: _many(b"[]", VALUES - 3),
    "the most objects of one member": lambda: _many(b'{"a":1}', (VALUES - 3) // 2),
    "the most numbers in the canonical record": lambda: _canonical([1.5] * (VALUES - 4)),
    "the most texts, 16 MiB of them": lambda: _many(b'"' + b"x" * 60 + b'"', VALUES - 3),
    "one text of 16 MiB": lambda: _many(b'"' + b"x" * (SIZE - 30) + b'"', 1),
    "one text in the canonical record": lambda: _canonical("\u00e9" * (SIZE // 7)),
    "titles of letters": lambda: _filled("\u00ef" * (SIZE // 26)),
    "four texts of combining marks": lambda: _filled(("a" + "\u0301\u0323" * 32) * 1_008, 4),
    "four texts of one run of marks": lambda: _filled("\u0301\u0323" * 1_023, 4),
    "four texts of compatibility characters": lambda: _filled("\uf900" * 65_530, 4),
    "a number of 16 million digits": lambda: _many(b"9" * (SIZE - 30), 1),
    "a name twice at the end": lambda: _many(b"1", VALUES - 5)[:-1] + b',"a":1,"a":2}',
    "aliases": lambda: _record(
        aliases=[{"alias_kind": "arxiv", "alias_value": "2503.1"}] * ((VALUES - 4) // 3)
    ),
    "too large: [], for 16 MiB": lambda: (b"[" + b"[]," * (SIZE // 3))[:SIZE],
    'too large: {"a":1}, for 16 MiB': lambda: (b"[" + b'{"a":1},' * (SIZE // 8))[:SIZE],
    'too large: "", for 16 MiB': lambda: (b"[" + b'"",' * (SIZE // 3))[:SIZE],
    "too large: [ for 16 MiB": lambda: b"[" * SIZE,
    "too large: 16 MiB and a byte": lambda: b" " * (SIZE + 1),
}
"""What is measured by its name: each a function that makes the bytes."""


def _measure(name: str) -> None:
    from pith_tui.protocol.reading import read

    raw = CASES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    checked = read(raw)
    _ = checked.marks, checked.catalog
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak / 1024, before / 1024, checked.report.checks[0].reason.value]))


def main() -> int:
    """Measure every case; 1 where one exceeds the aim."""
    missed = 0
    print(f"{'':44}{'s':>7}{'MiB':>7}  (before) first check")
    for name in CASES:
        done = subprocess.run(
            [sys.executable, __file__, name], capture_output=True, text=True, check=True
        )
        seconds, peak, before, reason = json.loads(done.stdout)
        sign = " " if seconds < 2 and peak < 200 else "!"
        missed += sign == "!"
        print(f"{sign} {name:42}{seconds:7.2f}{peak:7.0f}  ({before:.0f}) {reason}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measure(sys.argv[1])
    else:
        sys.exit(main())
