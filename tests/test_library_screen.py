"""The library screen: any number of records, of which only those on the screen are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pith_tui.protocol.report import Outcome
from pith_tui.sources import archive
from pith_tui.sources.cache import Cache, Entry
from pith_tui.sources.library import Library
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.library import LibraryScreen
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.widgets.bars import StatusBar, VerdictBar
from pith_tui.tui.widgets.record_list import RecordList
from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.support import VECTORS
from tests.test_app import EVIL, NOW, SIZES, TRUSTED, evil_record, quiet, screen_text, settle
from tests.test_cache import file_record

KEY = SigningKey()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        yield opened


def fill(cache: Cache, count: int) -> None:
    entries = []
    for number in range(count):
        raw = wire(build(Paper(arxiv=f"2401.{number + 1:05}", title=f"Paper {number}"), KEY))
        entries.append(Entry(raw, _filing(raw), "https://example.org/", None, NOW))
    cache.store_many(entries)


def _filing(raw: bytes):  # type: ignore[no-untyped-def]
    from pith_tui.protocol.record import Record
    from pith_tui.sources.filing import filing_of

    return filing_of(Record(raw))


def app_of(cache: Cache) -> PithApp:
    return PithApp(Library(cache, None, TRUSTED, now=lambda: NOW + timedelta(days=3)))


async def open_library(pilot: Pilot[None]) -> RecordList:
    await settle(pilot)
    await pilot.press("o")
    await settle(pilot)
    assert isinstance(pilot.app.screen, LibraryScreen)
    return pilot.app.screen.query_one(RecordList)


def titles(records: RecordList) -> list[str]:
    return [row.title for row in records.rows]


async def test_it_lists_verified_records_and_opens_one(cache: Cache) -> None:
    fill(cache, 5)
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert titles(records) == [f"Paper {n}" for n in range(5)]
        assert {row.outcome for row in records.rows} == {Outcome.PASSED}
        shown = screen_text(app)
        assert "5 records" in shown
        assert "3 days old" in shown
        assert "✓ 2401.00003v1" in shown
        await pilot.press("j", "j", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "VERIFIED" in str(app.screen.query_one(VerdictBar).render())
        assert "Paper 2" in screen_text(app)


async def test_only_what_is_on_the_screen_is_read(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache, 200)
    asked: list[int] = []
    for name in ("page", "page_before"):
        original = getattr(archive, name)

        def spy(*args: object, size: int, original=original, **kwargs: object) -> object:  # type: ignore[no-untyped-def]
            asked.append(size)
            return original(*args, size=size, **kwargs)

        monkeypatch.setattr(archive, name, spy)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        records = await open_library(pilot)
        height = records.content_size.height
        assert titles(records) == [f"Paper {n}" for n in range(height)]
        for key, first in (
            ("pagedown", height),
            ("pagedown", 2 * height),
            ("pageup", height),
            ("G", 200 - height),
            ("g", 0),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert titles(records)[0] == f"Paper {first}", key
        for _ in range(height):
            await pilot.press("j")
            await settle(pilot)
        assert titles(records)[0] == "Paper 1"
        assert records.current is not None
        assert records.current.title == f"Paper {height}"
        assert max(asked) <= height


async def test_it_filters_as_one_types(cache: Cache) -> None:
    for number in range(40):
        file_record(cache, wire(synthetic(number, KEY)))
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        await pilot.press("slash", *"erdos")
        await settle(pilot)
        assert len(records.rows) == 10
        assert "10 records" in str(app.screen.query_one(StatusBar).render())
        await pilot.press(*" colour:x")
        await settle(pilot)
        assert "no field 'colour'" in str(app.screen.query_one(StatusBar).render())
        app.screen.query_one(Input).value = "nothing at all"
        await settle(pilot)
        assert records.rows == []
        await pilot.press("enter", "j", "enter", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


async def test_without_a_cache_it_says_so() -> None:
    app = PithApp(Library(None, None, TRUSTED))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await pilot.pause()
        assert "no cache" in str(app.screen.query_one(StatusBar).render())


async def test_damaged_bytes_are_shown_as_that(cache: Cache) -> None:
    fill(cache, 3)
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    app = app_of(cache)
    async with app.run_test(size=(120, 30)) as pilot:
        records = await open_library(pilot)
        assert [row.outcome for row in records.rows].count(Outcome.FAILED) == 1
        assert "damaged bytes" in screen_text(app)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_works_at_every_size(cache: Cache, size: tuple[int, int]) -> None:
    fill(cache, 60)
    app = app_of(cache)
    async with app.run_test(size=size) as pilot:
        records = await open_library(pilot)
        assert "Paper 0" in screen_text(app)
        await pilot.press("G")
        await settle(pilot)
        await pilot.resize_terminal(70, 18)
        await settle(pilot)
        assert len(records.rows) == records.content_size.height
        assert "Paper" in screen_text(app)


@pytest.mark.shared
async def test_hostile_text_is_shown_in_the_list_and_never_acted_on(cache: Cache) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    file_record(cache, evil_record(EVIL))
    for number, text in enumerate(strings[::12]):
        paper = Paper(arxiv=f"2402.{number + 1:05}", title=text, primary=text)
        file_record(cache, wire(build(paper, KEY)))
    app = app_of(cache)
    async with app.run_test(size=(120, 60)) as pilot:
        await open_library(pilot)
        shown = screen_text(app)
        assert "␛[2J" in shown
        assert all(line.isprintable() for line in shown.splitlines())
        for y in range(60):
            assert "@click" not in str(app.screen._compositor.get_style_at(30, y).meta)
        assert app.is_running
