"""Comparing two records: every difference once, grouped by what is signed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.compare import (
    Comparison,
    Group,
    Relation,
    compare,
    compare_object,
    compare_text,
    headings,
)
from pith_tui.protocol.difference import MISSING
from pith_tui.protocol.equivocation import Equivocation
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.record import Record
from tests.browser import EVIL, evil_record
from tests.registry.records import Paper, SigningKey, build, wire
from tests.support import real_record

KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))


def view(raw: bytes) -> CheckedRecord:
    return read(raw, None, TRUSTED)


def compared(left: bytes, right: bytes, *, with_same: bool = False) -> Comparison:
    return compare(view(left), view(right), with_same=with_same)


def real_tree() -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(real_record())
    return tree


def labels(comparison: Comparison, group: Group) -> list[str]:
    return [pair.label for pair in comparison.of(group)]


def test_record_equals_itself() -> None:
    comparison = compared(real_record(), real_record())
    assert comparison.pairs == ()
    assert comparison.relation is Relation.SAME_BYTES
    assert comparison.equivocation is None
    assert headings(comparison) == [
        f"identical bytes; 0 fields differ, {comparison.same} are the same"
    ]
    indented = json.dumps(real_tree(), indent=1).encode()
    assert compared(real_record(), indented).relation is Relation.SAME_VALUES


def test_responses_with_different_claims() -> None:
    tree = real_tree()
    tree["paper"]["authors_text"] = "Somebody Else"
    tree["updated_at"] = "2026-07-01T00:00:00Z"
    tree["news"] = [1]
    del tree["aliases"][5]
    comparison = compared(real_record(), wire(tree))
    assert comparison.relation is Relation.SAME_CANONICAL_RECORD
    assert comparison.equivocation is None
    assert labels(comparison, Group.SIGNED) == labels(comparison, Group.PROVED) == []
    assert labels(comparison, Group.CLAIMED) == ["paper.authors_text", "updated_at"]
    assert labels(comparison, Group.ALONE) == [
        "news[0]",
        *(f"aliases[5].{name}" for name in ("alias_kind", "alias_value", "created_at")),
    ]
    gone, news = comparison.of(Group.ALONE)[1], comparison.of(Group.ALONE)[0]
    assert (gone.left.mark, gone.right.value, gone.right.mark) == (Mark.PROVED, MISSING, None)
    assert (news.left.text, news.right.text) == ("(nothing)", "1")


def test_versions_of_one_work() -> None:
    one, two = build(Paper(), KEY), build(Paper(version=2, title="A new title"), KEY)
    comparison = compared(wire(one), wire(two))
    assert comparison.relation is Relation.SAME_WORK
    assert comparison.equivocation is None
    assert "canonical_record.source.version" in labels(comparison, Group.SIGNED)
    assert {"paper.title", "pith_number"} <= set(labels(comparison, Group.PROVED))
    assert "links.html" in labels(comparison, Group.CLAIMED)
    order = [list(Group).index(pair.group) for pair in comparison.pairs]
    assert order == sorted(order)


def test_different_works() -> None:
    comparison = compared(real_record(), wire(build(Paper(), KEY)))
    assert comparison.relation is Relation.DIFFERENT_WORKS
    assert comparison.equivocation is None


def test_two_signed_contents_for_one_version_are_an_alarm() -> None:
    one = build(Paper(), KEY)
    relicensed = compared(wire(one), wire(build(Paper(license="none"), KEY)))
    assert relicensed.equivocation is Equivocation.OTHER_SIGNED_DETAILS
    two = build(Paper(title="The Other Face"), KEY)
    comparison = compared(wire(one), wire(two))
    assert comparison.equivocation is Equivocation.SIGNED_TWICE
    assert headings(comparison)[0].startswith("ALARM: two different contents")
    assert (
        compare_text(comparison, (view(wire(one)), view(wire(two))), ("a", "b")).count("ALARM") == 1
    )
    # The same difference without a valid signature is not equivocation.
    forged = json.loads(wire(two))
    forged["receipt"]["signature_b64"] = one["receipt"]["signature_b64"]
    comparison = compared(wire(one), wire(forged))
    assert comparison.equivocation is None
    assert comparison.relation is Relation.SAME_VERSION


def test_value_signed_on_one_side_is_in_the_signed_group() -> None:
    tree = real_tree()
    tree["canonical_record"]["metadata"]["license"] = "http://evil.example/"
    comparison = compared(real_record(), wire(tree))
    [pair] = comparison.of(Group.SIGNED)
    assert (pair.left.mark, pair.right.mark) == (Mark.SIGNED, Mark.CLAIMED)


def test_equal_fields_are_listed_on_request_with_both_marks() -> None:
    tree = real_tree()
    tree["receipt"]["signature_b64"] = "AAAA"
    comparison = compared(real_record(), wire(tree), with_same=True)
    same = comparison.of(Group.SAME)
    assert len(same) == comparison.same > 100
    title = next(pair for pair in same if pair.label == "paper.title")
    assert (title.left.mark, title.right.mark) == (Mark.PROVED, Mark.CLAIMED)
    assert len(comparison.pairs) == len(list(Record(real_record()).leaves()))


def test_plain_text_and_json_agree() -> None:
    one, two = wire(build(Paper(), KEY)), wire(build(Paper(version=2), KEY))
    views = (view(one), view(two))
    comparison = compared(one, two)
    text = compare_text(comparison, views, ("2401.00001", "file two.json"))
    assert text.startswith("A  ✓ VERIFIED  2401.00001 (")
    assert "\nsigned and changed (1)\n  canonical_record.source.version\n" in text
    assert "    A ◆ signed   1\n    B ◆ signed   2\n" in text
    output = compare_object(comparison, views)
    assert output["verdicts"] == ["VERIFIED", "VERIFIED"]
    fields = output["fields"]
    assert isinstance(fields, list)
    assert len(fields) == len(comparison.pairs)
    assert fields[0] == {
        "path": "$.canonical_record.source.version",
        "group": "signed",
        "left": {"value": 1, "mark": "signed"},
        "right": {"value": 2, "mark": "signed"},
    }


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_comparison_of_hostile_records_is_printable(text: str) -> None:
    left, right = evil_record(text), evil_record(EVIL)
    for pair in ((left, right), (real_record(), left)):
        comparison = compared(*pair, with_same=True)
        shown = compare_text(comparison, (view(pair[0]), view(pair[1])), (text, EVIL))
        assert shown.replace("\n", "").isprintable()


FREE = ("events", "links", "agent_actions", "paper_claims", "event_summary", "updated_at")


@given(st.data())
def test_every_leaf_is_listed_once(data: st.DataObject) -> None:
    trees = real_tree(), real_tree()
    for tree in trees:
        for name in data.draw(st.lists(st.sampled_from(FREE), unique=True)):
            tree[name] = data.draw(st.sampled_from([None, 1, "x", [], {"a": [1, {}]}]))
    views = view(wire(trees[0])), view(wire(trees[1]))
    comparison = compare(*views, with_same=True)
    listed = [pair.path for pair in comparison.pairs]
    leaves = [dict(item.record.leaves()) for item in views]
    holders = {path[:length] for item in leaves for path in item for length in range(len(path))}
    # An empty list beside one with members is reported by the members.
    every = {
        path
        for item in leaves
        for path, value in item.items()
        if path not in holders or value not in ([], {})
    }
    assert sorted(map(str, listed)) == sorted(map(str, every))
