"""What a record is called: by the work that is signed, and by what was asked for."""

from __future__ import annotations

from pith_tui.protocol.identifiers import Kind
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord


def signed_work(checked: CheckedRecord) -> str | None:
    """Return the work and version of a record as they are signed, None where they are not."""
    if checked.error is not None:
        return None
    path = (*checked.record.place("canonical_record"), "source", "id")
    signed = checked.marks.get(path) is Mark.SIGNED
    return checked.record.canonical_source.text if signed else None


def compared_name(checked: CheckedRecord) -> str:
    """Return what a record is called beside another one."""
    return signed_work(checked) or "a record in which nothing is signed"


def record_name(checked: CheckedRecord) -> str:
    """Return what was asked for, with the signed work before it where that was a bare number."""
    asked, work = checked.report.asked, signed_work(checked)
    if asked is None:
        return work or "a record"
    if asked.kind is not Kind.PITH or work is None:
        return asked.text
    return f"{work}   {asked.text}"


def title_or_id(checked: CheckedRecord) -> str:
    """Return the title of a record, raw, or its id where it shows no title."""
    title = checked.title
    return work_name(checked) if title is None else title.text


def work_name(checked: CheckedRecord) -> str:
    """Return the work and version of a record as signed, else as the service states them."""
    return signed_work(checked) or checked.record.source.text
