"""Two records side by side: every leaf in which they differ, with the mark it has on either side.

What is signed and differs comes first; two signed contents for one work and version, which an
honest service does not make, are an alarm before everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from pith_tui.output.cells import hang, wrap
from pith_tui.output.labels import path_label
from pith_tui.output.lookup_text import equivocation_text
from pith_tui.output.rows import plain_value
from pith_tui.output.safe import safe
from pith_tui.output.wording import MARK_SIGNS, tally, verdict_label
from pith_tui.protocol.difference import MISSING, differences
from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.strict_json import Path, path_text


class Group(Enum):
    """What kind of difference a leaf shows, the most important first."""

    SIGNED = "signed and changed"
    PROVED = "proved and changed"
    CLAIMED = "only claimed and changed"
    ALONE = "only in one"
    SAME = "the same in both"


GROUP_MEANINGS = {
    Group.SIGNED: "the signature covers it, on one side or both",
    Group.PROVED: "it follows from what is signed, on one side or both",
    Group.CLAIMED: "nothing here can show which is right",
    Group.ALONE: "the other record does not have it",
    Group.SAME: "",
}
NOTHING_DIFFERS = "No field differs."


class Relation(Enum):
    """How two records are related, by what they state."""

    SAME_BYTES = "identical bytes"
    SAME_VALUES = "the same values, formatted differently"
    NOT_HASHED = "one of them has no canonical record that can be hashed"
    SAME_CANONICAL_RECORD = "the same canonical record"
    SAME_VERSION = "two canonical records for one version of a work"
    SAME_WORK = "two versions of one work"
    DIFFERENT_WORKS = "two different works"


class Side(NamedTuple):
    """One record's value at a path: raw, MISSING where it has none, and its mark."""

    value: object
    mark: Mark | None

    @property
    def text(self) -> str:
        """The value formatted for display; raw record text."""
        if self.value is MISSING:
            return "(nothing)"
        return plain_value(self.value) or "(empty)"


class Pair(NamedTuple):
    """One leaf on both sides."""

    path: Path
    group: Group
    left: Side
    right: Side

    @property
    def label(self) -> str:
        """The path as people read it; raw record text."""
        return path_label(self.path)


class Comparison(NamedTuple):
    """The result of comparing two records.

    ``equivocation`` is what the two show of who sent or signed them.  ``pairs`` are in the order of
    their groups, and within a group in that of the record.  ``same`` counts the leaves that do not
    differ, listed or not.
    """

    equivocation: Equivocation | None
    relation: Relation
    pairs: tuple[Pair, ...]
    same: int

    def of(self, group: Group) -> list[Pair]:
        """Return the pairs of a group."""
        return [pair for pair in self.pairs if pair.group is group]


def compare(left: CheckedRecord, right: CheckedRecord, *, with_same: bool = False) -> Comparison:
    """Compare two records leaf by leaf; with ``with_same`` what does not differ is listed too."""
    changed = differences(left.record, right.record)
    pairs = [
        _pair(change.path, Side(change.before, left.marks.get(change.path)), right, change.after)
        for change in changed
    ]
    differing = {change.path for change in changed}
    both = {path for path, _ in left.record.leaves()} - differing
    equal = [(path, value) for path, value in right.record.leaves() if path in both]
    if with_same:
        pairs += [
            Pair(
                path,
                Group.SAME,
                Side(value, left.marks.get(path)),
                Side(value, right.marks.get(path)),
            )
            for path, value in equal
        ]
    order = list(Group)
    return Comparison(
        detect_equivocation(left, right),
        _relation(left, right, differ=bool(changed)),
        tuple(sorted(pairs, key=lambda pair: order.index(pair.group))),
        len(equal),
    )


def _pair(path: Path, before: Side, right: CheckedRecord, after: object) -> Pair:
    side = Side(after, right.marks.get(path))
    if MISSING in (before.value, after):
        return Pair(path, Group.ALONE, before, side)
    # A value that is signed on one side and differs on the other is not "only claimed".
    marks = (before.mark, side.mark)
    if Mark.SIGNED in marks:
        return Pair(path, Group.SIGNED, before, side)
    return Pair(path, Group.PROVED if Mark.PROVED in marks else Group.CLAIMED, before, side)


def _relation(left: CheckedRecord, right: CheckedRecord, *, differ: bool) -> Relation:
    if left.raw == right.raw:
        return Relation.SAME_BYTES
    if not differ:
        return Relation.SAME_VALUES
    if left.digest is None or right.digest is None:
        return Relation.NOT_HASHED
    if left.digest == right.digest:
        return Relation.SAME_CANONICAL_RECORD
    first, second = left.record.canonical_source, right.record.canonical_source
    if first == second:
        return Relation.SAME_VERSION
    if (first.kind, first.id) == (second.kind, second.id):
        return Relation.SAME_WORK
    return Relation.DIFFERENT_WORKS


def headings(comparison: Comparison) -> list[str]:
    """Return the alarm, if any, then how the two are related and how many fields differ."""
    changed = sum(pair.group is not Group.SAME for pair in comparison.pairs)
    differ = "1 field differs" if changed == 1 else f"{changed:,} fields differ"
    summary = f"{comparison.relation.value}; {differ}, {comparison.same:,} are the same"
    kind = comparison.equivocation
    if kind is None:
        return [summary]
    return [f"{equivocation_text(kind)}; keep both", summary]


def compare_text(
    comparison: Comparison,
    views: tuple[CheckedRecord, CheckedRecord],
    names: tuple[str, str],
    width: int | None = None,
) -> str:
    """Write a comparison in plain text: both verdicts, then each group, a field in three lines.

    ``width`` is the terminal's, None for a pipe, where nothing is wrapped.
    """
    lines: list[str] = []
    for letter, checked, name in zip("AB", views, names, strict=True):
        head = f"{letter}  {verdict_label(checked.report.verdict)}  "
        lines += hang(head, safe(f"{name} ({tally(checked.report.checks)})"), width)
    lines.append("")
    for heading in headings(comparison):
        first, *rest = [heading] if width is None else wrap(heading, width - 2)
        lines += [first, *(f"  {line}" for line in rest)]
    for group in Group:
        pairs = comparison.of(group)
        if pairs:
            lines += ["", f"{group.value} ({len(pairs):,})"]
            lines += [line for pair in pairs for line in _pair_lines(pair, width)]
    return "\n".join(lines) + "\n"


def _pair_lines(pair: Pair, width: int | None) -> Iterator[str]:
    yield from hang("  ", safe(pair.label), width)
    if pair.group is Group.SAME and pair.left.mark is pair.right.mark:
        yield from hang(f"    {_mark(pair.left)}", safe(pair.left.text), width)
        return
    yield from hang(f"    A {_mark(pair.left)}", safe(pair.left.text), width)
    yield from hang(f"    B {_mark(pair.right)}", safe(pair.right.text), width)


def _mark(side: Side) -> str:
    return " " * 11 if side.mark is None else f"{MARK_SIGNS[side.mark]} {side.mark.value:8} "


def compare_object(
    comparison: Comparison, views: tuple[CheckedRecord, CheckedRecord]
) -> dict[str, object]:
    """Return the JSON object of a comparison: verdicts, finding, and both sides of every pair."""
    kind = comparison.equivocation
    return {
        "finding": None if kind is None else {"kind": kind.value, "alarm": kind.is_alarm},
        "relation": comparison.relation.name.lower(),
        "verdicts": [checked.report.verdict.value for checked in views],
        "same": comparison.same,
        "fields": [
            {
                "path": path_text(pair.path),
                "group": pair.group.name.lower(),
                "left": _side_object(pair.left),
                "right": _side_object(pair.right),
            }
            for pair in comparison.pairs
        ],
    }


def _side_object(side: Side) -> dict[str, object] | None:
    if side.value is MISSING:
        return None
    return {"value": side.value, "mark": None if side.mark is None else side.mark.value}
