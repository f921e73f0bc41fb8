"""The cache screen: inspecting, verifying, importing, exporting and pruning."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pith_tui.lookup.service import RecordService
from pith_tui.operations.job import Job
from pith_tui.operations.verify_all import iter_batches
from pith_tui.operations.verify_summary import (
    VerifySummary,
    check_group,
    conflict_group,
    verdict_group,
)
from pith_tui.output.rows import ListRecords, OpenRecord
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.render.layout import shown
from pith_tui.tui.screens.audit_results import AuditResultsScreen
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.tui.screens.dialogs import ConfirmDialog, PromptDialog
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.progress_line import ProgressLine
from pith_tui.tui.widgets.record_list import RecordList
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import user_state_path
from pith_tui.user.settings import Settings
from tests.browser import EVIL, SIZES, check_harmless, evil_record, screen_text, settle
from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.stored import NOW, TRUSTED, conflicting_record, file_record, file_records, put, quiet
from tests.support import VECTORS, real_record

KEY = SigningKey()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        yield opened


def app_of(cache: Cache) -> PithApp:
    return PithApp(RecordService(cache, None, TRUSTED, now=lambda: NOW + timedelta(days=3)))


class Opened:
    """The cache screen in a running app, and its results."""

    def __init__(self, pilot: Pilot[None], summary: VerifySummary) -> None:
        self.pilot = pilot
        self.summary = summary
        self.given: list[str | None] = []

    @property
    def screen(self) -> CacheScreen:
        screens = self.pilot.app.screen_stack
        return next(screen for screen in screens if isinstance(screen, CacheScreen))

    @property
    def status(self) -> str:
        return str(self.screen.query_one(StatusBar).render())

    def rows(self, pane: str = "results") -> dict[str, str]:
        return {row.label: row.text for row in self.screen.query_one(f"#{pane}", Pane).rows}

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settle(self.pilot)

    async def choose(self, action: ListRecords) -> None:
        """Open the row that lists some records."""
        pane = self.screen.query_one("#results", Pane)
        row = next(row for row in pane.rows if row.action == action)
        pane.post_message(Pane.Opened(row))
        await settle(self.pilot)
        await settle(self.pilot)  # the list is opened when its records were found, and then filled

    async def answer(self, text: str) -> None:
        assert isinstance(self.pilot.app.screen, PromptDialog)
        self.pilot.app.screen.query_one(Input).value = text
        await self.press("enter")


async def open_cache_screen(pilot: Pilot[None], summary: VerifySummary | None = None) -> Opened:
    await settle(pilot)
    first = pilot.app.screen
    assert isinstance(first, RecordScreen)
    opened = Opened(pilot, VerifySummary() if summary is None else summary)
    screen = CacheScreen(first._service, opened.summary, user_state_path())
    pilot.app.push_screen(screen, opened.given.append)
    await settle(pilot)
    return opened


def fill(cache: Cache, count: int = 20) -> None:
    """Store good records, one with a forged title, and one whose stored bytes are damaged."""
    file_records(cache, (wire(synthetic(number, KEY)) for number in range(count)))
    forged = build(Paper(title="Honest"), KEY)
    forged["paper"]["title"] = "Forged"
    file_record(cache, wire(forged))
    torn = file_record(cache, real_record()).suffix
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET stored = zeroblob(50) WHERE record ="
            " (SELECT id FROM record WHERE suffix = ?)",
            (torn,),
        )


async def test_screen_describes_the_cache(cache: Cache) -> None:
    fill(cache, 3)
    async with app_of(cache).run_test(size=(160, 48)) as pilot:
        opened = await open_cache_screen(pilot)
        info = opened.rows("cache-info")
        assert info["path"] == str(cache.path)
        assert info["records"] == "5"
        assert info["integrity"] == "file not damaged"
        assert "2026-06-10 12:00 (3 days old)" in info["newest"]
        assert "Press v to verify every record" in screen_text(pilot.app)  # type: ignore[arg-type]
        await opened.press("w")
        assert opened.rows("cache-info")["integrity"] == "file not damaged"
        await opened.press("escape")
        assert opened.given == [None]


async def test_all_records_are_verified_and_results_can_be_opened(cache: Cache) -> None:
    fill(cache)
    app = app_of(cache)
    async with app.run_test(size=(160, 48)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("v")
        assert "22 records checked" in opened.status
        rows = opened.rows()
        assert {k: rows[k] for k in ("VERIFIED", "FAILED", "DAMAGED")} == {
            "VERIFIED": "20 records ↗",
            "FAILED": "1 record ↗",
            "DAMAGED": "1 record ↗",
        }
        assert rows["10 Title"] == "1 record ↗"
        assert not opened.screen.query_one(ProgressLine).display
        pane = opened.screen.query_one("#results", Pane)
        await opened.press("g")
        assert pane.current is not None
        assert pane.current.label == "DAMAGED"
        await opened.press("enter")
        assert isinstance(app.screen, AuditResultsScreen)
        assert "damaged bytes" in screen_text(app)
        await opened.press("escape", "j", "j", "enter")
        await settle(pilot)  # the list is opened when its records were found, and then filled
        verified = app.screen.query_one(RecordList).rows
        assert {row.outcome for row in verified} == {Outcome.PASSED}
        assert len(verified) == 20
        await opened.press("escape", "k", "enter")
        assert "Forged" in screen_text(app)
        listed = app.screen.query_one(RecordList).rows
        assert [row.outcome for row in listed] == [Outcome.FAILED]
        await opened.press("enter")
        assert opened.given == [listed[0].suffix]
        # The summary outlives the screen.
        again = await open_cache_screen(pilot, opened.summary)
        assert again.rows()["FAILED"] == "1 record ↗"


async def test_verification_is_stopped_and_resumed(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 5)
    fill(cache)
    reached, go_on = threading.Event(), threading.Event()
    real_batches = iter_batches

    def slow(*args: object, **kwargs: object) -> Iterator[object]:
        for count, batch in enumerate(real_batches(*args, **kwargs)):  # type: ignore[arg-type]
            if count == 2:
                reached.set()
                assert go_on.wait(60)
            yield batch

    monkeypatch.setattr("pith_tui.operations.verify_all.iter_batches", slow)
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("u")
        assert "nothing to resume" in opened.status
        await pilot.press("v")
        while not reached.is_set():
            await pilot.pause()
        opened.screen.query_one(ProgressLine)._draw()
        assert "Verifying" in screen_text(app)
        assert "10 of 22" in screen_text(app)
        await pilot.press("i")
        await pilot.pause()
        assert "press Esc to stop it" in opened.status
        await pilot.press("escape")
        go_on.set()
        await settle(pilot)
        assert "stopped after 10 records" in opened.status
        assert opened.summary.after == 10
        monkeypatch.setattr("pith_tui.operations.verify_all.iter_batches", real_batches)
        await opened.press("u")
        assert opened.summary.complete
        assert opened.summary.done == 22
        assert opened.summary.verdicts["VERIFIED"] == 20


async def test_leaving_during_verification_ends_the_processes(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pith_tui.operations import worker_pool

    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 2)
    monkeypatch.setattr("pith_tui.operations.verify_all._processors", lambda: 2)
    fill(cache, 1000)
    started = []
    opened: list[Opened] = []
    leaving = threading.Event()
    start, receive = worker_pool._start, worker_pool._receive

    def recorded_start(scope):  # type: ignore[no-untyped-def]
        started.append(start(scope))
        return started[-1]

    def held_receive(process):  # type: ignore[no-untyped-def]
        if opened and opened[0].summary.done:
            leaving.wait(60)  # or all would be verified before the key is pressed
        return receive(process)

    monkeypatch.setattr(worker_pool, "_start", recorded_start)
    monkeypatch.setattr(worker_pool, "_receive", held_receive)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        opened.append(await open_cache_screen(pilot))
        await pilot.press("v")
        while not opened[0].summary.done:
            await pilot.pause()
        await pilot.press("ctrl+q")
        leaving.set()
    assert len(started) == 2
    for process in started:
        process.wait(60)
    assert opened[0].summary.done < 1002


async def test_work_signed_twice_is_an_alarm(cache: Cache) -> None:
    one = file_record(cache, wire(build(Paper(), KEY))).suffix
    other = file_record(cache, wire(build(Paper(title="The Other Face"), KEY))).suffix
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("e")
        assert opened.status.startswith("ALARM")
        pane = opened.screen.query_one("#results", Pane)
        assert pane.rows[0].label == "ALARM"
        assert {
            row.action.identifier.value for row in pane.rows if isinstance(row.action, OpenRecord)
        } == {one, other}
        assert "✗ ALARM" in screen_text(app)
        await opened.press("g", "enter")
        assert opened.given[0] in (one, other)


async def test_misdelivered_record_is_an_alarm(cache: Cache) -> None:
    raw = wire(build(Paper(), KEY))
    catalog = file_record(cache, raw)
    wrong = f"https://example.org/pith/{'A' * 26}.json"
    cache.store(raw, catalog, origin=wrong, etag=None, received_at=NOW)
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("v")
        assert opened.status.startswith("ALARM")
        assert opened.rows()["VERIFIED"] == "1 record ↗"
        await opened.press("g", "enter")
        assert isinstance(app.screen, AuditResultsScreen)
        await opened.press("enter")
        assert opened.given == [catalog.suffix]


async def test_import_names_skipped_inputs(cache: Cache, tmp_path: Path) -> None:
    lines = [wire(synthetic(n, KEY)) for n in range(4)]
    (tmp_path / "some.jsonl").write_bytes(b"\n".join([*lines, b"no \x1b[2J record"]))
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("i")
        await opened.answer(str(tmp_path / "some.jsonl"))
        assert "4 new, 0 already in the cache, 1 skipped" in screen_text(app)
        assert "some.jsonl:5" in screen_text(app)
        assert opened.rows("cache-info")["records"] == "4"
        assert opened.status == "imported: 4 new, 0 already in the cache, 1 skipped"
        assert opened.screen.query_one(StatusBar).has_class("warning")
        assert "has changed since" not in screen_text(app)
        await opened.press("v")
        assert opened.rows()["Verification"].startswith("all 4 records")
        await opened.press("i")
        await opened.answer(str(tmp_path / "some.jsonl"))
        assert opened.status == "imported: 0 new, 4 already in the cache, 1 skipped"
        assert "has changed since" not in screen_text(app)
        (tmp_path / "more.jsonl").write_bytes(wire(synthetic(5, KEY)))
        await opened.press("i")
        await opened.answer(str(tmp_path / "more.jsonl"))
        assert "has changed since" in opened.rows()["Verification"]
        await opened.press("v")
        assert opened.rows()["Verification"].startswith("all 5 records")
        await opened.press("i")
        await opened.answer(str(tmp_path / "nothing"))
        assert "there is no file" in opened.status
        await opened.press("i", "escape")
        assert app.screen is opened.screen


async def test_export_asks_before_replacing_a_file(cache: Cache, tmp_path: Path) -> None:
    fill(cache, 3)
    target = tmp_path / "out.jsonl"
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("x")
        await opened.answer(str(target))
        assert "3 records written" in opened.status
        assert "1 left out as damaged" in opened.status
        assert "1 left out as failing verification" in opened.status
        assert len(target.read_bytes().splitlines()) == 3
        target.write_text("dear")
        await opened.press("x")
        await opened.answer(str(target))
        assert isinstance(app.screen, ConfirmDialog)
        await opened.press("n")
        assert target.read_text() == "dear"
        await opened.press("x")
        await opened.answer(str(target))
        await opened.press("y")
        assert len(target.read_bytes().splitlines()) == 3


NO_NAME = (
    "no file",
    "no directory",
    "too long",
    "null",
    "cannot be",
    "cannot contain",
    "no home",
)
"""What is said of a name that no file can have."""


@pytest.mark.parametrize(
    "name", ["~nouser/x", "n" * 5000, "a/" * 2500, "a\0b", "/dev/null", "\ud800"]
)
async def test_impossible_file_name_is_refused(cache: Cache, name: str) -> None:
    fill(cache, 1)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        opened = await open_cache_screen(pilot)
        status_bar = opened.screen.query_one(StatusBar)
        for key in ("i", "x", "m"):
            status_bar.remove_class("warning")
            await opened.press(key)
            ask = app.screen
            assert isinstance(ask, PromptDialog)
            ask.dismiss(name)
            await settle(pilot)
            assert app.screen is opened.screen
            assert status_bar.has_class("warning")
            assert any(reason in opened.status for reason in NO_NAME), opened.status


async def test_export_never_overwrites_the_cache(cache: Cache) -> None:
    fill(cache, 2)
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        for name in (cache.path, f"{cache.path}-wal"):
            await opened.press("x")
            await opened.answer(str(name))
            await opened.press("y")
            assert "the cache's own file" in opened.status
        assert cache.count() == 4


async def test_mirror_needs_an_empty_directory(cache: Cache, tmp_path: Path) -> None:
    fill(cache, 2)
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("m")
        await opened.answer(str(tmp_path / "site"))
        assert len(list((tmp_path / "site" / "pith").iterdir())) == 2
        await opened.press("m")
        await opened.answer(str(tmp_path / "site"))
        assert "is not empty" in opened.status


async def test_pruning_lists_its_records_and_keeps_bookmarks(cache: Cache) -> None:
    suffixes = [
        file_record(cache, wire(synthetic(n, KEY)), NOW - timedelta(days=n)).suffix
        for n in range(6)
    ]
    with closing(UserState(user_state_path(), notice=quiet)) as user_state:
        user_state.bookmark(suffixes[5], "the oldest", NOW)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("p")
        await opened.answer("2 records")
        assert isinstance(app.screen, ConfirmDialog)
        assert "Remove 3 records" in screen_text(app)
        assert suffixes[4] in screen_text(app)
        assert suffixes[5] not in screen_text(app)
        record = Record(wire(synthetic(4, KEY)))
        row = app.screen.query_one(Pane).rows[0]
        assert record.source.text in row.text
        assert shown(record.title or "") in row.text
        assert row.mark is Mark.CLAIMED
        assert row.copied == suffixes[4]
        await opened.press("escape")
        assert cache.count() == 6
        await opened.press("p")
        await opened.answer("2 records")
        await opened.press("y")
        assert "removed 3 records" in opened.status
        assert {item.suffix for item in records.iter_records(cache)} == {*suffixes[:2], suffixes[5]}
        await opened.press("p")
        await opened.answer("99 days")
        assert "nothing to remove, keeping 1 bookmarked" in opened.status
        await opened.press("p")
        await opened.answer("lots")
        assert "invalid limit" in opened.status


async def test_record_is_removed_after_confirmation(cache: Cache) -> None:
    fill(cache, 2)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("d")
        await opened.answer("2503.11832")
        await opened.press("n")
        assert cache.count() == 4
        await opened.press("d")
        await opened.answer("2503.11832")
        await opened.press("y")
        assert "removed 1 record" in opened.status
        assert cache.count() == 3
        await opened.press("v")
        assert "has changed since" not in screen_text(app)
        await opened.press("d")
        await opened.answer("1601.00001")
        await opened.press("y")
        assert "has changed since: press v to verify all" in screen_text(app)
        await opened.press("d")
        await opened.answer("2503.11832")
        assert "is not in the cache" in opened.status
        await opened.press("d")
        await opened.answer("\x1b[31mnonsense")
        assert "\x1b" not in opened.status


async def test_read_only_cache_is_not_changed(cache: Cache) -> None:
    fill(cache, 2)
    cache.readonly = True
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        for key in ("i", "p", "d"):
            await opened.press(key)
            assert "read-only" in opened.status
            assert pilot.app.screen is opened.screen
        assert opened.rows("cache-info")["writable"].startswith("no")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_screen_works_at_every_size(cache: Cache, size: tuple[int, int]) -> None:
    fill(cache, 60)
    app = app_of(cache)
    async with app.run_test(size=size) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("v")
        assert "VERIFIED" in screen_text(app)
        assert "records" in screen_text(app)
        await opened.press("tab", "G", "tab", "g", "enter")
        assert isinstance(app.screen, AuditResultsScreen)
        await opened.press("escape", "p")
        assert "Keep how much" in screen_text(app)
        await opened.answer("3 records")
        assert "59 records" in screen_text(app)
        await pilot.resize_terminal(70, 18)
        await settle(pilot)
        assert "checked" in screen_text(app)


def naughty_records() -> Iterator[bytes]:
    """Return failing records (with another title than the signed one) and ones with conflicts."""
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    for number, text in enumerate([EVIL, *strings[::12]], 1):
        paper = Paper(arxiv=f"2402.{number:05}", title=text, primary=text)
        if not text.strip():
            continue
        forged = build(paper, KEY)
        forged["paper"]["title"] = f"{text}!"
        yield wire(forged)
        conflicting = build(paper._replace(version=2), KEY)
        conflicting["verification_status"]["citation_signatures"] = 3
        yield wire(conflicting)


@pytest.mark.shared
async def test_hostile_text_is_shown_and_inert(cache: Cache, tmp_path: Path) -> None:
    for raw in (evil_record(EVIL), *naughty_records()):
        file_record(cache, raw)
    evil_name = tmp_path / "e\x1b[2Jvil\u202e.jsonl"
    evil_name.write_bytes(b'{"a": "\x1b[31m"}\n[/]\n[@click=app.quit]x')
    app = app_of(cache)
    async with app.run_test(size=(120, 60)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("i")
        await opened.answer(str(evil_name))
        assert "␛[2J" in check_harmless(app)
        await opened.press("x")
        await opened.answer(str(evil_name))
        assert isinstance(app.screen, ConfirmDialog)
        check_harmless(app)
        await opened.press("n", "p")
        await opened.answer("0 records")
        text = check_harmless(app)
        assert "Remove" in text
        assert "claimed" in text
        await opened.press("n", "v")
        assert opened.summary.verdicts["FAILED"] > 40
        for group in (verdict_group("FAILED"), check_group("title"), conflict_group("status")):
            await opened.choose(ListRecords(*group))
            assert isinstance(app.screen, AuditResultsScreen)
            records = app.screen.query_one(RecordList)
            assert len(records.rows) > 40
            before = None
            while records.current != before:
                before = records.current
                check_harmless(app)
                await opened.press("pagedown")
            await opened.press("escape")
        assert app.is_running


async def test_conflicts_are_listed_by_check_and_beside_the_verdict(cache: Cache) -> None:
    good = put(cache, arxiv="2401.00009")
    suffix = file_record(cache, conflicting_record()).suffix
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("v")
        assert opened.rows()["VERIFIED"] == "2 records ↗"
        assert "Conflicts" in screen_text(app)
        assert "≠ 15 Service's status" in screen_text(app)
        await opened.choose(ListRecords("conflict", "status"))
        assert "Conflict: Service's status" in screen_text(app)
        rows = app.screen.query_one(RecordList).rows
        assert [(row.suffix, row.has_conflicts) for row in rows] == [(suffix, True)]
        assert "✓≠  2401.00001v1" in screen_text(app)
        await opened.press("escape")
        await opened.choose(ListRecords("verdict", "VERIFIED"))
        rows = app.screen.query_one(RecordList).rows
        assert {(row.suffix, row.has_conflicts) for row in rows} == {(good, False), (suffix, True)}


async def test_notice_is_shown_beside_an_alarm(cache: Cache) -> None:
    put(cache, arxiv="2401.00005")
    put(cache, arxiv="2401.00005", title="The Other Face")
    put(cache, arxiv="2401.00006")
    put(cache, arxiv="2401.00006", license="http://arxiv.org/licenses/nonexclusive-distrib/1.0/")
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_cache_screen(pilot)
        await opened.press("e")
        assert opened.status == (
            "ALARM: 1 work was signed with two different contents for one version"
        )
        text = screen_text(app)
        assert text.count("2401.00005v1") == 2
        assert text.count("2401.00006v1") == 2
        assert "1 version was signed again with another licence" in text


async def test_messages_name_the_keys_of_the_keymap(cache: Cache) -> None:
    fill(cache, 2)
    keys = {"cache_verify": "ctrl+v", "cache_resume": "z", "cache_leave": "f9"}
    service = RecordService(cache, None, TRUSTED, now=lambda: NOW)
    app = PithApp(service, settings=Settings(keys=keys))
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        assert "Press ^v to verify" in screen_text(app)
        await opened.press("z")
        assert opened.status == "there is nothing to resume; press ^v to verify"
        opened.summary.begin(until=9, total=9, time=NOW)
        opened.screen._show_results()
        await pilot.pause()
        assert "stopped at 0 of 9: press z to resume" in screen_text(app)
        runner = opened.screen._runner
        runner.job = Job("Working")
        assert runner.is_busy()
        assert opened.status == "working is running; press F9 to stop it"
        await opened.press("f9")
        assert runner.job.stopped


def overwrite_all(folder: Path) -> None:
    for path in folder.glob("cache.sqlite3*"):
        path.write_bytes(b"no database at all" * 500)


async def test_damaged_cache_is_reported(cache: Cache, tmp_path: Path) -> None:
    """Opening it moves the damaged file aside, which must be reported."""
    fill(cache, 2)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_cache_screen(pilot)
        cache.close()
        overwrite_all(tmp_path)
        await opened.press("v")
        assert "was damaged" in " ".join(screen_text(app).split())
