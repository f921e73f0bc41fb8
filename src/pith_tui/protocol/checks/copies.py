"""Copies of signed values outside the canonical record, compared with the signed values.

They are compared wherever they stand and never only with each other: a copy in the graph beside
no copy in the record is judged all the same (docs/verdict.md, Copies of signed values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pith_tui.protocol.checks import hashes
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    combine_parts,
    not_present,
    soften,
)
from pith_tui.protocol.report import Outcome, Part, Reason
from pith_tui.protocol.spellings import (
    arxiv_id,
    categories,
    category,
    instant,
    is_nothing,
    kind,
    licence,
    version,
)
from pith_tui.protocol.strict_json import Path


class _Copy(NamedTuple):
    """A member that repeats a signed value: its name, the signed one's, and how it is read."""

    name: str
    signed: str
    read: Callable[[object], object]


_SOURCE_COPIES = (
    _Copy("kind", "kind", kind),
    _Copy("version", "version", version),
)
_PAPER_COPIES = (
    _Copy("license", "license", licence),
    _Copy("primary_cat", "primary_cat", category),
    _Copy("cross_cats", "cross_cats_sorted", categories),
    _Copy("submitted_at", "submitted_at", instant),
)
_JUDGED_BY_SIGNED = {
    "paper": frozenset({"title", *(copy.name for copy in _PAPER_COPIES)}),
    "source": frozenset({"id", *(copy.name for copy in _SOURCE_COPIES)}),
}
"""The members of each section that are compared with what is signed."""
_GRAPH: Path = ("graph_snapshot",)
_OF_A_VERSION = frozenset({"license", "primary_cat", "cross_cats", "title"})
"""What another version of the work may state otherwise; the time is v1's for every version."""
_TEXTS_JUDGED_BY_HASH = ("title", "abstract_excerpt")


def paper(context: CheckContext) -> CheckResult:
    """Check the record's own copies in ``source`` and ``paper``; the title has its own check."""
    parts = [*_source_parts(context, ("source",)), *_paper_parts(context, ("paper",))]
    return soften(context, combine_parts(parts))


def _source_parts(context: CheckContext, section: Path) -> Iterator[Part]:
    shown = context.record.mapping(*section)
    if "id" in shown:
        yield _id_part(context, (*section, "id"), shown["id"])
    for copy in _SOURCE_COPIES:
        if copy.name in shown:
            signed = context.signed_source.get(copy.signed)
            yield _copy_part((*section, copy.name), copy, shown[copy.name], signed)


def _paper_parts(context: CheckContext, section: Path) -> Iterator[Part]:
    shown = context.record.mapping(*section)
    for copy in _PAPER_COPIES:
        if copy.name in shown:
            signed = context.metadata.get(copy.signed)
            yield _copy_part((*section, copy.name), copy, shown[copy.name], signed)


def _copy_part(path: Path, copy: _Copy, shown: object, signed: object) -> Part:
    values = (("signed", signed), ("shown", shown))
    if type(shown) is str and shown == signed:
        return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))
    if signed is None:
        return Part(path, Outcome.UNDECIDED, Reason.NOT_SIGNED, values[1:])
    if _same_json(shown, signed):
        return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))
    if is_nothing(shown):
        return Part(path, Outcome.UNDECIDED, Reason.NOT_SHOWN, values)
    read = copy.read(shown)
    if read is None:
        return Part(path, Outcome.UNDECIDED, Reason.UNREADABLE, values)
    if signed not in ("", []) and copy.read(signed) is None:
        return Part(path, Outcome.UNDECIDED, Reason.UNREADABLE, values)
    if signed in ("", []) or read != copy.read(signed):
        return Part(path, Outcome.FAILED, Reason.DIFFERS, values)
    return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))


def _id_part(context: CheckContext, path: Path, shown: object) -> Part:
    """Compare an id with the signed one; one with a version is read as id and version."""
    signed = context.signed_source.get("id")
    values = (("signed", signed), ("shown", shown))
    if signed is None:
        return Part(path, Outcome.UNDECIDED, Reason.NOT_SIGNED, values[1:])
    if is_nothing(shown):
        return Part(path, Outcome.UNDECIDED, Reason.NOT_SHOWN, values)
    if _same_json(shown, signed):
        return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))
    read = arxiv_id(shown)
    if read is None or context.source.id is None:
        return Part(path, Outcome.UNDECIDED, Reason.UNREADABLE, values)
    if read.id != context.source.id:
        return Part(path, Outcome.FAILED, Reason.OTHER_WORK, values)
    if read.version not in (None, context.source.version):
        if context.source.version is None:
            return Part(path, Outcome.UNDECIDED, Reason.NOT_SIGNED, values)
        return Part(path, Outcome.FAILED, Reason.OTHER_VERSION, values)
    return Part(path, Outcome.PASSED, Reason.AGREES, values, (path,))


def graph(context: CheckContext) -> CheckResult:
    """Check the graph's copies: with what is signed, and the rest with the record's own."""
    if not context.record.mapping(*_GRAPH):
        return not_present()
    source = list(_source_parts(context, (*_GRAPH, "source")))
    other_version = _is_of_other_version(source)
    parts = [*map(_as_conflict, source)] if other_version else source
    paper = [*_paper_parts(context, (*_GRAPH, "paper"))]
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
    if part.outcome is not Outcome.FAILED:
        return False
    return part.path[-1] == "version" or part.reason is Reason.OTHER_VERSION


def _as_conflict(part: Part) -> Part:
    if not _names_other_version(part):
        return part
    return part._replace(outcome=Outcome.CONFLICT, reason=Reason.OTHER_VERSION)


def _of_other_version(part: Part) -> Part:
    """Leave undecided what is that version's own; it is used nowhere."""
    if part.path[-1] not in _OF_A_VERSION:
        return part
    return part._replace(outcome=Outcome.UNDECIDED, reason=Reason.OTHER_VERSION, proves=())


def _twin_parts(context: CheckContext) -> Iterator[Part]:
    """Compare the members that stand in both copies and repeat nothing signed."""
    for section, judged in _JUDGED_BY_SIGNED.items():
        own, copy = context.record.mapping(section), context.record.mapping(*_GRAPH, section)
        for name in own:
            if name in judged or own[name] is None or copy.get(name) is None:
                continue
            yield _twin_part((*_GRAPH, section, name), own[name], copy[name])
    excerpt = hashes.abstract_part(context, (*_GRAPH, "paper", "abstract_excerpt"))
    if excerpt is not None and excerpt.outcome is Outcome.PASSED:
        yield excerpt


def _twin_part(path: Path, own: object, copy: object) -> Part:
    values = (("in the graph", copy), ("in the record", own))
    same = _same_json(own, copy)
    if not same and path[-1] == "abstract_excerpt" and isinstance(own, str):
        same = isinstance(copy, str) and (own.startswith(copy) or copy.startswith(own))
    outcome = Outcome.PASSED if same else Outcome.CONFLICT
    return Part(path, outcome, Reason.AGREES if same else Reason.DIFFERS, values)


def _same_json(one: object, other: object) -> bool:
    """Compare as JSON; Python alone holds 1, 1.0 and True to be equal."""
    if type(one) is not type(other):
        return False
    if type(one) is str:
        return one == other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _same_json(member, other[name]) for name, member in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same_json, one, other))
    return one == other
