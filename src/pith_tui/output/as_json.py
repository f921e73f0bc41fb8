"""A record or a report as JSON for scripts: ASCII only, so that it is safe on any terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.check_text import CHECK_NAMES, check_number, check_sentence
from pith_tui.output.lookup_text import finding_object
from pith_tui.output.provenance import source_object
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.protocol.keys import PINNED
from pith_tui.protocol.report import Check, Part, Report
from pith_tui.protocol.strict_json import WrittenNumber, path_text


def report_object(record: FetchedRecord, findings: Sequence[Finding] = ()) -> dict[str, object]:
    """Make the JSON object of a report: verdict, what was asked, source, every check."""
    checked, report = record.checked, record.checked.report
    return {
        "verdict": report.verdict.value,
        "verdict_lines": list(verdict_lines(checked)),
        "conflicts": list(report.conflicts),
        "key": _key_object(report),
        "asked": None if report.asked is None else report.asked.text,
        "source": source_object(record),
        "findings": [finding_object(finding) for finding in findings],
        "checks": [_check_object(check, report) for check in report.checks],
    }


def record_object(record: FetchedRecord, findings: Sequence[Finding] = ()) -> dict[str, object]:
    """Make the JSON object of a record: its report, the mark of every leaf, and the record."""
    return {
        **report_object(record, findings),
        "marks": {path_text(path): mark.value for path, mark in record.checked.marks.items()},
        "record": writable(record.checked.record.tree),
    }


def _check_object(check: Check, report: Report) -> dict[str, object]:
    return {
        "number": check_number(check.id),
        "id": check.id,
        "name": CHECK_NAMES[check.id],
        "outcome": check.outcome.value,
        "required": check.required,
        "reason": check.reason.value,
        "sentence": check_sentence(check, report),
        "parts": [_part_object(part) for part in check.parts],
    }


def _part_object(part: Part) -> dict[str, object]:
    return {
        "path": path_text(part.path),
        "outcome": part.outcome.value,
        "reason": part.reason.value,
        "values": {name: writable(value) for name, value in part.values},
    }


def _key_object(report: Report) -> dict[str, object] | None:
    """Describe the key that signed, and whether it came with the program or a user added it."""
    if report.signer is None:
        return None
    return {
        "key_id": report.signer.key_id,
        "fingerprint": report.signer.fingerprint,
        "origin": "program" if report.signer.raw == PINNED.raw else "user",
    }


def writable(value: object) -> object:
    """Return a JSON value with the numbers that are kept as text written as texts."""
    if isinstance(value, Mapping):
        return {name: writable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [writable(item) for item in value]
    return value.text if isinstance(value, WrittenNumber) else value
