"""The history of a record: each answer held, its verdict, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.output.changes import alarm_in, change_rows
from pith_tui.output.rows import Pick, Row, Style
from pith_tui.output.wording import age
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.cache import StoredResponse
from pith_tui.store.responses import ResponseRow

_OUTCOMES = {
    Verdict.VERIFIED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.UNDECIDED: Outcome.UNDECIDED,
}


class HistoryEntry(NamedTuple):
    """An answer, its verdict, and the rows of what it changed against the ``before`` it.

    A damaged answer has no verdict; the one before is the last that can be read.  ``changed`` is
    empty where there is none before.
    """

    answer: ResponseRow
    verdict: Verdict | None
    before: StoredResponse | None
    changed: list[Row]

    @property
    def alarm(self) -> str | None:
        """The alarm that the change raises, if any."""
        return alarm_in(self.changed)


def steps_of(
    answers: Iterable[ResponseRow], trusted: Sequence[PublicKey]
) -> Iterator[HistoryEntry]:
    """Go through the answers, the latest first as they come; two at a time are in memory."""
    waiting: list[ResponseRow] = []  # one that can be read, then damaged ones
    for answer in answers:
        if waiting and answer.held is not None:
            yield from _steps(waiting, answer.held, trusted)
            waiting = []
        waiting.append(answer)
    yield from _steps(waiting, None, trusted)


def _steps(
    answers: list[ResponseRow], before: StoredResponse | None, trusted: Sequence[PublicKey]
) -> Iterator[HistoryEntry]:
    for answer in answers:
        held = answer.held
        if held is None:
            yield HistoryEntry(answer, None, None, [])
            continue
        asked = Identifier(Kind.PITH, held.suffix)
        verdict = read(held.raw, asked, trusted).report.verdict
        changed = [] if before is None else change_rows(before.raw, held.raw, trusted, asked)
        yield HistoryEntry(answer, verdict, before, changed)


def history_rows(steps: Sequence[HistoryEntry], now: datetime) -> list[Row]:
    """Render the steps, alarms above all; each row of a step folds by the step's index."""
    rows = [
        Row(step.alarm, "no honest service does that; see below", Style.HEADING, None, _FAILED)
        for step in steps
        if step.alarm is not None
    ]
    for index, step in enumerate(steps):
        own = _damaged_rows(step.answer.fault) if step.verdict is None else _step_rows(step, now)
        place = f"answer {len(steps) - index} of {len(steps)}"
        own[0] = own[0]._replace(text=place if index else f"{place}, the latest")
        rows += [row._replace(action=Pick(index)) for row in own]
    return rows


_FAILED = Outcome.FAILED


def _damaged_rows(fault: CacheError | None) -> list[Row]:
    return [
        Row("DAMAGED", "", Style.HEADING, outcome=Outcome.FAILED),
        Row("", str(fault), Style.NOTE),
    ]


def _step_rows(step: HistoryEntry, now: datetime) -> list[Row]:
    held, verdict = step.answer.held, step.verdict
    assert held is not None, "what has a verdict was read"
    assert verdict is not None, "the others are damaged"
    rows = [
        Row(verdict.value, "", Style.HEADING, outcome=_OUTCOMES[verdict]),
        Row("fetched", format_time(held.fetched_at, now)),
        Row("checked", format_time(held.checked_at, now)),
        Row("from", held.origin),
        Row("bytes", f"{len(held.raw):,} ↗"),
    ]
    changed = [row for row in step.changed if row.style is not Style.HEADING]
    if changed:
        rows.append(Row("", "Changed since the answer before:", Style.NOTE))
    return [*rows, *changed]


def format_time(moment: datetime, now: datetime) -> str:
    """Format a moment with its age."""
    return f"{moment:%Y-%m-%d %H:%M} UTC ({age(moment, now)})"
