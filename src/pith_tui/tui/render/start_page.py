"""Rows of what there is to open, and of what went wrong."""

from __future__ import annotations

from pith_tui.errors import PithError
from pith_tui.lookup.samples import sample_records
from pith_tui.output.rows import Row, Style
from pith_tui.output.wording import VERDICT_OUTCOMES
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome


def welcome_rows(*, offline: bool) -> list[Row]:
    """Say how to begin."""
    where = "no server is asked" if offline else "the servers are asked too"
    return [
        Row("Look up a record", "", Style.HEADING),
        Row(
            "", f"Press / and type an arXiv id, a DOI, a Pith Number or a URL; {where}.", Style.NOTE
        ),
        Row("", "Or move to one of these with ↑ ↓ and press Enter.", Style.NOTE),
    ]


def sample_rows() -> list[Row]:
    """List the records that come with the program, each verified just now."""
    rows = [
        Row("Samples", "real records that come with the program", Style.HEADING),
        Row("verified", "the signature was checked just now", Style.LEGEND, outcome=Outcome.PASSED),
        Row(
            "undecided",
            "the sample lacks something to check",
            Style.LEGEND,
            outcome=Outcome.UNDECIDED,
        ),
    ]
    for raw in sample_records():
        view = read(raw)
        source = view.record.source.text
        title = view.record.title or "(this sample holds no title)"
        row = Row(source, title, mark=view.marks.get(("paper", "title")), tex=True)
        rows.append(
            row._replace(outcome=VERDICT_OUTCOMES[view.report.verdict], opens=source, copy=source)
        )
    return rows


def message_rows(what: str, error: PithError) -> list[Row]:
    """Say what happened, to what, and what to do next."""
    rows = [Row(what, "", Style.HEADING), Row("", f"{error}.", Style.NOTE)]
    if error.hint:
        rows.append(Row("", f"What to do: {error.hint}.", Style.NOTE))
    rows.append(Row("", "Press / to look up another record, s for the samples.", Style.NOTE))
    return rows
