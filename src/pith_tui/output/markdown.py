"""A verification report as Markdown: for an issue, a mail, a notebook.

Text of a record cannot make markup: prose is escaped sign by sign, values stand in code spans.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from pith_tui.lookup.equivocation import Finding
from pith_tui.output.check_text import (
    check_name,
    check_sentence,
    part_label,
    part_reason,
    value_text,
)
from pith_tui.output.lookup_text import finding_text
from pith_tui.output.safe import safe
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import OUTCOME_SIGNS, signer_text, tally, verdict_label
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Outcome, Part, Report, Values

# Every sign of ASCII that begins something in CommonMark, its tables, or the formulas that some
# renderers know.  The point is among them only where it could make a host name of two words.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#+!|~&$^=]|:(?=\S)|(?<=\w)\.(?=[^\W\d])")
_RUN = re.compile(r"`+")


def report_markdown(
    checked: CheckedRecord, name: str, source: str, findings: Sequence[Finding] = ()
) -> str:
    """Write a report: verdict, what was verified and where it came from, every check.

    ``name`` says what was verified; the hash of the bytes ties the report to them.
    """
    report, raw = checked.report, checked.raw
    signer = prose(signer_text(report))
    verdict = f"{verdict_label(report.verdict)}{f', {signer}' if signer else ''}"
    lines = [
        f"# {verdict}",
        "",
        *(f"**{prose(finding_text(finding))}**  " for finding in findings),
        *(f"{prose(line)}  " for line in verdict_lines(checked)),
        "",
        f"- Record: {code(name)}",
        f"- Asked for: {'nothing in particular' if report.asked is None else _asked(report)}",
        f"- Source: {prose(source)}",
        f"- Bytes: {len(raw):,}, SHA-256 `{hashlib.sha256(raw).hexdigest()}`",
        f"- Checks: {prose(tally(report.checks))}",
        "",
        "| | Check | Outcome | What it means | Values |",
        "|---|---|---|---|---|",
    ]
    for check in report.checks:
        lines.append(_check(check, report))
        lines += [_part(part) for part in check.parts if len(check.parts) > 1]
    lines += [
        "",
        "A record's signature covers its canonical record, and through hashes the title and the",
        "whole abstract. It covers no author names, no graph, no links and no other times.",
    ]
    return "\n".join(lines) + "\n"


def prose(text: str) -> str:
    """Escape a text so that it reads as it is and nothing in it is markup, a link or a mention.

    It is for the inside of a line: what begins a block at a line's start is not looked for.
    """
    escaped = _SIGNS.sub(lambda match: f"\\{match.group()}", safe(text).strip())
    # An address or a name to be notified is found in the finished text, after all escapes.
    return escaped.replace("@", "`@`")


def code(text: str) -> str:
    """Put a text into a code span that it cannot end, fit for a cell of a table."""
    shown = safe(text)
    if not shown.strip():
        return "(empty)" if not shown else f"({len(shown)} spaces)"
    fence = "`" * (max(map(len, _RUN.findall(shown)), default=0) + 1)
    # One space at either end is taken off again where both are there (CommonMark, Code spans).
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def _asked(report: Report) -> str:
    assert report.asked is not None, "something was asked for"
    return code(report.asked.text)


def _check(check: Check, report: Report) -> str:
    number, _, name = check_name(check).partition(" ")
    required = " (required)" if check.required else ""
    sentence = check_sentence(check, report)
    return _line(number, f"**{prose(name)}**{required}", check.outcome, sentence, check.values)


def _part(part: Part) -> str:
    return _line("", code(part_label(part)), part.outcome, part_reason(part), part.values)


def _line(number: str, name: str, outcome: Outcome, text: str, values: Values) -> str:
    cells = [
        number,
        name,
        f"{OUTCOME_SIGNS[outcome]} {outcome.value}",
        prose(text),
        " · ".join(f"{name} {code(value_text(value))}" for name, value in values),
    ]
    return f"| {' | '.join(cells)} |"
