"""All that can be exported of a record: ids, citations, the bytes, the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output import cite
from pith_tui.output.as_json import report_object
from pith_tui.output.json_text import to_text
from pith_tui.output.links import record_ids
from pith_tui.output.markdown import report_markdown
from pith_tui.output.provenance import format_source
from pith_tui.protocol.marks import Mark


class ExportItem(NamedTuple):
    """One thing to export: ``text`` is what is copied, ``data`` what is saved.

    ``file_name`` is made of checked ids only; ``mark`` is None for what has several parts.
    ``title`` names the thing where its summary does not stand beside it.
    """

    id: str
    name: str
    summary: str
    text: str
    data: bytes
    file_name: str
    title: str
    mark: Mark | None = None


def export_items(
    fetched: FetchedRecord, now: datetime, findings: Sequence[Finding] = ()
) -> tuple[ExportItem, ...]:
    """List what can be exported of a record; the report says how old the copy is ``now``."""
    checked = fetched.checked
    names, data = record_ids(checked.record), cite.citation_data(checked)
    version = "" if names.version is None else f"v{names.version}"
    arxiv = None if names.arxiv is None else f"{names.arxiv}{version}"
    stem = (arxiv or names.suffix or "record").replace("/", "-")
    digest = None if checked.digest is None else checked.digest.hex()
    items = [
        *_id("arxiv", "arXiv id", "with its version", arxiv, stem, data.marks["arxiv"]),
        *_id("number", "Pith Number", "in full", data.number, stem, data.marks["number"]),
        *_id(
            "digest",
            "Digest",
            "of the canonical record",
            digest,
            stem,
            data.marks["number"],
        ),
        *(
            _text(form_id, form.name, form.summary, form.write(checked), f"{stem}.{form.ending}")
            for form_id, form in cite.FORMATS.items()
        ),
    ]
    if (macro := cite.pith_macro(checked)) is not None:
        items.append(_text("macro", "\\pithnumber", "only the command", macro, f"{stem}.tex"))
    raw = checked.record.raw
    summary = f"as received, {len(raw):,} bytes"
    item = _text("raw", "Raw JSON", summary, raw.decode(), f"{stem}.json")
    items.append(item._replace(data=raw))
    asked = checked.report.asked
    name = stem if asked is None else asked.text
    markdown = report_markdown(checked, name, format_source(fetched, now), findings)
    report = to_text(report_object(fetched, findings))
    file_name = f"{stem}-report"
    items.append(_report("markdown", "as Markdown", markdown, f"{file_name}.md"))
    items.append(_report("report", "as JSON", report, f"{file_name}.json"))
    return tuple(items)


def _id(
    item_id: str, name: str, summary: str, text: str | None, stem: str, mark: Mark
) -> list[ExportItem]:
    if text is None:
        return []
    return [_text(item_id, name, summary, text, f"{stem}.txt")._replace(mark=mark)]


def _report(item_id: str, summary: str, text: str, file_name: str) -> ExportItem:
    item = _text(item_id, "Report", summary, text, file_name)
    return item._replace(title=f"{item.name} {summary}")


def _text(item_id: str, name: str, summary: str, text: str, file_name: str) -> ExportItem:
    line = text if text.endswith("\n") else f"{text}\n"
    return ExportItem(item_id, name, summary, text, line.encode(), file_name, name)
