"""Marks: for every leaf of a record, how far it can be believed.

A mark follows its own part of a check, and the signature.  Without a good signature over the
canonical record nothing is signed and nothing is proved, whatever else agrees with itself.
"""

from __future__ import annotations

from enum import Enum

from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Report
from pith_tui.protocol.strict_json import Path


class Mark(Enum):
    """How far one value can be believed (docs/verdict.md, Marks)."""

    SIGNED = "signed"
    """It is in the canonical record, which the signature covers."""
    PROVED = "proved"
    """It follows from the canonical record and was recomputed here."""
    CLAIMED = "claimed"
    """The service says so, and nothing here can show it."""
    CONTRADICTED = "contradicted"
    """A check found that what is signed says otherwise."""


def marks(record: Record, report: Report) -> dict[Path, Mark]:
    """Mark every leaf of the record (empty lists and objects are leaves), in its own order."""
    covered = report.passed("record", "digest", "signature")
    canonical = record.place("canonical_record")
    contradicted = frozenset(_paths(report, Outcome.FAILED))
    proved = _proved(report) if covered else frozenset[Path]()
    marked: dict[Path, Mark] = {}
    for path, _ in record.leaves():
        starts = [path[:length] for length in range(1, len(path) + 1)]
        if any(start in contradicted for start in starts):
            marked[path] = Mark.CONTRADICTED
        elif covered and path[: len(canonical)] == canonical:
            marked[path] = Mark.SIGNED
        elif any(start in proved for start in starts):
            marked[path] = Mark.PROVED
        else:
            marked[path] = Mark.CLAIMED
    return marked


def _paths(report: Report, outcome: Outcome) -> list[Path]:
    return [
        part.path
        for check in report.checks
        for part in check.parts
        if part.outcome is outcome and part.path
    ]


def _proved(report: Report) -> frozenset[Path]:
    return frozenset(
        path
        for check in report.checks
        for part in check.parts
        if part.outcome is Outcome.PASSED
        for path in part.proves
    )
