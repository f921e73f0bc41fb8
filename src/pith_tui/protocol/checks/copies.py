"""Copies of signed values outside the canonical record, compared with the signed values.

They are compared wherever they stand, and never only with each other: a copy in the graph is judged
even if the record itself has none (docs/verdict.md, Copies of signed values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Section,
    Step,
    combine_parts,
    soften,
)
from pith_tui.protocol.report import AGREES, FAILED, PASSED, UNDECIDED, Part, Reason
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

_Reader = Callable[[object], object]


class _Copy(NamedTuple):
    """A member that repeats a signed value: its name, the signed one's, and how it is read."""

    name: str
    signed: str
    read: _Reader


SOURCE_COPIES = (
    _Copy("kind", "kind", kind),
    _Copy("version", "version", version),
)
PAPER_COPIES = (
    _Copy("license", "license", licence),
    _Copy("primary_cat", "primary_cat", category),
    _Copy("cross_cats", "cross_cats_sorted", categories),
    _Copy("submitted_at", "submitted_at", instant),
)


def paper(context: CheckContext) -> CheckResult:
    """Check the record's own copies in ``source`` and ``paper``; the title has its own check."""
    parts = [*source_parts(context, context.own_source), *paper_parts(context, context.paper)]
    return soften(context, combine_parts(parts))


def source_parts(context: CheckContext, section: Section) -> Iterator[Part]:
    """Compare the members of a ``source`` with those of the signed one."""
    path, shown = section
    if "id" in shown:
        yield _id_part(context, (*path, "id"), shown["id"])
    signed = context.signed_source
    for name, signed_name, read in SOURCE_COPIES:
        if name in shown:
            yield _copy_part((*path, name), read, shown[name], signed.get(signed_name))


def paper_parts(context: CheckContext, section: Section) -> Iterator[Part]:
    """Compare the members of a ``paper`` with the signed metadata, the title excepted."""
    path, shown = section
    signed = context.metadata
    for name, signed_name, read in PAPER_COPIES:
        if name in shown:
            yield _copy_part((*path, name), read, shown[name], signed.get(signed_name))


def _copy_part(path: Path, read_copy: _Reader, shown: object, signed: object) -> Part:
    values = (("signed", signed), ("shown", shown))
    if type(shown) is str and shown == signed:
        return Part(path, PASSED, AGREES, values, (path,))
    if signed is None:
        return Part(path, UNDECIDED, Reason.NOT_SIGNED, values[1:])
    if same_json(shown, signed):
        return Part(path, PASSED, AGREES, values, (path,))
    if is_nothing(shown):
        return Part(path, UNDECIDED, Reason.NOT_SHOWN, values)
    read = read_copy(shown)
    if read is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if signed not in ("", []) and read_copy(signed) is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if signed in ("", []) or read != read_copy(signed):
        return Part(path, FAILED, Reason.DIFFERS, values)
    return Part(path, PASSED, AGREES, values, (path,))


def _id_part(context: CheckContext, path: Path, shown: object) -> Part:
    """Compare an id with the signed one; one with a version is read as id and version."""
    signed = context.signed_source.get("id")
    values = (("signed", signed), ("shown", shown))
    if signed is None:
        return Part(path, UNDECIDED, Reason.NOT_SIGNED, values[1:])
    if is_nothing(shown):
        return Part(path, UNDECIDED, Reason.NOT_SHOWN, values)
    if same_json(shown, signed):
        return Part(path, PASSED, AGREES, values, (path,))
    read = arxiv_id(shown)
    if read is None or context.source.id is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if read.id != context.source.id:
        return Part(path, FAILED, Reason.OTHER_WORK, values)
    if read.version not in (None, context.source.version):
        if context.source.version is None:
            return Part(path, UNDECIDED, Reason.NOT_SIGNED, values)
        return Part(path, FAILED, Reason.OTHER_VERSION, values)
    return Part(path, PASSED, AGREES, values, (path,))


def same_json(one: object, other: object) -> bool:
    """Return whether two values are the same JSON; in Python, 1, 1.0 and True are equal."""
    if type(one) is not type(other):
        return False
    if type(one) is str:
        return one == other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same_json(member, other[name]) for name, member in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return one == other


STEPS = (Step("paper", False, paper),)
