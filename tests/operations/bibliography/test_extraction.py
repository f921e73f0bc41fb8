"""Ids and titles of two real bibliographies, against what strict parsers found in them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from pith_tui.operations.bibliography.arxiv_ids import arxiv_ids
from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.source_text import decode
from pith_tui.operations.bibliography.titles import Comparison, compare_titles
from tests.support import SHARED

pytestmark = pytest.mark.shared
BIB = SHARED / "bib"


@pytest.mark.parametrize("name", ["a", "b"])
def test_every_entry_of_a_real_file(name: str) -> None:
    expected = json.loads((BIB / f"{name}.expected.json").read_bytes())["entries"]
    entries = read_bibtex(decode((BIB / f"{name}.bib").read_bytes()).text).entries
    found = []
    for entry in entries:
        ids = arxiv_ids(entry)
        assert ids.impossible == ()
        found.append(
            {
                "key": entry.key,
                "line": entry.line,
                "ids": [each.id for each in ids.ids],
                "where": {each.id: list(each.where) for each in ids.ids},
                "title": entry.value("title"),
            }
        )
    assert found == expected


def test_the_stray_byte_is_named_by_its_line() -> None:
    raw = (BIB / "b.bib").read_bytes()
    (problem,) = decode(raw).problems
    assert b"\xd5" in raw.split(b"\n")[problem.line - 1]


def test_real_citations_of_real_records() -> None:
    for pair in json.loads((BIB / "pairs.json").read_bytes()):
        signed = pair["record_title"] or pair["title_proved_by_hash"]
        result = compare_titles(pair["title_as_written"][1:-1], signed)
        assert result is (Comparison.SAME if pair["expected"] == "same" else Comparison.PART)


def test_titles_are_the_same_as_themselves_alone() -> None:
    titles = []
    for name in "ab":
        entries = read_bibtex(decode((BIB / f"{name}.bib").read_bytes()).text).entries
        titles += [title for entry in entries if (title := entry.value("title"))]
    for title, other in pairwise(titles):
        plain = title.replace("{", "").replace("}", "")
        assert compare_titles(title, plain.upper() if "\\" not in plain else plain) in (
            Comparison.SAME,
        )
        if plain.lower().rstrip(".") != other.lower().strip("{}."):
            assert compare_titles(title, other) is not Comparison.SAME
        changed = [*plain.split()[:-1], "zebrafish"]
        assert compare_titles(title, " ".join(changed)) is not Comparison.SAME
