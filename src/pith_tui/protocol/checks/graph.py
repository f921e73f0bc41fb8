"""The graph's copies of the record's members: compared with what is signed, then with each other.

docs/verdict.md, Copies of signed values.
"""

from __future__ import annotations

from collections.abc import Iterator

from pith_tui.protocol.checks import hashes
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Step,
    combine_parts,
    not_present,
    soften,
)
from pith_tui.protocol.checks.copies import (
    PAPER_COPIES,
    SOURCE_COPIES,
    paper_parts,
    same_json,
    source_parts,
)
from pith_tui.protocol.report import CONFLICT, FAILED, PASSED, UNDECIDED, Part, Reason
from pith_tui.protocol.strict_json import Path

_JUDGED_BY_SIGNED = {
    "paper": frozenset({"title", *(copy.name for copy in PAPER_COPIES)}),
    "source": frozenset({"id", *(copy.name for copy in SOURCE_COPIES)}),
}
"""The members of each section that are compared with what is signed."""
_GRAPH: Path = ("graph_snapshot",)
_OF_A_VERSION = frozenset({"license", "primary_cat", "cross_cats", "title"})
"""What another version of the work may state otherwise; the time is v1's for every version."""


def graph(context: CheckContext) -> CheckResult:
    """Check the graph's copies: with what is signed, and the rest with the record's own."""
    if not context.record.mapping(*_GRAPH):
        return not_present()
    source = list(source_parts(context, (*_GRAPH, "source")))
    other_version = _is_of_other_version(source)
    parts = [*map(_as_conflict, source)] if other_version else source
    paper = [*paper_parts(context, (*_GRAPH, "paper"))]
    title = hashes.title_part(context, (*_GRAPH, "paper", "title"))
    if title is not None:
        paper.append(title)
    if other_version:
        paper = [_of_other_version(part) for part in paper]
    parts = [*parts, *paper, *_twin_parts(context)]
    return soften(context, combine_parts(parts))


def _is_of_other_version(source: list[Part]) -> bool:
    """Return whether the graph's source is the same work in another version."""
    if any(part.reason is Reason.OTHER_WORK for part in source):
        return False
    return any(_names_other_version(part) for part in source)


def _names_other_version(part: Part) -> bool:
    if part.outcome is not FAILED:
        return False
    return part.path[-1] == "version" or part.reason is Reason.OTHER_VERSION


def _as_conflict(part: Part) -> Part:
    if not _names_other_version(part):
        return part
    return part._replace(outcome=CONFLICT, reason=Reason.OTHER_VERSION)


def _of_other_version(part: Part) -> Part:
    """Leave undecided what is that version's own; it is used nowhere."""
    if part.path[-1] not in _OF_A_VERSION:
        return part
    return part._replace(outcome=UNDECIDED, reason=Reason.OTHER_VERSION, proves=())


def _twin_parts(context: CheckContext) -> Iterator[Part]:
    """Compare the members that stand in both copies and repeat nothing signed."""
    for section, judged in _JUDGED_BY_SIGNED.items():
        own, copy = context.record.mapping(section), context.record.mapping(*_GRAPH, section)
        for name in own:
            if name in judged or own[name] is None or copy.get(name) is None:
                continue
            yield _twin_part((*_GRAPH, section, name), own[name], copy[name])
    excerpt = hashes.abstract_part(context, (*_GRAPH, "paper", "abstract_excerpt"))
    if excerpt is not None and excerpt.outcome is PASSED:
        yield excerpt


def _twin_part(path: Path, own: object, copy: object) -> Part:
    values = (("in the graph", copy), ("in the record", own))
    same = same_json(own, copy)
    if not same and path[-1] == "abstract_excerpt" and isinstance(own, str):
        same = isinstance(copy, str) and (own.startswith(copy) or copy.startswith(own))
    outcome = PASSED if same else CONFLICT
    return Part(path, outcome, Reason.AGREES if same else Reason.DIFFERS, values)


STEPS = (Step("graph", False, graph),)
