"""The archive screen: the whole cache looked at, verified, brought in, taken out and cleared."""

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

from pith_tui.errors import CacheError, UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.job import MOST_NAMED, Findings, Job
from pith_tui.operations.verify_all import verify_all
from pith_tui.output.rows import OpenRecord
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.tui import cache_jobs
from pith_tui.tui.app import PithApp
from pith_tui.tui.cache_jobs import Limit, parse_limit
from pith_tui.tui.render.layout import shown
from pith_tui.tui.screens.audit_results import AuditResultsScreen
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.tui.screens.dialogs import ConfirmDialog, PromptDialog
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.progress_line import ProgressLine
from pith_tui.tui.widgets.record_list import RecordList
from tests.browser import EVIL, SIZES, evil_record, screen_text, settle
from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.stored import NOW, TRUSTED, file_record, quiet
from tests.support import VECTORS, real_record

KEY = SigningKey()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        yield opened


def app_of(cache: Cache) -> PithApp:
    return PithApp(RecordService(cache, None, TRUSTED, now=lambda: NOW + timedelta(days=3)))


class Opened:
    """The archive screen in a running app, and what it gave back."""

    def __init__(self, pilot: Pilot[None], findings: Findings) -> None:
        self.pilot = pilot
        self.findings = findings
        self.given: list[str | None] = []

    @property
    def screen(self) -> CacheScreen:
        screens = self.pilot.app.screen_stack
        return next(each for each in screens if isinstance(each, CacheScreen))

    @property
    def status(self) -> str:
        return str(self.screen.query_one(StatusBar).render())

    def rows(self, pane: str = "findings") -> dict[str, str]:
        return {row.label: row.text for row in self.screen.query_one(f"#{pane}", Pane).rows}

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settle(self.pilot)

    async def answer(self, text: str) -> None:
        assert isinstance(self.pilot.app.screen, PromptDialog)
        self.pilot.app.screen.query_one(Input).value = text
        await self.press("enter")


async def open_archive(
    pilot: Pilot[None], findings: Findings | None = None, **more: object
) -> Opened:
    await settle(pilot)
    first = pilot.app.screen
    assert isinstance(first, RecordScreen)
    opened = Opened(pilot, Findings() if findings is None else findings)
    screen = CacheScreen(first._service, opened.findings, **more)  # type: ignore[arg-type]
    pilot.app.push_screen(screen, opened.given.append)
    await settle(pilot)
    return opened


def fill(cache: Cache, count: int = 20) -> None:
    """Good records, one with a forged title, and one whose stored bytes are damaged."""
    for number in range(count):
        file_record(cache, wire(synthetic(number, KEY)))
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


async def test_it_says_what_the_archive_holds(cache: Cache) -> None:
    fill(cache, 3)
    async with app_of(cache).run_test(size=(160, 48)) as pilot:
        opened = await open_archive(pilot)
        held = opened.rows("holdings")
        assert held["path"] == str(cache.path)
        assert held["records"] == "5"
        assert held["integrity"] == "whole"
        assert "2026-06-10 12:00 (3 days old)" in held["newest"]
        assert "v verifies every record" in screen_text(pilot.app)  # type: ignore[arg-type]
        await opened.press("w")
        assert opened.rows("holdings")["integrity"] == "whole"
        await opened.press("escape")
        assert opened.given == [None]


def test_looking_through_the_file_can_be_stopped(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache, 3)
    monkeypatch.setattr(cache_jobs, "_STEPS", 1)
    job = Job("Looking")
    assert cache_jobs.describe(cache.path, job, thorough=True).damage is None
    job.stop()
    with pytest.raises(CacheError, match="interrupted"):
        cache_jobs.describe(cache.path, job, thorough=True)


async def test_everything_is_verified_and_what_was_found_is_opened(cache: Cache) -> None:
    fill(cache)
    app = app_of(cache)
    async with app.run_test(size=(160, 48)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("v")
        assert "22 records verified" in opened.status
        rows = opened.rows()
        assert {k: rows[k] for k in ("VERIFIED", "FAILED", "DAMAGED")} == {
            "VERIFIED": "20 records ↗",
            "FAILED": "1 record ↗",
            "DAMAGED": "1 record ↗",
        }
        assert rows["10 Title"] == "1 record ↗"
        assert not opened.screen.query_one(ProgressLine).display
        pane = opened.screen.query_one("#findings", Pane)
        await opened.press("g")
        assert pane.current is not None
        assert pane.current.label == "DAMAGED"
        await opened.press("enter")
        assert isinstance(app.screen, AuditResultsScreen)
        assert "damaged bytes" in screen_text(app)
        await opened.press("escape", "j", "j", "enter")
        verified = app.screen.query_one(RecordList).rows
        assert {row.outcome for row in verified} == {Outcome.PASSED}
        assert len(verified) == 20
        await opened.press("escape", "k", "enter")
        assert "Forged" in screen_text(app)
        listed = app.screen.query_one(RecordList).rows
        assert [row.outcome for row in listed] == [Outcome.FAILED]
        await opened.press("enter")
        assert opened.given == [listed[0].suffix]
        # What was found outlives the screen.
        again = await open_archive(pilot, opened.findings)
        assert again.rows()["FAILED"] == "1 record ↗"


async def test_a_verification_is_stopped_and_gone_on_with(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 5)
    fill(cache)
    reached, go_on = threading.Event(), threading.Event()
    real_sweep = verify_all

    def slow(*args: object, **kwargs: object) -> Iterator[object]:
        for count, each in enumerate(real_sweep(*args, **kwargs)):  # type: ignore[arg-type]
            if count == 2:
                reached.set()
                assert go_on.wait(20)
            yield each

    monkeypatch.setattr(cache_jobs, "verify_all", slow)
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("u")
        assert "nothing to go on with" in opened.status
        await pilot.press("v")
        while not reached.is_set():
            await pilot.pause()
        opened.screen.query_one(ProgressLine)._draw()
        assert "Verifying" in screen_text(app)
        assert "10 of 22" in screen_text(app)
        await pilot.press("i")
        await pilot.pause()
        assert "Esc stops it first" in opened.status
        await pilot.press("escape")
        go_on.set()
        await settle(pilot)
        assert "stopped after 10 records" in opened.status
        assert opened.findings.after == 10
        monkeypatch.setattr(cache_jobs, "verify_all", real_sweep)
        await opened.press("u")
        assert opened.findings.complete
        assert opened.findings.done == 22
        assert opened.findings.verdicts["VERIFIED"] == 20


async def test_leaving_in_the_midst_ends_the_processes(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pith_tui.operations import worker_pool

    monkeypatch.setattr("pith_tui.operations.verify_all._RANGE", 2)
    monkeypatch.setattr("pith_tui.operations.verify_all._processors", lambda: 2)
    fill(cache, 1000)
    started = []
    original = worker_pool._start

    def start(scope):  # type: ignore[no-untyped-def]
        started.append(original(scope))
        return started[-1]

    monkeypatch.setattr(worker_pool, "_start", start)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        opened = await open_archive(pilot)
        await pilot.press("v")
        while not opened.findings.done:
            await pilot.pause()
        await pilot.press("ctrl+q")
    assert len(started) == 2
    for process in started:
        process.wait(20)
    assert opened.findings.done < 1002


async def test_works_that_were_signed_twice_are_an_alarm(cache: Cache) -> None:
    one = file_record(cache, wire(build(Paper(), KEY))).suffix
    other = file_record(cache, wire(build(Paper(title="The Other Face"), KEY))).suffix
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("e")
        assert opened.status.startswith("ALARM")
        pane = opened.screen.query_one("#findings", Pane)
        assert pane.rows[0].label == "ALARM"
        assert {
            row.action.identifier.value for row in pane.rows if isinstance(row.action, OpenRecord)
        } == {one, other}
        assert "✗ ALARM" in screen_text(app)
        await opened.press("g", "enter")
        assert opened.given[0] in (one, other)


async def test_what_was_sent_for_another_number_is_an_alarm(cache: Cache) -> None:
    raw = wire(build(Paper(), KEY))
    catalog = file_record(cache, raw)
    wrong = f"https://example.org/pith/{'A' * 26}.json"
    cache.store(raw, catalog, origin=wrong, etag=None, at=NOW)
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("v")
        assert opened.status.startswith("ALARM")
        assert opened.rows()["VERIFIED"] == "1 record ↗"
        await opened.press("g", "enter")
        assert isinstance(app.screen, AuditResultsScreen)
        await opened.press("enter")
        assert opened.given == [catalog.suffix]


async def test_records_are_brought_in_and_what_is_none_is_named(
    cache: Cache, tmp_path: Path
) -> None:
    lines = [wire(synthetic(n, KEY)) for n in range(4)]
    (tmp_path / "some.jsonl").write_bytes(b"\n".join([*lines, b"no \x1b[2J record"]))
    app = app_of(cache)
    async with app.run_test(size=(120, 40)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("i")
        await opened.answer(str(tmp_path / "some.jsonl"))
        assert "4 new, 0 held already, 1 skipped" in screen_text(app)
        assert "some.jsonl:5" in screen_text(app)
        assert opened.rows("holdings")["records"] == "4"
        assert opened.status == "imported: 4 new, 0 held already, 1 skipped"
        assert "older than" not in screen_text(app)
        await opened.press("v")
        assert opened.rows()["Verification"].startswith("of all 4 records")
        await opened.press("i")
        await opened.answer(str(tmp_path / "some.jsonl"))
        assert opened.status == "imported: 0 new, 4 held already, 1 skipped"
        assert "older than" not in screen_text(app)
        (tmp_path / "more.jsonl").write_bytes(wire(synthetic(5, KEY)))
        await opened.press("i")
        await opened.answer(str(tmp_path / "more.jsonl"))
        assert "older than the last import" in opened.rows()["Verification"]
        await opened.press("v")
        assert opened.rows()["Verification"].startswith("of all 5 records")
        await opened.press("i")
        await opened.answer(str(tmp_path / "nothing"))
        assert "there is no file" in opened.status
        await opened.press("i", "escape")
        assert app.screen is opened.screen


async def test_lines_are_written_and_nothing_is_replaced_unasked(
    cache: Cache, tmp_path: Path
) -> None:
    fill(cache, 3)
    target = tmp_path / "out.jsonl"
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("x")
        await opened.answer(str(target))
        assert "4 records written" in opened.status
        assert "1 are damaged" in opened.status
        assert len(target.read_bytes().splitlines()) == 4
        target.write_text("dear")
        await opened.press("x")
        await opened.answer(str(target))
        assert isinstance(app.screen, ConfirmDialog)
        await opened.press("n")
        assert target.read_text() == "dear"
        await opened.press("x")
        await opened.answer(str(target))
        await opened.press("y")
        assert len(target.read_bytes().splitlines()) == 4


@pytest.mark.parametrize(
    "name", ["~nouser/x", "n" * 5000, "a/" * 2500, "a\0b", "/dev/null", "\ud800"]
)
@pytest.mark.parametrize("key", ["i", "x", "m"])
async def test_a_name_that_no_file_can_have_is_refused(cache: Cache, key: str, name: str) -> None:
    fill(cache, 1)
    app = app_of(cache)
    async with app.run_test(size=(80, 24)) as pilot:
        opened = await open_archive(pilot)
        await opened.press(key)
        ask = app.screen
        assert isinstance(ask, PromptDialog)
        ask.dismiss(name)
        await settle(pilot)
        assert app.screen is opened.screen
        assert opened.screen.query_one(StatusBar).has_class("trouble")
        words = (
            "no file",
            "no directory",
            "too long",
            "null",
            "cannot be",
            "cannot hold",
            "no home",
        )
        assert any(each in opened.status for each in words), opened.status


async def test_a_file_that_came_meanwhile_is_not_replaced(cache: Cache, tmp_path: Path) -> None:
    fill(cache, 1)
    target = tmp_path / "out.jsonl"
    target.write_text("dear")
    with pytest.raises(UsageError, match="is there already"):
        cache_jobs.take_out(cache.path, target, NOW, Job("Exporting"), mirror=False)
    assert target.read_text() == "dear"


async def test_the_archive_itself_is_never_written_over(cache: Cache) -> None:
    fill(cache, 2)
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot)
        for name in (cache.path, f"{cache.path}-wal"):
            await opened.press("x")
            await opened.answer(str(name))
            await opened.press("y")
            assert "the archive's own file" in opened.status
        assert cache.count() == 4


async def test_a_mirror_is_written_into_an_empty_directory_alone(
    cache: Cache, tmp_path: Path
) -> None:
    fill(cache, 2)
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("m")
        await opened.answer(str(tmp_path / "site"))
        assert len(list((tmp_path / "site" / "pith").iterdir())) == 3
        await opened.press("m")
        await opened.answer(str(tmp_path / "site"))
        assert "is not empty" in opened.status


async def test_pruning_says_what_it_would_do_and_spares_what_it_is_told(cache: Cache) -> None:
    suffixes = [
        file_record(cache, wire(synthetic(n, KEY)), NOW - timedelta(days=n)).suffix
        for n in range(6)
    ]
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot, spared=lambda: {suffixes[5]})
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
        assert "nothing is over that limit" in opened.status
        await opened.press("p")
        await opened.answer("lots")
        assert "no limit" in opened.status


async def test_a_chosen_record_is_removed_after_a_yes(cache: Cache) -> None:
    fill(cache, 2)
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("d")
        await opened.answer("2503.11832")
        await opened.press("n")
        assert cache.count() == 4
        await opened.press("d")
        await opened.answer("2503.11832")
        await opened.press("y")
        assert "removed 1 record" in opened.status
        assert cache.count() == 3
        await opened.press("d")
        await opened.answer("2503.11832")
        assert "is not in the cache" in opened.status
        await opened.press("d")
        await opened.answer("\x1b[31mnonsense")
        assert "\x1b" not in opened.status


async def test_an_archive_that_cannot_be_written_is_only_read(cache: Cache) -> None:
    fill(cache, 2)
    cache.readonly = True
    async with app_of(cache).run_test(size=(100, 30)) as pilot:
        opened = await open_archive(pilot)
        for key in ("i", "p", "d"):
            await opened.press(key)
            assert "opened for reading" in opened.status
            assert pilot.app.screen is opened.screen
        assert opened.rows("holdings")["writable"].startswith("no")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("90 days", Limit(before=NOW - timedelta(days=90))),
        ("1d", Limit(before=NOW - timedelta(days=1))),
        (" 5000 records ", Limit(keep=5000)),
        ("200M", Limit(max_bytes=200 << 20)),
        ("1 GiB", Limit(max_bytes=1 << 30)),
    ],
)
def test_limits_are_read(text: str, limit: Limit) -> None:
    assert parse_limit(text, NOW) == limit


@pytest.mark.parametrize(
    "text", ["", "90", "-1 days", "١ days", "999999999999 days", "1e9 records"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_limit(text, NOW)


def test_findings_name_so_many_and_count_the_rest() -> None:
    from collections import Counter

    from pith_tui.operations.verify_ranges import Problem, VerifyBatch

    findings = Findings()
    findings.begin(until=99, total=99, at=NOW)
    some = tuple(Problem(f"{n}", "FAILED", ("signature",)) for n in range(MOST_NAMED))
    for until in (1, 2):
        amount = len(some)
        findings.add(VerifyBatch(until, Counter(FAILED=amount), Counter(signature=amount), some))
    assert findings.count("FAILED") == findings.count("signature") == 2 * MOST_NAMED
    assert len(findings.named("FAILED")) == len(findings.named("signature")) == MOST_NAMED
    assert not findings.complete


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_works_at_every_size(cache: Cache, size: tuple[int, int]) -> None:
    fill(cache, 60)
    app = app_of(cache)
    async with app.run_test(size=size) as pilot:
        opened = await open_archive(pilot)
        await opened.press("v")
        assert "VERIFIED" in screen_text(app)
        assert "records" in screen_text(app)
        await opened.press("tab", "G", "tab", "g", "enter")
        assert isinstance(app.screen, AuditResultsScreen)
        await opened.press("escape", "p")
        assert "What is to be left" in screen_text(app)
        await opened.answer("3 records")
        assert "59 records" in screen_text(app)
        await pilot.resize_terminal(70, 18)
        await settle(pilot)
        assert "checked" in screen_text(app)


@pytest.mark.shared
async def test_hostile_text_is_shown_and_never_acted_on(cache: Cache, tmp_path: Path) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    file_record(cache, evil_record(EVIL))
    for number, text in enumerate(strings[::12]):
        tree = build(Paper(arxiv=f"2402.{number + 1:05}", title=text, primary=text), KEY)
        tree["paper"]["title"] = text + "!"
        file_record(cache, wire(tree))
    evil_name = tmp_path / "e\x1b[2Jvil\u202e.jsonl"
    evil_name.write_bytes(b'{"a": "\x1b[31m"}\n[/]\n[@click=app.quit]x')
    app = app_of(cache)
    async with app.run_test(size=(120, 60)) as pilot:
        opened = await open_archive(pilot)
        await opened.press("i")
        await opened.answer(str(evil_name))
        seen = screen_text(app)
        assert "␛[2J" in seen
        await opened.press("x")
        await opened.answer(str(evil_name))
        assert isinstance(app.screen, ConfirmDialog)
        seen += screen_text(app)
        await opened.press("n", "p")
        await opened.answer("0 records")
        assert "Remove" in screen_text(app)
        assert "claimed" in screen_text(app)
        seen += screen_text(app)
        await opened.press("n", "v", "g")
        await opened.press(*"jjj", "enter")
        seen += screen_text(app)
        assert all(line.isprintable() for line in seen.splitlines())
        for y in range(60):
            assert "@click" not in str(app.screen._compositor.get_style_at(30, y).meta)
        assert app.is_running
