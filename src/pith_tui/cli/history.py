"""What is held of one record: every distinct answer, and what each changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pith_tui.errors import NotARecordError
from pith_tui.output.changes import change_object, changes
from pith_tui.output.history import HistoryEntry, format_time, steps_of
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import safe
from pith_tui.output.wording import MARK_SIGNS, verdict_words
from pith_tui.store.responses import ResponseRow
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys


def history_text(answers: Iterable[ResponseRow], now: datetime) -> Iterator[str]:
    """Write the answers, the latest first, each with its difference to the one before it."""
    for step in steps_of(answers, load_keys(config_dir())):
        yield "\n".join(_lines(step, now)) + "\n\n"


def _lines(step: HistoryEntry, now: datetime) -> Iterator[str]:
    held = step.answer.held
    if held is None or step.verdict is None:
        yield f"✗ DAMAGED  {safe(str(step.answer.fault))}"
        return
    if step.alarm is not None:
        yield step.alarm
    yield f"{held.suffix}  {verdict_words(step.verdict)}"
    yield f"  fetched  {format_time(held.fetched_at, now)}"
    yield f"  checked  {format_time(held.checked_at, now)}"
    yield f"  from     {safe(held.origin)}"
    yield f"  bytes    {len(held.raw):,}"
    if step.before is not None:
        yield "  changed since the answer before:"
        for row in step.changed:
            if row.style is not Style.HEADING:
                yield f"    {_mark(row)}{safe(row.label)}  {safe(row.text)}".rstrip()


def _mark(row: Row) -> str:
    return "" if row.mark is None else f"{MARK_SIGNS[row.mark]} {row.mark.value:8} "


def history_objects(answers: Iterable[ResponseRow]) -> list[dict[str, object]]:
    """Return the same as JSON objects; ``changed`` is null where nothing is held from before."""
    trusted = load_keys(config_dir())
    objects: list[dict[str, object]] = []
    for step in steps_of(answers, trusted):
        held = step.answer.held
        if held is None or step.verdict is None:
            objects.append({"verdict": "DAMAGED", "fault": str(step.answer.fault)})
            continue
        changed = None
        if step.before is not None:
            try:
                found = changes(step.before.raw, held.raw, trusted)
                changed = [change_object(each) for each in found]
            except NotARecordError:
                changed = []
        objects.append(
            {
                "suffix": held.suffix,
                "verdict": step.verdict.value,
                "fetched_at": held.fetched_at.isoformat(),
                "checked_at": held.checked_at.isoformat(),
                "origin": held.origin,
                "bytes": len(held.raw),
                "alarm": step.alarm,
                "changed": changed,
            }
        )
    return objects
