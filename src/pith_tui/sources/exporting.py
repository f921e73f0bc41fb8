"""Records into files: as lines, or as a static mirror that any web server can serve."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pith_tui.errors import UsageError
from pith_tui.protocol.keys import PINNED
from pith_tui.sources.archive import Item

Faulty = Callable[[Item], None]


def export_lines(items: Iterator[Item], out: BinaryIO, faulty: Faulty) -> int:
    """Write each record as one line; gives their number.

    A record is written as received, but for line ends between its members, which become spaces:
    inside a JSON text there are none.
    """
    written = 0
    for item in items:
        if item.held is None:
            faulty(item)
            continue
        out.write(item.held.raw.strip().replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
        written += 1
    return written


def export_mirror(items: Iterator[Item], root: Path, now: datetime, faulty: Faulty) -> int:
    """Write ``pith/SUFFIX.json`` for each record, byte for byte, and ``pith-mirrors.json``.

    Raises UsageError where the directory holds something already: nothing is overwritten.
    """
    folder = root / "pith"
    if root.exists() and any(root.iterdir()):
        raise UsageError(f"{root} is not empty", "give a directory that is new or empty")
    folder.mkdir(parents=True)
    written = 0
    for item in items:
        if item.held is None:
            faulty(item)
            continue
        (folder / f"{item.suffix}.json").write_bytes(item.held.raw)
        written += 1
    manifest = json.dumps(_manifest(now), indent=1) + "\n"
    (root / "pith-mirrors.json").write_text(manifest, "utf-8")
    return written


def _manifest(now: datetime) -> dict[str, object]:
    """Make a manifest in the form of the service's own; it is no one's word for anything."""
    return {
        "manifest_type": "pith_mirror_manifest",
        "manifest_version": "1.0",
        "generated_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mirrors": [
            {
                "name": "Static mirror written by pith-tui",
                "mirror_type": "static",
                "record_pattern": "pith/{suffix}.json",
                "public_key": {
                    "key_id": PINNED.key_id,
                    "algorithm": "ed25519",
                    "format": "raw",
                    "public_key_b64": base64.b64encode(PINNED.raw).decode("ascii"),
                    "fingerprint_sha256_hex": PINNED.fingerprint,
                },
            }
        ],
        "notes": "Records only. Trust none of it: verify each record's signature.",
    }
