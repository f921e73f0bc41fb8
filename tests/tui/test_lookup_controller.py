"""The look-up controller without a screen, and how often it reads a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pith_tui.errors import PithError
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.rows import Row
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.report import Check, Report
from pith_tui.protocol.strict_json import parse
from pith_tui.protocol.verification import CHECK_IDS, verify
from pith_tui.store.cache import Cache
from pith_tui.tui.lookup_controller import LookupController
from tests.browser import REAL, app_of, record_service, settle
from tests.registry.records import Paper, build, wire
from tests.registry.server import Registry
from tests.stored import KEY, file_record
from tests.support import real_record


class FakeView:
    """Records what a controller draws."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.checks: list[Check] = []
        self.shown: list[FetchedRecord] = []
        self.errors: list[PithError] = []

    def say(self, text: str, *, warning: bool = False) -> None:
        del warning
        self.remarks.append(text)

    def key_for(self, command_id: str) -> str:
        return f"<{command_id}>"

    def show_state(self) -> None:
        pass

    def start_checks(self) -> None:
        self.checks.clear()

    def show_check(self, check: Check, report: Report) -> None:
        del report
        self.checks.append(check)

    async def prepare(self, record: FetchedRecord) -> None:
        pass

    def show_record(self, record: FetchedRecord, changed: Sequence[Row]) -> None:
        del changed
        self.shown.append(record)

    def show_error(self, error: PithError) -> None:
        self.errors.append(error)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    opened = Cache.open(tmp_path / "cache.sqlite3", notice=lambda _: None)
    yield opened
    opened.close()


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(KEY) as server:
        server.add(real_record())
        yield server


async def test_stored_record_is_shown_and_then_confirmed(cache: Cache, registry: Registry) -> None:
    file_record(cache, real_record())
    view = FakeView()
    controller = LookupController(record_service(cache, registry), view)
    asked = parse_identifier(REAL)
    controller.start(asked)
    assert controller.looking_up == REAL
    await controller.look_up(asked, refresh=False)
    assert [check.id for check in view.checks] == list(CHECK_IDS)
    assert controller.shown is not None
    assert controller.shown.raw == real_record()
    assert (controller.looking_up, controller.name, controller.asking) == ("", REAL, False)
    assert any("<cancel>" in remark for remark in view.remarks)
    assert view.remarks[-1] == "up to date"
    assert controller.history.position == "1 of 1"


async def test_list_hides_the_record_and_returns_to_it() -> None:
    view = FakeView()
    controller = LookupController(record_service(), view)
    await controller.look_up(parse_identifier(REAL), refresh=False)
    controller.show_list()
    assert controller.shown is None
    assert controller.return_to_record()
    assert controller.shown is controller.record is not None
    assert not controller.return_to_record()


async def test_no_record_is_open_after_an_error() -> None:
    view = FakeView()
    controller = LookupController(record_service(), view)
    await controller.look_up(parse_identifier(REAL), refresh=False)
    controller.start(parse_identifier("2401.99999"))
    await controller.look_up(parse_identifier("2401.99999"), refresh=False)
    assert len(view.errors) == 1
    assert controller.record is None
    assert controller.name == "2401.99999"


def counted(function: Callable[..., object], calls: list[str], name: str) -> Callable[..., object]:
    def count(*args: object, **named: object) -> object:
        calls.append(name)
        return function(*args, **named)

    return count


async def test_opening_parses_and_verifies_once_per_response(
    monkeypatch: pytest.MonkeyPatch, cache: Cache, registry: Registry
) -> None:
    raw = wire(build(Paper(arxiv="2401.00001"), KEY))  # of which there is no sample
    file_record(cache, raw)
    registry.add(raw)
    calls: list[str] = []
    monkeypatch.setattr("pith_tui.protocol.reading.verify", counted(verify, calls, "verify"))
    monkeypatch.setattr("pith_tui.protocol.record.parse", counted(parse, calls, "parse"))
    # The server sends the stored bytes, which need no second reading; then others, which also
    # replace the first in the search index.
    changed = wire(build(Paper(arxiv="2401.00001", authors="Others"), KEY))
    for library, sent, answers in (
        (record_service(cache), raw, 1),
        (record_service(cache, registry), raw, 1),
        (record_service(cache, registry), changed, 2),
    ):
        registry.add(sent)
        calls.clear()
        app = app_of(library, "2401.00001")
        async with app.run_test(size=(160, 48)) as pilot:
            await settle(pilot)
            await pilot.press("2", "3", "4", "1", "e", "x")
            await settle(pilot)
        assert sorted(calls) == ["parse"] * answers + ["verify"] * answers
