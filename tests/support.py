"""What many tests need: where the shared reference data lies, and the real records in it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PITH_TUI_SHARED", ROOT.parent / "shared"))
VECTORS = Path(os.environ.get("PITH_TUI_VECTORS", SHARED / "vectors"))
DATA = ROOT / "src" / "pith_tui" / "data"
OLD_CACHE = ROOT / "tests" / "data" / "cache-version-1.sqlite3.gz"

REAL_SUFFIX = "OFKRBFYV3HDMS5LLCYR6VZTITW"
REAL_NUMBER = f"pith:2025:{REAL_SUFFIX}"


def real_record() -> bytes:
    """The one complete real record, byte for byte as the service sent it."""
    return (DATA / f"{REAL_SUFFIX}.json").read_bytes()


def partial_records() -> list[bytes]:
    """The 65 partial real records, one JSON text each."""
    return (DATA / "partial-records.jsonl").read_bytes().splitlines()
