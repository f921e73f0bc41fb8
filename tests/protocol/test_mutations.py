"""Every leaf changed in every way: no change of meaning keeps a mark of signed or proved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import read
from tests import mutations
from tests.registry.records import wire
from tests.stored import TRUSTED

TREES = (mutations.real_tree, mutations.test_tree)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("tree", TREES)
def test_every_change_of_meaning_is_detected(
    tree: Callable[[], mutations.Json], both: bool
) -> None:
    assert mutations.undetected(tree, both=both) == []


@pytest.mark.parametrize("tree", TREES)
def test_every_leaf_has_a_mark_and_changed_signed_leaf_fails(
    tree: Callable[[], mutations.Json],
) -> None:
    marked = read(wire(tree()), None, TRUSTED).marks
    listed = list(mutations.leaves(tree()))
    assert [leaf.path for leaf in listed] == list(marked)
    for leaf, mark, outcomes in mutations.results(tree):
        assert mark in Mark
        if mark is Mark.SIGNED:
            assert all(result.failed for result in outcomes.values()), leaf.path


def test_verified_fields_page_is_up_to_date() -> None:
    assert mutations.DOCUMENT.read_text("utf-8") == mutations.document(), (
        "run python -m tests.mutations"
    )
