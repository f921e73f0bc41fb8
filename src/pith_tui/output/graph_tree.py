"""The graph snapshot as a tree: every section with its count, hash and check, to be expanded."""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.output.check_text import place_label
from pith_tui.output.rows import RowBuilder
from pith_tui.protocol.report import Outcome, Part, worst
from pith_tui.protocol.spellings import hex_digest
from pith_tui.protocol.strict_json import Path

_HASH = "snapshot_sha256"


class _Section(NamedTuple):
    """A section: where it is, what it is called, what counts it, and what its emptiness means."""

    path: Path
    label: str
    counter: str | None
    empty: str


_SECTIONS = (
    _Section(("graph_snapshot", "claims"), "Claims", "count", "no claims extracted yet"),
    _Section(("graph_snapshot", "references"), "References", "count", "no references resolved yet"),
    _Section(("graph_snapshot", "integrity"), "Integrity", None, "no detector ran, nothing found"),
    _Section(
        ("graph_snapshot", "formal_canon"), "Formal canon", "evidence_count", "no formal evidence"
    ),
    _Section(("graph_snapshot", "author_claims"), "Author claims", "count", "no author claims yet"),
    _Section(("inbound_citations",), "Inbound citations", "count", "no known citation yet"),
    _Section(("paper_claims",), "Paper claims", None, "no claims of the paper's own yet"),
    _Section(
        ("formal_canon",), "Formal canon of the record", "evidence_count", "no evidence, no anchors"
    ),
    _Section(("events",), "Events", None, "no events yet"),
    _Section(("event_summary",), "Event summary", None, "nothing to summarize"),
)


def graph_tree(build: RowBuilder) -> None:
    """Render the graph snapshot and what the record says beside it of its place in the graph."""
    record = build.checked.record
    if record.mapping("graph_snapshot"):
        _verdict(build)
    else:
        build.note("This record carries no graph snapshot.")
    hashes = {part.path[1]: part for part in build.checked.report.check("snapshots").parts}
    for section in _SECTIONS:
        if record.value_at(*section.path) is not None:
            inside = section.path[0] == "graph_snapshot"
            _section(build, section, hashes.get(section.path[-1]) if inside else None)
    _copies(build)
    build.add_remaining("graph_snapshot")


def _verdict(build: RowBuilder) -> None:
    path = ("graph_snapshot", "verdict")
    verdict = build.checked.record.mapping(*path)
    if not verdict:
        return
    is_reviewed = any(verdict.values())
    text = "the service's opinion, not signed" if is_reviewed else "no review yet"
    if not build.branch("Review", text, *path, opened=is_reviewed):
        return
    for label, name in (
        ("Summary", "one_line_summary"),
        ("Strongest claim", "strongest_claim"),
        ("Weakest assumption", "weakest_assumption"),
        ("Headline", "pith_extraction_headline"),
    ):
        build.field(label, *path, name, tex=True, empty="none", depth=1)
    build.tree(*path, depth=1)


def _section(build: RowBuilder, section: _Section, check: Part | None) -> None:
    record, path = build.checked.record, section.path
    count = _count(build, section)
    text = section.empty if count == 0 else f"{count}"
    if path[-1] == "integrity" and count != 0:
        findings, ran = (
            len(record.sequence(*path, name)) for name in ("findings", "detectors_run")
        )
        text = f"{findings or 'nothing'} found, {ran} detectors ran"
    hashed = hex_digest(record.value_at(*path, _HASH))
    outcome = None if check is None else check.outcome
    if hashed is not None:
        text = f"{text} · hash {hashed.hex()[:8]}…"
    opened = count != 0 or outcome is Outcome.FAILED
    if build.branch(section.label, text, *path, opened=opened, outcome=outcome):
        build.tree(*path, depth=1, outcomes={} if outcome is None else {(*path, _HASH): outcome})


def _count(build: RowBuilder, section: _Section) -> int | str:
    """Count the entries of a section, by its own count if it has one; 0 only if it is empty."""
    record, path = build.checked.record, section.path
    stated = None if section.counter is None else record.value_at(*path, section.counter)
    value = record.value_at(*path)
    if type(stated) is int and stated:
        return stated
    entries = (
        [value] if isinstance(value, list) else [record.value_at(*path, n) for n in _lists(value)]
    )
    count = sum(len(entry) for entry in entries if isinstance(entry, list))
    if count:
        return count
    return 0 if stated == 0 or isinstance(value, list) or not _says_more(value) else "present"


def _lists(value: object) -> list[str]:
    members = value if isinstance(value, dict) else {}
    return [name for name, member in members.items() if isinstance(member, list)]


def _says_more(value: object) -> bool:
    """Return whether a section without entries says anything that none would not."""
    if not isinstance(value, dict):
        return value not in (None, "", 0, [])
    usual = ("available", "clean", "endpoint", "summary", _HASH)
    return any(_says_more(member) for name, member in value.items() if name not in usual)


def _copies(build: RowBuilder) -> None:
    for name in ("paper", "source"):
        path = ("graph_snapshot", name)
        parts = tuple(
            part for part in build.checked.report.check("graph").parts if part.path[:2] == path
        )
        decider = worst(parts)
        if decider is None:
            continue
        same = decider.outcome is Outcome.PASSED
        others = dict.fromkeys(place_label(p.path) for p in parts if p.outcome is decider.outcome)
        text = "agrees with what is signed, and with the record's own"
        if not same:
            text = f"{decider.outcome.value}: {', '.join(others)}"
        if build.branch(f"Copy of {name}", text, *path, opened=not same, outcome=decider.outcome):
            build.tree(*path, depth=1)
