"""The graph's copies of the record's members: compared with what is signed, then with each other.

docs/verdict.md, Copies of signed values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pith_tui.protocol.checks import hashes
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Section,
    Step,
    combine_parts,
    member,
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
from pith_tui.protocol.report import AGREES, CONFLICT, FAILED, PASSED, UNDECIDED, Part, Reason
from pith_tui.protocol.strict_json import Path

_JUDGED_BY_SIGNED: Mapping[Path, frozenset[str]] = {
    ("paper",): frozenset({"title", *(copy.name for copy in PAPER_COPIES)}),
    ("source",): frozenset({"id", *(copy.name for copy in SOURCE_COPIES)}),
}
"""The members of each section that are compared with what is signed."""
_GRAPH = "graph_snapshot"
_OF_A_VERSION = frozenset({"license", "primary_cat", "cross_cats", "title"})
"""What may differ in another version of the work; the time is that of v1 in every version."""


def graph(context: CheckContext) -> CheckResult:
    """Check the graph's copies: with what is signed, and the rest with the record's own."""
    if not context.graph:
        return not_present()
    source = Section((_GRAPH, "source"), member(context.graph, "source"))
    paper = Section((_GRAPH, "paper"), member(context.graph, "paper"))
    of_source = list(source_parts(context, source))
    of_paper = list(paper_parts(context, paper))
    title = hashes.title_part(context, paper)
    if title is not None:
        of_paper.append(title)
    if _is_of_other_version(of_source):
        of_source = [_as_conflict(part) for part in of_source]
        of_paper = [_of_other_version(part) for part in of_paper]
    twins = [*_twin_parts(context.paper, paper), *_twin_parts(context.own_source, source)]
    excerpt = hashes.abstract_part(context, paper)
    if excerpt is not None and excerpt.outcome is PASSED:
        twins.append(excerpt)
    return soften(context, combine_parts([*of_source, *of_paper, *twins]))


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
    """Leave undecided what may differ in that version; it proves nothing."""
    if part.path[-1] not in _OF_A_VERSION:
        return part
    return part._replace(outcome=UNDECIDED, reason=Reason.OTHER_VERSION, proves=())


def _twin_parts(own: Section, copy: Section) -> Iterator[Part]:
    """Compare the members of both sections that repeat nothing signed."""
    judged, copied = _JUDGED_BY_SIGNED[own.path], copy.members
    for name, value in own.members.items():
        if name not in judged and value is not None and copied.get(name) is not None:
            yield _twin_part((*copy.path, name), value, copied[name])


def _twin_part(path: Path, own: object, copy: object) -> Part:
    values = (("in the graph", copy), ("in the record", own))
    same = same_json(own, copy)
    if not same and path[-1] == "abstract_excerpt" and isinstance(own, str):
        same = isinstance(copy, str) and (own.startswith(copy) or copy.startswith(own))
    outcome = PASSED if same else CONFLICT
    return Part(path, outcome, AGREES if same else Reason.DIFFERS, values)


STEPS = (Step("graph", False, graph),)
