"""What a fetch changed, as rows: each with the mark that the later value has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.output.rows import Row, Style, plain_value
from pith_tui.protocol.difference import MISSING, Difference, differences
from pith_tui.protocol.equivocation import detect_equivocation
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.strict_json import path_text

_SIGN = "ALARM: "
_MOST = 1000
"""Changes listed of one answer; a hostile one can have as many as it has bytes."""


class Change(NamedTuple):
    """A leaf that differs, with the mark of its later value; of its last one where it is gone."""

    difference: Difference
    mark: Mark


def changes(before: bytes, after: bytes, trusted: Sequence[PublicKey]) -> list[Change]:
    """List every leaf that differs; raises NotARecordError where one of the two is no record."""
    one, other = read(before, None, trusted), read(after, None, trusted)
    old, new = one.record, other.record
    marked = {
        **one.marks,
        **other.marks,
    }
    return [Change(each, marked[each.path]) for each in differences(old, new)]


def change_rows(
    before: bytes, after: bytes, trusted: Sequence[PublicKey], asked: Identifier | None = None
) -> list[Row]:
    """List every leaf in which a later answer differs from the one before, to the same question.

    What is signed cannot change for one version of a work, nor under one number: where it did, the
    first row says so (see ``alarm_in``).
    """
    heading = Row("Changed since the copy at hand", "", Style.HEADING)
    try:
        found = changes(before, after, trusted)
    except NotARecordError:
        return [heading, Row("", "one of the two is no strict record", Style.NOTE)]
    if not found:
        return [heading, Row("", "the spelling of the JSON alone; no value differs", Style.NOTE)]
    rows = [heading, *(_row(each) for each in found[:_MOST])]
    if len(found) > _MOST:
        rows.append(Row("", f"… and {len(found) - _MOST:,} more", Style.NOTE))
    alarm = detect_equivocation(before, after, trusted, asked)
    if alarm is not None:
        words = "no honest service does that"
        rows.insert(0, Row(_SIGN + alarm.value, words, Style.HEADING, outcome=Outcome.FAILED))
    return rows


def alarm_in(rows: Sequence[Row]) -> str | None:
    """Return the words of the alarm that ``change_rows`` found, None where there is none."""
    first = rows[0].label if rows else ""
    return first if first.startswith(_SIGN) else None


def _row(change: Change) -> Row:
    path, before, after = change.difference
    was = "(nothing)" if before is MISSING else plain_value(before) or "(empty)"
    now = "(nothing)" if after is MISSING else plain_value(after) or "(empty)"
    return Row(path_text(path)[2:], f"{was} → {now}", mark=change.mark)


def change_object(change: Change) -> dict[str, object]:
    """Return a change as members of a JSON object."""
    path, before, after = change.difference
    return {
        "path": path_text(path),
        "mark": change.mark.value,
        "before": None if before is MISSING else before,
        "after": None if after is MISSING else after,
        "added": before is MISSING,
        "removed": after is MISSING,
    }
