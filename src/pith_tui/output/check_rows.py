"""One checked entry as rows: what it says, what the records of its ids prove, and the remarks."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pith_tui.operations.bibliography.comparison import RecordFacts, Result
from pith_tui.operations.bibliography.titles import differing_words
from pith_tui.operations.check_bibliography import EntryResult, IdResult
from pith_tui.output.bibliography_text import (
    marked_title,
    no_id_sentence,
    problem_sentence,
    remark_sentence,
    result_sentence,
)
from pith_tui.output.lookup_text import finding_text
from pith_tui.output.rows import Row, Style
from pith_tui.output.wording import VERDICT_OUTCOMES
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome, Verdict

_MAX_LINES = 60
"""Lines of an entry's source that are shown."""

_OUTCOMES = {
    Result.SAME: Outcome.PASSED,
    Result.OTHER: Outcome.CONFLICT,
    Result.NOT_CHECKED: Outcome.UNDECIDED,
    Result.NO_RECORD: Outcome.ABSENT,
    Result.FAILED: Outcome.FAILED,
    Result.IMPOSSIBLE: Outcome.FAILED,
}
"""What is shown with the sign of an outcome, in its colour; a part of a title has no such sign."""


def entry_rows(result: EntryResult) -> list[Row]:
    """Return the rows of one entry, raw text."""
    entry = result.entry
    place = f"{os.path.basename(result.file)}:{entry.line}"
    rows = [Row(entry.key or "Entry", place, Style.HEADING)]
    if not result.ids:
        rows.append(Row("", no_id_sentence(result), Style.NOTE))
    for compared in result.ids:
        rows += _id_rows(compared)
    if entry.problems:
        rows.append(Row("Faults", "", Style.HEADING))
        rows += [
            Row(f"line {problem.line}", problem_sentence(problem)) for problem in entry.problems
        ]
    rows.append(Row("As written", "", Style.HEADING))
    lines = entry.source.split("\n")
    rows += [Row("", line, Style.NOTE) for line in lines[:_MAX_LINES]]
    if len(lines) > _MAX_LINES:
        rows.append(Row("", f"and {len(lines) - _MAX_LINES:,} more lines", Style.NOTE))
    return rows


def _id_rows(result: IdResult) -> Iterator[Row]:
    outcome = _OUTCOMES.get(result.result)
    yield Row(f"arXiv:{result.text}", result_sentence(result), Style.HEADING, outcome=outcome)
    facts = result.facts
    if facts is None:
        if result.written:
            yield Row("entry", result.written)
    elif result.result in (Result.PART, Result.OTHER):
        entry, record = differing_words(result.written or "", facts.title or "")
        yield Row("entry", marked_title(entry, "[-", "-]"), copy=result.written)
        yield Row("record", marked_title(record, "{+", "+}"), mark=Mark.PROVED, copy=facts.title)
    else:
        yield Row("entry", result.written or "(no title)")
        mark = Mark.PROVED if facts.is_title_proved else Mark.CLAIMED
        yield Row("record", facts.title or "(shows no title)", mark=mark)
    yield Row("id from", ", ".join(result.where))
    if facts is not None:
        yield from _record_rows(facts)
    for finding in result.findings:
        yield Row("", finding_text(finding), Style.NOTE)
    for remark in result.remarks:
        yield Row("", remark_sentence(remark), Style.NOTE)


def _record_rows(facts: RecordFacts) -> Iterator[Row]:
    yield Row("verdict", facts.verdict.value, outcome=VERDICT_OUTCOMES[facts.verdict])
    if facts.number is not None:
        mark = Mark.PROVED if facts.verdict is Verdict.VERIFIED else Mark.CLAIMED
        yield Row("number", facts.number, mark=mark)
    if facts.authors:
        yield Row("authors", facts.authors, mark=Mark.CLAIMED, tex=True)
