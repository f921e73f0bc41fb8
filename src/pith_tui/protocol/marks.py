"""Marks: for every leaf of a record, how far it can be believed.

A mark rests on the report alone.  Without a good signature over the canonical record nothing is
signed and nothing is proved, whatever else agrees with itself.
"""

from __future__ import annotations

from enum import Enum

from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Report
from pith_tui.protocol.strict_json import Path


class Mark(Enum):
    """How far one value can be believed (docs/verdict.md, Marks)."""

    SIGNED = "signed"
    """It stands in the canonical record, which the signature covers."""
    PROVED = "proved"
    """It follows from the canonical record and was recomputed here."""
    CLAIMED = "claimed"
    """The service says so, and nothing here can show it."""


# What a passed check proves as a whole; checks of several parts are taken apart below.
_BY_CHECK: dict[str, tuple[Path, ...]] = {
    "digest": (("canonical_sha256",),),
    "copies": (("receipt", "canonical_sha256"),),
    "receipt": (("receipt", "algorithm"), ("receipt", "signed_message")),
    "key": (("receipt", "key_id"), ("receipt", "public_key_fingerprint")),
    "signature": (("receipt", "signature_b64"),),
    "title": (("paper", "title"),),
    "abstract": (("paper", "abstract_excerpt"),),
}


def marks(record: Record, report: Report) -> dict[Path, Mark]:
    """Mark every leaf of the record (empty lists and objects are leaves), in its own order."""
    covered = _covered(record, report)
    proved = _proved_paths(report) if covered else frozenset()
    mirrored = _mirrored(report)
    marked: dict[Path, Mark] = {}
    for path, _ in record.leaves():
        own = path[1:] if len(path) > 1 and path[:2] in mirrored else path
        if covered and path[:1] == ("canonical_record",):
            marked[path] = Mark.SIGNED
        elif any(own[:length] in proved for length in range(1, len(own) + 1)):
            marked[path] = Mark.PROVED
        else:
            marked[path] = Mark.CLAIMED
    return marked


def _covered(record: Record, report: Report) -> bool:
    """Return whether a trusted key's signature over this very canonical record was verified."""
    return (
        record.canonical_record is not None
        and report.check("record").outcome is Outcome.PASSED
        and report.check("signature").outcome is Outcome.PASSED
    )


def _proved_paths(report: Report) -> frozenset[Path]:
    paths = {
        path
        for check_id, proves in _BY_CHECK.items()
        if report.check(check_id).outcome is Outcome.PASSED
        for path in proves
    }
    names = {"Pith Number": ("pith_number",), "short form": ("short_pith_number",)}
    for part in report.check("number").parts:
        if part.outcome is Outcome.PASSED:
            paths.add(names[part.name])
    if report.check("year").outcome is not Outcome.PASSED:
        paths.discard(("pith_number",))
    for part in report.check("paper").parts:
        if part.outcome is Outcome.PASSED:
            paths.add(tuple(part.name.split(".")))
    for index, part in enumerate(report.check("aliases").parts):
        if part.outcome is Outcome.PASSED:
            paths.update({("aliases", index, "alias_kind"), ("aliases", index, "alias_value")})
    return frozenset(paths)


def _mirrored(report: Report) -> frozenset[Path]:
    """The sections of the graph snapshot that are the record's own over again."""
    return frozenset(
        ("graph_snapshot", part.name)
        for part in report.check("graph").parts
        if part.outcome is Outcome.PASSED
    )
