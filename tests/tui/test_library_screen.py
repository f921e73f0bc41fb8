"""The library screen: of any number of records, only those on the screen are read."""

from __future__ import annotations

import gzip
import json
import threading
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from pith_tui.errors import CacheError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.collections import Named, ReadOnlyCache
from pith_tui.protocol.report import Outcome
from pith_tui.store import paging, reindex
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Window
from pith_tui.store.records import EVERYTHING
from pith_tui.tui.app import PithApp
from pith_tui.tui.library_state import LibraryState, TabSources, open_tab
from pith_tui.tui.render.columns import By, ListRow, Sort, columns_at
from pith_tui.tui.row_source import RowSource
from pith_tui.tui.screens.library import LibraryScreen
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.widgets.bars import StatusBar, VerdictBar
from pith_tui.tui.widgets.record_list import RecordList
from tests.browser import EVIL, SIZES, check_harmless, evil_record, screen_text
from tests.browser import settle_rows as settle
from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.stored import NOW, TRUSTED, file_record, file_records, quiet
from tests.support import OLD_CACHE, REAL_SUFFIX, VECTORS, real_record

KEY = SigningKey()


def fill(cache: Cache, count: int) -> None:
    papers = (Paper(arxiv=f"2401.{n + 1:05}", title=f"Paper {n}") for n in range(count))
    file_records(cache, (wire(build(paper, KEY)) for paper in papers))


def app_of(cache: Cache) -> PithApp:
    return PithApp(RecordService(cache, None, TRUSTED, now=lambda: NOW + timedelta(days=3)))


async def open_library(pilot: Pilot[None], screen: LibraryScreen | None = None) -> RecordList:
    await settle(pilot)
    if screen is None:
        await pilot.press("o")
    else:
        pilot.app.push_screen(screen)
    await settle(pilot)
    assert isinstance(pilot.app.screen, LibraryScreen)
    return pilot.app.screen.query_one(RecordList)


def titles(records: RecordList) -> list[str]:
    return [row.title for row in records.rows]


def status(app: PithApp) -> str:
    return str(app.screen.query_one(StatusBar).render())


async def type_filter(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await settle(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def test_records_are_listed_with_verdicts_and_opened(cache: Cache) -> None:
    fill(cache, 5)
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert titles(records) == [f"Paper {n}" for n in range(5)]
        assert {row.outcome for row in records.rows} == {Outcome.PASSED}
        shown = screen_text(app)
        assert "5 records" in shown
        assert "3 days old" in shown
        assert "✓   2401.00003v1" in shown
        await pilot.press("j", "j", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "VERIFIED" in str(app.screen.query_one(VerdictBar).render())
        assert "Paper 2" in screen_text(app)


async def test_only_visible_rows_are_read(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(cache, 200)
    asked: list[int] = []
    original = paging.page

    def spy(cache: Cache, query: object, sorting: object, window: Window) -> object:
        asked.append(window.size)
        return original(cache, query, sorting, window)  # type: ignore[arg-type]

    monkeypatch.setattr(paging, "page", spy)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        records = await open_library(pilot)
        height = records.content_size.height - 1
        assert titles(records) == [f"Paper {n}" for n in range(height)]
        for key, first in (
            ("pagedown", height),
            ("pagedown", 2 * height),
            ("pageup", height),
            ("G", 200 - height),
            ("g", 0),
        ):
            await press(pilot, key)
            assert titles(records)[0] == f"Paper {first}", key
        before = len(asked)
        await press(pilot, *"j" * height)
        assert titles(records)[0] == "Paper 1"
        assert records.current is not None
        assert records.current.title == f"Paper {height}"
        assert asked[before:] == [1]
        assert max(asked) <= height


async def test_keys_pressed_faster_than_rows_load_are_all_applied(cache: Cache) -> None:
    fill(cache, 100)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        records = await open_library(pilot)
        height = records.content_size.height - 1
        for _ in range(height + 20):
            records.action_move(1)
        await settle(pilot)
        await settle(pilot)
        assert records.current is not None
        assert records.current.title == f"Paper {height + 20}"
        await press(pilot, "G", "j", "pagedown")
        assert records.current.title == "Paper 99"
        await press(pilot, "g", "k", "pageup")
        assert titles(records)[0] == "Paper 0"


async def test_list_is_filtered_while_typing(cache: Cache) -> None:
    for number in range(40):
        file_record(cache, wire(synthetic(number, KEY)))
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        await pilot.press("slash", *"erdos")
        await settle(pilot)
        assert len(records.rows) == 10
        assert status(app) == "10 records found"
        for wrong, message in (
            (" year:x", "invalid year: 'x'"),
            (" year:abc", "invalid year: 'abc'"),
        ):
            await type_filter(pilot, f"erdos{wrong}")
            assert message in status(app)
            assert screen_text(app).count(message) == 2
            assert "fits" not in screen_text(app)
            assert records.rows == []
            await pilot.resize_terminal(100, 31)
            await pilot.resize_terminal(100, 30)
            await settle(pilot)
            assert message in status(app)
        await type_filter(pilot, "erdos")
        assert len(records.rows) == 10
        assert status(app) == "10 records found"
        await type_filter(pilot, "nothing at all")
        assert records.rows == []
        assert "No record matches." in screen_text(app)
        await press(pilot, "enter", "x")
        assert len(records.rows) > 10
        await type_filter(pilot, "nothing")
        await pilot.press("enter", "j", "enter", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


async def test_key_burst_reaches_the_filter_completely(cache: Cache) -> None:
    fill(cache, 2)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_library(pilot)
        for key in ("slash", "x", "o", "d"):  # at once, as a terminal sends a burst
            app.post_message(events.Key(key, "/" if key == "slash" else key))
        await settle(pilot)
        assert app.screen.query_one(Input).value == "xod"


async def test_superseded_tab_is_closed(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(cache, 2)
    ready, opened = threading.Event(), []

    def slow(*arguments: object) -> ReadOnlyCache:
        view = open_tab(*arguments)  # type: ignore[arg-type]
        if arguments[0] == "samples":
            opened.append(view)
            assert ready.wait(60)
        return view

    monkeypatch.setattr("pith_tui.tui.screens.library.open_tab", slow)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_library(pilot)
        await pilot.press("4")
        while not opened:
            await pilot.pause()
        closed: list[ReadOnlyCache] = []
        monkeypatch.setattr(ReadOnlyCache, "close", lambda view: closed.append(view))
        await pilot.press("1")
        await settle(pilot)
        assert opened[0] not in closed
        ready.set()
        while opened[0] not in closed:
            await pilot.pause()
        monkeypatch.undo()
        opened[0].close()


async def test_rows_of_a_superseded_search_are_dropped(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        file_record(cache, wire(synthetic(number, KEY)))
    original, release, reached = paging.page, threading.Event(), threading.Event()

    def slow(cache: Cache, query: object, sorting: object, window: Window) -> object:
        if getattr(query, "match", None) and "erdos" in str(query):
            reached.set()
            release.wait(60)
        return original(cache, query, sorting, window)  # type: ignore[arg-type]

    monkeypatch.setattr(paging, "page", slow)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        app.screen.query_one(Input).value = "erdos"
        await pilot.pause()
        assert reached.wait(60)
        await type_filter(pilot, "quantum")
        assert len(records.rows) == 4
        release.set()
        await settle(pilot)
        assert len(records.rows) == 4
        assert status(app) == "4 records found"


async def test_missing_cache_is_reported() -> None:
    app = PithApp(RecordService(None, None, TRUSTED))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await pilot.pause()
        await settle(pilot)
        assert "There is no cache in this session" in screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        assert "66 records" in str(app.screen.query_one(StatusBar).render())


async def test_damaged_bytes_are_reported_in_the_row(cache: Cache) -> None:
    fill(cache, 3)
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert [row.outcome for row in records.rows].count(Outcome.FAILED) == 1
        assert "damaged bytes" in screen_text(app)


async def test_rows_appear_before_their_verdicts(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache, 20)
    release = threading.Event()
    original = RowSource.verified

    def slow(source: RowSource, row: ListRow) -> ListRow:
        release.wait(60)
        return original(source, row)

    monkeypatch.setattr(RowSource, "verified", slow)
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("o")
        while "20 records" not in screen_text(app):
            await pilot.pause()
        shown = screen_text(app)
        assert "…   2401.00001v1" in shown
        assert "Paper 19" in shown
        assert not {"✓", "◇", "◆"} & set(shown)
        release.set()
        await settle(pilot)
        assert "✓   2401.00020v1" in screen_text(app)


async def test_failing_cache_is_reported(cache: Cache) -> None:
    fill(cache, 3)
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        await open_library(pilot)
        with cache.writing() as connection:
            connection.execute("DROP TABLE words")
        await type_filter(pilot, "paper")
        assert "cannot be used" in status(app)
        assert app.is_running


@pytest.mark.parametrize("whole", [0, 1])
async def test_cache_failing_while_scrolling_is_reported(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    fill(cache, 30)
    app = app_of(cache)
    async with app.run_test(size=(120, 20)) as pilot:
        await open_library(pilot)
        page, asked = paging.page, []

        def damaged(*arguments: object) -> list[paging.PositionedRecord]:
            asked.append(1)
            if len(asked) > whole:
                raise CacheError("the cache is damaged", "move it away")
            return page(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(paging, "page", damaged)
        await pilot.resize_terminal(120, 60)
        await settle(pilot)
        assert "the cache is damaged" in status(app)
        assert "move it away" in screen_text(app)


# Sorting


async def test_list_is_sorted_by_every_column_in_both_directions(cache: Cache) -> None:
    for number in range(30):
        moment = NOW - timedelta(days=number % 7)
        file_record(cache, wire(synthetic(number, KEY)), moment)
    app = app_of(cache)
    async with app.run_test(size=(160, 48)) as pilot:
        records = await open_library(pilot)
        arrived = [row.suffix for row in records.rows]
        assert len(arrived) == 30
        orders = []
        for by in (By.NAME, By.TITLE, By.CATEGORY, By.SUBMITTED, By.AGE, By.VERDICT):
            await press(pilot, "greater_than_sign")
            orders.append([row.suffix for row in records.rows])
            assert by.label in screen_text(app)
            assert "▲" in screen_text(app).splitlines()[3]
            await press(pilot, "minus")
            assert "▼" in screen_text(app).splitlines()[3]
            assert "reversed" in screen_text(app)
            assert [row.suffix for row in records.rows] == orders[-1][::-1], by
        await press(pilot, "less_than_sign")
        ages = [row.checked_at for row in records.rows]
        assert ages == sorted(ages, reverse=True)  # type: ignore[type-var]
        await press(pilot, "less_than_sign")
        dates = [row.submitted for row in records.rows]
        assert dates == sorted(dates)
        await press(pilot, "less_than_sign", "less_than_sign")
        folded = [row.title.lstrip("$\\").lower() for row in records.rows]
        assert folded[0].startswith("a ")
        assert folded[-1].startswith("why")
        assert sorted(arrived) == sorted(orders[0])


async def test_click_on_a_column_sorts_and_second_click_reverses(cache: Cache) -> None:
    fill(cache, 9)
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert records.content_offset is not None
        column = next(c for c in columns_at(records.content_size.width) if c.by is By.TITLE)
        where = (column.start + 5, 1)
        await pilot.click(RecordList, offset=where)
        await settle(pilot)
        assert "Title ▲" in screen_text(app)
        await pilot.click(RecordList, offset=where)
        await settle(pilot)
        assert "Title ▼" in screen_text(app)
        assert titles(records)[0] == "Paper 8"
        await pilot.click(RecordList, offset=(10, 4), times=2)
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "Paper 6" in screen_text(app)


async def test_search_results_are_sorted_by_verdict_up_to_a_limit(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache, 12)
    forged = build(Paper(arxiv="2402.00001", title="Paper forged"), KEY)
    forged["receipt"]["signature_b64"] = "A" * 86 + "=="
    file_record(cache, wire(forged))
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert records.rows[-1].outcome is Outcome.FAILED
        await press(pilot, "less_than_sign")
        assert records.rows[0].outcome is Outcome.FAILED
        assert titles(records)[1:] == [f"Paper {n}" for n in range(12)]
        await press(pilot, "G", "minus")
        assert records.rows[-1].outcome is Outcome.FAILED
        monkeypatch.setattr("pith_tui.operations.collections.MAX_VERDICT_SORT", 5)
        await press(pilot, "minus")
        assert screen_text(app).count("13 records cannot be sorted by verdict") == 1
        await type_filter(pilot, "forged")
        assert titles(records) == ["Paper forged"]


async def test_old_cache_is_sorted_after_reindexing(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    path.write_bytes(gzip.decompress(OLD_CACHE.read_bytes()))
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert reindex.pending_count(cache)
        app = app_of(cache)
        async with app.run_test(size=(120, 60)) as pilot:
            records = await open_library(pilot)
            assert len(records.rows) == 40
            await press(pilot, *["greater_than_sign"] * 2)
            assert reindex.pending_count(cache) == 0
            wanted = [
                place.item.suffix
                for place in paging.page(
                    cache, EVERYTHING, Sort(By.TITLE).sorting, Window(None, False, 40)
                )
            ]
            assert [row.suffix for row in records.rows] == wanted


async def test_reindexing_a_large_old_cache_is_started_by_key_and_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.sqlite3"
    path.write_bytes(gzip.decompress(OLD_CACHE.read_bytes()))
    monkeypatch.setattr("pith_tui.tui.reindex_worker._SMALL", 1)
    monkeypatch.setattr("pith_tui.tui.reindex_worker._REPORT_EVERY", 1)
    monkeypatch.setattr(reindex, "_CHUNK", 5)
    paused, resumed = threading.Event(), threading.Event()
    original = reindex._index_records

    def index_records(connection: object, first: int, last: int) -> None:
        original(connection, first, last)  # type: ignore[arg-type]
        if first > 5:
            paused.set()
            resumed.wait(60)

    monkeypatch.setattr(reindex, "_index_records", index_records)
    with closing(Cache.open(path, notice=quiet)) as cache:
        app = app_of(cache)
        async with app.run_test(size=(120, 30)) as pilot:
            await open_library(pilot)
            before = reindex.pending_count(cache)
            await pilot.press("greater_than_sign")
            while not (paused.is_set() and "preparing" in status(app)):
                await pilot.pause()
            assert "preparing to sort (once only): 1" in status(app)
            await pilot.press("escape")
            resumed.set()
            await settle(pilot)
            assert "stopped; it resumes from there" in status(app)
            assert isinstance(app.screen, LibraryScreen)
            assert 0 < reindex.pending_count(cache) < before
            await press(pilot, "greater_than_sign")
            assert reindex.pending_count(cache) == 0


# Tabs


async def test_tabs_list_bookmarks_recent_records_and_samples(cache: Cache) -> None:
    fill(cache, 3)
    mine = [row[0] for row in cache._connection.execute("SELECT suffix FROM record")]
    tab_sources = TabSources(
        bookmarks=lambda: [Named(mine[2], "2401.00003v1"), Named("A" * 26, "9999.99999")],
        recent=lambda: [
            Named(REAL_SUFFIX, "2503.11832v5"),
            Named(mine[0], "x"),
            Named(mine[0], ""),
        ],
    )
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        screen = LibraryScreen(app._first_screen._service, tab_sources, "recent")
        records = await open_library(pilot, screen)
        assert [row.suffix for row in records.rows] == [REAL_SUFFIX, mine[0]]
        assert "a sample" in screen_text(app)
        assert records.rows[0].outcome is Outcome.PASSED
        await press(pilot, "2")
        assert [row.name for row in records.rows] == ["2401.00003v1", "9999.99999"]
        assert records.rows[1].outcome is Outcome.ABSENT
        assert "not in the cache" in screen_text(app)
        assert "★" in screen_text(app)
        await type_filter(pilot, "9999")
        assert [row.name for row in records.rows] == ["9999.99999"]
        await type_filter(pilot, "paper")
        assert titles(records) == ["Paper 2"]
        await press(pilot, "l", "l")
        assert "Samples" in str(records.border_title)
        await type_filter(pilot, "")
        assert status(app) == "66 records"
        await press(pilot, "right")
        assert status(app) == "3 records"
        assert "★" in screen_text(app)
        chosen: list[str | None] = []
        screen.dismiss = chosen.append  # type: ignore[method-assign,assignment]
        await press(pilot, "2", "j", "enter")
        assert chosen == ["A" * 26]


async def test_samples_are_listed_without_a_cache() -> None:
    app = PithApp(RecordService(None, None, TRUSTED))
    async with app.run_test(size=(100, 30)) as pilot:
        screen = LibraryScreen(app._first_screen._service)
        records = await open_library(pilot, screen)
        assert "There is no cache in this session" in screen_text(app)
        await press(pilot, "4")
        assert status(app) == "66 records"
        assert records.rows[0].suffix == REAL_SUFFIX
        await press(pilot, *["greater_than_sign"] * 4)
        dates = [row.submitted for row in records.rows]
        assert dates == sorted(dates)
        await press(pilot, *["greater_than_sign"] * 2)
        assert records.rows[-1].outcome is not Outcome.PASSED


async def test_bookmark_is_set_and_removed(cache: Cache) -> None:
    fill(cache, 3)
    marks: dict[str, str] = {}

    def toggle(suffix: str, name: str) -> bool:
        if marks.pop(suffix, None) is not None:
            return False
        marks[suffix] = name
        return True

    tab_sources = TabSources(
        bookmarks=lambda: [Named(*item) for item in marks.items()], toggle_bookmark=toggle
    )
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_library(pilot, LibraryScreen(app._first_screen._service, tab_sources))
        await press(pilot, "2")
        assert "No bookmarks yet." in screen_text(app)
        await press(pilot, "1", "j", "m")
        assert list(marks.values()) == ["2401.00002v1"]
        assert "✓ ★ 2401.00002v1" in screen_text(app)
        await press(pilot, "2")
        assert status(app) == "1 record"
        await press(pilot, "m")
        assert marks == {}
        assert "✓   2401.00002v1" in screen_text(app)
        await press(pilot, "1", "2")
        assert "No bookmarks yet." in screen_text(app)


async def test_keys_work_while_a_bookmark_is_written_and_failure_is_reported(cache: Cache) -> None:
    fill(cache, 3)
    ready = threading.Event()

    def toggle(suffix: str, name: str) -> bool | None:
        del suffix
        assert ready.wait(60)
        return None if name == "2401.00001v1" else True

    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        tab_sources = TabSources(toggle_bookmark=toggle)
        records = await open_library(pilot, LibraryScreen(app._first_screen._service, tab_sources))
        await pilot.press("m", "j")
        assert records.current is not None
        assert records.current.name == "2401.00002v1"
        ready.set()
        await settle(pilot)
        assert "the bookmark of 2401.00001v1 could not be written" in status(app)
        assert records.starred == set()
        await press(pilot, "m")
        assert "2401.00002v1 is now bookmarked" in status(app)


async def test_unreadable_bookmarks_are_reported(cache: Cache) -> None:
    def broken() -> list[Named]:
        raise CacheError("the bookmarks are of no use", "move them away")

    fill(cache, 2)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        tab_sources = TabSources(bookmarks=broken)
        records = await open_library(pilot, LibraryScreen(app._first_screen._service, tab_sources))
        assert len(records.rows) == 2
        await press(pilot, "2")
        assert "move them away" in status(app)


async def test_bookmark_key_reports_that_there_is_no_record(cache: Cache) -> None:
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_library(pilot)
        assert "The cache is empty." in screen_text(app)
        await press(pilot, "m")
        assert "no record to bookmark" in status(app)


async def test_filter_tab_and_order_are_kept(cache: Cache) -> None:
    fill(cache, 12)
    kept = LibraryState()
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        library = app._first_screen._service
        await open_library(pilot, LibraryScreen(library, state=kept))
        await press(
            pilot, *["greater_than_sign"] * 2, "minus", "slash", *"paper", "enter", "escape"
        )
        records = await open_library(pilot, LibraryScreen(library, state=kept))
        assert titles(records)[0] == "Paper 9"
        assert app.screen.query_one(Input).value == "paper"
        assert status(app) == "12 records found"
        await press(pilot, "escape")
        await open_library(pilot, LibraryScreen(library, begin="samples", state=kept))
        assert status(app) == "66 records"


async def test_bookmark_names_and_damage_reports_are_escaped(cache: Cache) -> None:
    file_record(cache, real_record())
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9)")
    tab_sources = TabSources(bookmarks=lambda: [Named("B" * 26, EVIL), Named(REAL_SUFFIX, "x")])
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        screen = LibraryScreen(app._first_screen._service, tab_sources, "bookmarks")
        await open_library(pilot, screen)
        shown = screen_text(app)
        assert "␛[2J" in shown
        assert "damaged bytes" in shown
        assert all(line.isprintable() for line in shown.splitlines())


# Sizes and hostile text


def test_columns_fit_every_width() -> None:
    counts = {40: 3, 80: 4, 100: 5, 120: 6, 160: 6}
    for width in range(20, 260):
        columns = columns_at(width)
        assert columns[0].start == 0
        assert all(a.start + a.width == b.start for a, b in pairwise(columns))
        if width >= 36:
            assert columns[-1].start + columns[-1].width == width
    for terminal, count in counts.items():
        assert len(columns_at(terminal - 4)) == count, terminal


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_list_works_at_every_size(cache: Cache, size: tuple[int, int]) -> None:
    fill(cache, 60)
    app = app_of(cache)
    async with app.run_test(size=size) as pilot:
        records = await open_library(pilot)
        assert "Paper 0" in screen_text(app)
        await pilot.press("G")
        await settle(pilot)
        await pilot.resize_terminal(70, 18)
        await settle(pilot)
        assert len(records.rows) == records.content_size.height - 1
        assert "Paper" in screen_text(app)


@pytest.mark.shared
async def test_hostile_text_is_shown_in_the_list_and_inert(cache: Cache) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    file_record(cache, evil_record(EVIL))
    for number, text in enumerate(strings[::12]):
        paper = Paper(arxiv=f"2402.{number + 1:05}", title=text, primary=text)
        file_record(cache, wire(build(paper, KEY)))
    app = app_of(cache)
    async with app.run_test(size=(120, 60)) as pilot:
        await open_library(pilot)
        assert "␛[2J" in check_harmless(app)


@pytest.mark.parametrize("before", [(), ("enter",), ("escape",)], ids=["typing", "Enter", "Esc"])
async def test_advice_for_an_empty_result_clears_the_filter(
    cache: Cache, before: tuple[str, ...]
) -> None:
    fill(cache, 3)
    app = app_of(cache)
    async with app.run_test(size=(160, 48)) as pilot:
        records = await open_library(pilot)
        await press(pilot, "slash", *"zzz", *before)
        assert "Press Enter, then x, to clear the filter." in screen_text(app)
        await press(pilot, "enter", "x")
        assert isinstance(app.screen, LibraryScreen)
        assert len(titles(records)) == 3
