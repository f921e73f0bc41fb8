"""Searching the cache: words are normalised, fields matched, the index follows the records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import UsageError
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.normalize import normalize_ids, normalize_text
from pith_tui.store.query import parse_query
from tests.registry.records import Paper, build, synthetic, wire
from tests.stored import KEY, NOW, file_record, find_titles, put

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        (r"Erd\H{o}s--R\'enyi", "erdos renyi"),
        (r"Schr\"odinger", "schrodinger"),
        ("Søren Łukasz Straße", "soren lukasz strasse"),
        (r"Torbj{\o}rn \L{}ukasz", "torbjorn lukasz"),
        (r"$\psi(4260)$ and $\alpha_s$", "psi 4260 and alpha s"),
        ("fine-tuning: a Survey!", "fine tuning a survey"),
        ("数学 Ünïcode", "数学 unicode"),
        ("", ""),
    ],
)
def test_text_is_normalised(source: str, folded: str) -> None:
    assert normalize_text(source) == folded


def test_ids_keep_their_punctuation() -> None:
    assert normalize_ids("cs.AI hep-th/9901001 10.48550/arXiv.1") == (
        "cs.ai hep-th/9901001 10.48550/arxiv.1"
    )


def test_records_are_found_by_words_and_fields(cache: Cache) -> None:
    put(cache, arxiv="2401.00001", title=r"On Erd\H{o}s Graphs", authors=r"K. G\"odel")
    put(cache, arxiv="2402.00002", title="Quantum Erdos Numbers", primary="math.CO", cross=())
    put(cache, arxiv="2503.00003", title="Other Things", submitted="2025-03-01T00:00:00Z")
    first, second, third = r"On Erd\H{o}s Graphs", "Quantum Erdos Numbers", "Other Things"
    for text, expected in (
        ("", [first, second, third]),
        ("erdos", [first, second]),
        ("Erdős", [first, second]),
        ("erd gra", [first]),
        ("author:godel", [first]),
        ("title:godel", []),
        ("cat:math.CO", [second]),
        ("cat:cs", [first, third]),
        ("year:2025", [third]),
        ("year:2024..2024 erdos", [first, second]),
        ("year:2025..", [third]),
        ("2402", [second]),
        ("id:2402.00002v1", [second]),
        ("10.48550/arxiv.2503.00003", [third]),
        ("nothing", []),
        ('" *', [first, second, third]),
        ("(", [first, second, third]),
    ):
        assert find_titles(cache, text) == expected, text
        assert records.count_records(cache, parse_query(text)) == len(expected), text


@pytest.mark.parametrize("text", ["year:20", "year:x"])
def test_invalid_search_is_an_error_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_query(text)
    assert caught.value.hint


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(text: str) -> None:
    import sqlite3

    try:
        query = parse_query(text)
    except UsageError:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE search USING fts5 (title, authors, ids, categories,"
        " tokenize = \"unicode61 tokenchars '.-/'\")"
    )
    if query.match is not None:
        connection.execute("SELECT * FROM search WHERE search MATCH ?", (query.match,))
    connection.close()


def test_index_follows_the_latest_response_and_removal(cache: Cache) -> None:
    key = {"arxiv": "2401.00009"}
    put(cache, **key)
    changed = build(Paper(**key), KEY)  # type: ignore[arg-type]
    changed["paper"]["authors_text"] = "Grace Hopper"
    file_record(cache, wire(changed), NOW + timedelta(days=1))
    assert len(find_titles(cache, "author:hopper")) == 1
    assert find_titles(cache, "author:lovelace") == []
    put(cache, **key)  # the older bytes again, but checked earlier: still not the latest
    assert find_titles(cache, "author:lovelace") == []
    file_record(cache, wire(build(Paper(**key), KEY)), NOW + timedelta(days=2))  # type: ignore[arg-type]
    assert len(find_titles(cache, "author:lovelace")) == 1
    assert find_titles(cache, "author:hopper") == []
    suffix = cache.find(parse_identifier("2401.00009"))[0]
    assert records.remove(cache, [suffix, "A" * 26]) == 1
    assert find_titles(cache, "") == []
    with cache.reading() as connection:
        row = connection.execute(
            "SELECT count(*) FROM words WHERE words MATCH 'lovelace'"
        ).fetchone()
    assert row == (0,)


def test_iteration_yields_every_record_once(cache: Cache) -> None:
    suffixes = [file_record(cache, wire(synthetic(n, KEY))).suffix for n in range(1, 1201, 2)]
    assert [item.suffix for item in records.iter_records(cache)] == suffixes
    numbers = [item.number for item in records.iter_records(cache, after=100, until=110)]
    assert numbers == list(range(101, 111))
