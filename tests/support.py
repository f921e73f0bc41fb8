"""Shared helpers: the reference data, the real records, and the imports of a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PITH_TUI_SHARED", ROOT.parent / "shared"))
VECTORS = Path(os.environ.get("PITH_TUI_VECTORS", SHARED / "vectors"))
DATA = ROOT / "src" / "pith_tui" / "data"
OLD_CACHE = ROOT / "tests" / "data" / "cache-version-1.sqlite3.gz"

REAL_SUFFIX = "OFKRBFYV3HDMS5LLCYR6VZTITW"
REAL_NUMBER = f"pith:2025:{REAL_SUFFIX}"


def real_record() -> bytes:
    """Return the only complete real record, byte for byte as the service sent it."""
    return (DATA / f"{REAL_SUFFIX}.json").read_bytes()


def partial_records() -> list[bytes]:
    """Return the 65 partial real records, one JSON text each."""
    return (DATA / "partial-records.jsonl").read_bytes().splitlines()


HEAVY = frozenset({"textual", "rich", "httpx", "asyncio", "dataclasses", "tomllib"})
"""Modules that a quick command must not wait for."""


_PARSER = "import argparse; argparse.ArgumentParser().format_usage()"


def imported_by(*arguments: str, beyond: str = _PARSER) -> set[str]:
    """Return the modules and packages that a command imports beyond those of some code.

    That code makes a parser: from Python 3.14 on, argparse itself imports dataclasses.
    """
    code = (
        f"import sys\n{beyond}\nbefore = set(sys.modules)\n"
        "from pith_tui.cli import main; main(sys.argv[1:])\n"
        "print(*(set(sys.modules) - before), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = set(done.stderr.split())
    return names | {name.partition(".")[0] for name in names}
