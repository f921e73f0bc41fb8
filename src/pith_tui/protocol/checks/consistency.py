"""Checks 12, 13 and 16: what is shown outside the canonical record agrees with it."""

from __future__ import annotations

from datetime import datetime

from pith_tui.protocol.canonical import SHORT_LENGTHS
from pith_tui.protocol.checks.context import CheckContext, CheckResult, combine_parts, not_present
from pith_tui.protocol.record import Alias, Source
from pith_tui.protocol.report import Outcome, Part

_SOURCE = (("id", "id"), ("kind", "kind"), ("version", "version"))
_PAPER = (
    ("license", "license"),
    ("primary_cat", "primary_cat"),
    ("cross_cats", "cross_cats_sorted"),
    ("submitted_at", "submitted_at"),
)


def paper_and_source(facts: CheckContext) -> CheckResult:
    """Check 12: licence, categories, time of submission, id and version."""
    record = facts.record
    if record.canonical_record is None:
        shown = record.mapping("source") or record.mapping("paper")
        if not shown:
            return not_present("The record shows no paper and no source.")
        return CheckResult(Outcome.UNDECIDED, "No signed values to compare with.")
    parts: list[Part] = []
    for section, pairs in (("source", _SOURCE), ("paper", _PAPER)):
        shown = record.mapping(section)
        signed = record.mapping("canonical_record", "source" if section == "source" else "metadata")
        for name, signed_name in pairs:
            if shown.get(name) is not None:
                parts.append(_compare(section, name, shown[name], signed.get(signed_name)))
    words = {
        Outcome.PASSED: "Every value shown that is signed as well is the signed one.",
        Outcome.FAILED: "Shown otherwise than signed",
        Outcome.UNDECIDED: "Not signed, so nothing to compare with",
        Outcome.ABSENT: "The record shows none of the signed values.",
    }
    return combine_parts(parts, words)


def _compare(section: str, name: str, shown: object, signed: object) -> Part:
    label, claimed = f"{section}.{name}", _brief(shown)
    if signed is None:
        return Part(label, Outcome.UNDECIDED, claimed, None, "not in the canonical record")
    if name == "cross_cats":
        same = isinstance(shown, list) and isinstance(signed, list) and _sorted(shown) == signed
    elif name == "submitted_at":
        same = shown == signed or _same_instant(shown, signed)
    else:
        same = shown == signed and type(shown) is type(signed)
    return Part(label, Outcome.PASSED if same else Outcome.FAILED, claimed, _brief(signed))


def _sorted(items: list[object]) -> list[object]:
    return sorted(items, key=str)


def _same_instant(shown: object, signed: object) -> bool:
    """Compare as instants: the service writes one instant in three forms (PROTOCOL.md)."""
    try:
        return datetime.fromisoformat(str(shown)) == datetime.fromisoformat(str(signed))
    except (ValueError, TypeError):
        return False


def _brief(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "(none)"
    return str(value) if value != "" else "(empty)"


def aliases(facts: CheckContext) -> CheckResult:
    """Check 13: each alias is what its kind makes of the signed source and the digest."""
    record, listed = facts.record, facts.record.aliases
    if not listed:
        return not_present("The record lists no aliases.")
    if facts.digest is None:
        return CheckResult(Outcome.UNDECIDED, "No canonical record for the aliases to follow from.")
    suffix = facts.effective_suffix or ""
    expected = expected_aliases(record.canonical_source, suffix)
    parts = [_alias_part(alias, expected) for alias in listed]
    words = {
        Outcome.PASSED: "Every alias follows from what is signed.",
        Outcome.FAILED: "Not what follows from what is signed",
        Outcome.UNDECIDED: "No rule is known for",
    }
    return combine_parts(parts, words)


def expected_aliases(source: Source, suffix: str) -> dict[str, str]:
    """Derive the aliases, kind to value (PROTOCOL.md, Identifier)."""
    expected = {f"pith_short_{length}": suffix[:length] for length in SHORT_LENGTHS}
    if source.kind == "arxiv" and source.id is not None:
        expected["arxiv"] = source.id
        expected["doi"] = f"10.48550/arxiv.{source.id.lower()}"
        if source.version is not None:
            expected["arxiv_version"] = source.text
    return expected


def _alias_part(alias: Alias, expected: dict[str, str]) -> Part:
    kind = alias.kind or "(no kind)"
    computed = expected.get(kind)
    if computed is None:
        return Part(kind, Outcome.UNDECIDED, alias.value, None, "no rule is known for this kind")
    outcome = Outcome.PASSED if alias.value == computed else Outcome.FAILED
    return Part(kind, outcome, alias.value, computed)


def graph_copies(facts: CheckContext) -> CheckResult:
    """Check 16: the graph snapshot's copies of paper and source are the record's own."""
    parts: list[Part] = []
    for name in ("paper", "source"):
        copy, own = facts.record.at("graph_snapshot", name), facts.record.at(name)
        if copy is None or own is None:
            continue
        outcome = Outcome.PASSED if _same_json(copy, own) else Outcome.FAILED
        parts.append(
            Part(name, outcome, note="" if outcome is Outcome.PASSED else _differing(copy, own))
        )
    words = {
        Outcome.PASSED: "The graph's copies of paper and source are the record's own.",
        Outcome.FAILED: "The graph's copy is not the record's own",
        Outcome.ABSENT: "There are no two copies to compare.",
    }
    return combine_parts(parts, words)


def _same_json(one: object, other: object) -> bool:
    """Compare as JSON; Python alone holds 1, 1.0 and True to be equal."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _same_json(member, other[name]) for name, member in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same_json, one, other))
    return one == other


def _differing(copy: object, own: object) -> str:
    if not isinstance(copy, dict) or not isinstance(own, dict):
        return "of another type"
    names = [name for name in {**copy, **own} if copy.get(name) != own.get(name)]
    return f"differs in {', '.join(names)}"
