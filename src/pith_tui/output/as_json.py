"""A record or a report as JSON for scripts: ASCII alone, so that it is safe on any terminal."""

from __future__ import annotations

import json

from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Report
from pith_tui.protocol.strict_json import path_text


def report_object(report: Report, came_from: dict[str, object]) -> dict[str, object]:
    """Make the JSON object of a report: verdict, what was asked, source, every check."""
    return {
        "verdict": report.verdict.value,
        "asked": None if report.asked is None else report.asked.text,
        "source": came_from,
        "checks": [_check_object(check) for check in report.checks],
    }


def record_object(view: CheckedRecord, came_from: dict[str, object]) -> dict[str, object]:
    """Make the JSON object of a record: its report, the mark of every leaf, and the record."""
    return {
        **report_object(view.report, came_from),
        "marks": {path_text(path): mark.value for path, mark in view.marks.items()},
        "record": view.record.tree,
    }


def to_text(value: object) -> str:
    """Write a value as indented JSON with a final newline."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def to_line(value: object) -> str:
    """Write a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=True) + "\n"


def _check_object(check: Check) -> dict[str, object]:
    return {
        "number": check.number,
        "id": check.id,
        "name": check.name,
        "outcome": check.outcome.value,
        "required": check.required,
        "sentence": check.sentence,
        "claimed": check.claimed,
        "computed": check.computed,
        "parts": [{**part._asdict(), "outcome": part.outcome.value} for part in check.parts],
    }
