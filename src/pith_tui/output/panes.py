"""The four panes of a record as rows: Paper, Verification, Graph, Aliases.

Between them they show every leaf of the record; what no pane knows by name is shown generically.
"""

from __future__ import annotations

from typing import NamedTuple

from pith_tui.output.look_alikes import mixed_scripts
from pith_tui.output.rows import IsOpen, Row, RowBuilder, Style, all_expanded
from pith_tui.protocol.canonical import EXCERPT_LENGTH
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Outcome, Part

PANES = (
    ("paper", "Paper"),
    ("verification", "Verification"),
    ("graph", "Graph"),
    ("aliases", "Aliases"),
)
"""The id and name of each pane, in order."""


class Panes(NamedTuple):
    """The rows of the four panes."""

    paper: list[Row]
    verification: list[Row]
    graph: list[Row]
    aliases: list[Row]


def panes_of(view: CheckedRecord, is_open: IsOpen = all_expanded) -> Panes:
    """Render a record in its four panes, folded as asked for."""
    from pith_tui.output.graph_tree import graph_tree  # a report alone has no use for it

    build = RowBuilder(view, is_open)
    _paper(build)
    paper = build.take()
    graph_tree(build)
    graph = build.take()
    _aliases(build)
    aliases = build.take()
    build.rows = check_rows(view.report.checks, is_open)
    _receipt(build)
    verification = build.take()
    if build.rest():
        paper += [Row("Other members", "", Style.HEADING), *build.take()]
    return Panes(paper, verification, graph, aliases)


def _paper(build: RowBuilder) -> None:
    record = build.view.record
    build.field("Title", "paper", "title", style=Style.TITLE, tex=True, empty="(no title)")
    if record.title is None:
        build.note("This record shows no title.")
    _look_alikes(build, record.title)
    build.field("Authors", "paper", "authors_text", tex=True, empty="none listed")
    _look_alikes(build, record.text("paper", "authors_text"))
    build.field("Headline", "paper", "headline", tex=True, empty="none yet")
    build.field("Abstract", "paper", "abstract_excerpt", tex=True, empty="none shown")
    if len(record.text("paper", "abstract_excerpt") or "") >= EXCERPT_LENGTH:
        build.note(f"The abstract is cut at {EXCERPT_LENGTH} characters by the service.")
    build.field("Primary", "paper", "primary_cat")
    build.field("Cross-lists", "paper", "cross_cats", empty="none")
    build.field("Licence", "paper", "license", empty="none stated")
    build.field("Submitted", "paper", "submitted_at")
    build.rest("paper")
    build.heading("Identity")
    build.field("Pith Number", "pith_number")
    build.field("Short form", "short_pith_number")
    build.field("Source", "source", "id")
    build.field("Version", "source", "version")
    build.field("Kind", "source", "kind")
    build.rest("source")
    build.field("Digest", "canonical_sha256")
    build.heading("Canonical record", "what the signature covers")
    if not build.rest("canonical_record"):
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


def check_rows(checks: tuple[Check, ...], is_open: IsOpen = all_expanded) -> list[Row]:
    """Render checks: a row each; below it, where asked, claimed above computed, or its parts."""
    rows: list[Row] = []
    for check in checks:
        label = f"{check.number} {check.name}"
        full = is_open(check.id, not is_quiet(check))
        row = Row(label, check.sentence, Style.CHECK, outcome=check.outcome, folds=check.id)
        rows.append(row._replace(brief=not full))
        if full:
            rows.extend(map(_part_row, check.parts) if check.parts else _compared(check))
    return rows


def is_quiet(check: Check) -> bool:
    """Return whether a check ended so that its details need not be looked at."""
    return check.outcome in (Outcome.PASSED, Outcome.ABSENT)


def _compared(check: Check) -> list[Row]:
    rows = []
    if check.claimed is not None:
        rows.append(Row("claimed", check.claimed, Style.PART))
    if check.computed is not None:
        rows.append(Row("computed", check.computed, Style.PART))
    return rows


def _part_row(part: Part) -> Row:
    text = part.claimed or ""
    if part.outcome is not Outcome.PASSED and part.computed is not None:
        text = f"{text} ≠ {part.computed}" if part.claimed is not None else part.computed
    if part.note:
        text = f"{text} ({part.note})" if text else part.note
    copy = part.claimed if part.claimed is not None else part.computed
    return Row(part.name, text, Style.PART, outcome=part.outcome, copy=copy)


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
    build.rest("receipt")
    if build.rows[-1].style is Style.HEADING:
        build.note("This record carries no receipt.")
    status = build.view.record.mapping("verification_status")
    build.heading("The service says", "and what was recomputed here")
    parts = {part.name: part for part in build.view.report.check("status").parts}
    for name in status:
        build.field(name.replace("_", " "), "verification_status", name)
        part = parts.get(name)
        found = "not recomputed here"
        if part is not None:
            found = f"here: {part.computed}" if part.computed is not None else part.note
        row = build.rows[-1]
        outcome = part.outcome if part else None
        build.rows[-1] = row._replace(text=f"{row.text} — {found}", outcome=outcome)
    if not status:
        build.note("The service says nothing of its own checks in this record.")


def _listed_at(build: RowBuilder) -> None:
    """Show when the aliases were listed: once, where it is one time for all of them."""
    aliases = build.view.record.aliases
    times = {alias.created_at for alias in aliases if alias.created_at is not None}
    leaves = [("aliases", i, "created_at") for i, a in enumerate(aliases) if a.created_at]
    if len(times) == 1:
        row = Row("listed at", times.pop(), mark=build.weakest(tuple(leaves)), paths=tuple(leaves))
        build.rows.append(row)
        build.hide(*leaves)
        return
    for leaf in leaves:
        build.field(f"{aliases[leaf[1]].kind} since", *leaf)


def _aliases(build: RowBuilder) -> None:
    record = build.view.record
    parts = build.view.report.check("aliases").parts
    build.heading("Aliases", "other names of this record")
    for index, alias in enumerate(record.aliases):
        outcome = parts[index].outcome if index < len(parts) else None
        if alias.value is not None:
            build.field(alias.kind or "(no kind)", "aliases", index, "alias_value")
            path = ("aliases", index, "alias_kind")
            row = build.rows[-1]
            build.rows[-1] = row._replace(outcome=outcome, paths=(*row.paths, path))
            build.hide(path)
    if not record.aliases:
        build.note("This record lists no aliases.")
    _listed_at(build)
    build.rest("aliases")
    for name, label in (("links", "Links"), ("agent_actions", "Actions")):
        if record.at(name) is not None:
            build.heading(label, "as the record states them")
            build.rest(name)
