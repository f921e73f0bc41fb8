"""What the service says of its own data: the snapshot's hashes, and ``verification_status``.

Nothing of it is signed, so nothing here can fail: the worst is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from pith_tui.protocol.canonical import NotCanonicalError, empty_list_hash, snapshot_hash
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Step,
    combine_parts,
    not_present,
)
from pith_tui.protocol.report import (
    AGREES,
    CONFLICT,
    FAILED,
    HASH_AGREES,
    PASSED,
    UNDECIDED,
    Part,
    Reason,
    Values,
)
from pith_tui.protocol.spellings import hex_digest, is_nothing
from pith_tui.protocol.strict_json import Path

_COUNTS = {
    "claims": "count",
    "references": "count",
    "formal_canon": "evidence_count",
    "author_claims": "count",
}
"""The sections whose hash is taken over a list, and the member that counts it."""

_SEVERITIES = ("critical", "advisory", "informational")
SECTIONS = ("claims", "integrity", "references", "formal_canon", "author_claims")
"""The sections of ``graph_snapshot`` that carry a hash of their own."""


class _Payload(NamedTuple):
    """What a hash may be taken over, and whether a known rule says that it is all of it."""

    value: object
    is_whole: bool


_EMPTY = _Payload([], is_whole=True)


def snapshots(context: CheckContext) -> CheckResult:
    """Check each section's ``snapshot_sha256`` (docs/protocol.md, Snapshot hashes)."""
    graph = context.graph
    if not graph:
        return not_present()
    parts = []
    for section in SECTIONS:
        members = graph.get(section)
        if isinstance(members, dict) and not is_nothing(members.get("snapshot_sha256")):
            parts.append(_snapshot_part(section, members))
    return combine_parts(parts)


def _snapshot_part(section: str, members: Mapping[str, object]) -> Part:
    stated = members["snapshot_sha256"]
    payload = _payload(section, members)
    if payload is _EMPTY and stated == empty_list_hash():
        return _usual_snapshot_part(section)
    path: Path = ("graph_snapshot", section, "snapshot_sha256")
    values: Values = (("stated", stated),)
    read = hex_digest(stated)
    if read is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if payload is None:
        return Part(path, UNDECIDED, Reason.NOT_WHOLE, values)
    try:
        computed = empty_list_hash() if payload is _EMPTY else snapshot_hash(payload.value)
    except NotCanonicalError:
        return Part(path, UNDECIDED, Reason.NOT_CANONICAL, values)
    values = (*values, ("recomputed", computed))
    if computed == read.hex():
        return Part(path, PASSED, HASH_AGREES, values)
    if payload.is_whole:
        return Part(path, CONFLICT, Reason.HASH_DIFFERS, values)
    return Part(path, UNDECIDED, Reason.NO_RULE, values)


# Most sections are empty: the part that they share is made once.
@lru_cache(maxsize=len(SECTIONS))
def _usual_snapshot_part(section: str) -> Part:
    stated = empty_list_hash()
    values: Values = (("stated", stated), ("recomputed", stated))
    return Part(("graph_snapshot", section, "snapshot_sha256"), PASSED, HASH_AGREES, values)


def _payload(section: str, members: Mapping[str, object]) -> _Payload | None:
    """Return what the hash of a section is taken over; None where the record has not all of it."""
    if section == "integrity":
        return _integrity_payload(members)
    items = members.get("items") or members.get("sample")
    count = members.get(_COUNTS[section])
    if not items:
        return _EMPTY if _is_count(count) and count == 0 else None
    if isinstance(items, list) and _is_count(count) and len(items) == count:
        return _Payload(items, is_whole=False)  # how a list that is not empty is hashed is unknown
    return None


def _integrity_payload(members: Mapping[str, object]) -> _Payload | None:
    detectors, findings = members.get("detectors_run"), members.get("findings")
    summary = members.get("summary")
    if not isinstance(detectors, list) or not isinstance(findings, list):
        return None
    stated = summary if isinstance(summary, dict) else {}
    counts = [count for severity in _SEVERITIES if _is_count(count := stated.get(severity))]
    whole = len(counts) == len(_SEVERITIES) and sum(counts) == len(findings)
    return _Payload({"detectors": detectors, "findings": findings}, is_whole=whole)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def status(context: CheckContext) -> CheckResult:
    """Compare six members of ``verification_status`` with what was found here."""
    stated = context.record.mapping("verification_status")
    parts = [
        _status_part(name, stated[name], recompute(context), context)
        for name, recompute in _RECOMPUTED.items()
        if stated.get(name) is not None
    ]
    return combine_parts(parts)


def _status_part(
    name: str, stated: object, recomputed: bool | int | None, context: CheckContext
) -> Part:
    path: Path = ("verification_status", name)
    values: Values = (("stated", stated),)
    readable = isinstance(stated, bool) if name in _FLAGS else _is_count(stated)
    if not readable or not isinstance(stated, int):
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if recomputed is None:
        return Part(path, UNDECIDED, Reason.NOT_IN_RESPONSE, values)
    if stated == recomputed:
        return _agreeing_status_part(name, stated)
    values = (*values, ("found here", recomputed))
    if stated < recomputed:
        return Part(path, UNDECIDED, Reason.LESS_SAID, values)
    if name in _EVENT_TYPES and _is_summed_up(context, _EVENT_TYPES[name], stated):
        return Part(path, UNDECIDED, Reason.NOT_IN_RESPONSE, values)
    return Part(path, CONFLICT, Reason.MORE_SAID, values)


# Most records state the same few flags and zeros: a part that they share is made once.
@lru_cache(maxsize=64, typed=True)
def _agreeing_status_part(name: str, stated: int) -> Part:
    values: Values = (("stated", stated), ("found here", stated))
    return Part(("verification_status", name), PASSED, AGREES, values)


_FLAGS = frozenset({"content_addressed", "pith_receipt", "graph_snapshot"})
_EVENT_TYPES = {
    "citation_signatures": "citation_signature",
    "replication_records": "replication_record",
}


def _is_summed_up(context: CheckContext, event_type: str, stated: int) -> bool:
    """Return whether ``event_summary`` counts as many events, which are stored elsewhere then."""
    named = context.record.mapping("event_summary").get(event_type)
    return isinstance(named, int) and not isinstance(named, bool) and named >= stated


def _together(*checks: str) -> Callable[[CheckContext], bool | None]:
    def recompute(context: CheckContext) -> bool | None:
        together = True
        for check in checks:
            outcome = context.outcomes[check]
            if outcome is FAILED:
                return False
            together = together and outcome is PASSED
        return together or None

    return recompute


def _graph_is_there(context: CheckContext) -> bool | None:
    if isinstance(context.record.value_at("graph_snapshot"), dict):
        return True
    stated = context.record.value_at("verification_status", "graph_snapshot")
    return None if stated is True else False  # its absence from this response is no contradiction


def _strong_claims(context: CheckContext) -> int | None:
    count = context.record.integer("graph_snapshot", "author_claims", "strong_count")
    return count if _is_count(count) else None


def _events_of(event_type: str) -> Callable[[CheckContext], int | None]:
    def recompute(context: CheckContext) -> int | None:
        events = context.record.value_at("events")
        if not isinstance(events, list):
            return None
        return sum(
            1
            for event in events
            if isinstance(event, dict) and event.get("event_type") == event_type
        )

    return recompute


_RECOMPUTED: dict[str, Callable[[CheckContext], bool | int | None]] = {
    "content_addressed": _together("digest", "number"),
    "pith_receipt": _together("signature"),
    "graph_snapshot": _graph_is_there,
    "strong_author_claims": _strong_claims,
    "citation_signatures": _events_of("citation_signature"),
    "replication_records": _events_of("replication_record"),
}


STEPS = (
    Step("snapshots", False, snapshots),
    Step("status", False, status),
)
