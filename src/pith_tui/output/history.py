"""The history of a record: each stored response, its verdict, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pith_tui.errors import CacheError
from pith_tui.output.cells import hang
from pith_tui.output.changes import change_rows
from pith_tui.output.lookup_text import equivocation_text
from pith_tui.output.provenance import format_origin
from pith_tui.output.rows import Pick, Row, Style
from pith_tui.output.safe import safe
from pith_tui.output.wording import VERDICT_OUTCOMES, age, mark_text, verdict_label
from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.responses import ResponseRow


class HistoryEntry(NamedTuple):
    """A response, its verdict, and the rows of what it changed against the ``before`` it.

    A damaged response cannot be read; the one before is the last that can.  ``changed`` is empty
    if it is the first; ``equivocation`` is what the two show together.
    """

    stored: ResponseRow
    checked: CheckedRecord | None
    before: CheckedRecord | None
    changed: list[Row]
    equivocation: Equivocation | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict over the response, None where it is damaged."""
        return None if self.checked is None else self.checked.report.verdict

    @property
    def alarm(self) -> str | None:
        """The text of an equivocation that the change shows, if any."""
        return None if self.equivocation is None else equivocation_text(self.equivocation)


def steps_of(
    stored_responses: Iterable[ResponseRow], trusted: Sequence[PublicKey]
) -> Iterator[HistoryEntry]:
    """Go through the responses, the latest first as they come; two at a time are in memory."""
    later: CheckedRecord | None = None
    waiting: list[ResponseRow] = []  # one that can be read, then damaged ones
    for stored in stored_responses:
        checked = _read(stored, trusted)
        if waiting and checked is not None:
            yield from _steps(waiting, later, checked)
            waiting = []
        later = checked or later
        waiting.append(stored)
    yield from _steps(waiting, later, None)


def _read(stored: ResponseRow, trusted: Sequence[PublicKey]) -> CheckedRecord | None:
    if stored.response is None:
        return None
    return read(stored.response.raw, Identifier(Kind.PITH, stored.response.suffix), trusted)


def _steps(
    stored_responses: list[ResponseRow], checked: CheckedRecord | None, before: CheckedRecord | None
) -> Iterator[HistoryEntry]:
    for stored in stored_responses:
        if stored.response is None or checked is None:
            yield HistoryEntry(stored, None, None, [])
        elif before is None:
            yield HistoryEntry(stored, checked, None, [])
        else:
            asked = Identifier(Kind.PITH, stored.response.suffix)
            equivocation = detect_equivocation(before, checked, asked)
            yield HistoryEntry(stored, checked, before, change_rows(before, checked), equivocation)


def history_rows(steps: Sequence[HistoryEntry], now: datetime) -> list[Row]:
    """Render the steps, alarms above all; each row of a step folds by the step's index."""
    rows = [
        Row(step.alarm, "see below", Style.HEADING, None, _FAILED)
        for step in steps
        if step.alarm is not None
    ]
    for index, step in enumerate(steps):
        own = _damaged_rows(step.stored.error) if step.verdict is None else _step_rows(step, now)
        place = f"response {len(steps) - index} of {len(steps)}"
        own[0] = own[0]._replace(text=place if index else f"{place}, the latest")
        rows += [row._replace(action=Pick(index)) for row in own]
    return rows


_FAILED = Outcome.FAILED


def _damaged_rows(error: CacheError | None) -> list[Row]:
    return [
        Row("DAMAGED", "", Style.HEADING, outcome=Outcome.FAILED),
        Row("", str(error), Style.NOTE),
    ]


def _step_rows(step: HistoryEntry, now: datetime) -> list[Row]:
    response, verdict = step.stored.response, step.verdict
    assert response is not None, "what has a verdict was read"
    assert verdict is not None, "the others are damaged"
    rows = [
        Row(verdict.value, "", Style.HEADING, outcome=VERDICT_OUTCOMES[verdict]),
        Row("fetched", format_time(response.fetched_at, now)),
        Row("checked", format_time(response.checked_at, now)),
        Row("from", format_origin(response.origin)),
        Row("bytes", f"{len(response.raw):,} ↗"),
    ]
    changed = [row for row in step.changed if row.style is not Style.HEADING]
    if changed:
        rows.append(Row("", "Changed since the previous response:", Style.NOTE))
    return [*rows, *changed]


def responses_text(count: int) -> str:
    """Count the stored responses of a record."""
    return "one response is stored" if count == 1 else f"{count} distinct responses are stored"


def history_text(step: HistoryEntry, now: datetime, width: int | None) -> str:
    """Describe a response and what it changed, in plain text with a blank line after it.

    It names the whole path of an imported file.  ``width`` is the terminal's, None for a pipe.
    """
    return "\n".join([*_lines(step, now, width), "", ""])


def _lines(step: HistoryEntry, now: datetime, width: int | None) -> Iterator[str]:
    response = step.stored.response
    if response is None or step.verdict is None:
        yield f"✗ DAMAGED  {safe(str(step.stored.error))}"
        return
    if step.alarm is not None:
        yield step.alarm
    yield f"{response.suffix}  {verdict_label(step.verdict)}"
    yield f"  fetched  {format_time(response.fetched_at, now)}"
    yield f"  checked  {format_time(response.checked_at, now)}"
    yield f"  from     {safe(response.origin)}"
    yield f"  bytes    {len(response.raw):,}"
    if step.before is not None:
        yield "  changed since the previous response:"
        for row in step.changed:
            if row.style is not Style.HEADING:
                mark = "" if row.mark is None else mark_text(row.mark, with_word=True)
                yield from hang(f"    {mark}{safe(row.label)}  ", safe(row.text), width)


def format_time(moment: datetime, now: datetime) -> str:
    """Format a moment with its age."""
    return f"{moment:%Y-%m-%d %H:%M} UTC ({age(moment, now)})"
