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
    changed = [
        Difference(path, old.get(path, MISSING), value)
        for path, value in new.items()
        if path not in old or not _same(old[path], value)
    ]
    changed += [Difference(path, value, MISSING) for path, value in old.items() if path not in new]
    holders = _holders(old) | _holders(new)
    return [leaf for leaf in changed if not (_is_empty(leaf) and leaf.path in holders)]


def _holders(leaves: dict[Path, object]) -> set[Path]:
    """Return every path that something stands below."""
    return {path[:length] for path in leaves for length in range(len(path))}


def _is_empty(difference: Difference) -> bool:
    """Return whether a value is an empty list or object: where the other record has members, those
    are what differs, and that it has none here is said by each of them."""
    values = [v for v in (difference.before, difference.after) if v is not MISSING]
    return len(values) == 1 and values[0] in ([], {})


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
