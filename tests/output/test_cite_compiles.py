"""Citations compiled by the real programs: they read no file, and print the title."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import bibtexparser
import pytest
from pybtex.database import parse_string

from pith_tui.output.bibtex_names import MAX_AUTHORS
from pith_tui.output.cite import bibtex
from pith_tui.output.tex import display
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from tests.output.tex_documents import (
    AFTER,
    DOCUMENTS,
    MISSING,
    Compiled,
    compile_document,
    folded,
)
from tests.output.tex_tricks import AUTHORS, CANARY, PRINTED, SECRET, TRICKS, everything_allowed
from tests.registry.records import Paper, SigningKey, build, wire
from tests.support import partial_records, real_record

KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))
needs_tex = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


def viewed(raw: bytes) -> CheckedRecord:
    return read(raw, None, TRUSTED)


@cache
def sample_views() -> list[CheckedRecord]:
    return [viewed(raw) for raw in (real_record(), *partial_records())]


@cache
def generated_views() -> list[CheckedRecord]:
    """Return records made from every title and list of authors, and from tricks as both."""
    papers = [(title, "Ada Lovelace") for title, _ in PRINTED]
    papers += [(title, "Ada Lovelace") for title in everything_allowed()]
    papers += [(f"Authors {n}", authors) for n, authors in enumerate(AUTHORS)]
    papers += [(trick, f"{trick}, A {trick}") for trick in TRICKS]
    return [
        viewed(wire(build(Paper(arxiv=f"2401.{n:05}", title=title, authors=authors), KEY)))
        for n, (title, authors) in enumerate(papers, 1)
    ]


@cache
def bibliography() -> str:
    return "\n".join(map(bibtex, sample_views() + generated_views()))


def read_once() -> list[list[str]]:
    """Return the styles grouped by reader: biber is slow, so it reads once for all its styles."""
    of_biber = [style for style in DOCUMENTS if "biblatex" in style]
    return [of_biber, *([style] for style in DOCUMENTS if style not in of_biber)]


@needs_tex
@pytest.mark.parametrize("styles", read_once(), ids="; ".join)
def test_every_citation_compiles_and_prints_its_title(styles: list[str], tmp_path: Path) -> None:
    entries = ""
    for style in styles:
        done = compile_document(tmp_path / style, style, bibliography(), entries)
        check_compiled(style, done)
        entries = done.entries


def check_compiled(style: str, done: Compiled) -> None:
    assert done.complaints == []
    shown = folded(done.text)
    assert folded(AFTER) in shown
    assert SECRET not in shown
    assert SECRET.encode() not in done.pdf
    known = {CANARY, "refs.bib", "paper.run.xml"}
    assert {name for name in done.files - known if not name.startswith("paper.")} == set()
    if "," in style:  # OT1 fonts lack characters, and their PDF has no map for all of the others
        return
    expected = [printed for _, printed in PRINTED]
    expected += [display(view.record.title) for view in sample_views() if view.record.title]
    assert [title for title in expected if folded(title) not in shown] == []


@needs_tex
def test_documents_reveal_an_unsafe_citation(tmp_path: Path) -> None:
    reads = "{\\pdfobj stream file{canary.txt}\\pdfrefobj\\pdflastobj x}"
    assert SECRET.encode() in compiled(tmp_path / "reads", reads).pdf
    assert folded(AFTER) not in folded(compiled(tmp_path / "ends", "{\\end{document}}").text)
    cased = compiled(tmp_path / "cased", "{A VLM and {$\\Lambda$}}")
    assert "vlm" in cased.text
    assert compiled(tmp_path / "unknown", "{\\ga}").complaints


def compiled(folder: Path, title: str) -> Compiled:
    return compile_document(folder, "plain", f"@misc{{a, key = {{a}}, title = {title}}}")


@needs_tex
def test_maximum_number_of_authors_compiles(tmp_path: Path) -> None:
    authors = ", ".join(f"Author Numberedperson{n}" for n in range(MAX_AUTHORS + 1))
    entry = bibtex(viewed(wire(build(Paper(authors=authors), KEY))))
    done = compile_document(tmp_path / "paper", "plain", entry)
    assert done.complaints == []
    assert f"Numberedperson{MAX_AUTHORS - 1}, et" in " ".join(done.text.split())


def test_strict_parsers_read_every_entry() -> None:
    views = [view for view in sample_views() + generated_views() if view.record.title]
    text = "\n".join(map(bibtex, views))
    strict = parse_string(text, "bibtex").entries
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    other = bibtexparser.loads(text, parser).entries_dict
    assert len(strict) == len(other) == len(views)
    for key, entry in strict.items():
        fields = {name.lower(): value for name, value in entry.fields.items()}
        assert fields["title"] == other[key]["title"]
        assert set(fields) | {"author"} == (set(other[key]) - {"ENTRYTYPE", "ID"}) | {"author"}
        assert set(fields) >= {"title", "year", "note", "doi", "url", "eprint", "version"}
