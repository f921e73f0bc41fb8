"""Ids and titles of two real bibliographies, compared with the results of strict parsers."""

from __future__ import annotations

import json

import pytest

from pith_tui.operations.bibliography.arxiv_ids import arxiv_ids
from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.source_text import decode
from pith_tui.operations.bibliography.titles import Comparison, compare_titles
from tests.bibliographies import BIB, Expected, expected_entries

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("name", ["a", "b"])
def test_every_entry_of_a_real_file_is_extracted(name: str) -> None:
    read = []
    for entry in read_bibtex(decode((BIB / f"{name}.bib").read_bytes()).text).entries:
        ids = arxiv_ids(entry)
        assert ids.impossible == ()
        names = tuple(named.id for named in ids.ids)
        where = {named.id: list(named.where) for named in ids.ids}
        read.append(Expected(entry.key, entry.line, names, where, entry.value("title")))
    assert read == expected_entries(name)


def test_stray_byte_is_reported_with_its_line() -> None:
    raw = (BIB / "b.bib").read_bytes()
    (problem,) = decode(raw).problems
    assert b"\xd5" in raw.split(b"\n")[problem.line - 1]


def test_real_citations_compare_as_expected() -> None:
    for pair in json.loads((BIB / "pairs.json").read_bytes()):
        signed = pair["record_title"] or pair["title_proved_by_hash"]
        result = compare_titles(pair["title_as_written"][1:-1], signed)
        assert result is (Comparison.SAME if pair["expected"] == "same" else Comparison.PART)
