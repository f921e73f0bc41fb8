"""The differences between two records, leaf by leaf."""

from __future__ import annotations

import json

from pith_tui.protocol.difference import MISSING, Difference, differences
from pith_tui.protocol.record import Record


def compared(one: object, other: object) -> list[Difference]:
    before, after = (
        Record(json.dumps({"receipt": "x", "member": value}).encode()) for value in (one, other)
    )
    return differences(before, after)


def test_difference_in_value_type_or_presence() -> None:
    assert compared({"a": 1, "b": 2}, {"a": 1, "b": 2}) == []
    assert compared(1, True) == [Difference(("member",), 1, True)]
    assert compared({"a": 1, "b": 2}, {"b": 3, "c": 4}) == [
        Difference(("member", "b"), 2, 3),
        Difference(("member", "c"), MISSING, 4),
        Difference(("member", "a"), 1, MISSING),
    ]


def test_empty_list_differs_from_a_full_one_by_its_members() -> None:
    assert compared([], ["x"]) == [Difference(("member", 0), MISSING, "x")]
    assert compared({"a": []}, {}) == [Difference(("member", "a"), [], MISSING)]
