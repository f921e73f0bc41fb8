"""Checks 10 and 11: the title and the abstract by their signed hashes."""

from __future__ import annotations

from pith_tui.protocol.canonical import EXCERPT_LENGTH, text_hash, text_rule_settled
from pith_tui.protocol.checks.facts import Facts, Finding, absent
from pith_tui.protocol.report import Outcome


def title(facts: Facts) -> Finding:
    """Check 10: the title shown is the one whose hash is signed."""
    shown = facts.record.title
    signed = facts.record.text("canonical_record", "metadata", "title_canon_sha256")
    if shown is None:
        return absent("The record shows no title.")
    if signed is None:
        return Finding(Outcome.UNDECIDED, "No signed hash of the title to compare with.")
    return _compare("title", shown, signed)


def abstract(facts: Facts) -> Finding:
    """Check 11: the abstract, where the excerpt is the whole of it."""
    shown = facts.record.text("paper", "abstract_excerpt")
    signed = facts.record.text("canonical_record", "metadata", "abstract_canon_sha256")
    if shown is None:
        return absent("The record shows no abstract.")
    if signed is None:
        return Finding(Outcome.UNDECIDED, "No signed hash of the abstract to compare with.")
    if len(shown) >= EXCERPT_LENGTH and text_hash(shown) != signed:
        return Finding(
            Outcome.UNDECIDED,
            f"The excerpt is cut at {EXCERPT_LENGTH} characters; "
            "the signed hash is over the whole abstract.",
            signed,
        )
    return _compare("abstract", shown, signed)


def _compare(what: str, shown: str, signed: str) -> Finding:
    computed = text_hash(shown)
    if computed == signed:
        return Finding(
            Outcome.PASSED, f"The {what} shown has the hash that is signed.", signed, computed
        )
    if not text_rule_settled(shown):
        return Finding(
            Outcome.UNDECIDED,
            f"It cannot be settled how letters of this {what} beyond ASCII are hashed.",
            signed,
            computed,
        )
    return Finding(
        Outcome.FAILED, f"The {what} shown is not the one that was signed.", signed, computed
    )
