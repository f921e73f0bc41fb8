"""The four panes of a record as rows: Paper, Verification, Graph, Aliases.

Between them they show every leaf of the record; what no pane knows by name is shown generically.
"""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.output.check_text import (
    check_name,
    check_sentence,
    part_label,
    part_reason,
    part_text,
    value_text,
)
from pith_tui.output.labels import key_label, value_label
from pith_tui.output.look_alikes import mixed_scripts
from pith_tui.output.rows import IsOpen, Row, RowBuilder, Style, Toggle, all_expanded, plain_value
from pith_tui.protocol.canonical import EXCERPT_LENGTH
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.record import Alias
from pith_tui.protocol.report import Check, Outcome, Part, Report
from pith_tui.protocol.strict_json import Path

PANES = (
    ("paper", "Paper"),
    ("verification", "Verification"),
    ("graph", "Graph"),
    ("aliases", "Aliases"),
)
"""The id and name of each pane, in order."""


class Panes(NamedTuple):
    """The rows of each pane, in the order of ``PANES``."""

    paper: list[Row]
    verification: list[Row]
    graph: list[Row] = []  # noqa: RUF012 - the default of a named tuple, and never changed
    aliases: list[Row] = []  # noqa: RUF012


def panes_of(checked: CheckedRecord, is_open: IsOpen = all_expanded) -> Panes:
    """Render a record in its four panes, expanded as asked for."""
    from pith_tui.output.graph_tree import graph_tree  # not needed for a report alone

    build = RowBuilder(checked, is_open)
    _paper(build)
    paper = build.flush()
    graph_tree(build)
    graph = build.flush()
    _aliases(build)
    aliases = build.flush()
    build.rows = check_rows(checked.report, is_open)
    _receipt(build)
    verification = build.flush()
    if build.add_remaining():
        paper += [Row("Other members", "", Style.HEADING), *build.flush()]
    return Panes(paper, verification, graph, aliases)


def _paper(build: RowBuilder) -> None:
    record = build.checked.record
    _title(build)
    _look_alikes(build, None if build.checked.title is None else build.checked.title.text)
    build.field("Authors", "paper", "authors_text", tex=True, empty="none listed")
    _look_alikes(build, record.text("paper", "authors_text"))
    build.field("Headline", "paper", "headline", tex=True, empty="none yet")
    build.field("Abstract", "paper", "abstract_excerpt", tex=True, empty="none shown")
    if len(record.text("paper", "abstract_excerpt") or "") >= EXCERPT_LENGTH:
        build.note(f"The abstract is cut at {EXCERPT_LENGTH} characters by the service.")
    for label, name, signed in _SIGNED_COPIES:
        _signed_field(build, label, ("paper", name), ("canonical_record", "metadata", signed))
    build.add_remaining("paper")
    build.heading("Identity")
    build.field("Pith Number", "pith_number")
    build.field("Short form", "short_pith_number")
    for label, name in (("Source", "id"), ("Version", "version"), ("Kind", "kind")):
        _signed_field(build, label, ("source", name), ("canonical_record", "source", name))
    build.add_remaining("source")
    build.field("Digest", "canonical_sha256")
    covered = build.checked.report.passed("record", "digest", "signature")
    build.heading("Canonical record", "what the signature covers" if covered else "")
    if not build.add_remaining("canonical_record"):
        build.note("This record comes without its canonical record, so nothing in it is signed.")
    build.heading("Service's own data")
    for label, name in (
        ("State", "attestation_state"),
        ("Created", "created_at"),
        ("Updated", "updated_at"),
        ("Record type", "record_type"),
        ("Schema", "schema_version"),
        ("Schema URL", "schema_url"),
    ):
        build.field(label, name)
    if build.rows[-1].style is Style.HEADING:
        build.rows.pop()


def _look_alikes(build: RowBuilder, text: str | None) -> None:
    described = mixed_scripts(text or "")
    if described is not None:
        build.note(f"Look-alike letters: {described}.")


def _title(build: RowBuilder) -> None:
    """Show the title that is proved, where one is, and the record's own where it is another."""
    shown = build.checked.title
    if shown is None:
        build.note("This record shows no title.")
    elif shown.text != build.checked.record.title:
        row = Row("Title", shown.text, Style.TITLE, mark=shown.mark, tex=True)
        build.rows.append(row)
        build.field("… as stated", "paper", "title", tex=True, empty="(no title)")
    else:
        build.field("Title", "paper", "title", style=Style.TITLE, tex=True, empty="(no title)")


_SIGNED_COPIES = (
    ("Primary", "primary_cat", "primary_cat"),
    ("Cross-lists", "cross_cats", "cross_cats_sorted"),
    ("Licence", "license", "license"),
    ("Submitted", "submitted_at", "submitted_at"),
)
"""Labels of the paper's copies of signed values, their names there and in the canonical record."""


def _signed_field(build: RowBuilder, label: str, copy: Path, signed: Path) -> None:
    """Show the signed value, and the copy where it is another, as stated by the service."""
    marks = build.checked.marks
    value = build.checked.record.value_at(*signed)
    paths = [path for path in marks if path[: len(signed)] == signed]
    is_signed = bool(paths) and all(marks[path] is Mark.SIGNED for path in paths)
    copies = [mark for path, mark in marks.items() if path[: len(copy)] == copy]
    if not is_signed or value is None or (copies and set(copies) == {Mark.PROVED}):
        build.field(label, *copy, empty="none")
        return
    build.rows.append(Row(label, plain_value(value) or "none", mark=Mark.SIGNED))
    build.field("… as stated", *copy, empty="none")


def check_rows(report: Report, is_open: IsOpen = all_expanded) -> list[Row]:
    """Render checks: a row each; below it, where asked, its two values or its parts."""
    rows: list[Row] = []
    for check in report.checks:
        full = is_open(check.id, not is_quiet(check))
        rows.append(check_row(check, report)._replace(collapsed=not full))
        if full:
            several = len(check.parts) > 1
            rows.extend(map(_part_row, check.parts) if several else _value_rows(check))
    return rows


def check_row(check: Check, report: Report) -> Row:
    """Render a check in one row; whether it is required is said beside it."""
    sentence = check_sentence(check, report)
    text = f"{sentence} (required)" if check.required else sentence
    return Row(check_name(check), text, Style.CHECK, outcome=check.outcome, action=Toggle(check.id))


def is_quiet(check: Check) -> bool:
    """Return whether a check ended so that its details need not be looked at."""
    return check.outcome in (Outcome.PASSED, Outcome.ABSENT)


def _value_rows(check: Check) -> list[Row]:
    return [Row(name, value_text(value), Style.PART) for name, value in check.values]


def _part_row(part: Part) -> Row:
    named = [value for name, value in part.values if name not in ("kind", "signed", "known")]
    copy = value_text(named[0]) if named else None
    return Row(part_label(part), part_text(part), Style.PART, outcome=part.outcome, copy=copy)


def _receipt(build: RowBuilder) -> None:
    build.heading("Receipt", "what the service issued")
    for label, name in (
        ("Key", "key_id"),
        ("Fingerprint", "public_key_fingerprint"),
        ("Algorithm", "algorithm"),
        ("Signs", "signed_message"),
        ("Signature", "signature_b64"),
        ("Digest", "canonical_sha256"),
        ("Signed at", "signed_at"),
        ("Computed at", "first_computed_at"),
        ("Reissued at", "last_reissued_at"),
    ):
        build.field(label, "receipt", name)
    build.add_remaining("receipt")
    if build.rows[-1].style is Style.HEADING:
        build.note("This record carries no receipt.")
    status = build.checked.record.mapping("verification_status")
    build.heading("The service says", "and what was recomputed here")
    parts = {part.path[-1]: part for part in build.checked.report.check("status").parts}
    for name in status:
        label = key_label(name)
        label = label.replace("_", " ") if label == name else label
        build.field(label, "verification_status", name)
        part = parts.get(name)
        recomputed = "not recomputed here"
        if part is not None:
            here = dict(part.values).get("found here")
            recomputed = part_reason(part) if here is None else f"here: {value_text(here)}"
        row = build.rows[-1]
        # A truth value, a count and an empty value are described by the program.
        described = isinstance(status[name], bool | int) or not row.copy
        shown = row.text if described else value_label(row.text)
        outcome = part.outcome if part else None
        build.rows[-1] = row._replace(text=f"{shown} — {recomputed}", outcome=outcome)
    if not status:
        build.note("The service says nothing of its own checks in this record.")


def _listed_at(build: RowBuilder) -> None:
    """Show when the aliases were listed: once, where it is one time for all of them."""
    aliases = build.checked.record.aliases
    times = {alias.created_at for alias in aliases if alias.created_at is not None}
    leaves = [("aliases", i, "created_at") for i, a in enumerate(aliases) if a.created_at]
    if len(times) == 1:
        row = Row(
            "listed at", times.pop(), mark=build.weakest_mark(tuple(leaves)), paths=tuple(leaves)
        )
        build.rows.append(row)
        build.mark_shown(*leaves)
        return
    for leaf in leaves:
        build.field(f"{_kind_label(aliases[leaf[1]])} since", *leaf)


def _kind_label(alias: Alias) -> str:
    return "(no kind)" if not alias.kind else key_label(alias.kind)


def _aliases(build: RowBuilder) -> None:
    record = build.checked.record
    outcomes = {part.path: part.outcome for part in build.checked.report.check("aliases").parts}
    build.heading("Aliases", "other names of this record")
    for index, alias in enumerate(record.aliases):
        outcome = outcomes.get(("aliases", index, "alias_value"))
        if alias.value is not None:
            build.field(_kind_label(alias), "aliases", index, "alias_value")
            path = ("aliases", index, "alias_kind")
            row = build.rows[-1]
            build.rows[-1] = row._replace(outcome=outcome, paths=(*row.paths, path))
            build.mark_shown(path)
    if not record.aliases:
        build.note("This record lists no aliases.")
    _listed_at(build)
    build.add_remaining("aliases")
    for name, label in (("links", "Links"), ("agent_actions", "Actions")):
        if record.value_at(name) is not None:
            build.heading(label, "as the record states them")
            build.add_remaining(name)
