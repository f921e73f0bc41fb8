"""The tolerant BibTeX reader: real files whole, and each way in which one can be broken."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.entries import Bibliography, Entry, Problem, ProblemKind
from pith_tui.operations.bibliography.source_text import decode
from tests.support import SHARED


def kinds(entry: Entry) -> list[ProblemKind]:
    return [problem.kind for problem in entry.problems]


def only(text: str) -> Entry:
    (entry,) = read_bibtex(text).entries
    return entry


@pytest.mark.shared
@pytest.mark.parametrize("name", ["a", "b"])
def test_keys_lines_and_titles_of_real_files(name: str) -> None:
    expected = json.loads((SHARED / "bib" / f"{name}.expected.json").read_bytes())["entries"]
    source = decode((SHARED / "bib" / f"{name}.bib").read_bytes())
    read = read_bibtex(source.text)
    assert [(e.key, e.line, e.value("title")) for e in read.entries] == [
        (e["key"], e["line"], e["title"]) for e in expected
    ]
    assert [e.problems for e in read.entries if e.problems] == []
