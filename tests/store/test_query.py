"""Searching: a record is found by the text on its screen and by a pasted title."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import UsageError
from pith_tui.output.tex import display
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import parse_query
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, file_record, find_titles, quiet
from tests.support import REAL_SUFFIX, partial_records, real_record

TITLES = (
    r"Safety Mirage: How Spurious Correlations Undermine VLM Safety",
    r"Evidence for $B\to K\mu\mu$ at $10\,\mathrm{TeV}$",
    r"H$_2$O in $^{12}$C: the \emph{first} 10$^{-3}$ seconds",
    r"A study of $\varphi$ and $\phi$ mesons -- $\psi(4260)$",
    r"On the Nguy{\~\^e}n bound: $\mathcal{O}(n \log n)$",
    r"Title: A Story of the year: 2001",
    r"What $p\bar{p}$ collisions cost: \$5, 50\%",
    r"$\hbar\omega$ and \th{}orn by Fran\c cois Erd\H{o}s",
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    path = tmp_path_factory.mktemp("filled") / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        for number, title in enumerate(TITLES, 1):
            file_record(cache, wire(build(Paper(f"2401.{number:05}", title=title), KEY)))
        yield cache


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    path = tmp_path_factory.mktemp("samples") / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        for raw in (real_record(), *partial_records()):
            file_record(cache, raw)
        yield cache


@pytest.mark.parametrize("title", TITLES)
def test_title_is_found_as_shown_and_as_written(filled: Cache, title: str) -> None:
    assert find_titles(filled, display(title)) == [title]
    assert find_titles(filled, title) == [title]


@pytest.mark.parametrize("raw", partial_records(), ids=lambda raw: json.loads(raw)["pith_number"])
def test_every_sample_is_found_by_its_shown_title_and_authors(samples: Cache, raw: bytes) -> None:
    paper = json.loads(raw).get("paper", {})
    for field in ("title", "authors_text"):
        if text := paper.get(field):
            assert paper["title"] in find_titles(samples, display(text)), text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Safety Mirage: How …", TITLES[0]),
        ("safety mirage:how", TITLES[0]),
        ("B→Kμ", TITLES[1]),
        ("title:B→K", TITLES[1]),
        ("H₂O", TITLES[2]),
        ("φ meso", TITLES[3]),
        ("ϕ", TITLES[3]),
        ("ψ(42", TITLES[3]),
        ("nguyễn", TITLES[4]),
        ("On - the — Nguyễn", TITLES[4]),
        ("OP_RETURN \u19b0", ""),
        ("Title: story", TITLES[5]),
        ("Year: 2001", TITLES[5]),
        ("author: lovelace hbar", ""),
        ("ℏω", TITLES[7]),
        ("þorn", TITLES[7]),
        (r"Fran\c cois", TITLES[7]),
        ("https://arxiv.org/abs/2401.00006v1", TITLES[5]),
        ("(arXiv:2401.00006)", TITLES[5]),
        ("10.48550/arXiv.2401.00006", TITLES[5]),
    ],
)
def test_pasted_text_finds_the_expected_title(filled: Cache, text: str, title: str) -> None:
    assert find_titles(filled, text) == ([title] if title else [])


def test_pith_number_and_its_url_are_found(samples: Cache) -> None:
    for text in (f"pith:2025:{REAL_SUFFIX}", f"https://pith.science/pith/{REAL_SUFFIX}"):
        assert [title[:13] for title in find_titles(samples, text)] == ["Safety Mirage"]


@pytest.mark.parametrize("text", ["year:20", "year:x", "year:2020...2021"])
def test_invalid_year_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="invalid year") as caught:
        parse_query(text)
    assert caught.value.hint


@given(st.text("αΩϕςðℏ²₂→\\$:.\"'*()^-+_ aA1\u19b0", max_size=12))
def test_any_symbols_can_be_searched_for(filled: Cache, text: str) -> None:
    assert records.count_records(filled, parse_query(text)) >= 0
