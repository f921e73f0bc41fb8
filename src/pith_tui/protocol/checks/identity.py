"""Checks 2 to 6: is it the record that was asked for, and do digest and Pith Number hold."""

from __future__ import annotations

import re

from pith_tui.protocol.checks.context import CheckContext, CheckResult, combine_parts, not_present
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.report import Outcome, Part

_NUMBER = re.compile(r"pith:([0-9]{4}):([A-Z2-7]{26})\Z")


def asked_for(facts: CheckContext) -> CheckResult:
    """Check 2: by the signed source or the recomputed digest, never by a claimed alias."""
    asked = facts.asked
    if asked is None:
        return not_present("No identifier was asked for, so any record would do.")
    if asked.kind is Kind.PITH:
        finding = _asked_by_number(facts, asked)
    elif asked.arxiv is None:
        finding = CheckResult(
            Outcome.UNDECIDED,
            "The signature covers no DOI but arXiv's own, so nothing ties this record to it.",
            asked.text,
            facts.record.canonical_source.text,
        )
    else:
        finding = _asked_by_source(facts, asked, asked.arxiv)
    if facts.digest is None and finding.outcome is Outcome.PASSED:
        return finding._replace(
            outcome=Outcome.UNDECIDED,
            sentence="The record says it is the one asked for; without its canonical record "
            "that cannot be recomputed.",
        )
    return finding


def _asked_by_number(facts: CheckContext, asked: Identifier) -> CheckResult:
    suffix = facts.effective_suffix
    if suffix is None:
        return CheckResult(
            Outcome.UNDECIDED, "The record gives no digest to name it by.", asked.text
        )
    year = facts.submitted_year
    right_year = asked.year is None or year is None or str(asked.year) == year
    computed = f"pith:{year}:{suffix}" if year else suffix
    if not suffix.startswith(asked.value) or not right_year:
        sentence = "This is another record than the one asked for."
        return CheckResult(Outcome.FAILED, sentence, asked.text, computed)
    if asked.is_full:
        return CheckResult(
            Outcome.PASSED, "It is the record with the number asked for.", asked.text, computed
        )
    sentence = "Its number begins as asked; a short form is a search key and can fit others too."
    return CheckResult(Outcome.PASSED, sentence, asked.text, computed)


def _asked_by_source(facts: CheckContext, asked: Identifier, arxiv: str) -> CheckResult:
    record = facts.record
    source = record.canonical_source if record.canonical_record is not None else record.source
    if source.id is None:
        return CheckResult(Outcome.UNDECIDED, "The record names no source.", asked.text)
    if source.kind not in (None, "arxiv") or source.id != arxiv:
        sentence = "This is the record of another work than the one asked for."
        return CheckResult(Outcome.FAILED, sentence, asked.text, source.text)
    if asked.version is not None and source.version != asked.version:
        sentence = "It is the right work in another version than the one asked for."
        return CheckResult(Outcome.FAILED, sentence, asked.text, source.text)
    words = "work and version" if asked.version is not None else "work"
    return CheckResult(Outcome.PASSED, f"It is the {words} asked for.", asked.text, source.text)


def digest(facts: CheckContext) -> CheckResult:
    """Check 3: SHA-256 of the canonical form against ``canonical_sha256``."""
    stated = facts.record.text("canonical_sha256")
    if facts.digest is None:
        return CheckResult(
            Outcome.ABSENT, "The record comes without its canonical record; no digest.", stated
        )
    computed = facts.digest.hex()
    if stated is None:
        return CheckResult(Outcome.ABSENT, "The record states no digest.", None, computed)
    if stated != computed:
        return CheckResult(
            Outcome.FAILED,
            "The canonical record is not the one that the stated digest was taken over.",
            stated,
            computed,
        )
    return CheckResult(
        Outcome.PASSED, "The digest recomputed here is the one stated.", stated, computed
    )


def digest_copies(facts: CheckContext) -> CheckResult:
    """Check 4: the receipt's copy of the digest."""
    copy = facts.record.text("receipt", "canonical_sha256")
    best = facts.effective_digest
    if copy is None:
        return not_present("The receipt carries no copy of the digest.")
    if best is None:
        return CheckResult(Outcome.UNDECIDED, "There is no digest to compare the copy with.", copy)
    if copy != best.hex():
        return CheckResult(Outcome.FAILED, "The receipt is for another digest.", copy, best.hex())
    return CheckResult(Outcome.PASSED, "The receipt's copy of the digest agrees.", copy, best.hex())


def pith_number(facts: CheckContext) -> CheckResult:
    """Check 5: the number is base32 of the digest, the short form its start."""
    record, suffix = facts.record, facts.effective_suffix
    number, short = record.pith_number, record.text("short_pith_number")
    if number is None and short is None:
        return not_present("The record states no Pith Number.")
    if suffix is None:
        return CheckResult(
            Outcome.UNDECIDED, "There is no digest to derive the number from.", number
        )
    parts: list[Part] = []
    if number is not None:
        found = _NUMBER.match(number)
        same = found is not None and found.group(2) == suffix
        parts.append(_equal("Pith Number", same, number, f"pith:…:{suffix}"))
    if short is not None:
        parts.append(
            _equal("short form", short == f"pith:{suffix[:8]}", short, f"pith:{suffix[:8]}")
        )
    rest = "" if facts.digest else " (the stated one: the canonical record is not here)"
    words = {
        Outcome.PASSED: f"The number is the base32 of the digest{rest}.",
        Outcome.FAILED: "Not the base32 of the digest",
    }
    return combine_parts(parts, words)._replace(claimed=number or short, computed=suffix)


def _equal(name: str, same: bool, claimed: str, computed: str) -> Part:
    return Part(name, Outcome.PASSED if same else Outcome.FAILED, claimed, computed)


def year(facts: CheckContext) -> CheckResult:
    """Check 6: the number's year is the year of submission."""
    number = facts.record.pith_number
    if number is None:
        return not_present("The record states no Pith Number.")
    found = _NUMBER.match(number)
    if found is None:
        return CheckResult(Outcome.FAILED, "The number has no year of four digits.", number)
    if facts.submitted_year is None:
        return CheckResult(
            Outcome.UNDECIDED, "No signed time of submission to take the year from.", found.group(1)
        )
    if found.group(1) != facts.submitted_year:
        return CheckResult(
            Outcome.FAILED,
            "The number's year is not the year of submission.",
            found.group(1),
            facts.submitted_year,
        )
    return CheckResult(
        Outcome.PASSED,
        "The number's year is the year of submission.",
        found.group(1),
        facts.submitted_year,
    )
