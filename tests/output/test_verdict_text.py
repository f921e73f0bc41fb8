"""The two lines about the verdict: they fit every width, and short ones say nothing false."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pith_tui.output.cells import cell_width
from pith_tui.output.check_text import unreadable_text
from pith_tui.output.verdict_text import _WRONG, verdict_lines
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.strict_json import MAX_SIZE
from tests.registry.records import Paper, build, resign, wire
from tests.stored import KEY, TRUSTED
from tests.support import partial_records, real_record
from tests.variations import Variation, variations

Json = dict[str, Any]
WIDTHS = (158, 98, 78, 38)
COVERS = "covers: id, version 5, submitted 2025-03-14, cs.AI cs.LG, CC BY 4.0, title"
NOT = "not: authors, abstract (excerpt), citations, claims"


def checked_record(change: Callable[[Json], object] | None = None, **paper: Any) -> CheckedRecord:
    tree = build(Paper(**paper), KEY)
    if change is not None:
        change(tree)
    return read(wire(tree), None, TRUSTED)


def test_real_record_lists_what_is_and_is_not_covered() -> None:
    real = read(real_record())
    for width in (None, 158, 98, 78):
        assert verdict_lines(real, width) == (COVERS, NOT)
    assert verdict_lines(real, 38) == (
        "covers: id, v5, 2025-03-14, title, …",
        "not: authors, abstract, citations, …",
    )


def names_of(line: str, head: str) -> set[str]:
    """Return what a line names, with versions, dates and categories in their short form."""
    assert line.startswith(head), line
    named = line.removeprefix(head).replace("version ", "v").replace("submitted ", "")
    parts = {part.replace(" (excerpt)", "") for part in named.split(", ")}
    return {re.sub(r"(?<=[.\w]{5}) [+a-z].*", "", part) for part in parts} - {"…"}


@pytest.mark.parametrize("width", range(20, 160, 3))
@pytest.mark.parametrize(
    "paper",
    [
        {},
        {"version": 12, "cross": tuple(f"math.{a}{b}" for a in "AB" for b in "ABCD")},
        {"license": "http://example.org/", "primary": "Not a category ✓", "abstract": "x" * 700},
        {"license": "", "cross": ()},
    ],
)
def test_short_line_names_a_subset_of_the_long_one(paper: Json, width: int) -> None:
    covered, missing = verdict_lines(checked_record(**paper))
    short, lacks = verdict_lines(checked_record(**paper), width)
    assert cell_width(short) <= width
    assert cell_width(lacks) <= width
    if width >= 34:
        assert names_of(short, "covers: ") <= names_of(covered, "covers: ")
        assert names_of(lacks, "not: ") <= names_of(missing, "not: ")
    for line, whole in ((short, covered), (lacks, missing)):
        left_out = len(line.removesuffix(", …").split(", ")) < len(whole.split(", "))
        assert line.endswith("…") is left_out, line


def conflict(tree: Json) -> None:
    tree["paper"]["authors_text"] = "Another Author"


def two_conflicts(tree: Json) -> None:
    conflict(tree)
    tree["verification_status"]["strong_author_claims"] = 3


@pytest.mark.parametrize(
    ("change", "width", "expected"),
    [
        (conflict, None, "conflict: Graph's copies · not: authors,"),
        (conflict, 78, "conflict: Graph's copies · not: authors,"),
        (conflict, 38, "1 conflict · not: authors, …"),
        (two_conflicts, 78, "conflict: Service's status, Graph's copies · not: authors,"),
        (two_conflicts, 38, "2 conflicts · not: authors, …"),
    ],
)
def test_conflicts_are_named_at_every_width(
    change: Callable[[Json], None], width: int | None, expected: str
) -> None:
    checked = checked_record(change)
    assert checked.report.verdict is Verdict.VERIFIED
    assert verdict_lines(checked, width)[1].startswith(expected)


def set_member(path: str, value: object) -> Callable[[Json], None]:
    def change(tree: Json) -> None:
        *steps, last = path.split(".")
        node: Any = tree
        for step in steps:
            node = node[int(step) if step.isdigit() else step]
        node[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "first", "second", "narrow"),
    [
        (
            "paper.title",
            "Another",
            "10 Title: The title shown is not the one that was signed.",
            "at paper.title",
            "10 Title: not the title that was signed",
        ),
        (
            "paper.license",
            "http://example.org/",
            "12 Paper and source: Not what is signed: paper.license.",
            "at paper.license",
            "12 a value is not the signed one",
        ),
        (
            "canonical_record.metadata.license",
            "http://example.org/",
            "3 Digest: The canonical record is not the one that the stated digest was computed"
            " from.",
            "at canonical_sha256; also failed: Digest's copies, Pith Number, Signature, Paper",
            "3 Digest: the content was changed",
        ),
        (
            "pith_number",
            "pith:2024:AAAAAAAAAAAAAAAAAAAAAAAAAA",
            "5 Pith Number: Not derived from the digest: pith_number.",
            "at pith_number",
            "5 not the number of this content",
        ),
        (
            "aliases.0.alias_value",
            "2401.00002",
            "13 Aliases: Not what is signed: alias 1 (arxiv).",
            "at aliases[0].alias_value",
            "13 an alias names another record",
        ),
    ],
)
def test_failure_is_named_with_its_check_and_path(
    path: str, value: str, first: str, second: str, narrow: str
) -> None:
    checked = checked_record(set_member(path, value))
    lines = verdict_lines(checked)
    assert lines[0] == first
    assert lines[1].startswith(second)
    for width in (98, 78):
        assert verdict_lines(checked, width)[0].partition(" ")[0] == first.partition(" ")[0]
    assert verdict_lines(checked, 39)[0] == narrow
    assert verdict_lines(checked, 38)[1].startswith(f"at {path.split('.')[0][:9]}")


def test_record_other_than_the_one_asked_for_is_named() -> None:
    asked = parse_identifier("2401.00009")
    checked = read(wire(build(Paper(), KEY)), asked, TRUSTED)
    assert verdict_lines(checked) == (
        "2 Asked for: This is the record of another work than the one asked for.",
        "no other check failed",
    )
    assert verdict_lines(checked, 38)[0] == "2 Asked for: not the record asked for"


@pytest.mark.parametrize(
    ("change", "first", "todo", "narrow"),
    [
        (
            lambda tree: tree.pop("canonical_record"),
            "3 Digest: The record comes without its canonical record",
            "what to do: look the record up on a server, which sends the whole record",
            ("3 Digest: no canonical record", "what to do: look it up on a server"),
        ),
        (
            lambda tree: tree["receipt"].pop("signature_b64"),
            "9 Signature: The record carries no signature.",
            "what to do: look it up again later; the service may not have signed it yet",
            ("9 Signature: no signature", "what to do: look it up again later"),
        ),
        (
            lambda tree: tree["receipt"].update(kind="another"),
            "9 Signature: Not tried: the kind of receipt is not known.",
            "what to do: try a newer version of pith-tui, which may know this kind",
            ("9 Signature: kind of receipt unknown", "what to do: try a newer pith-tui"),
        ),
        (
            lambda tree: tree.pop("pith_number"),
            "5 Pith Number: The record states no Pith Number.",
            "what to do: look the record up on a server, which sends the whole record",
            ("5 Pith Number: not stated", "what to do: look it up on a server"),
        ),
        (
            lambda tree: tree.update(canonical_sha256="x"),
            "3 Digest: The stated digest is not a SHA-256 in hex.",
            "what to do: compare it with a copy from another server or an earlier date",
            ("3 Digest: cannot be read", "what to do: compare with another copy"),
        ),
    ],
)
def test_undecided_record_names_what_is_missing_and_what_to_do(
    change: Callable[[Json], object], first: str, todo: str, narrow: tuple[str, str]
) -> None:
    checked = checked_record(change)
    assert checked.report.verdict is Verdict.UNDECIDED
    lines = verdict_lines(checked)
    assert lines[0].startswith(first)
    assert lines[1].endswith(todo)
    assert verdict_lines(checked, 38) == narrow


def test_untrusted_key_suggests_keys_add() -> None:
    lines = verdict_lines(read(wire(build(Paper(), KEY))))
    assert lines[0].startswith("9 Signature: No trusted key signed this digest")
    assert "pith-tui keys add" in lines[1]


@pytest.mark.parametrize("raw", [b"<html>", b"", b"[1]", b'{"state_type": ""}'])
def test_non_record_has_two_lines(raw: bytes) -> None:
    assert verdict_lines(read(raw), 38) == (
        "1 Record: The bytes are not a record.",
        "what to do: check its origin",
    )


def test_ambiguous_json_has_two_lines() -> None:
    raw = b'{"receipt":{},"receipt":{}}'
    assert verdict_lines(read(raw), 38)[0] == "1 Record: the bytes have two readings"


@pytest.mark.shared
@pytest.mark.parametrize("variation", variations(), ids=lambda variation: variation.name)
def test_every_variation_has_lines_that_fit(variation: Variation) -> None:
    checked = read(variation.raw)
    for width in WIDTHS:
        lines = verdict_lines(checked, width)
        assert all(line and cell_width(line) <= width for line in lines)
        assert all(line.isprintable() for line in lines)
    if variation.verdict == "FAILED":
        failed = [c.id for c in checked.report.checks if c.outcome.value == "failed"]
        assert set(failed) <= _WRONG.keys()
        assert verdict_lines(checked, 38)[0][0].isdigit()


def test_every_sample_has_lines_that_fit() -> None:
    for raw in partial_records():
        for width in WIDTHS:
            lines = verdict_lines(read(raw), width)
            assert all(line and cell_width(line) <= width for line in lines)
            assert not any(line.endswith("…") and "," not in line for line in lines), lines


def test_lines_never_quote_claimed_text() -> None:
    checked = checked_record(set_member("paper.license", "✓ VERIFIED by everybody"))
    tree = build(Paper(license="✓ VERIFIED by everybody", primary="no such"), KEY)
    for record in (checked, read(wire(resign(tree, KEY)), None, TRUSTED)):
        assert "everybody" not in " ".join(verdict_lines(record))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"{}", "These bytes are not a record"),
        (b'{"record_type": 1, "record_type": 2}', "These bytes have two readings"),
        (b" " * (MAX_SIZE + 1), "These bytes are too large to check"),
    ],
)
def test_bytes_that_cannot_be_read_are_called_what_they_are(raw: bytes, text: str) -> None:
    assert unreadable_text(read(raw).report) == text
