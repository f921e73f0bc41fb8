"""A record or a report as plain text: for pipes, for screen readers, for terminals without more.

Every text goes through ``safe`` here, so nothing of a record can act on a terminal.
"""

from __future__ import annotations

from collections.abc import Sequence

from pith_tui.lookup.equivocation import Finding
from pith_tui.output.cells import cell_width, hang
from pith_tui.output.lookup_text import finding_text
from pith_tui.output.panes import PANES, check_rows, panes_of
from pith_tui.output.rows import Row, Style, default_expanded
from pith_tui.output.safe import safe
from pith_tui.output.symbols import to_terminal
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import (
    MARK_MEANINGS,
    MARK_SIGNS,
    OUTCOME_SIGNS,
    signer_text,
    tally,
    verdict_label,
)
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Outcome

_DEEPEST = 8
"""Levels of a tree that are indented; deeper ones stay below each other."""
_LABEL = 20
"""Columns of a label; longer ones push their value to the right."""


def report_text(
    checked: CheckedRecord,
    name: str,
    source: str,
    width: int | None = None,
    findings: Sequence[Finding] = (),
) -> str:
    """Write every check of a report, the verdict first.

    ``name`` and ``source`` say what was verified; ``width`` is the terminal's, None for a pipe
    (nothing is wrapped then, so that one line stays one line).
    """
    lines = _head(checked, f"{name} ({source})", width, findings)
    for row in check_rows(checked.report):
        lines += _row_lines(row, width)
    return "\n".join(lines) + "\n"


def record_text(
    checked: CheckedRecord,
    source: str,
    width: int | None = None,
    findings: Sequence[Finding] = (),
) -> str:
    """Write a record's four panes with a mark before every field."""
    lines = _head(checked, source, width, findings)
    for (_, name), rows in zip(PANES, panes_of(checked, default_expanded), strict=True):
        lines += ["", f"{name}", to_terminal("─") * len(name)]
        for row in rows:
            lines += _row_lines(row, width)
    lines += ["", *_legend(width)]
    return "\n".join(lines) + "\n"


def _head(
    checked: CheckedRecord, what: str, width: int | None, findings: Sequence[Finding]
) -> list[str]:
    """Write the verdict, what was found beside it, its two lines, and what was verified."""
    report = checked.report
    signer = safe(signer_text(report))
    verdict = f"{verdict_label(report.verdict)}{f', {signer}' if signer else ''}"
    lines = _wrap(f"{verdict}  ", tally(report.checks), width)
    for finding in findings:
        lines += _wrap("  ", finding_text(finding), width)
    for line in verdict_lines(checked):
        lines += _wrap("  ", line, width)
    return [*lines, *_wrap("  ", what, width), ""]


def _legend(width: int | None) -> list[str]:
    lines: list[str] = []
    for mark, meaning in MARK_MEANINGS.items():
        lines += _wrap(f"{MARK_SIGNS[mark]} {mark.value:8} ", meaning, width)
    return lines


def _row_lines(row: Row, width: int | None) -> list[str]:
    if row.style is Style.HEADING:
        sign = f"{OUTCOME_SIGNS[row.outcome]} " if row.outcome is not None else ""
        return ["", *_wrap(f"{sign}{safe(row.label)}{': ' if row.text else ''}", row.text, width)]
    if row.style is Style.BRANCH:
        sign = f"{OUTCOME_SIGNS[row.outcome]} " if row.outcome is not None else ""
        gap = [""] if row.depth == 0 and not row.collapsed else []
        head = f"{_mark(row)} " if row.mark is not None else ""
        head = f"{head}{_indent(row)}{sign}{safe(row.label)}: "
        return [*gap, *_wrap(head, _as_read(row), width)]
    if row.style is Style.NOTE:
        return _wrap("  ", row.text, width)
    if row.style is Style.CHECK and row.outcome is not None:
        head = f"{OUTCOME_SIGNS[row.outcome]} {row.label:20}{row.outcome.value:10} "
        return _wrap(head, row.text, width)
    if row.style is Style.PART:
        sign = f"{OUTCOME_SIGNS[row.outcome]} " if row.outcome is not None else "  "
        return _wrap(f"    {sign}{safe(row.label):{_LABEL}} ", row.text, width)
    conflict = row.outcome is Outcome.CONFLICT  # any other outcome can be told from the mark
    label = f"{OUTCOME_SIGNS[Outcome.CONFLICT]} {safe(row.label)}" if conflict else safe(row.label)
    label += " " * (_LABEL - cell_width(label))
    return _wrap(f"{_mark(row)} {_indent(row)}{label} ", _as_read(row), width)


def _mark(row: Row) -> str:
    return " " * 10 if row.mark is None else f"{MARK_SIGNS[row.mark]} {row.mark.value:8}"


def _indent(row: Row) -> str:
    return "  " * min(row.depth, _DEEPEST)


def _as_read(row: Row) -> str:
    if not row.tex:
        return row.text
    from pith_tui.output.tex import display  # a report has no TeX, and should not wait for it

    return display(row.text)


def _wrap(head: str, text: str, width: int | None) -> list[str]:
    """Append ``text`` to ``head`` with a hanging indent; without a width it stays one line."""
    return hang(head, safe(text), width)
