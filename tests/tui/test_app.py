"""The browser driven by keys, on screens of given sizes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from pith_tui.errors import UnreachableError
from pith_tui.output.panes import panes_of
from pith_tui.output.rows import Row, Style
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.commands.registry import APP, GROUPS, RECORD, ROWS, TEXT, Group
from pith_tui.tui.loading import load_in_background
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.screens.text import HelpScreen, RawScreen
from pith_tui.tui.themes import THEMES
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.id_bar import IdBar
from pith_tui.tui.widgets.pane import Pane
from tests.browser import (
    EVIL,
    REAL,
    SIZES,
    app_of,
    bar,
    check_harmless,
    evil_record,
    naughty_record,
    pane,
    record_service,
    screen_text,
    settle,
    visit_every_view,
)
from tests.registry.records import Paper, build, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, NOW, file_record, quiet
from tests.support import VECTORS, partial_records, real_record


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        yield opened


# Reading a record


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_real_record_is_shown_as_verified(size: tuple[int, int]) -> None:
    app = app_of(record_service())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        shown = screen_text(app)
        assert "✓ VERIFIED" in shown
        assert "sample" in shown.splitlines()[1]
        assert "Safety Mirage" in shown
        rows = pane(app, "verification").rows
        assert sum(row.style is Style.CHECK for row in rows) == 16
        wide = size[0] >= 120
        panes = [pane(app, name) for name in ("paper", "verification", "graph", "aliases")]
        assert sum(area.display for area in panes) == (4 if wide else 1)
        for name in ("Paper", "Verif", "Graph", "Alias"):
            assert name in shown


async def test_preloaded_record_is_in_the_first_frame() -> None:
    library = record_service()
    asked = parse_identifier(REAL)
    first = load_in_background(library, asked)
    first.result()
    app = PithApp(library, asked, first)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "VERIFIED" in bar(app, VerdictBar)
        await settle(pilot)
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_every_leaf_of_a_record_is_shown() -> None:
    samples = [real_record(), *partial_records()]
    odd = json.loads(real_record())
    odd["graph_snapshot"]["claims"] = {"count": 1, "items": [{"text": "x", "n": [1, {}]}]}
    odd["graph_snapshot"]["source"]["extra"] = {"deep": [None]}
    odd["aliases"] += ["text", {"alias_kind": None}, {"alias_kind": "ror", "more": 1}]
    odd["events"] = [{"a": 1}, 7]
    odd["links"] = "none"
    odd["new section"] = {"a": {"b": []}}
    odd["receipt"]["extra"] = [[]]
    for raw in [*samples, wire(odd)]:
        record = Record(raw)
        view = read(raw)
        rows: list[Row] = [row for rows in panes_of(view) for row in rows]
        shown = [path for row in rows for path in row.paths]
        assert sorted(map(str, shown)) == sorted(str(path) for path, _ in record.leaves())


# Keys


async def test_panes_are_reached_by_number_and_tab() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key, name in (
            ("2", "verification"),
            ("4", "aliases"),
            ("tab", "paper"),
            ("shift+tab", "aliases"),
            ("h", "graph"),
            ("right", "aliases"),
            ("1", "paper"),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert pane(app, name).has_focus, key
            assert pane(app, name).display


async def test_cursor_scrolls_and_stays_on_the_screen() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        paper = pane(app, "paper")
        await pilot.press("j", "down")
        assert paper.current is not None
        assert paper.current.label == "Headline"
        await pilot.press("G")
        assert paper.current.label == "Schema URL"
        assert paper.top > 0
        await pilot.press("k", "up", "pageup", "space", "g")
        assert paper.current.style is Style.TITLE
        assert paper.top == 0
        for _ in range(30):
            await pilot.press("j")
        assert paper.current.label == "Schema URL"
        assert "Schema URL" in screen_text(app)


async def test_check_details_expand_and_collapse() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        await pilot.press("2", "j", "j", "enter")
        await pilot.pause()
        rows = pane(app, "verification").rows
        digest = next(i for i, row in enumerate(rows) if row.label == "3 Digest")
        assert [row.label for row in rows[digest + 1 : digest + 3]] == ["stated", "recomputed"]
        assert rows[digest + 1].text == rows[digest + 2].text
        await pilot.press("enter")
        await pilot.pause()
        folded = len(pane(app, "verification").rows)
        assert folded == len(rows) - 2
        await pilot.press("e")
        await pilot.pause()
        assert len(pane(app, "verification").rows) > len(rows) + 30
        assert bar(app, StatusBar) == "every check is shown in full"
        await pilot.press("e")
        await pilot.pause()
        assert all(row.style is not Style.PART for row in pane(app, "verification").rows)
        assert bar(app, StatusBar) == "every check is shown in one line"


async def test_verify_again_repeats_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(record_service())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert "verified again from 7,180 bytes" in bar(app, StatusBar)
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_checks_appear_as_they_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts: list[str] = []
    show = VerdictBar.show

    def spy(self: VerdictBar, *args: Any) -> None:
        show(self, *args)
        verdicts.append(str(self.render()))

    monkeypatch.setattr(VerdictBar, "show", spy)
    app = app_of(record_service())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
    assert " verifying 0/16 " in verdicts[0]
    assert " verifying 15/16 " in verdicts[15]
    assert "✓ VERIFIED" in verdicts[16]


async def test_tex_source_is_toggled() -> None:
    app = app_of(record_service(), "1301.1282")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "Schrödinger" in screen_text(app)
        await pilot.press("x")
        await pilot.pause()
        assert r"Schr\"odinger" in screen_text(app)
        assert r"Schr\"odinger" in bar(app, TitleBar)
        await pilot.press("x")
        await pilot.pause()
        assert "Schrödinger" in screen_text(app)


async def test_copied_field_is_complete_and_raw_and_success_is_not_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(PithApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    monkeypatch.setenv("PATH", "")  # no system program to copy with
    app = app_of(record_service(), "1301.1282")
    async with app.run_test(size=(40, 20)) as pilot:
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("2", "y")
        await settle(pilot)
        assert copied[0] == r"Control for Schr\"odinger equations on 2-tori: rough potentials"
        assert "which may ignore them" in bar(app, StatusBar)


async def test_help_lists_every_command_and_closes() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("2", "j", "question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        rows = app.screen.query_one(Pane).rows
        assert rows[0].text == "2 Asked for"
        assert rows[1].label == "passed"
        assert rows[1].outcome is Outcome.PASSED
        texts = [row.text for row in app.screen.query_one(Pane).rows]
        here = (*RECORD.commands, *ROWS.commands, *APP.commands)
        assert all(command.help in texts for command in here)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, RecordScreen)


async def test_raw_screen_shows_every_member() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("w")
        await pilot.pause()
        assert isinstance(app.screen, RawScreen)
        rows = app.screen.query_one(Pane).rows
        assert rows[0].label == "record_type"
        assert len(rows) == len(list(Record(real_record()).leaves()))
        assert all(row.mark is not None for row in rows)
        await pilot.press("y", "w")
        await pilot.pause()
        assert isinstance(app.screen, RecordScreen)


async def test_palette_offers_every_command() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        offered = {command.title for command in app.get_system_commands(app.screen)}
        here = (*RECORD.commands, *APP.commands)
        assert offered == {c.name for c in here if c.id != "palette"}
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert app.screen is not app.screen_stack[0]
        await pilot.press("escape")
        await pilot.pause()
        for command in app.get_system_commands(app.screen):
            if command.title == "Help":
                await command.callback()
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_theme_key_cycles_through_the_themes() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        themes = [app.theme]
        for _ in THEMES:
            await pilot.press("t")
            await settle(pilot)
            assert "✓ VERIFIED" in screen_text(app)
            assert app.palette["value"].color is not None
            themes.append(app.theme)
        assert themes == [*THEMES, "pith-dark"]


@pytest.mark.parametrize("group", [g for g in GROUPS if g not in (APP, ROWS)], ids=lambda g: g[0])
def test_commands_of_a_screen_have_distinct_keys(group: Group) -> None:
    everywhere = () if group is TEXT else APP.commands  # a text closes with q and ? too
    here = (*group.commands, *ROWS.commands, *everywhere)
    keys = [key for command in here for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))


def test_command_ids_are_unique() -> None:
    ids = [command.id for group in GROUPS for command in group.commands]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_shows_how_to_leave_it(size: tuple[int, int], tmp_path: Path) -> None:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        app = app_of(record_service(cache))
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for key in ("o", "c", "u", "a", "p", "H"):
                await pilot.press(key)
                await settle(pilot)
                assert not isinstance(app.screen, RecordScreen)
                assert "Esc back" in screen_text(app)
                await pilot.press("escape")
                await settle(pilot)


@pytest.mark.parametrize("key", ["w", "d"])
async def test_pane_title_says_how_to_close_it_on_a_narrow_screen(key: str) -> None:
    app = app_of(record_service())
    async with app.run_test(size=(40, 20)) as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert "(Esc closes)" in screen_text(app)


async def test_footer_click_runs_its_command() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        position = bar(app, KeyBar).index("help")
        await pilot.click("#keys", offset=(position, 0))
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_click_selects_a_tab_and_wheel_scrolls() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("#tabs", offset=(12, 0))
        await pilot.pause()
        shown = pane(app, "verification")
        assert shown.has_focus
        shown._move_to(3)
        assert shown.top == 3
        await pilot.click("#verification", offset=(4, 2))
        assert shown.current is not None


# Looking up


async def test_typed_id_is_looked_up() -> None:
    app = app_of(record_service(), None)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "no record open" in bar(app, VerdictBar)
        await pilot.press("slash", *"arXiv:2503.11832", "enter")
        await settle(pilot)
        assert "VERIFIED" in bar(app, VerdictBar)
        assert pane(app, "paper").has_focus
        assert not app.screen.query(Input)


async def test_id_bar_shows_the_id_recognised_in_pasted_text() -> None:
    app = app_of(record_service(), None)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        app.screen.query_one(Input).post_message(
            events.Paste("arXiv:2503.11832v5 [cs.AI]\n  12 Mar 2025\n")
        )
        await pilot.pause()
        assert app.screen.query_one(Input).value == "arXiv:2503.11832v5 [cs.AI] 12 Mar 2025"
        await pilot.press("enter")
        await settle(pilot)
        assert "VERIFIED" in bar(app, VerdictBar)
        assert str(app.screen.query_one(IdBar).render()).split() == ["pith", "2503.11832v5"]


async def test_two_pasted_ids_are_refused() -> None:
    app = app_of(record_service(), None)
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash")
        app.screen.query_one(Input).post_message(events.Paste("2503.11832\n2401.00001\n"))
        await pilot.press("enter")
        await settle(pilot)
        assert "several works: 2503.11832 and 2401.00001" in bar(app, StatusBar)
        assert "no record open" in bar(app, VerdictBar)


async def test_invalid_id_is_explained_and_can_be_corrected() -> None:
    app = app_of(record_service(), None)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"2503.1183", "enter")
        await pilot.pause()
        assert "5 digits" in bar(app, StatusBar)
        assert app.screen.query_one(Input).has_focus
        await pilot.press("2", "enter")
        await settle(pilot)
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_escape_leaves_the_id_bar() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash", "x", "escape")
        await pilot.pause()
        assert pane(app, "paper").has_focus


async def test_samples_are_listed_and_opened() -> None:
    app = app_of(record_service(), None)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        listed = [row for row in pane(app, "listing").rows if row.action is not None]
        assert len(listed) == 66
        assert all(row.outcome is not None for row in listed)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert "Trichotomy" in bar(app, TitleBar)
        assert "UNDECIDED" in bar(app, VerdictBar)
        await pilot.press("s", "escape")
        await pilot.pause()
        assert "Trichotomy" in bar(app, TitleBar)


async def test_missing_record_is_reported_with_a_hint() -> None:
    app = app_of(record_service(), "2401.00001")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        shown = screen_text(app)
        assert "neither in the cache nor among the samples" in shown
        assert "What to do" in shown
        assert "VERIFIED" not in shown


async def test_cached_record_is_confirmed_by_the_server(cache: Cache, registry: Registry) -> None:
    registry.resolve_style = "object"
    suffix = registry.add(build(Paper(), KEY))
    etag = None
    file_record(cache, registry.records[suffix], NOW - timedelta(days=3), etag)
    app = app_of(record_service(cache, registry), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "live from http://127.0.0.1" in bar(app, VerdictBar)
        assert "up to date" in bar(app, StatusBar)


async def test_offline_session_shows_the_age_of_the_cached_record(cache: Cache) -> None:
    file_record(cache, wire(build(Paper(), KEY)), NOW - timedelta(days=3))
    app = app_of(record_service(cache), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "cache, 3 days old" in bar(app, VerdictBar)
        await pilot.press("r")
        await pilot.pause()
        assert "offline" in bar(app, StatusBar)


async def test_changes_of_a_fetch_are_shown(cache: Cache, registry: Registry) -> None:
    file_record(cache, wire(build(Paper(), KEY)), NOW - timedelta(days=3))
    registry.add(build(Paper(authors="Somebody Else", built="2026-07-01T00:00:00Z"), KEY))
    app = app_of(record_service(cache, registry), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "differs from the stored copy" in bar(app, StatusBar)
        rows = {row.label: row.text for row in pane(app, "paper").rows}
        assert rows["paper.authors_text"] == "“Ada Lovelace, Alan Turing” → “Somebody Else”"
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_stored_copy_is_shown_when_the_server_is_unreachable(
    cache: Cache, registry: Registry
) -> None:
    file_record(cache, wire(build(Paper(), KEY)), NOW)
    registry.fail("/", Fault(500), times=5)
    app = app_of(record_service(cache, registry), "2401.00001")
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        assert "; using the local copy (cache" in bar(app, StatusBar)
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_request_can_be_cancelled(registry: Registry) -> None:
    registry.fail("/", Fault("stall"))
    app = app_of(record_service(None, registry))
    async with app.run_test(size=(100, 30)) as pilot:
        await asyncio.to_thread(registry.stalled.wait, 60)
        await pilot.pause()
        assert "Esc cancels" in bar(app, StatusBar)
        assert "VERIFIED" in bar(app, VerdictBar)
        await pilot.press("escape")
        await pilot.pause()
        assert "cancelled" in bar(app, StatusBar)


async def test_refresh_fetches_again_without_etag(cache: Cache, registry: Registry) -> None:
    registry.add(build(Paper(), KEY))
    app = app_of(record_service(cache, registry), "2401.00001")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        before = len(registry.requests)
        await pilot.press("r")
        await settle(pilot)
        assert len(registry.requests) == before + 1
        assert "if-none-match" not in registry.requests[-1].headers


async def test_ambiguous_json_is_shown_as_failed(registry: Registry) -> None:
    registry.fail("/api", Fault(200, {}, b'{"canonical_record":{"a":1,"a":2}}'))
    app = app_of(record_service(None, registry), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "✗ FAILED" in bar(app, VerdictBar)
        assert "$.canonical_record.a" in screen_text(app)
        await pilot.press("w", "e", "x", "v")
        await settle(pilot)
        assert "✗ FAILED" in bar(app, VerdictBar)


async def test_error_and_hint_are_shown_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    library = record_service()

    def fail(*args: object) -> None:
        raise UnreachableError("the moon is in the way\x1b[2J", "wait a month")

    monkeypatch.setattr(library, "find_local", fail)
    app = app_of(library, "2401.00001")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        shown = screen_text(app)
        assert "the moon is in the way␛[2J" in shown
        assert "wait a month" in shown


# Sizes


async def test_app_can_be_resized() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        await pilot.press("2", "G")
        for size in (*SIZES, (20, 8), (300, 90), (10, 4), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            screen_text(app)
        assert pane(app, "verification").has_focus
        assert "VERIFIED" in screen_text(app)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_footer_key_works_at_every_size(size: tuple[int, int]) -> None:
    app = app_of(record_service())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for command in (*RECORD.commands, *APP.commands):
            if command.footer and command.id != "quit":
                await pilot.press(command.keys.split(",")[0])
                await settle(pilot)
                screen_text(app)
                await pilot.press("escape")
                await pilot.pause()
        assert isinstance(app.screen, RecordScreen)


# Hostile text


@pytest.mark.parametrize("size", [(160, 48), (40, 20)], ids=str)
async def test_hostile_text_is_shown_and_inert(cache: Cache, size: tuple[int, int]) -> None:
    file_record(cache, evil_record(EVIL))
    app = app_of(record_service(cache), "2401.00001")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert app.is_running
        assert "␛[2J" in bar(app, TitleBar)
        assert "[@click=app.quit]x[/]" in bar(app, TitleBar)
        await visit_every_view(pilot, app)
        verdict = bar(app, VerdictBar)
        assert "VERIFIED  by your own key" in verdict or "VERIFIED  your key" in verdict
        # The verdict's line contains only the program's own text.
        assert "␛" not in verdict


async def test_markup_actions_in_metadata_are_inert(cache: Cache) -> None:
    file_record(cache, evil_record("[@click=app.quit]click me[/]"))
    app = app_of(record_service(cache), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        check_harmless(app)
        await pilot.click("#title", offset=(5, 0))
        assert app.is_running


@pytest.mark.shared
async def test_naughty_strings_are_inert_in_every_widget(cache: Cache) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    app = app_of(record_service(cache), None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for start in range(0, len(strings), 64):
            raw = naughty_record(strings[start : start + 64])
            catalog = file_record(cache, raw, NOW)
            screen = app.screen_stack[0]
            assert isinstance(screen, RecordScreen)
            screen.open(parse_identifier(catalog.suffix))
            await settle(pilot)
            await visit_every_view(pilot, app)


async def test_two_signed_contents_for_one_version_raise_an_alarm(
    cache: Cache, registry: Registry
) -> None:
    file_record(cache, wire(build(Paper(), KEY)), NOW)
    registry.add(build(Paper(title="The Other Face", license=""), KEY))
    app = app_of(record_service(cache, registry), "2401.00001")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "ALARM: two different contents" in bar(app, StatusBar)
        assert "ALARM" in screen_text(app)
        row = next(r for r in pane(app, "paper").rows if "title_canon_sha256" in r.label)
        assert row.mark is Mark.SIGNED
