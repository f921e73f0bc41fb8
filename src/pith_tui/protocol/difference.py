"""What differs between two records, leaf by leaf."""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import Path

MISSING = object()
"""Stands for a leaf that one of the two records does not have."""


class Difference(NamedTuple):
    """One leaf that is not the same; ``before`` or ``after`` may be MISSING."""

    path: Path
    before: object
    after: object


def differences(before: Record, after: Record) -> list[Difference]:
    """Compare two records by path, in the order of the later one, what is gone last."""
    old, new = dict(before.leaves()), dict(after.leaves())
    found = [
        Difference(path, old.get(path, MISSING), value)
        for path, value in new.items()
        if path not in old or not _same(old[path], value)
    ]
    found += [Difference(path, value, MISSING) for path, value in old.items() if path not in new]
    return found


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
