"""Texts of the results of cache operations, for browser and command line alike."""

from __future__ import annotations

from pith_tui.operations.export_records import ExportResult
from pith_tui.operations.import_records import ImportResult
from pith_tui.operations.prune import PrunePlan
from pith_tui.operations.remove import RemoveResult
from pith_tui.operations.verify_ranges import Problem
from pith_tui.operations.verify_summary import MISDELIVERED, EquivocationCase, VerifySummary
from pith_tui.output.check_text import CHECK_NAMES
from pith_tui.output.lookup_text import equivocation_text
from pith_tui.output.wording import size_of


def count_records_text(count: int) -> str:
    """Format a number of records: ``1 record``, ``1,200 records``."""
    return f"{count:,} record{'' if count == 1 else 's'}"


def import_text(result: ImportResult) -> str:
    """Describe the result of an import."""
    return f"{result.new:,} new, {result.known:,} already in the cache, {result.skipped:,} skipped"


def export_text(result: ExportResult) -> str:
    """Describe how many records an export wrote, and how many it left out."""
    text = f"{count_records_text(result.written)} written"
    if result.damaged:
        text += f", {result.damaged:,} left out as damaged"
    if result.failed:
        text += f", {result.failed:,} left out as failing verification"
    return text


def evidence_text(suffix: str) -> str:
    """Describe a record of which every response fails."""
    return (
        f"{suffix} fails verification: what was received is kept as evidence,"
        f" `pith-tui cache show {suffix} --history` shows it"
    )


def prune_text(plan: PrunePlan) -> str:
    """Describe what pruning removes and keeps: ``3 records, 2.1 KiB, keeping 1 bookmarked``.

    Bookmarked records can be over the limit where there is nothing to remove.
    """
    if not plan.candidates:
        return f"nothing to remove{kept_text(plan)}"
    size = size_of(plan.stored_bytes)
    return f"{count_records_text(len(plan.candidates))}, {size}{kept_text(plan)}"


def kept_text(plan: PrunePlan) -> str:
    """Describe how many bookmarked records pruning keeps, to be appended; empty for none."""
    return f", keeping {plan.protected:,} bookmarked" if plan.protected else ""


def remove_text(result: RemoveResult) -> str:
    """Describe how many records were removed."""
    text = f"removed {count_records_text(result.removed)}"
    if result.compact_error is not None:
        text += f"; the file was not made smaller: {result.compact_error}"
    return text


def problem_text(problem: Problem) -> str:
    """Describe a record that is not verified, or that has conflicts, in one line."""
    parts = [", ".join(problem.checks)] if problem.checks else []
    if problem.conflicts:
        parts.append(f"conflict: {', '.join(problem.conflicts)}")
    if problem.misdelivered:
        parts.append("sent for another number")
    return "  ".join([problem.suffix, problem.verdict, "; ".join(parts)]).rstrip()


def group_name(kind: str, group_id: str) -> str:
    """Return the name of a group of records of a verification, as the heading of their list."""
    if kind == "conflict":
        return f"Conflict: {CHECK_NAMES.get(group_id, group_id)}"
    if kind == MISDELIVERED.kind:
        return "Sent for another number"
    return CHECK_NAMES.get(group_id, group_id)


def misdelivered_text(count: int) -> str:
    """Describe the alarm of records that a server sent for other numbers."""
    were = "1 record was" if count == 1 else f"{count:,} records were"
    return f"{were} sent by a server that was asked for another number; no honest service does that"


def equivocation_case_text(case: EquivocationCase) -> str:
    """Describe an alarm or a notice, and name the work and the records."""
    return f"{equivocation_text(case.kind)} ({case.name}: {', '.join(case.suffixes)})"


def equivocations_text(summary: VerifySummary) -> str:
    """Count the works that were signed twice: for alarms, else notices, else that there are none.

    It does not say which of these it is: ``has_alarm`` does.
    """
    alarms = len(summary.alarms)
    if alarms:
        works = "1 work was" if alarms == 1 else f"{alarms:,} works were"
        return f"{works} signed with two different contents for one version"
    return notices_text(summary) or "no version of a work was signed twice"


def notices_text(summary: VerifySummary) -> str:
    """Count the versions that an honest service may have signed twice; empty for none."""
    notices = len(summary.notices)
    if not notices:
        return ""
    versions = "1 version was" if notices == 1 else f"{notices:,} versions were"
    return f"{versions} signed again with another licence or other categories; no alarm"


def equivocation_object(case: EquivocationCase) -> dict[str, object]:
    """Return a case as a JSON object."""
    return {
        "work": case.name,
        "kind": case.kind.value,
        "alarm": case.kind.is_alarm,
        "suffixes": list(case.suffixes),
    }
