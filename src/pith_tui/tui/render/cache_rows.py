"""Rows of the archive screen: what verifying found, and what an import or a removal is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pith_tui.operations.import_records import ImportCounts
from pith_tui.operations.job import Findings
from pith_tui.operations.verify_ranges import DAMAGED, MISDELIVERED
from pith_tui.output.check_text import CHECK_NAMES
from pith_tui.output.rows import ListRecords, OpenRecord, Row, Style
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.records import PruneCandidate, SameWork
from pith_tui.tui.cache_jobs import MOST_DOOMED, BroughtIn

_OUTCOMES = {
    DAMAGED: Outcome.FAILED,
    Verdict.FAILED.value: Outcome.FAILED,
    Verdict.UNDECIDED.value: Outcome.UNDECIDED,
    Verdict.VERIFIED.value: Outcome.PASSED,
}


def findings_rows(findings: Findings, *, busy: bool) -> list[Row]:
    """Say what verifying the archive came to, by verdict and by check; what is alarming first."""
    rows = [
        *_rival_rows(findings.rivals),
        *_strayed_rows(findings.checks[MISDELIVERED]),
        Row("Verification", _state(findings, busy), Style.HEADING),
    ]
    if findings.begun_at is None:
        rows.append(Row("", "v verifies every record from its bytes.", Style.NOTE))
        rows.append(Row("", "Verdicts are never stored: this is forgotten at the end.", Style.NOTE))
    verdicts = findings.verdicts
    rows += [_verdict_row(name, verdicts[name]) for name in _OUTCOMES if verdicts[name]]
    checks = findings.checks
    if any(checks[check] for check in CHECK_NAMES):
        rows.append(Row("Checks that stood in the way", "", Style.HEADING))
    rows += [
        Row(f"{number} {name}", _records(checks[check]), action=ListRecords(check))
        for number, (check, name) in enumerate(CHECK_NAMES.items(), 1)
        if checks[check]
    ]
    if findings.rivals == []:
        rows.append(Row("Equivocation", "", Style.HEADING))
        rows.append(Row("", "none: no version of a work was signed twice", outcome=Outcome.PASSED))
    return rows


def _state(findings: Findings, busy: bool) -> str:
    if findings.begun_at is None:
        return "not done yet"
    begun = f"begun {findings.begun_at.astimezone():%H:%M}"
    amount = f"{findings.done:,} of {findings.total:,}"
    if findings.complete:
        older = "; older than the last import: v begins anew" if findings.outdated else ""
        return f"of {'' if older else 'all '}{findings.done:,} records, {begun}{older}"
    return f"{amount}, {begun}" if busy else f"stopped at {amount}: u goes on"


def _verdict_row(name: str, count: int) -> Row:
    return Row(name, _records(count), outcome=_OUTCOMES[name], action=ListRecords(name))


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'} ↗"


def _rival_rows(rivals: list[SameWork] | None) -> list[Row]:
    """Show works that were signed with two contents above all else."""
    if not rivals:
        return []
    many = "one work was" if len(rivals) == 1 else f"{len(rivals):,} works were"
    words = f"{many} signed with two different contents for one version"
    rows = [Row("ALARM", words, Style.HEADING, outcome=Outcome.FAILED)]
    for each in rivals[:MOST_DOOMED]:
        rows += [
            Row(each.name, f"{suffix} ↗", action=OpenRecord(Identifier(Kind.PITH, suffix)))
            for suffix in each.suffixes
        ]
    return rows


def _strayed_rows(count: int) -> list[Row]:
    if not count:
        return []
    words = "a server sent records for numbers that are not theirs"
    return [
        Row("ALARM", words, Style.HEADING, outcome=Outcome.FAILED),
        Row(MISDELIVERED, _records(count), action=ListRecords(MISDELIVERED)),
    ]


def import_words(done: ImportCounts) -> str:
    """Say what an import came to."""
    return f"{done.new:,} new, {done.known:,} held already, {done.skipped:,} skipped"


def skipped_rows(brought: BroughtIn) -> list[Row]:
    """Say what an import came to, and name what it skipped."""
    done = brought.done
    rows = [Row("Import", import_words(done), Style.HEADING)]
    rows += [
        Row(name.rpartition("/")[2], why, outcome=Outcome.FAILED, copy=f"{name}: {why}")
        for name, why in brought.skipped
    ]
    left = done.skipped - len(brought.skipped)
    if left > 0:
        rows.append(Row("", f"… and {left:,} more", Style.NOTE))
    return rows


def doomed_rows(candidates: list[PruneCandidate], names: Mapping[str, str]) -> list[Row]:
    """List what would be removed, the longest unchecked first; ``names`` are what records claim."""
    rows: list[Row] = []
    for each in candidates[:MOST_DOOMED]:
        words = f"checked {_day(each.checked_at)}, {each.stored_bytes:,} bytes"
        name = names.get(each.suffix)
        if name is None:
            rows.append(Row(each.suffix, words))
        else:
            rows.append(Row(each.suffix, f"{words}: {name}", mark=Mark.CLAIMED, copy=each.suffix))
    left = len(candidates) - len(rows)
    return [*rows, Row("", f"… and {left:,} more", Style.NOTE)] if left else rows


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
