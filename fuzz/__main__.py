"""``python -m fuzz TARGET [libFuzzer's options]``: fuzz one target with atheris."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris


def main() -> None:
    """Fuzz the target that is named, beginning with its seeds."""
    with atheris.instrument_imports(include=["pith_tui"]):
        from fuzz.targets import TARGETS
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: python -m fuzz {{{','.join(TARGETS)}}} [-max_total_time=SECONDS ...]")
    target = TARGETS[sys.argv[1]]
    with tempfile.TemporaryDirectory() as directory:
        for number, seed in enumerate(target.seeds()):
            Path(directory, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *sys.argv[2:], directory], target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
