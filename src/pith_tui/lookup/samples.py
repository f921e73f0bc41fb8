"""The sample records that come with the program: one complete real record and 65 partial ones.

They are what the service sent, so they are verified like any other; partial ones hold only the
members that were seen.
"""

from __future__ import annotations

from pathlib import Path

from pith_tui.protocol.catalog_entry import catalog_entry, matches
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.record import Record

COMPLETE = "2503.11832"
"""The arXiv id of the complete sample record."""

_DATA = Path(__file__).parent.parent / "data"


def sample_records() -> list[bytes]:
    """Return every sample, the complete one first."""
    complete = (_DATA / "OFKRBFYV3HDMS5LLCYR6VZTITW.json").read_bytes()
    return [complete, *(_DATA / "partial-records.jsonl").read_bytes().splitlines()]


def find_samples(identifier: Identifier) -> list[bytes]:
    """Return the samples that an identifier names."""
    needle = (identifier.arxiv or identifier.value).encode()
    found = []
    for raw in sample_records():
        # Reading all 66 takes longer than everything else a look-up does, so look first.
        if needle in raw:
            catalog = catalog_entry(Record(raw))
            if catalog is not None and matches(catalog, identifier):
                found.append(raw)
    return found
