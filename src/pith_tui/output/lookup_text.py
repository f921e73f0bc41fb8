"""Texts of a look-up's findings: alarms, notices, and which server sent what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pith_tui.errors import PithError
from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.look_up import LookUpResult
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.provenance import format_source
from pith_tui.protocol.equivocation import Equivocation

_DESCRIPTIONS = {
    Equivocation.SIGNED_TWICE: "two different contents were signed for this version",
    Equivocation.SAME_NUMBER_DIFFERENT_CONTENT: "signed content was changed under the same number",
    Equivocation.OTHER_SIGNED_DETAILS: "another licence or other categories were signed for this "
    "version as well",
}


_IN_SHORT = {
    Equivocation.SIGNED_TWICE: "signed twice",
    Equivocation.SAME_NUMBER_DIFFERENT_CONTENT: "content changed",
    Equivocation.OTHER_SIGNED_DETAILS: "signed differently",
}


def finding_text(finding: Finding) -> str:
    """Describe what a record shows together with another one, which is named."""
    return f"{equivocation_text(finding.kind)} (see {finding.suffix})"


def weightiest(findings: Sequence[Finding]) -> Finding | None:
    """Return the first alarm, else the first notice; None if there is neither."""
    return min(findings, key=lambda finding: not finding.kind.is_alarm, default=None)


def finding_texts(finding: Finding) -> tuple[str, str, str]:
    """Format a finding in three lengths, the longest first."""
    head = "ALARM" if finding.kind.is_alarm else "note"
    middle = f"{head}: {_DESCRIPTIONS[finding.kind]}"
    return finding_text(finding), middle, f"{head}: {_IN_SHORT[finding.kind]}"


def equivocation_text(kind: Equivocation) -> str:
    """Describe what two contents show together: an alarm, or a notice."""
    if not kind.is_alarm:
        return f"note: {_DESCRIPTIONS[kind]}"
    return f"ALARM: {_DESCRIPTIONS[kind]}; no honest service does that"


def look_up_text(result: LookUpResult, now: datetime) -> str:
    """Describe how a look-up ended; empty where ``result_messages`` say it."""
    if result.stored is None:
        return "fetched"
    if result.fetched is None:
        return "" if result.error is None else fallback_text(result.error, result.shown, now)
    if not result.is_changed:
        return "up to date"
    is_shown = result.shown is result.fetched
    return "the server's response differs from the stored copy" if is_shown else ""


def fallback_text(error: PithError, shown: FetchedRecord, now: datetime) -> str:
    """Describe why no server sent a record, and which one is shown."""
    return f"{error}; using the local copy ({format_source(shown, now)})"


def verified_again_text(record: FetchedRecord, now: datetime) -> str:
    """Describe that every check was repeated."""
    return f"verified again from {len(record.raw):,} bytes at {now.astimezone():%H:%M:%S}"


def result_messages(result: LookUpResult) -> Iterator[str]:
    """Yield the messages to show beside the record, alarms first."""
    for finding in result.findings:
        yield finding_text(finding)
    sent = [record for record in (result.fetched, *result.others) if record is not None]
    for record in sent:
        if record.raw != result.shown.raw:
            yield f"{record.where} sent {_verdict_of(record)}; it is not shown"


def not_kept_message(result: LookUpResult) -> str | None:
    """Return why a fetched response could not be stored; None if it was, or none was fetched."""
    error = None if result.fetched is None else result.fetched.not_kept
    return None if error is None else f"fetched but not kept: {error}"


def _verdict_of(record: FetchedRecord) -> str:
    return f"a record that is {record.checked.report.verdict.value}"


def finding_object(finding: Finding) -> dict[str, object]:
    """Return a finding as members of a JSON object."""
    return {
        "kind": finding.kind.value,
        "alarm": finding.kind.is_alarm,
        "other": finding.suffix,
        "text": finding_text(finding),
    }
