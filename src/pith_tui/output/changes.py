"""What a fetch changed, as rows: each with the mark that the later value has."""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.output.labels import path_label, value_label
from pith_tui.output.rows import Row, Style, plain_value
from pith_tui.protocol.difference import MISSING, Difference, differences
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.strict_json import path_text

_MAX_LISTED = 1000
"""Changes listed of one response; a hostile one can have as many as it has bytes."""


class Change(NamedTuple):
    """A leaf that differs, with the mark of its later value; of its last one where it is gone."""

    difference: Difference
    mark: Mark


def changes(before: CheckedRecord, after: CheckedRecord) -> list[Change]:
    """List every leaf that differs."""
    marked = {**before.marks, **after.marks}
    return [
        Change(difference, marked[difference.path])
        for difference in differences(before.record, after.record)
    ]


def change_rows(before: CheckedRecord, after: CheckedRecord) -> list[Row]:
    """List every leaf in which a later response differs from the one before it."""
    heading = Row("Changed since the stored copy", "", Style.HEADING)
    if before.error is not None or after.error is not None:
        return [heading, Row("", "one of the two responses cannot be read as a record", Style.NOTE)]
    changed = changes(before, after)
    if not changed:
        return [heading, Row("", "only the JSON formatting differs; no value does", Style.NOTE)]
    rows = [heading, *map(_row, changed[:_MAX_LISTED])]
    if len(changed) > _MAX_LISTED:
        rows.append(Row("", f"… and {len(changed) - _MAX_LISTED:,} more", Style.NOTE))
    return rows


def _row(change: Change) -> Row:
    path, before, after = change.difference
    return Row(path_label(path), f"{_side(before)} → {_side(after)}", mark=change.mark)


def _side(value: object) -> str:
    """Format one side of a change; a text of the record is set off from the text around it."""
    if value is MISSING:
        return "(nothing)"
    text = plain_value(value)
    if not text:
        return "(empty)"
    return text if isinstance(value, bool) else value_label(text)


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
