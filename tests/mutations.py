"""Every leaf of a record changed in every way, and the outcome of the checks.

``python -m tests.mutations`` regenerates ``docs/what-is-verified.md``.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.strict_json import Path, path_text
from tests.registry.records import Paper, build
from tests.stored import KEY, TRUSTED
from tests.support import ROOT, real_record

Json = dict[str, Any]
DOCUMENT = ROOT / "docs" / "what-is-verified.md"
SAME = object()
"""What a way of changing gives for a value that it does not change."""
REMOVED = object()
TWINS = ("paper", "source")
"""The members that ``graph_snapshot`` repeats, which are also changed in both places at once."""

_HOMOGLYPHS = str.maketrans("aceopxiAEOPX5", "\u0430\u0441\u0435\u043e\u0440\u0445\u0456"
                            "\u0410\u0415\u041e\u0420\u0425\uff15")  # fmt: skip


class Leaf(NamedTuple):
    """A leaf to change: its path, its value, and values from elsewhere."""

    path: Path
    value: Any
    neighbour: Any
    other: Any


class Result(NamedTuple):
    """The result of one change; ``worsened`` are the checks with a worse outcome, with signs."""

    worsened: tuple[tuple[str, str], ...]
    failed: bool
    mark: Mark | None
    same_meaning: bool


Results = tuple[tuple[Leaf, Mark, dict[str, Result]], ...]


def _value(leaf: Leaf) -> Any:
    value = leaf.value
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return _other_text(value)
    return ["changed"] if isinstance(value, list) else {"changed": 1} if value == {} else "changed"


def _other_text(text: str) -> str:
    """Change the last digit, so that the text stays readable, or else the last letter."""
    outcomes = re.search(r"[0-9](?=[^0-9]*\Z)", text)
    if outcomes is None:
        return text[:-1] + ("B" if text[-1:] != "B" else "C") if text else "changed"
    digit = int(outcomes[0])
    # 7 and 9 go down: base32 has no 8, and decimal no 10.
    digit += -1 if digit in (7, 9) else 1
    return f"{text[: outcomes.start()]}{digit}{text[outcomes.end() :]}"


def _type(leaf: Leaf) -> Any:
    return [leaf.value] if isinstance(leaf.value, str | int) else 5


def _empty(leaf: Leaf) -> Any:
    return type(leaf.value)() if isinstance(leaf.value, list | dict) else ""


def _homoglyph(leaf: Leaf) -> Any:
    return leaf.value.translate(_HOMOGLYPHS) if isinstance(leaf.value, str) else SAME


def _case(leaf: Leaf) -> Any:
    return leaf.value.swapcase() if isinstance(leaf.value, str) else SAME


def _white_space(leaf: Leaf) -> Any:
    return f" {leaf.value}\n" if isinstance(leaf.value, str) and leaf.value else SAME


_HEX = ("canonical_sha256", "snapshot_sha256", "title_canon_sha256", "abstract_canon_sha256")


def _spelling(leaf: Leaf) -> Any:
    """Return another spelling of the same value, for the values that have one."""
    value, name = leaf.value, leaf.path[-1]
    if name in _HEX or name == "public_key_fingerprint":
        return f"sha256:{value.upper()}"
    if name in ("pith_number", "short_pith_number"):
        return value.lower()
    if name in ("kind", "algorithm", "alias_kind"):
        return value.title() if isinstance(value, str) else SAME
    if name == "version":
        return f"v{value}"
    if name == "id" and isinstance(value, str):
        return f"arXiv:{value}"
    if name == "license":
        return value.replace("http://", "https://").removesuffix("/")
    if name == "submitted_at":
        return value.replace("Z", ".000+00:00")
    if name == "alias_value":
        return f"https://doi.org/{value}" if value.startswith("10.") else SAME
    return SAME


KINDS: dict[str, Callable[[Leaf], Any]] = {
    "value": _value,
    "type": _type,
    "removed": lambda leaf: REMOVED,
    "null": lambda leaf: None,
    "empty": _empty,
    "neighbour's": lambda leaf: leaf.neighbour,
    "other record's": lambda leaf: leaf.other,
    "homoglyph": _homoglyph,
    "case": _case,
    "white space": _white_space,
    "spelling": _spelling,
}
"""The ways of changing a leaf: a function of it, whose result is SAME where it does not apply."""

_CASE_FREE = frozenset(
    {"title", "kind", "algorithm", "alias_kind", "pith_number", "short_pith_number"}
    | {"canonical_sha256", "public_key_fingerprint", "abstract_excerpt"}
)


def has_same_meaning(leaf: Leaf, kind: str, value: Any) -> bool:
    """Return whether a changed value has the same meaning, by the rule and not by the program."""
    name = leaf.path[-1]
    if leaf.path[0] == "canonical_record":
        return False  # what is signed has one spelling
    if kind == "spelling":
        return True
    if kind == "case":
        is_id = name == "alias_value" and not leaf.value[:4].isdigit()
        return name in _CASE_FREE or is_id or leaf.value.lower() == leaf.value.upper()
    return kind == "white space" and name in ("title", "abstract_excerpt")


def real_tree() -> Json:
    tree: Json = json.loads(real_record())
    return tree


def test_tree() -> Json:
    """Build a record signed by the test key, with everything in it that can be proved."""
    paper = Paper(cross=("cs.HC", "math.LO"), title="On $L^p$ Spaces of Programs")
    tree: Json = json.loads(json.dumps(build(paper, KEY)))  # no list is there twice
    return tree


def other_tree() -> Json:
    paper = Paper(
        "2402.00002", 3, "Another Title", "Another text.", "Some One", "math.CO", ("cs.DM",)
    )
    return build(paper._replace(license="http://x.org/", submitted="2023-02-02T02:02:02Z"), KEY)


def leaves(tree: Json) -> Iterator[Leaf]:
    """Yield the leaves, each with the next leaf and the same leaf of another record."""
    other = read(json.dumps(other_tree()).encode()).record
    listed = list(read(json.dumps(tree).encode()).record.leaves())
    for index, (path, value) in enumerate(listed):
        neighbour = listed[(index + 1) % len(listed)][1]
        yield Leaf(path, value, neighbour, other.value_at(*path))


def changed(tree: Json, leaf: Leaf, value: Any, *, both: bool = False) -> bytes:
    """Return the record with a leaf changed, with ``both`` in the graph's copy too."""
    tree = copy.deepcopy(tree)
    starts: tuple[Path, ...] = ((), ("graph_snapshot",)) if both else ((),)
    for start in starts:
        *steps, last = (*start, *leaf.path)
        node: Any = tree
        for step in steps:
            node = node[step]
        if value is REMOVED:
            del node[last]
        else:
            node[last] = value
    return json.dumps(tree).encode()


_SIGNS = {Outcome.FAILED: "✗", Outcome.CONFLICT: "≠", Outcome.UNDECIDED: "?", Outcome.ABSENT: "–"}
_RANK = (Outcome.PASSED, Outcome.ABSENT, Outcome.UNDECIDED, Outcome.CONFLICT, Outcome.FAILED)


@cache
def results(make: Callable[[], Json], *, both: bool = False) -> Results:
    """Change every leaf in every way; yield each leaf with its original mark and the results."""
    return tuple(_results(make(), both))


def _results(tree: Json, both: bool) -> Iterator[tuple[Leaf, Mark, dict[str, Result]]]:
    untouched = read(json.dumps(tree).encode(), None, TRUSTED)
    for leaf in leaves(tree):
        if both and leaf.path[0] not in TWINS:
            continue
        outcomes = {}
        for kind, change in KINDS.items():
            value = change(leaf)
            if value is not SAME and _spelled(value) != _spelled(leaf.value):
                after = read(changed(tree, leaf, value, both=both), None, TRUSTED)
                outcomes[kind] = _result(
                    untouched, after, leaf, has_same_meaning(leaf, kind, value)
                )
        yield leaf, untouched.marks[leaf.path], outcomes


def _spelled(value: Any) -> str:
    return "removed" if value is REMOVED else json.dumps(value)


def _result(before: CheckedRecord, after: CheckedRecord, leaf: Leaf, same: bool) -> Result:
    worse = [
        (new.outcome, new.id)
        for old, new in zip(before.report.checks, after.report.checks, strict=True)
        if _RANK.index(new.outcome) > _RANK.index(old.outcome)
        or _undecided_parts(new.parts) > _undecided_parts(old.parts)
    ]
    worsened = tuple((_SIGNS[outcome], check) for outcome, check in worse)
    node = [mark for path, mark in after.marks.items() if path[: len(leaf.path)] == leaf.path]
    failed = any(check.outcome is Outcome.FAILED for check in after.report.checks)
    return Result(worsened, failed, node[0] if node else None, same)


def _undecided_parts(parts: Any) -> int:
    return sum(part.outcome is Outcome.UNDECIDED for part in parts)


def undetected(make: Callable[[], Json], *, both: bool = False) -> list[str]:
    """List the changes of meaning that did not fail and are still marked signed or proved."""
    strong = (Mark.SIGNED, Mark.PROVED)
    return [
        f"{path_text(leaf.path)}: {kind}"
        for leaf, _, outcomes in results(make, both=both)
        for kind, result in outcomes.items()
        if result.mark in strong and not result.same_meaning and not result.failed
    ]


_HEAD = """# What is verified

Written by `python -m tests.mutations`; a test fails where it is out of date.

Every leaf of the complete sample record is changed in every way, and the record is verified
again. The first table changes one leaf, the second the same leaf of `paper` or `source` and of
the graph's copy at once. A cell names the checks whose outcome is the worst of those that ended
worse than untouched: ✗ failed, ≠ conflict, ? undecided, – absent. `=` is another spelling of the
same value, which stays proved; `·` ends no check worse, and what is shown then is marked *claimed*
whatever it was; a blank is a way that does not apply or changes nothing.

The ways: another *value* or *type*; *removed*; *null*; *empty*; the *neighbour's* value; the
*other record's* value; a letter by its *homoglyph*; *case*; *white space* around; another
*spelling* of the same value.
"""


def document() -> str:
    """Return the page: how each check reacts to a change of each leaf."""
    single = results(real_tree)
    both = results(real_tree, both=True)
    unseen = [
        leaf
        for leaf, _, outcomes in single
        if not any(result.worsened or result.failed for result in outcomes.values())
    ]
    gone = {leaf.path for leaf in unseen}
    lines = [
        _HEAD,
        _sums(single, both),
        "## One leaf changed\n",
        *_table(r for r in single if r[0].path not in gone),
    ]
    lines += ["\n## Both copies changed at once\n", *_table(iter(both))]
    lines += [
        "\n## Claimed, and no check sees a change\n",
        *(f"- `{path_text(leaf.path)}`" for leaf in unseen),
    ]
    return "\n".join(lines) + "\n"


def _sums(single: Results, both: Results) -> str:
    """Return the totals of the tables; leaves without a mark and undetected changes must be 0."""
    changes = sum(len(outcomes) for _, _, outcomes in (*single, *both))
    unmarked = sum(mark not in Mark for _, mark, _ in single)
    unseen = len(undetected(real_tree)) + len(undetected(real_tree, both=True))
    return (
        f"{len(single)} leaves, {changes:,} changes. Leaves without a mark: {unmarked}. Changes of "
        f"meaning that did not fail\nand left the mark *signed* or *proved*: {unseen}.\n"
    )


def _table(rows: Iterator[tuple[Leaf, Mark, dict[str, Result]]]) -> Iterator[str]:
    yield f"| leaf | mark | {' | '.join(KINDS)} |"
    yield "|---" * (2 + len(KINDS)) + "|"
    for leaf, mark, outcomes in rows:
        cells = [_cell(outcomes.get(kind)) for kind in KINDS]
        yield f"| `{path_text(leaf.path)}` | {mark.value} | {' | '.join(cells)} |"


def _cell(result: Result | None) -> str:
    if result is None:
        return ""
    for sign in ("✗", "≠", "?", "–"):
        checks = [check for worsened, check in result.worsened if worsened == sign]
        if checks:
            return f"{sign} {', '.join(checks)}"
    return "=" if result.mark is Mark.PROVED else "·"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
