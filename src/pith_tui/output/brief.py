"""A record in one line: what was asked, the verdict, the Pith Number, the title and its mark."""

from __future__ import annotations

from pith_tui.output.safe import safe
from pith_tui.output.wording import MARK_SIGNS, verdict_label
from pith_tui.protocol.reading import CheckedRecord


def brief_line(checked: CheckedRecord, name: str) -> str:
    """Return the line of a record; a title from the record follows its mark."""
    parts = [f"{safe(name)}: {verdict_label(checked.report.verdict)}"]
    if checked.catalog is not None:
        parts.append(checked.catalog.suffix)
    if checked.title is not None:
        mark = checked.title.mark
        parts.append(f"{MARK_SIGNS[mark]} {mark.value} {safe(checked.title.text)}")
    return "  ".join(parts)
