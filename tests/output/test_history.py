"""The history of a record, and the alarms about what no honest service does."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from pith_tui.cli import exit_codes, main
from pith_tui.lookup.service import RecordService
from pith_tui.output.history import history_rows, steps_of
from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import read
from pith_tui.store.cache import Cache
from pith_tui.store.compression import pack
from pith_tui.store.response_rows import StoredResponse, row_digest
from pith_tui.store.responses import iter_responses
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.history import HistoryScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane
from tests.browser import EVIL, SIZES, check_harmless, evil_record, screen_text, settle
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.server import Registry
from tests.stored import NOW, TRUSTED, file_record
from tests.support import REAL_SUFFIX, VECTORS, real_record

pytestmark = pytest.mark.usefixtures("idle_browsers")

KEY = SigningKey()
OTHER_KEY = SigningKey("other-key", b"\x09" * 32)
Captured = pytest.CaptureFixture[str]


def number(tree: dict[str, Any]) -> str:
    return str(tree["pith_number"]).rpartition(":")[2]


def renumbered(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a record with another canonical record under the same number and receipt."""
    changed: dict[str, Any] = json.loads(wire(tree))
    changed["canonical_record"]["metadata"]["license"] = "http://example.org/mine"
    return changed


def store_under_number(cache: Cache, suffix: str, raw: bytes) -> None:
    """Store a response under a number that it does not have, as a forged file could."""
    codec, stored = pack(raw)
    with cache.writing() as connection:
        connection.execute(
            "INSERT INTO answer (record, sha256, codec, stored, origin, etag, fetched_at,"
            " checked_at) SELECT id, ?, ?, ?, 'forged', NULL, 1, 1 FROM record WHERE suffix = ?",
            (row_digest(suffix, raw), codec, stored, suffix),
        )


# Alarms


def test_change_between_responses_gives_the_expected_alarm() -> None:
    tree = build(Paper(), KEY)
    good, suffix = wire(tree), number(tree)
    asked = parse_identifier(suffix)
    claimed = json.loads(good)
    claimed["paper"]["authors_text"] = "Somebody Else"
    two_faced = wire(build(Paper(title="The Other Face"), KEY))
    other_work = wire(build(Paper(arxiv="2402.00002"), KEY))
    untrusted = wire(build(Paper(title="The Other Face"), OTHER_KEY))
    for before, after, question, expected in (
        (good, good, asked, None),
        (good, wire(claimed), asked, None),
        (good, two_faced, None, Equivocation.SIGNED_TWICE),
        (good, untrusted, None, None),
        (good, untrusted, asked, Equivocation.SAME_NUMBER_DIFFERENT_CONTENT),
        (good, other_work, None, None),
        (good, other_work, parse_identifier("2401.00001"), None),
        (good, other_work, asked, Equivocation.SAME_NUMBER_DIFFERENT_CONTENT),
        (good, other_work, parse_identifier(suffix[:8]), None),
        (good, wire(renumbered(tree)), None, Equivocation.SAME_NUMBER_DIFFERENT_CONTENT),
        (good, b"{", asked, None),
        (good, b'{"pith_number": "x"}', asked, None),
    ):
        one, other = read(before, None, TRUSTED), read(after, None, TRUSTED)
        assert detect_equivocation(one, other, question) is expected


@pytest.mark.parametrize("changed", ["other work", "same claim"])
def test_different_content_under_one_number_is_an_alarm_of_verify_and_fetch(
    cache: Cache, capsys: Captured, changed: str
) -> None:
    tree = build(Paper(), KEY)
    file_record(cache, wire(tree))
    lie = build(Paper(arxiv="2402.00002"), KEY) if changed == "other work" else renumbered(tree)
    with Registry(KEY) as registry:
        registry.add(tree)
        registry.records[number(tree)] = wire(lie)
        arguments = [number(tree), "--server", registry.url]
        assert main(["verify", *arguments]) == exit_codes.ATTENTION
        assert "ALARM: signed content was changed under the same number" in capsys.readouterr().err
        assert main(["fetch", *arguments, "--fresh", "0"]) == exit_codes.ATTENTION
        captured = capsys.readouterr()
        assert "signed content was changed" in captured.err
    # The honest record is still stored, and still found by the number.
    response = cache.latest(number(tree))
    assert response is not None
    assert response.raw == wire(tree)


def test_two_signed_contents_are_an_alarm_of_fetch(cache: Cache, capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    file_record(cache, wire(build(Paper(), KEY)))
    with Registry(KEY) as registry:
        registry.add(build(Paper(title="The Other Face"), KEY))
        arguments = ["2401.00001v1", "--server", registry.url, "--refresh"]
        assert main(["fetch", *arguments]) == exit_codes.ATTENTION
        assert "2401.00001v1: ALARM: two different contents" in capsys.readouterr().err


def test_misdelivered_record_is_an_alarm_of_cache_verify(
    cache: Cache, capsys: Captured, tmp_path: Path
) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    tree, other = build(Paper(), KEY), build(Paper(arxiv="2402.00002"), KEY)
    report = tmp_path / "report.jsonl"
    with Registry(KEY) as registry:
        registry.add(tree)
        registry.add(other)
        for text in (number(tree), number(other)[:16], "2402.00002"):
            main(["fetch", text, "--server", registry.url, "--refresh"])
            assert main(["cache", "verify"]) == exit_codes.OK
        registry.records[number(tree)] = wire(other)
        main(["fetch", number(tree), "--server", registry.url, "--refresh"])
    capsys.readouterr()
    assert main(["cache", "verify", "--report", str(report)]) == exit_codes.ATTENTION
    captured = capsys.readouterr()
    assert "ALARM: 1 record was sent by a server" in captured.err
    assert f"{number(other)}  VERIFIED  sent for another number" in captured.out
    assert number(other) in report.read_text()


def test_damaged_record_does_not_hide_an_equivocation(
    cache: Cache, path: Path, capsys: Captured
) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    for title in ("One", "Two", "Three"):
        file_record(cache, wire(build(Paper(title=title), KEY)))
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    assert main(["cache", "verify"]) == exit_codes.USAGE  # for the damage
    captured = capsys.readouterr()
    assert "ALARM: two different contents" in captured.err
    assert "(2401.00001v1: " in captured.err
    assert "DAMAGED" in captured.out


# History on the command line


def test_history_carries_marks_and_alarms_as_json(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=2))
    later = real_record().replace(b"Bingquan Shen, ", b"").replace(b'"events":[],', b"")
    file_record(cache, later, NOW)
    store_under_number(cache, REAL_SUFFIX, wire(build(Paper(), KEY)))
    assert main(["cache", "show", REAL_SUFFIX, "--history", "--json"]) == exit_codes.ATTENTION
    newest, middle, oldest = json.loads(capsys.readouterr().out)
    marked = {item["path"]: item["mark"] for item in newest["changed"]}
    assert marked["$.paper.authors_text"] == "claimed"
    assert marked["$.events"] == "claimed"
    assert [item["removed"] for item in newest["changed"] if item["path"] == "$.events"] == [True]
    assert newest["alarm"] is None
    assert "same number" in middle["alarm"]
    signed = {item["path"] for item in middle["changed"] if item["mark"] == "signed"}
    assert "$.canonical_record.source.id" in signed
    assert oldest["verdict"] == "FAILED"
    assert oldest["changed"] is None
    assert main(["cache", "show", REAL_SUFFIX, "--history"]) == exit_codes.ATTENTION
    assert "ALARM: signed content was changed" in capsys.readouterr().out


def test_damaged_response_does_not_hide_the_others(cache: Cache, capsys: Captured) -> None:
    for days, text in enumerate((b"One", b"Two", b"Three")):
        raw = real_record().replace(b"Bingquan Shen", text)
        file_record(cache, raw, NOW + timedelta(days=days))
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    assert main(["cache", "show", REAL_SUFFIX, "--history"]) == exit_codes.USAGE
    out = capsys.readouterr().out
    assert out.count("fetched") == 2
    assert "✗ DAMAGED" in out
    assert "One" in out
    assert main(["cache", "show", REAL_SUFFIX, "--history", "--json"]) == exit_codes.USAGE
    objects = json.loads(capsys.readouterr().out)
    assert [item.get("verdict") for item in objects] == ["VERIFIED", None, "VERIFIED"]
    assert objects[1]["error"]["code"] == "cache"


# History in the app


async def open_history(
    pilot: Pilot[None], cache: Cache, suffix: str
) -> tuple[HistoryScreen, list[StoredResponse | None]]:
    library = RecordService(cache, None, TRUSTED, now=lambda: NOW + timedelta(days=5))
    chosen: list[StoredResponse | None] = []
    screen = HistoryScreen(library, suffix)
    await settle(pilot)
    pilot.app.push_screen(screen, chosen.append)
    await settle(pilot)
    return screen, chosen


def app_of(cache: Cache) -> PithApp:
    return PithApp(RecordService(cache, None, TRUSTED, now=lambda: NOW))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_response_is_shown_with_its_changes(
    cache: Cache, size: tuple[int, int]
) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=2))
    later = real_record().replace(b"Bingquan Shen, ", b"")
    file_record(cache, later, NOW)
    app = app_of(cache)
    async with app.run_test(size=size) as pilot:
        screen, chosen = await open_history(pilot, cache, REAL_SUFFIX)
        assert "2 distinct responses" in str(screen.query_one(StatusBar).render())
        rows = screen.query_one(Pane).rows
        assert [row.label for row in rows].count("VERIFIED") == 2
        change = next(row for row in rows if row.label == "paper.authors_text")
        assert change.mark is Mark.CLAIMED
        assert "Bingquan Shen" in change.text
        assert "✓ VERIFIED" in screen_text(app)
        assert "5 days" in screen_text(app)
        await pilot.press("G", "enter")
        await settle(pilot)
        entry = chosen[0]
        assert entry is not None
        assert entry.raw == real_record()
        assert entry.checked_at == NOW - timedelta(days=2)


async def test_alarm_is_shown_at_the_top(cache: Cache) -> None:
    file_record(cache, real_record(), NOW)
    store_under_number(cache, REAL_SUFFIX, wire(build(Paper(), KEY)))
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        screen, chosen = await open_history(pilot, cache, REAL_SUFFIX)
        assert "✗ ALARM: signed content was changed under" in screen_text(app).splitlines()[1]
        assert "ALARM" in str(screen.query_one(StatusBar).render())
        assert "FAILED" in [row.label for row in screen.query_one(Pane).rows]
        await pilot.press("escape")
        assert chosen == [None]


async def test_damaged_response_is_named_and_cannot_be_chosen(cache: Cache) -> None:
    file_record(cache, real_record(), NOW)
    file_record(cache, real_record() + b" ", NOW + timedelta(days=1))
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9) WHERE id = 2")
    app = app_of(cache)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_history(pilot, cache, REAL_SUFFIX)
        assert "✗ DAMAGED" in screen_text(app)
        assert "✓ VERIFIED" in screen_text(app)
        await open_history(pilot, cache, "A" * 26)
        assert "The cache has no response" in screen_text(app)


@pytest.mark.shared
async def test_hostile_changes_are_shown_and_inert(cache: Cache) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    evil = evil_record(EVIL)
    suffix = file_record(cache, evil, NOW).suffix
    tree = json.loads(evil)
    tree["links"] = {f"{n}{text}": text for n, text in enumerate(strings)}
    catalog = file_record(cache, wire(tree), NOW + timedelta(days=1))
    assert catalog.suffix == suffix
    cache.store(evil + b" ", catalog, origin=EVIL, etag=EVIL, received_at=NOW + timedelta(days=2))
    app = app_of(cache)
    async with app.run_test(size=(120, 60)) as pilot:
        await open_history(pilot, cache, suffix)
        for _ in range(12):
            check_harmless(app)
            await pilot.press("pagedown")


def test_changes_are_listed_up_to_a_limit(cache: Cache) -> None:
    tree = build(Paper(), KEY)
    file_record(cache, wire(tree), NOW)
    tree["links"] = {str(n): n for n in range(5000)}
    suffix = file_record(cache, wire(tree), NOW + timedelta(days=1)).suffix
    rows = history_rows(list(steps_of(iter_responses(cache, suffix), TRUSTED)), NOW)
    assert len(rows) < 1020
    assert "more" in next(row.text for row in rows if row.text.startswith("…"))
