"""A record or a report as plain text: for pipes, for screen readers, for terminals without more.

Every text goes through ``safe`` here, so nothing of a record can act on a terminal.
"""

from __future__ import annotations

from pith_tui.output.cells import cell_width, hang
from pith_tui.output.panes import PANES, check_rows, panes_of
from pith_tui.output.rows import Row, Style, default_expanded
from pith_tui.output.safe import safe
from pith_tui.output.symbols import to_terminal
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import (
    MARK_MEANINGS,
    MARK_SIGNS,
    OUTCOME_SIGNS,
    VERDICT_SIGNS,
    signer_text,
    tally,
)
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Report

_DEEPEST = 8
"""Levels of a tree that are indented; deeper ones stay below each other."""
_LABEL = 20
"""Columns of a label; longer ones push their value to the right."""


def report_text(checked: CheckedRecord, name: str, came_from: str, width: int | None = None) -> str:
    """Write every check of a report, the verdict first.

    ``name`` and ``came_from`` say what was verified; ``width`` is the terminal's, None for a pipe
    (nothing is wrapped then, so that one line stays one line).
    """
    lines = _head(checked, f"{safe(name)} ({safe(came_from)})", width)
    for row in check_rows(checked.report):
        lines += _row_lines(row, width)
    return "\n".join(lines) + "\n"


def record_text(view: CheckedRecord, came_from: str, width: int | None = None) -> str:
    """Write a record's four panes with a mark before every field."""
    lines = _head(view, safe(came_from), width)
    for (_, name), rows in zip(PANES, panes_of(view, default_expanded), strict=True):
        lines += ["", f"{name}", to_terminal("─") * len(name)]
        for row in rows:
            lines += _row_lines(row, width)
    lines += ["", *_legend(width)]
    return "\n".join(lines) + "\n"


def verdict_line(report: Report) -> str:
    """Describe the verdict and how the checks ended, in one line."""
    verdict = report.verdict
    signer = signer_text(report)
    words = f"{verdict.value} {signer}" if signer else verdict.value
    return f"{VERDICT_SIGNS[verdict]} {words}  {tally(report.checks)}"


def _head(checked: CheckedRecord, what: str, width: int | None) -> list[str]:
    """Write the verdict, its two lines, what was verified and where it came from."""
    lines = [verdict_line(checked.report)]
    for line in verdict_lines(checked):
        lines += _wrap("  ", line, width)
    return [*lines, f"  {what}", ""]


def _legend(width: int | None) -> list[str]:
    lines: list[str] = []
    for mark, words in MARK_MEANINGS.items():
        lines += _wrap(f"{MARK_SIGNS[mark]} {mark.value:8} ", words, width)
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
    label = safe(row.label)
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
    """Put ``text`` behind ``head``, hanging; without a width it stays one line."""
    shown = safe(text)
    return [f"{head}{shown}".rstrip()] if width is None else hang(head, shown, width)
