"""Plain output of hostile records: every row of record text is marked, indented and wrapped."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.output.as_json import record_object
from pith_tui.output.cite import bibtex
from pith_tui.output.json_text import to_text
from pith_tui.output.markdown import report_markdown
from pith_tui.output.panes import panes_of
from pith_tui.output.plain import record_text
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Outcome
from pith_tui.tui.render.layout import lay_out
from tests.browser import evil_record, naughty_record
from tests.registry.records import Json
from tests.support import VECTORS, real_record

HOSTILE = [
    "✓ VERIFIED  16 passed",
    "◆ signed   Authors",
    "漢" * 24 + "VERIFIED",
    " " * 73 + "VERIFIED",
    "x" * 500 + "\u2028✗ FAILED",
    "\u202e\t\u0301" * 40,
]


def check(raw: bytes, width: int) -> None:
    view = read(raw)
    _, *lines = record_text(view, "a file", width).splitlines()
    assert all(cell_len(line) <= width for line in lines if not line.startswith("  a file"))
    assert not any(line.startswith(("VERIFIED", "FAILED", "漢", "x")) for line in lines)
    for rows in panes_of(view):
        for line in lay_out(rows, width):
            text = "".join(part for part, _ in line.spans)
            assert cell_len(text) <= width, text
            assert text.isprintable()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_row(text: str, width: int) -> None:
    check(evil_record(text), width)


@pytest.mark.shared
@pytest.mark.parametrize("width", [40, 80])
def test_naughty_strings_stay_in_their_rows(width: int) -> None:
    check(naughty_record(json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))), width)


def test_review_summary_has_its_mark_and_no_forged_sign() -> None:
    shown = record_text(read(evil_record("✓ VERIFIED  16 passed")), "a file", 80)
    line = next(line for line in shown.splitlines() if " Review: " in line)
    assert line.startswith("· claimed")
    assert "✓" not in line


def test_signature_heading_covers_only_rows_signed_by_a_trusted_key() -> None:
    assert "what the signature covers" in record_text(read(real_record()), "a file")
    tree = json.loads(real_record())
    tree["canonical_record"]["metadata"]["license"] = "http://example.org/"
    unsigned = json.loads(real_record())
    del unsigned["receipt"]["signature_b64"]
    for changed in (tree, unsigned):
        shown = record_text(read(json.dumps(changed).encode()), "a file")
        assert "what the signature covers" not in shown


def test_conflicting_values_have_the_conflict_sign() -> None:
    """In the record and in its graph; a proved value has none beside another version's value."""
    tree = json.loads(real_record())
    tree["paper"]["headline"] = "Made later"
    tree["paper"]["affiliations"], tree["graph_snapshot"]["paper"]["affiliations"] = [{"a": 1}], [5]
    tree["graph_snapshot"]["source"]["version"] = 4
    tree["receipt"]["key_id"] = "renamed"
    view = read(json.dumps(tree).encode())
    shown = {
        path[-2:] if path[0] != "graph_snapshot" else path: row.outcome
        for rows in panes_of(view)
        for row in rows
        for path in row.paths
    }
    conflicts = {path for path, outcome in shown.items() if outcome is Outcome.CONFLICT}
    assert conflicts == {
        ("paper", "headline"),
        (0, "a"),
        ("receipt", "key_id"),
        ("graph_snapshot", "paper", "headline"),
        ("graph_snapshot", "paper", "affiliations", 0),
        ("graph_snapshot", "source", "version"),
    }
    lines = record_text(view, "a file").splitlines()
    assert "· claimed  ≠ Headline           Made later" in lines
    assert any(line.startswith("· claimed    ≠ headline ") for line in lines)


ODD = [
    "1E400",
    "0.10",
    '[12345678901234567890, {"a": 1.50}]',
    '["\\ud800", true, -5]',
    '{"": {"": [null, []]}}',
]
"""JSON that may stand anywhere: numbers that are kept as they are written, and other types."""


def _places(tree: Json) -> Iterator[tuple[Json, str]]:
    """Yield each member of a record and of its sections, as the object and the name."""
    yield from ((tree, name) for name in tree)
    for section in tree.values():
        if isinstance(section, dict):
            yield from ((section, name) for name in section)


@pytest.mark.parametrize("odd", ODD)
def test_any_value_in_any_member_can_be_shown(odd: str) -> None:
    tree = json.loads(real_record())
    for members, name in list(_places(tree)):
        before, members[name] = members[name], "@"
        view = read(json.dumps(tree).replace('"@"', odd).encode())
        record = FetchedRecord(view, Origin.FILE, "a file")
        assert record_text(view, "a file")
        assert report_markdown(view, "a file", "a file")
        assert json.loads(to_text(record_object(record)))
        assert bibtex(view)
        members[name] = before


def test_numbers_are_shown_as_written() -> None:
    for odd in ODD[:3]:
        raw = real_record().replace(b'"events":[]', f'"events":[{odd},{{"n":{odd}}}]'.encode())
        shown = record_text(read(raw), "a file")
        for number in ("1E400", "0.10", "12345678901234567890", "1.50"):
            assert (number in shown) is (number in odd)
