"""What a fetch changed, as rows."""

from __future__ import annotations

from pith_tui.errors import NotARecordError
from pith_tui.output.rows import Row, Style, plain_value
from pith_tui.protocol.difference import MISSING, differences
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import path_text


def change_rows(before: bytes, after: bytes) -> list[Row]:
    """List every leaf in which the server's answer differs from the copy that was held."""
    heading = Row("Changed since the copy at hand", "", Style.HEADING)
    try:
        found = differences(Record(before), Record(after))
    except NotARecordError:
        return [heading, Row("", "one of the two is no strict record", Style.NOTE)]
    if not found:
        return [heading, Row("", "the spelling of the JSON alone; no value differs", Style.NOTE)]
    return [heading, *(_row(path_text(d.path)[2:], d.before, d.after) for d in found)]


def _row(name: str, before: object, after: object) -> Row:
    was = "(nothing)" if before is MISSING else plain_value(before) or "(empty)"
    now = "(nothing)" if after is MISSING else plain_value(after) or "(empty)"
    return Row(name, f"{was} → {now}")
