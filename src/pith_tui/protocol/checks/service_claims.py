"""Checks 14 and 15: the snapshot's own hashes, and what the service says of the record."""

from __future__ import annotations

from collections.abc import Callable

from pith_tui.protocol.canonical import empty_list_hash, snapshot_hash
from pith_tui.protocol.checks.context import CheckContext, CheckResult, combine_parts, not_present
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Part

SECTIONS = ("claims", "integrity", "references", "formal_canon", "author_claims")
"""The sections of ``graph_snapshot`` that carry a hash of their own."""


def snapshots(facts: CheckContext) -> CheckResult:
    """Check 14: each section's ``snapshot_sha256`` (PROTOCOL.md, snapshot_sha256)."""
    record = facts.record
    if not record.mapping("graph_snapshot"):
        return not_present("The record carries no graph snapshot.")
    parts = [
        _snapshot_part(record, section, stated)
        for section in SECTIONS
        if (stated := record.at("graph_snapshot", section, "snapshot_sha256")) is not None
    ]
    words = {
        Outcome.PASSED: "Every section has the hash that is stated for it.",
        Outcome.FAILED: "Not what its stated hash was taken over",
        Outcome.UNDECIDED: "Cannot be recomputed from what the record prints",
        Outcome.ABSENT: "The graph snapshot states no hashes.",
    }
    return combine_parts(parts, words)


def _snapshot_part(record: Record, section: str, stated: object) -> Part:
    payload, settled, note = _payload(record, section)
    if payload is None:
        return Part(section, Outcome.UNDECIDED, str(stated), None, note)
    computed = empty_list_hash() if payload == [] else snapshot_hash(payload)
    if computed == stated:
        return Part(section, Outcome.PASSED, str(stated), computed)
    outcome = Outcome.FAILED if settled else Outcome.UNDECIDED
    return Part(section, outcome, str(stated), computed, note)


def _payload(record: Record, section: str) -> tuple[object, bool, str]:
    """Return what the hash is taken over, whether that rule has been seen, and a remark.

    Only two rules have been seen on real data: that of the empty list, and that of integrity.
    A list of items is tried, but a mismatch then may be the rule's fault and proves nothing.
    """
    at = ("graph_snapshot", section)
    if section == "integrity":
        detectors, findings = record.at(*at, "detectors_run"), record.at(*at, "findings")
        if detectors is None or findings is None:
            return None, False, "detectors or findings are not in the record"
        return {"detectors": detectors, "findings": findings}, True, ""
    count = record.integer(*at, "evidence_count" if section == "formal_canon" else "count")
    items = record.at(*at, "items")
    if count == 0 and not items:
        return [], True, ""
    if isinstance(items, list) and len(items) == count:
        return items, False, "how a list that is not empty is hashed has not been seen"
    return None, False, "the record prints only a sample or a count of it"


def service_status(facts: CheckContext) -> CheckResult:
    """Check 15: ``verification_status`` against what was recomputed here."""
    record = facts.record
    if not record.mapping("verification_status"):
        return not_present("The service says nothing of its own checks.")
    parts = [
        part
        for name, recompute in _RECOMPUTED.items()
        if (stated := record.at("verification_status", name)) is not None
        and (part := _status_part(name, stated, recompute(facts)))
    ]
    words = {
        Outcome.PASSED: "What the service says of it is what was found here.",
        Outcome.FAILED: "The service says otherwise than was found here",
        Outcome.UNDECIDED: "Cannot be recomputed here",
        Outcome.ABSENT: "The service states nothing that could be recomputed here.",
    }
    return combine_parts(parts, words)


def _status_part(name: str, stated: object, found: bool | int | None) -> Part:
    claimed = _words(stated)
    if found is None:
        return Part(name, Outcome.UNDECIDED, claimed, None, "not to be found in the record")
    if stated == found and isinstance(stated, bool) is isinstance(found, bool):
        return Part(name, Outcome.PASSED, claimed, _words(found))
    if stated is False and found is True:
        # Saying less than is so misleads nobody; the service may simply lag behind.
        return Part(name, Outcome.UNDECIDED, claimed, _words(found), "the service claims less")
    return Part(name, Outcome.FAILED, claimed, _words(found))


def _words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _content_addressed(facts: CheckContext) -> bool | None:
    return _together(facts, "digest", "number")


def _pith_receipt(facts: CheckContext) -> bool | None:
    return _together(facts, "signature")


def _together(facts: CheckContext, *checks: str) -> bool | None:
    outcomes = {facts.outcomes[check] for check in checks}
    if Outcome.FAILED in outcomes:
        return False
    return True if outcomes == {Outcome.PASSED} else None


def _graph_snapshot(facts: CheckContext) -> bool | None:
    return bool(facts.record.mapping("graph_snapshot"))


def _strong_claims(facts: CheckContext) -> int | None:
    return facts.record.integer("graph_snapshot", "author_claims", "strong_count")


def _weak_claims(facts: CheckContext) -> int | None:
    """All author claims but the strong ones; None unless both counts are there."""
    count = facts.record.integer("graph_snapshot", "author_claims", "count")
    strong = _strong_claims(facts)
    return None if count is None or strong is None else count - strong


def _no_events(facts: CheckContext) -> int | None:
    """Zero where the record carries no events; the shape of others is not known (PROTOCOL.md)."""
    return 0 if facts.record.at("events") == [] else None


_RECOMPUTED: dict[str, Callable[[CheckContext], bool | int | None]] = {
    "content_addressed": _content_addressed,
    "pith_receipt": _pith_receipt,
    "graph_snapshot": _graph_snapshot,
    "weak_author_claims": _weak_claims,
    "strong_author_claims": _strong_claims,
    "citation_signatures": _no_events,
    "replication_records": _no_events,
}
