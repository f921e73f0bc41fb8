"""The sample records that come with the program: one complete real record and 65 partial ones.

They are what the service sent, so they are verified like any other; partial ones hold only the
members that were seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import Identifier, Kind

COMPLETE = "2503.11832"
"""The arXiv id of the complete sample record."""

_DATA = Path(__file__).parent.parent / "data"
_NUMBER = pattern(rb'"pith_number":"pith:[0-9]{4}:([A-Z2-7]{26})"')


class Sample(NamedTuple):
    """A sample record and the suffix that it states, which for these is the right one."""

    suffix: str
    raw: bytes


def sample_records() -> list[bytes]:
    """Return every sample, the complete one first."""
    complete = (_DATA / "OFKRBFYV3HDMS5LLCYR6VZTITW.json").read_bytes()
    return [complete, *(_DATA / "partial-records.jsonl").read_bytes().splitlines()]


def find_samples(identifier: Identifier) -> list[Sample]:
    """Return the samples that an identifier may name; one for an arXiv id has still to be read.

    Nothing is parsed here: reading all 66 takes longer than everything else a look-up does.
    """
    samples = [Sample(_suffix(raw), raw) for raw in sample_records()]
    if identifier.kind is Kind.PITH:
        return [sample for sample in samples if sample.suffix.startswith(identifier.value)]
    needle = (identifier.arxiv or identifier.value).encode()
    return [sample for sample in samples if needle in sample.raw]


def _suffix(raw: bytes) -> str:
    match = _NUMBER.search(raw)
    assert match is not None, "every sample states its number"
    return match[1].decode()
