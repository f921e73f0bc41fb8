"""What a fetch changed, as rows: each with the mark that the later value has."""

from __future__ import annotations

from collections.abc import Sequence

from pith_tui.errors import NotARecordError
from pith_tui.output.rows import Row, Style, plain_value
from pith_tui.protocol.difference import MISSING, Difference, differences
from pith_tui.protocol.equivocation import equivocates
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.marks import Mark, marks
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.strict_json import path_text
from pith_tui.protocol.verification import verify

ALARM = "ALARM: two different contents were signed for this version"


def change_rows(before: bytes, after: bytes, trusted: Sequence[PublicKey]) -> list[Row]:
    """List every leaf in which a later answer differs from the one before.

    What is signed cannot change for one version of a work: where it did, the first row says so.
    """
    heading = Row("Changed since the copy at hand", "", Style.HEADING)
    try:
        old, new = Record(before), Record(after)
    except NotARecordError:
        return [heading, Row("", "one of the two is no strict record", Style.NOTE)]
    found = differences(old, new)
    if not found:
        return [heading, Row("", "the spelling of the JSON alone; no value differs", Style.NOTE)]
    marked = marks(new, verify(after, None, trusted))
    rows = [heading, *(_row(each, marked.get(each.path)) for each in found)]
    if equivocates(before, after, trusted):
        rows.insert(0, Row(ALARM, "keep both", Style.HEADING, outcome=Outcome.FAILED))
    return rows


def _row(difference: Difference, mark: Mark | None) -> Row:
    before, after = difference.before, difference.after
    was = "(nothing)" if before is MISSING else plain_value(before) or "(empty)"
    now = "(nothing)" if after is MISSING else plain_value(after) or "(empty)"
    return Row(path_text(difference.path)[2:], f"{was} → {now}", mark=mark)
