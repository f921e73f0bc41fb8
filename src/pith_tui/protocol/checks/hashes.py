"""Checks 10 and 11: the title and the abstract by their signed hashes."""

from __future__ import annotations

from pith_tui.protocol.canonical import EXCERPT_LENGTH, text_hash, text_rule_settled
from pith_tui.protocol.checks.context import CheckContext, CheckResult, not_present
from pith_tui.protocol.report import Outcome


def title(facts: CheckContext) -> CheckResult:
    """Check 10: the title shown is the one whose hash is signed."""
    shown = facts.record.title
    signed = facts.record.text("canonical_record", "metadata", "title_canon_sha256")
    if shown is None:
        return not_present("The record shows no title.")
    if signed is None:
        return CheckResult(Outcome.UNDECIDED, "No signed hash of the title to compare with.")
    return _compare("title", shown, signed)


def abstract(facts: CheckContext) -> CheckResult:
    """Check 11: the abstract, where the excerpt is the whole of it."""
    shown = facts.record.text("paper", "abstract_excerpt")
    signed = facts.record.text("canonical_record", "metadata", "abstract_canon_sha256")
    if shown is None:
        return not_present("The record shows no abstract.")
    if signed is None:
        return CheckResult(Outcome.UNDECIDED, "No signed hash of the abstract to compare with.")
    if len(shown) >= EXCERPT_LENGTH and text_hash(shown) != signed:
        return CheckResult(
            Outcome.UNDECIDED,
            f"The excerpt is cut at {EXCERPT_LENGTH} characters; "
            "the signed hash is over the whole abstract.",
            signed,
        )
    return _compare("abstract", shown, signed)


def _compare(what: str, shown: str, signed: str) -> CheckResult:
    computed = text_hash(shown)
    if computed == signed:
        return CheckResult(
            Outcome.PASSED, f"The {what} shown has the hash that is signed.", signed, computed
        )
    if not text_rule_settled(shown):
        return CheckResult(
            Outcome.UNDECIDED,
            f"It cannot be settled how letters of this {what} beyond ASCII are hashed.",
            signed,
            computed,
        )
    return CheckResult(
        Outcome.FAILED, f"The {what} shown is not the one that was signed.", signed, computed
    )
