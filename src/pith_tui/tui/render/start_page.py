"""Rows of the start page: what can be opened, or which error occurred."""

from __future__ import annotations

from pith_tui.errors import PithError
from pith_tui.lookup.samples import sample_records
from pith_tui.output.rows import OpenRecord, Row, Style
from pith_tui.output.wording import SAMPLE_MEANINGS, VERDICT_OUTCOMES
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.tui.commands.keys import KeyFor


def welcome_rows(key_for: KeyFor, *, offline: bool) -> list[Row]:
    """Return rows that explain how to start."""
    where = "no server is asked" if offline else "the servers are asked too"
    ids = f"an arXiv id, a DOI, a Pith Number or a URL; {where}."
    keys = f"{key_for('up')} {key_for('down')} and press {key_for('enter')}"
    return [
        Row("Look up a record", "", Style.HEADING),
        Row("", f"Press {key_for('find')} and type {ids}", Style.NOTE),
        Row("", f"Or move to one of these with {keys}.", Style.NOTE),
    ]


def sample_rows() -> list[Row]:
    """List the records that come with the program, each verified just now."""
    rows = [
        Row("Samples", "real records that come with the program", Style.HEADING),
        *(
            Row(verdict.value.lower(), meaning, Style.LEGEND, outcome=VERDICT_OUTCOMES[verdict])
            for verdict, meaning in SAMPLE_MEANINGS.items()
        ),
    ]
    for raw in sample_records():
        view = read(raw)
        source = view.record.source.text
        title = view.record.title or "(this sample has no title)"
        rows.append(
            Row(
                source,
                title,
                mark=view.marks.get(("paper", "title")),
                outcome=VERDICT_OUTCOMES[view.report.verdict],
                tex=True,
                copy=source,
                action=OpenRecord(parse_identifier(source)),
            )
        )
    return rows


def error_rows(what: str, error: PithError, key_for: KeyFor) -> list[Row]:
    """Describe what happened, to what, and what to do next."""
    rows = [Row(what, "", Style.HEADING), Row("", f"{error}.", Style.NOTE)]
    if error.hint:
        rows.append(Row("", f"What to do: {error.hint}.", Style.NOTE))
    find, samples = key_for("find"), key_for("samples")
    note = f"Press {find} to look up another record, {samples} for the samples."
    rows.append(Row("", note, Style.NOTE))
    return rows
