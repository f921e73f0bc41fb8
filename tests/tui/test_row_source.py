"""The rows of the library: better responses replace failing ones, and hostile caches."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from pith_tui.operations.collections import open_reader
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Window
from pith_tui.store.query import Query
from pith_tui.tui.render.columns import ListRow, Sort
from pith_tui.tui.row_source import RowSource
from pith_tui.tui.widgets.record_list import RecordList
from tests.browser import app_of, screen_text, settle
from tests.browser import record_service as service
from tests.registry.records import Json, Paper, build, wire
from tests.registry.sections import fill, plausible, state
from tests.stored import KEY, NOW, TRUSTED, file_record

LATER = NOW + timedelta(days=1)


def record(**changes: object) -> Json:
    return build(Paper(**changes), KEY)  # type: ignore[arg-type]


def forged() -> bytes:
    tree = record()
    tree["receipt"]["signature_b64"] = "A" * 86 + "=="
    tree["paper"]["title"] = "Forged"
    return wire(tree)


def without_receipt() -> bytes:
    tree = record()
    del tree["receipt"]
    return wire(tree)


def rows_of(cache: Cache) -> list[ListRow]:
    with closing(open_reader(cache)) as view:
        source = RowSource(view, Query(None), Sort(), TRUSTED)
        return [source.verified(row) for row in source(Window(None, False, 10))]


@pytest.mark.parametrize("latest", [forged(), without_receipt()], ids=["failed", "undecided"])
def test_row_shows_the_verified_response(cache: Cache, latest: bytes) -> None:
    file_record(cache, wire(record()))
    file_record(cache, latest, LATER)
    (row,) = rows_of(cache)
    assert row.outcome is Outcome.PASSED
    assert row.mark is Mark.PROVED
    assert row.title == record()["paper"]["title"]
    assert row.checked_at == NOW


@pytest.mark.parametrize(
    ("changes", "title"),
    [({"title": "On \u212aelvin"}, "on kelvin"), ({}, "On Kelvin")],
    ids=["another spelling", "in the graph alone"],
)
def test_row_shows_the_proved_title(cache: Cache, changes: Json, title: str) -> None:
    tree = record(title="On Kelvin")
    tree["paper"] = {**tree["paper"], "title": None, **changes}
    file_record(cache, wire(tree))
    (row,) = rows_of(cache)
    assert (row.title, row.mark) == (title, Mark.PROVED)


def test_row_is_failed_when_every_response_fails(cache: Cache) -> None:
    file_record(cache, forged())
    file_record(cache, forged() + b"\n", LATER)
    (row,) = rows_of(cache)
    assert row.outcome is Outcome.FAILED


@pytest.mark.parametrize("alone", [True, False])
def test_wrongly_stored_document_hides_no_record(cache: Cache, alone: bool) -> None:
    catalog = file_record(cache, wire(record()))
    document = wire(state(fill(record(), plausible(0)), KEY))
    cache.store(document, catalog, origin="import:x", etag=None, received_at=LATER)
    if alone:
        with cache.writing() as connection:
            connection.execute("DELETE FROM answer WHERE id = 1")
    (row,) = rows_of(cache)
    assert row.outcome is (Outcome.UNDECIDED if alone else Outcome.PASSED)
    assert ("is a state" in row.title) == alone


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET suffix = 'OFKRBFYV' || char(27) || '[2JVERIFIED' WHERE id = 1",
        "UPDATE answer SET checked_at = 1 << 62 WHERE id = 1",
        "UPDATE record SET checked_at = 1 << 62 WHERE id = 1",
        "UPDATE answer SET checked_at = 'never', origin = 7 WHERE id = 1",
        "UPDATE answer SET id = 1 << 40 WHERE id = 1",
        "UPDATE answer SET stored = zeroblob(30000000) WHERE id = 1",
        "UPDATE answer SET origin = CAST(zeroblob(30000000) AS TEXT) WHERE id = 1",
    ],
)
async def test_browser_survives_a_hostile_cache(cache: Cache, statement: str) -> None:
    for number in range(1, 4):
        file_record(cache, wire(record(arxiv=f"2401.0000{number}")))
    with cache.writing() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
    cache._connection.setlimit(0, 1 << 30)  # SQLITE_LIMIT_LENGTH, to write what is to be read
    with cache.writing() as connection:
        connection.execute(statement)
    app = app_of(service(cache), None)
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert app.screen.query(RecordList)
        assert "VERIFIED" not in screen_text(app)
        for keys in (["enter"], ["o", "end", "enter"]):
            await pilot.press(*keys)
            await settle(pilot)
            assert app.is_running
            assert all(line.isprintable() for line in screen_text(app).splitlines())


def store_signed_twice(cache: Cache) -> None:
    file_record(cache, wire(record()))
    file_record(cache, wire(record(title="The Other Face")))
    file_record(cache, wire(record(arxiv="2401.00009")))


def test_row_has_an_alarm_for_a_work_signed_twice(cache: Cache) -> None:
    store_signed_twice(cache)
    assert [row.has_alarm for row in rows_of(cache)] == [True, True, False]


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (40, 20)])
async def test_library_shows_alarm_before_the_mark(cache: Cache, size: tuple[int, int]) -> None:
    store_signed_twice(cache)
    app = app_of(service(cache))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        lines = [line for line in screen_text(app).splitlines() if "2401.0000" in line]
        assert ["ALARM" in line for line in lines] == [True, True, False]
        assert all(line.index("ALARM") < line.index("◇") for line in lines[:2])
