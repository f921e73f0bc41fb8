"""The output of BibTeX for a real bibliography is read completely, for every style."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pith_tui.operations.bibliography.arxiv_ids import arxiv_ids
from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.reading import Format, SourceFile
from pith_tui.operations.bibliography.source_text import decode
from pith_tui.operations.bibliography.text_titles import states_title, title_passages
from tests.bibliographies import BIB, expected_entries, plain_title

BIBTEX = shutil.which("bibtex")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(BIBTEX is None, reason="not installed: bibtex"),
]
_PRINTED = ("author", "title", "year", "journal", "volume", "booktitle")


@pytest.fixture(scope="module")
def bib() -> tuple[str, dict[str, tuple[str, str]]]:
    """Return the entries with one id, each with a note of the id, which every style prints."""
    texts, expected = [], {}
    titles = [entry.title or "" for entry in expected_entries("a")]
    for number, entry in enumerate(read_bibtex(decode((BIB / "a.bib").read_bytes()).text).entries):
        ids = arxiv_ids(entry).ids
        if len(ids) == 1:
            fields = {name: entry.value(name) for name in _PRINTED}
            fields["note"] = f"arXiv:{ids[0].id}"
            lines = [f"{name} = {{{value}}}" for name, value in fields.items() if value]
            texts.append(f"@{entry.kind}{{k{number},\n" + ",\n".join(lines) + "}\n")
            expected[f"k{number}"] = (ids[0].id, plain_title(titles[number]))
    return "".join(texts), expected


@pytest.mark.parametrize("style", ["plain", "siam"])
def test_every_entry_contains_its_own_title_only(
    bib: tuple[str, dict[str, tuple[str, str]]], tmp_path: Path, style: str
) -> None:
    text, expected = bib
    (tmp_path / "refs.bib").write_text(text)
    (tmp_path / "x.aux").write_text(
        f"\\relax\n\\bibstyle{{{style}}}\n\\citation{{*}}\n\\bibdata{{refs}}\n"
    )
    subprocess.run([str(BIBTEX), "x"], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    source = SourceFile("x.bbl", (tmp_path / "x.bbl").read_bytes())
    assert source.format is Format.BBL
    entries = source.bibliography.entries
    assert sorted(entry.key for entry in entries) == sorted(expected)
    assert len(entries) == 249
    titles = [title for _, title in expected.values()]
    others = dict(zip(expected, titles[1:] + titles[:1], strict=True))
    for entry in entries:
        name, title = expected[entry.key]
        assert [named.id for named in arxiv_ids(entry).ids] == [name]
        assert states_title(entry, title)
        assert title_passages(entry), "so that another title would be seen"
        assert not states_title(entry, others[entry.key])
