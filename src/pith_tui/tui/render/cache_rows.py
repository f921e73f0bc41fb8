"""Rows of the cache screen: the results of verifying, importing and removing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from pith_tui.operations.export_records import ExportResult
from pith_tui.operations.import_records import ImportResult
from pith_tui.operations.list_records import ListedRecord
from pith_tui.operations.prune import PrunePlan
from pith_tui.operations.verify_ranges import DAMAGED
from pith_tui.operations.verify_summary import (
    MISDELIVERED,
    EquivocationCase,
    Group,
    VerifySummary,
    check_group,
    conflict_group,
    verdict_group,
)
from pith_tui.output.cache_text import (
    count_records_text,
    equivocations_text,
    evidence_text,
    import_text,
    misdelivered_text,
    notices_text,
)
from pith_tui.output.check_text import numbered_name
from pith_tui.output.rows import ListRecords, OpenRecord, Row, Style
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.protocol.verification import CHECK_IDS
from pith_tui.tui.commands.keys import KeyFor
from pith_tui.tui.render.layout import shown

MAX_LISTED = 500
"""Maximum number of records listed before removal or as signed twice; the rest are counted."""
_TITLE = 200
_OUTCOMES = {
    DAMAGED: Outcome.FAILED,
    Verdict.FAILED.value: Outcome.FAILED,
    Verdict.UNDECIDED.value: Outcome.UNDECIDED,
    Verdict.VERIFIED.value: Outcome.PASSED,
}


def left_out_rows(result: ExportResult) -> list[Row]:
    """Describe what an export left out, as damaged or failing."""
    damaged = [Row("damaged", str(error)) for error in result.errors]
    return damaged + [Row("failed", evidence_text(suffix)) for suffix in result.failing]


def verified_text(summary: VerifySummary, seconds: float, key_for: KeyFor) -> str:
    """Describe how a verification ended, for the status bar."""
    count = count_records_text(summary.done)
    if summary.complete:
        text = f"{count} checked in {seconds:.1f} seconds"
    else:
        text = f"stopped after {count}; press {key_for('cache_resume')} to resume"
    return f"ALARM: see above; {text}" if summary.has_alarm else text


def summary_rows(summary: VerifySummary, key_for: KeyFor, *, busy: bool) -> list[Row]:
    """Show the results of a verification: alarms first, then by verdict, check and conflict."""
    rows = [
        *_alarm_rows(summary),
        Row("Verification", _state(summary, key_for, busy), Style.HEADING),
    ]
    if summary.begun_at is None:
        press = f"Press {key_for('cache_verify')} to verify every record from its bytes."
        rows.append(Row("", press, Style.NOTE))
        note = "Verdicts are never stored: the results are kept until the program ends."
        rows.append(Row("", note, Style.NOTE))
    rows += [
        _group_row(summary, verdict_group(name), name, outcome)
        for name, outcome in _OUTCOMES.items()
        if summary.verdicts[name]
    ]
    rows += _check_rows(summary, "Checks not passed", "", check_group, None)
    rows += _check_rows(
        summary, "Conflicts", "they change no verdict", conflict_group, Outcome.CONFLICT
    )
    return [*rows, *_equivocation_rows(summary)]


def _state(summary: VerifySummary, key_for: KeyFor, busy: bool) -> str:
    if summary.begun_at is None:
        return "not done yet"
    started = f"started {summary.begun_at.astimezone():%H:%M}"
    amount = f"{summary.done:,} of {summary.total:,}"
    if busy:
        return f"{amount}, {started}"
    if summary.outdated:
        verify = key_for("cache_verify")
        return f"{amount}, {started}; the cache has changed since: press {verify} to verify all"
    if summary.complete:
        return f"all {count_records_text(summary.done)}, {started}"
    return f"stopped at {amount}: press {key_for('cache_resume')} to resume"


def _group_row(summary: VerifySummary, group: Group, label: str, outcome: Outcome | None) -> Row:
    text = f"{count_records_text(summary.count(group))} ↗"
    return Row(label, text, outcome=outcome, action=ListRecords(*group))


def _check_rows(
    summary: VerifySummary,
    heading: str,
    note: str,
    group_of: Callable[[str], Group],
    outcome: Outcome | None,
) -> list[Row]:
    rows = [
        _group_row(summary, group_of(check), numbered_name(check), outcome)
        for check in CHECK_IDS
        if summary.count(group_of(check))
    ]
    return [Row(heading, note, Style.HEADING), *rows] if rows else []


def _alarm_rows(summary: VerifySummary) -> list[Row]:
    """Show what no honest service does before everything else."""
    rows: list[Row] = []
    if summary.alarms:
        rows += [_alarm(equivocations_text(summary)), *_case_rows(summary.alarms)]
    if summary.misdelivered:
        rows.append(_alarm(misdelivered_text(summary.misdelivered)))
        rows.append(_group_row(summary, MISDELIVERED, "records", None))
    return rows


def _alarm(text: str) -> Row:
    return Row("ALARM", text, Style.HEADING, outcome=Outcome.FAILED)


def _equivocation_rows(summary: VerifySummary) -> list[Row]:
    """Show that nothing was signed twice, or how an honest service may have done so."""
    if summary.equivocations is None or (summary.alarms and not summary.notices):
        return []
    text, outcome = notices_text(summary), Outcome.CONFLICT
    if not text:
        text, outcome = equivocations_text(summary), Outcome.PASSED
    rows = [Row("Equivocation", "", Style.HEADING), Row("", text, outcome=outcome)]
    return rows + _case_rows(summary.notices)


def _case_rows(cases: Sequence[EquivocationCase]) -> list[Row]:
    rows = [
        Row(case.name, f"{suffix} ↗", action=OpenRecord(Identifier(Kind.PITH, suffix)))
        for case in cases[:MAX_LISTED]
        for suffix in case.suffixes
    ]
    return rows + _more(len(cases) - MAX_LISTED)


def skipped_rows(result: ImportResult) -> list[Row]:
    """Show the result of an import, and name what it skipped."""
    rows = [Row("Import", import_text(result), Style.HEADING)]
    rows += [
        Row(name.rpartition("/")[2], reason, outcome=Outcome.FAILED, copy=f"{name}: {reason}")
        for name, reason in result.first_skipped
    ]
    return rows + _more(result.skipped - len(result.first_skipped))


def prune_rows(plan: PrunePlan, listed: Sequence[ListedRecord]) -> list[Row]:
    """List what would be removed, the longest unchecked first, with the claimed id and title."""
    names = {record.suffix: _claimed_name(record) for record in listed}
    rows: list[Row] = []
    for candidate in plan.candidates[:MAX_LISTED]:
        suffix = candidate.suffix
        text = f"checked {_day(candidate.checked_at)}, {candidate.stored_bytes:,} bytes"
        name = names.get(suffix)
        if name is None:
            rows.append(Row(suffix, text))
        else:
            rows.append(Row(suffix, f"{text}: {name}", mark=Mark.CLAIMED, copy=suffix))
    return rows + _more(len(plan.candidates) - len(rows))


def _claimed_name(record: ListedRecord) -> str | None:
    """Return the claimed id and title; None for a damaged record."""
    catalog = record.catalog
    if catalog is None:
        return None
    version = "" if catalog.version is None else f"v{catalog.version}"
    title = shown(catalog.title or "(no title)", limit=_TITLE)
    return f"{catalog.arxiv or '?'}{version} · {title}"


def _more(count: int) -> list[Row]:
    return [Row("", f"… and {count:,} more", Style.NOTE)] if count > 0 else []


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
