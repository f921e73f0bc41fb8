"""Pages in every order, over searches, from both ends; and files of an older version."""

from __future__ import annotations

import gzip
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pith_tui.errors import CacheError
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store import indexing, paging, records, reindex
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Order, Position, Sorting, Window
from pith_tui.store.query import parse_query
from pith_tui.store.response_rows import NewResponse
from tests.registry.records import SigningKey, suffix_of, synthetic, wire
from tests.stored import NOW, file_record, quiet
from tests.support import OLD_CACHE

KEY = SigningKey()
"""A file that the program wrote while its schema was of version 1: 40 records, one of them with
two responses, the second of which names Grace Hopper."""
SEARCHES = ["", "erdos", "e", "quantum", "year:2016", "erdos year:1999..2016", "cat:cs.AI", "1601."]


def fill(cache: Cache, count: int) -> None:
    entries = []
    for number in random.Random(1).sample(range(3 * count), count):
        raw = wire(synthetic(number, KEY))
        catalog = catalog_entry(Record(raw))
        assert catalog is not None
        moment = NOW - timedelta(days=number % 5)
        entries.append(NewResponse(raw, catalog, "https://example.org/", None, moment))
    cache.store_many(entries)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    path = tmp_path_factory.mktemp("filled") / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as opened:
        fill(opened, 120)
        yield opened


class Listed(NamedTuple):
    """A record with its sort keys."""

    number: int
    keys: indexing.SortKeys
    checked_at: datetime


def list_all(cache: Cache, text: str) -> list[Listed]:
    listed = []
    for item in records.iter_records(cache, parse_query(text)):
        assert item.response is not None
        catalog = catalog_entry(Record(item.response.raw))
        assert catalog is not None
        listed.append(Listed(item.number, indexing.sort_keys(catalog), item.response.checked_at))
    return listed


def expected(listed: list[Listed], sorting: Sorting) -> list[int]:
    """Return the numbers in the order of sorting everything in memory."""
    key: Callable[[Listed], Any] = {
        Order.ARRIVAL: lambda record: 0,
        Order.TITLE: lambda record: record.keys.title,
        Order.NAME: lambda record: record.keys.name,
        Order.CATEGORY: lambda record: record.keys.category,
        Order.SUBMITTED: lambda record: record.keys.submitted,
        Order.CHECKED: lambda record: record.checked_at,
    }[sorting.order]
    keyed = sorted(((key(record), record.number) for record in listed), reverse=sorting.descending)
    return [number for _, number in keyed]


def walk(cache: Cache, text: str, sorting: Sorting, *, backward: bool) -> list[int]:
    numbers: list[int] = []
    place: Position | None = None
    while rows := paging.page(cache, parse_query(text), sorting, Window(place, backward, 7)):
        place = rows[0 if backward else -1].place
        page = [row.item.number for row in rows]
        numbers = page + numbers if backward else numbers + page
    return numbers


@pytest.mark.parametrize("few", [15_000, 1], ids=["sorted", "walked"])
@pytest.mark.parametrize("text", SEARCHES)
def test_every_order_agrees_with_sorting_a_list(
    filled: Cache, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_FEW", few)
    monkeypatch.setattr(paging, "_STEPS", 30)
    listed = list_all(filled, text)
    for order in Order:
        for descending in (False, True):
            sorting = Sorting(order, descending)
            wanted = expected(listed, sorting)
            assert wanted
            assert walk(filled, text, sorting, backward=False) == wanted, sorting
            assert walk(filled, text, sorting, backward=True) == wanted, sorting


def test_rare_matches_are_collected_and_sorted(
    filled: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_FEW", 3)
    monkeypatch.setattr(paging, "_MOST_STEPS", 0)
    for text in ("cat:math.LO", "year:2016", "erdos year:1999"):
        listed = list_all(filled, text)
        for order in Order:
            wanted = expected(listed, Sorting(order))
            assert walk(filled, text, Sorting(order), backward=False) == wanted


def test_every_order_uses_its_index(filled: Cache) -> None:
    with filled.reading() as connection:
        state = indexing.state_of(connection)
        for order in Order:
            for backward in (False, True):
                window = Window(Position(0, 5), backward, 10)
                search = paging._Search(connection, parse_query(""), Sorting(order), window, state)
                asked: list[str] = []
                connection.set_trace_callback(asked.append)
                search._along(10)
                connection.set_trace_callback(None)
                assert asked
                for sql in asked:
                    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
                    assert all(step.startswith("SEARCH r") for step in plan), (sql, plan)


def test_unreadable_record_is_in_every_order(cache: Cache) -> None:
    fill(cache, 5)
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    for order in Order:
        rows = paging.page(cache, parse_query(""), Sorting(order), Window(None, False, 9))
        assert sorted(row.item.number for row in rows) == [1, 2, 3, 4, 5]
        assert [row.item.number for row in rows if row.item.response is None] == [2]


# Files of version 1


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite3"
    path.write_bytes(gzip.decompress(OLD_CACHE.read_bytes()))
    return path


def keep_going(left: int) -> bool:
    del left
    return True


def count_found(cache: Cache, text: str) -> int:
    numbers = [item.number for item in records.iter_records(cache, parse_query(text))]
    assert records.count_records(cache, parse_query(text)) == len(numbers)
    return len(numbers)


def check_searches(cache: Cache) -> None:
    for text, count in (("", 40), ("hopper", 1), ("erdos", 10), ("id:2503.11832v5", 1), ("q", 4)):
        assert count_found(cache, text) == count, text
    assert count_found(cache, "10.48550/arXiv.2503.11832") == 1
    assert count_found(cache, suffix_of(synthetic(9, KEY))[:9]) == 1


def test_old_file_is_searchable_and_sorted_after_reindexing(old_file: Path) -> None:
    with closing(Cache.open(old_file, notice=quiet)) as cache:
        check_searches(cache)
        assert reindex.pending_count(cache) > 30
        by_title = Sorting(Order.TITLE)
        unsorted = paging.page(cache, parse_query(""), by_title, Window(None, False, 99))
        assert [row.item.number for row in unsorted] == sorted(row.item.number for row in unsorted)
        assert reindex.run_reindex(cache, keep_going)
        assert reindex.pending_count(cache) == 0
        check_searches(cache)
        listed = list_all(cache, "")
        for order in Order:
            wanted = expected(listed, Sorting(order))
            assert walk(cache, "", Sorting(order), backward=False) == wanted
        with cache.reading() as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        assert "search" not in tables


def test_reindexing_resumes_after_changes_to_the_records(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex, "_CHUNK", 6)
    pending_counts: list[int] = []

    def stop_at_once(left: int) -> bool:
        pending_counts.append(left)
        return False

    with closing(Cache.open(old_file, notice=quiet)) as cache:
        assert not reindex.run_reindex(cache, stop_at_once)
        check_searches(cache)
        # One on each side of where it stopped is removed, one changed, and one is new.
        for number in (2, 20):
            suffix = suffix_of(synthetic(number, KEY))
            assert records.remove(cache, [suffix]) == 1
        for number in (1, 21):
            tree = synthetic(number, KEY)
            tree["paper"]["authors_text"] = "Emmy Noether"
            file_record(cache, wire(tree), NOW + timedelta(days=9))
        new = synthetic(77, KEY)
        new["paper"]["authors_text"] = "Emmy Noether"
        file_record(cache, wire(new))
        assert count_found(cache, "noether") == 3
    with closing(Cache.open(old_file, notice=quiet)) as cache:
        assert reindex.run_reindex(cache, keep_going)
        assert count_found(cache, "noether") == 3
        assert count_found(cache, "") == 39
        listed = list_all(cache, "")
        for order in Order:
            wanted = expected(listed, Sorting(order))
            assert walk(cache, "", Sorting(order), backward=False) == wanted
        with cache.reading() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_read_only_old_file_is_searched_without_reindexing(old_file: Path) -> None:
    uri = f"{old_file.as_uri()}?immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    with closing(Cache(connection, old_file, readonly=True)) as cache:
        check_searches(cache)
        assert reindex.pending_count(cache) == 40
        assert not reindex.run_reindex(cache, keep_going)
        rows = paging.page(cache, parse_query("erdos"), Sorting(Order.NAME), Window(None, False, 5))
        assert len(rows) == 5


def test_damaged_record_does_not_stop_reindexing(old_file: Path) -> None:
    with closing(Cache.open(old_file, notice=quiet)) as cache:
        with cache.writing() as connection:
            connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 5")
        assert reindex.run_reindex(cache, keep_going)
        rows = paging.page(cache, parse_query(""), Sorting(Order.TITLE), Window(None, False, 99))
        assert len(rows) == 40
        assert rows[0].item.response is None


def test_interrupted_page_is_an_error_and_the_next_works(cache: Cache) -> None:
    fill(cache, 3)
    with cache.reading() as connection:
        connection.set_progress_handler(lambda: 1, 1)
    with pytest.raises(CacheError):
        paging.page(cache, parse_query("e"), Sorting(), Window(None, False, 9))
    with cache.reading() as connection:
        connection.set_progress_handler(None, 0)
    assert paging.page(cache, parse_query("e"), Sorting(), Window(None, False, 9))
