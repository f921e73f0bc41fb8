"""The export, links and compare screens: every key, every size, naughty strings."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.output.cite import bibtex
from pith_tui.output.compare import compare
from pith_tui.output.export_items import ExportItem, export_items
from pith_tui.output.symbols import use_ascii
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.compare import CompareScreen
from pith_tui.tui.screens.export import ExportScreen, ItemPane
from pith_tui.tui.screens.links import LinksScreen
from pith_tui.tui.screens.text import HelpScreen
from pith_tui.tui.widgets.bars import Bar, StatusBar, VerdictBar
from pith_tui.tui.widgets.diff_pane import DiffPane, changed_parts
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.text_pane import TextPane
from pith_tui.user.settings import Settings
from tests.browser import (
    EVIL,
    REAL,
    SIZES,
    check_harmless,
    evil_record,
    naughty_record,
    record_service,
    screen_text,
    settle,
)
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, NOW, TRUSTED
from tests.support import REAL_NUMBER, REAL_SUFFIX, VECTORS, partial_records, real_record

SITE = "https://pith.science"


def view(raw: bytes, asked: str | None = None) -> CheckedRecord:
    identifier = None if asked is None else parse_identifier(asked)
    return read(raw, identifier, TRUSTED)


def fetched(raw: bytes, asked: str | None = None) -> FetchedRecord:
    return FetchedRecord(view(raw, asked), Origin.SAMPLE)


def export(raw: bytes, asked: str | None = None) -> ExportScreen:
    return ExportScreen(fetched(raw, asked), (), NOW)


def links(raw: bytes) -> LinksScreen:
    return LinksScreen(fetched(raw), (), NOW)


def comparison(left: bytes, right: bytes, names: tuple[str, str] = ("one", "two")) -> CompareScreen:
    return CompareScreen(view(left), view(right), names, TRUSTED)


def browser(clipboard: str = "osc52") -> PithApp:
    settings = Settings(clipboard=clipboard)
    return PithApp(record_service(), parse_identifier(REAL), settings=settings)


async def put(pilot: Pilot[None], screen: Screen[None]) -> None:
    await settle(pilot)
    await pilot.app.push_screen(screen)  # until it is mounted, and its workers run
    await settle(pilot)


def status(app: PithApp) -> str:
    return str(app.screen.query_one(StatusBar).render())


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def odd_record() -> bytes:
    tree: dict[str, Any] = json.loads(real_record())
    tree["links"]["html"] = "https://evil.example/"
    tree["links"]["shop"] = "https://shop.example/"
    tree["paper"]["abstract_excerpt"] = tree["paper"]["abstract_excerpt"].replace("remark", "x")
    tree["paper"]["license"] = "http://example.org/"
    tree["news"] = ["only here"]
    return wire(tree)


# What there is to export


def test_export_items_of_the_real_record() -> None:
    raw = real_record()
    items = {item.id: item for item in export_items(fetched(raw, REAL), NOW)}
    assert list(items) == [
        *("arxiv", "number", "digest", "bibtex", "latex", "text", "macro", "raw"),
        *("markdown", "report"),
    ]
    assert (items["arxiv"].text, items["arxiv"].mark) == ("2503.11832v5", Mark.SIGNED)
    assert (items["number"].text, items["number"].mark) == (REAL_NUMBER, Mark.PROVED)
    assert items["digest"].text == json.loads(raw)["canonical_sha256"]
    assert items["digest"].data == items["digest"].text.encode() + b"\n"
    assert items["raw"].data == raw
    assert items["raw"].text.encode() == raw
    assert items["macro"].text == rf"\pithnumber{{{REAL_SUFFIX}}}"
    assert items["markdown"].text.startswith("# ✓ VERIFIED")
    assert json.loads(items["report"].text)["verdict"] == "VERIFIED"
    assert items["raw"].file_name == "2503.11832v5.json"
    names = [item.file_name for item in items.values() if item.id in ("raw", "report", "bibtex")]
    assert len(set(names)) == 3


def test_file_names_use_only_checked_ids() -> None:
    for raw in (*partial_records(), evil_record(EVIL), b'{"pith_number": "../../x"}'):
        for item in export_items(fetched(raw), NOW):
            name = item.file_name
            assert name == os.path.basename(name)
            assert name.isascii()
            assert name.isprintable()
    tree = build(Paper(arxiv="../../../etc/passwd"), KEY)
    assert all("passwd" not in i.file_name for i in export_items(fetched(wire(tree)), NOW))


# The export screen


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_preview_follows_the_cursor(size: tuple[int, int]) -> None:
    app = browser()
    async with app.run_test(size=size) as pilot:
        await put(pilot, export(real_record(), REAL))
        shown = screen_text(app)
        assert "✓ VERIFIED" in shown
        assert "arXiv id" in shown
        preview = app.screen.query_one(TextPane)
        assert preview.rows[0].text == "2503.11832v5"
        await press(pilot, "j", "down")
        assert len(preview.rows[0].text) == 64
        await press(pilot, "G")
        assert preview.rows[0].text == "{"
        await press(pilot, "g", "j", "j", "j")
        assert any(row.text.startswith("@misc{") for row in preview.rows)
        await press(pilot, "tab")
        assert preview.has_focus
        await press(pilot, "G")
        assert preview.current is not None
        assert preview.current.text == "}"
        assert "}" in screen_text(app)
        await press(pilot, "tab", "escape")
        assert not isinstance(app.screen, ExportScreen)


async def test_keys_work_while_the_list_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = threading.Event()

    def slow(*arguments: object) -> tuple[ExportItem, ...]:
        assert ready.wait(60)
        return export_items(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("pith_tui.tui.screens.export.export_items", slow)
    app = browser()
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        app.push_screen(export(real_record(), REAL))
        await pilot.pause()
        assert "✓ VERIFIED" in screen_text(app)
        await pilot.press("j", "y", "s", "enter", "tab", "tab", "f", "escape")
        assert isinstance(app.screen, ExportScreen)
        ready.set()
        await settle(pilot)
        assert app.screen.query_one(TextPane).rows[0].text == "2503.11832v5"
        app.push_screen(export(real_record(), REAL))
        await settle(pilot)
        await press(pilot, "escape")


async def test_click_selects_an_item_and_double_click_copies_it() -> None:
    app = browser()
    async with app.run_test(size=(160, 48)) as pilot:
        await put(pilot, export(real_record()))
        assert await pilot.click(ItemPane, offset=(5, 2))
        await settle(pilot)
        assert app.screen.query_one(TextPane).rows[0].text == REAL_NUMBER
        assert app.clipboard == ""
        await pilot.double_click(ItemPane, offset=(5, 2))
        await settle(pilot)
        assert app.clipboard == REAL_NUMBER
        await press(pilot, "f", "f")
        assert len(app.screen.query_one(TextPane).rows[0].text) == 64


async def test_copying_hands_over_the_complete_raw_text() -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(real_record(), REAL))
        await press(pilot, "j", "j", "j", "y")
        assert app.clipboard == bibtex(view(real_record(), REAL))
        assert "BibTeX: " in status(app)
        assert "which may ignore them" in status(app)
        await press(pilot, "j", "j", "j", "j", "enter")
        assert app.clipboard.encode() == real_record()


async def test_copying_can_be_disabled() -> None:
    app = browser("off")
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(real_record()))
        await press(pilot, "y")
        assert "copying is off" in status(app)
        assert app.clipboard == ""


async def type_name(pilot: Pilot[None], name: str) -> None:
    pilot.app.screen.query_one(Input).value = name
    await press(pilot, "enter")


async def test_saving_asks_for_a_name_and_confirms_overwriting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(real_record(), REAL))
        for _ in range(7):
            await press(pilot, "j")
        await press(pilot, "s")
        field = app.screen.query_one(Input)
        assert field.value == "2503.11832v5.json"
        # Letters that are keys elsewhere belong to the name.
        await press(pilot, "y", "s", "q", "f")
        assert field.value == "2503.11832v5.jsonysqf"
        await type_name(pilot, "mine.json")
        assert "7,180 bytes saved to " in status(app)
        saved = tmp_path / "mine.json"
        assert saved.read_bytes() == real_record()
        assert not app.screen.query(Input)
        assert app.screen.query_one(ItemPane).has_focus

        saved.write_text("mine")
        await press(pilot, "s")
        await type_name(pilot, "mine.json")
        assert "press Enter again to overwrite it" in status(app)
        assert saved.read_text() == "mine"
        await type_name(pilot, "other.json")
        assert (tmp_path / "other.json").exists()
        assert saved.read_text() == "mine"
        await press(pilot, "s")
        await type_name(pilot, "mine.json")
        await press(pilot, "escape")
        assert "nothing was saved" in status(app)
        assert isinstance(app.screen, ExportScreen)
        assert saved.read_text() == "mine"
        await press(pilot, "s")
        await type_name(pilot, "mine.json")
        await type_name(pilot, "mine.json")
        assert saved.read_bytes() == real_record()


async def test_chosen_item_is_saved_whatever_is_clicked_meanwhile(tmp_path: Path) -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(real_record(), REAL))
        await press(pilot, "j", "s")
        await pilot.click(ItemPane, offset=(5, 1))
        await settle(pilot)
        app.screen.query_one(Input).focus()
        await type_name(pilot, str(tmp_path / "number"))
        assert (tmp_path / "number").read_text() == f"{REAL_NUMBER}\n"


async def test_unwritable_name_can_be_corrected(tmp_path: Path) -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(real_record()))
        await press(pilot, "s")
        await type_name(pilot, str(tmp_path / "none" / "x"))
        assert "there is no directory" in status(app)
        await type_name(pilot, "")
        assert "no file name was given" in status(app)
        assert app.screen.query_one(Input).has_focus
        await type_name(pilot, str(tmp_path / "x"))
        assert (tmp_path / "x").exists()


async def test_long_text_is_previewed_in_part_and_copied_in_full() -> None:
    raw = wire(build(Paper(authors="A, " * 20_000), KEY))
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, export(raw))
        for _ in range(7):
            await press(pilot, "j")
        rows = app.screen.query_one(TextPane).rows
        assert rows[-1].text.endswith(f"{len(raw):,} characters in all")
        await press(pilot, "y")
        assert len(app.clipboard) == len(raw)
        assert "probably cut" in status(app)


# Links and actions


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Install a web browser that records URLs; return a function that lists them."""
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))

    def lines() -> list[str]:
        path = tmp_path / "opened"
        return path.read_text().splitlines() if path.exists() else []

    return lines


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_link_has_a_description_and_url(size: tuple[int, int]) -> None:
    app = browser()
    async with app.run_test(size=size) as pilot:
        await put(pilot, links(real_record()))
        text = ""
        for _ in range(16):
            text += screen_text(app)
            await press(pilot, "j")
        assert "Shows the record's page" in text
        assert "Submit a" in text
        assert "FAILED" not in text
        assert "where the record states a URL, it is the same" in " ".join(status(app).split())


async def test_opening_hands_the_built_url_to_the_browser(opened: Callable[[], list[str]]) -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, links(real_record()))
        await press(pilot, "o")
        assert status(app) == f"handed to the web browser: {SITE}/pith/{REAL_SUFFIX}"
        await press(pilot, "j", "enter")
        assert opened() == [f"{SITE}/pith/{REAL_SUFFIX}", f"{SITE}/pith/{REAL_SUFFIX}.json"]


async def test_missing_browser_is_reported_with_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/bin/false")
    monkeypatch.setenv("PATH", "/nowhere")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, links(real_record()))
        await press(pilot, "o")
        assert "no web browser could be started" in status(app)
        assert f"{SITE}/pith/{REAL_SUFFIX}" in status(app)


async def test_differing_url_of_the_record_is_shown_and_not_opened(
    opened: Callable[[], list[str]],
) -> None:
    app = browser()
    async with app.run_test(size=(120, 48)) as pilot:
        await put(pilot, links(odd_record()))
        assert status(app).startswith("1 is stated differently in the record")
        shown = screen_text(app)
        assert "the record states this instead" in shown
        assert "Stated only by the record" in shown
        await press(pilot, "j", "o", "enter")
        assert "not opened" in status(app)
        assert opened() == []
        await press(pilot, "y")
        assert app.clipboard == "https://evil.example/"
        await press(pilot, "g", "y", "escape")
        assert app.clipboard == f"{SITE}/pith/{REAL_SUFFIX}"
        assert not isinstance(app.screen, LinksScreen)


async def test_record_without_a_valid_id_has_no_links(
    opened: Callable[[], list[str]],
) -> None:
    app = browser()
    async with app.run_test(size=(120, 48)) as pilot:
        await put(
            pilot,
            links(b'{"record_type": "pith_number_record", "pith_number": "pith:2025:nonsense"}'),
        )
        assert "no URL can be built" in screen_text(app)
        await press(pilot, "enter", "o", "y")
        assert "no URL to copy here" in status(app)
        assert opened() == []


# Comparing


def badge(app: PithApp, side: str) -> str:
    return str(app.screen.query_one(f"#verdict-{side}", Bar).render())


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_compare_screen_shows_both_records_and_verdicts(size: tuple[int, int]) -> None:
    app = browser()
    async with app.run_test(size=size) as pilot:
        await put(pilot, comparison(real_record(), odd_record()))
        shown = screen_text(app)
        assert "✓ VERIFIED" in shown.splitlines()[0]
        assert "✗ FAILED" in shown.splitlines()[1]
        assert "only claimed and changed" in shown
        assert "ALARM" not in shown
        await press(pilot, "j", "j", "j")
        shown = screen_text(app)
        assert "only here" in shown or "shop.example" in shown
        assert "✗ FAILED" in shown.splitlines()[1]
        assert "fields differ" in " ".join(status(app).split())


async def test_wide_screen_has_columns_and_narrow_screen_stacks_them() -> None:
    for size, beside in (((160, 48), True), ((80, 24), True), ((40, 20), False)):
        app = browser()
        async with app.run_test(size=size) as pilot:
            await put(pilot, comparison(real_record(), wire(build(Paper(), KEY))))
            line = next(x for x in screen_text(app).splitlines() if "2503.11832" in x)
            assert ("2401.00001" in line) is beside


async def test_alarm_stays_at_the_top() -> None:
    one, two = wire(build(Paper(), KEY)), wire(build(Paper(title="Another title"), KEY))
    for size in SIZES:
        app = browser()
        async with app.run_test(size=size) as pilot:
            await put(pilot, comparison(one, two))
            lines = screen_text(app).splitlines()
            assert "ALARM" in lines[2]
            await press(pilot, "G")
            assert "ALARM" in screen_text(app).splitlines()[2]


async def test_all_fields_can_be_shown_and_both_sides_copied() -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, comparison(real_record(), odd_record()))
        pane = app.screen.query_one(DiffPane)
        few = len(pane.rows)
        await press(pilot, "a")
        assert len(pane.rows) > few + 100
        await press(pilot, "a")
        assert len(pane.rows) == few
        await press(pilot, "G", "y")
        assert app.clipboard == "news[0]\nA: (nothing)\nB: only here"
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "escape", "escape")
        assert not isinstance(app.screen, CompareScreen)


async def test_identical_records_show_no_difference() -> None:
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, comparison(real_record(), real_record()))
        assert "No field differs." in screen_text(app)
        assert "identical bytes" in status(app)
        await press(pilot, "y", "j", "k", "enter", "G", "g", "space")
        assert app.is_running


async def test_record_with_very_many_fields_is_listed_in_part() -> None:
    tree = json.loads(real_record())
    tree["news"] = [1] * 30_000
    tree["links"] = {f"n{n}": "x" for n in range(5_000)}
    app = browser()
    async with app.run_test(size=(120, 40)) as pilot:
        await put(pilot, comparison(real_record(), wire(tree)))
        rows = app.screen.query_one(DiffPane).rows
        assert 1000 < len(rows) < 1200
        assert "more: `pith-tui compare` lists them all" in rows[-1].text
        await press(pilot, "G", "escape")
        app.push_screen(links(wire(tree)))
        await settle(pilot)
        rows = app.screen.query_one(Pane).rows
        assert rows[-1].text == "4,800 more are in the record itself"


@pytest.mark.parametrize(
    ("left", "right", "parts"),
    [
        ("a big dog", "a small dog", ("big", "small")),
        ("one two", "one two three", ("", "three")),
        ("x", "y", ("", "")),
        ("abc def", "abd def", ("abc", "abd")),
        ("", "new", ("", "")),
        ("same", "same", ("", "")),
        ("a b a", "a a", ("b", "")),
    ],
)
def test_changed_parts_are_highlighted(left: str, right: str, parts: tuple[str, str]) -> None:
    (a, b), (c, d) = changed_parts(left, right)
    assert (left[a:b], right[c:d]) == parts


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_text_outside_the_changed_parts_is_equal(left: str, right: str) -> None:
    (a, b), (c, d) = changed_parts(left, right)
    assert 0 <= a <= b <= len(left)
    assert 0 <= c <= d <= len(right)
    if (b, d) != (0, 0):
        assert left[:a].strip(" ") == right[:c].strip(" ")
        assert left[b:].strip(" ") == right[d:].strip(" ")


@given(st.text(max_size=40).filter(lambda t: t.isprintable()), st.integers(8, 170))
def test_pairs_fit_any_width(text: str, width: int) -> None:
    pane = DiffPane("Compare", id="pairs")
    left, right = view(evil_record(EVIL)), view(wire(build(Paper(title=text, authors=text), KEY)))
    pane.compare(compare(left, right))
    lines = pane.lines_for(width)
    assert all(sum(cell_len(t) for t, _ in line.spans) <= max(width, 14) for line in lines)
    assert {line.row for line in lines} == set(range(len(pane.rows)))


# Hostile text


Maker = Callable[[bytes], Screen[None]]
MAKERS: dict[str, Maker] = {
    "export": export,
    "links": links,
    "compare": lambda raw: comparison(real_record(), raw, ("fine", EVIL)),
}


async def walk(pilot: Pilot[None], app: PithApp) -> None:
    check_harmless(app)
    for key in ("j", "j", "j", "y", "tab", "space", "tab", "G", "a", "space", "y", "s"):
        await press(pilot, key)
        check_harmless(app)


@pytest.mark.parametrize("size", [(160, 48), (40, 20)], ids=str)
@pytest.mark.parametrize("name", MAKERS)
async def test_hostile_text_is_shown_and_inert(name: str, size: tuple[int, int]) -> None:
    app = browser()
    async with app.run_test(size=size) as pilot:
        await put(pilot, MAKERS[name](evil_record(EVIL)))
        await walk(pilot, app)
        if name == "compare":
            assert badge(app, "a").split() == ["A", "✓", "VERIFIED"]
            assert badge(app, "b").split() == ["B", "✓", "VERIFIED"]
        else:
            verdict = str(app.screen.query_one(VerdictBar).render())
            assert "VERIFIED" in verdict
            assert "␛" not in verdict


@pytest.mark.shared
@pytest.mark.parametrize("name", MAKERS)
async def test_naughty_strings_are_shown_and_inert(name: str) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    app = browser()
    async with app.run_test(size=(100, 40)) as pilot:
        await put(pilot, MAKERS[name](naughty_record(strings)))
        pane = app.screen.query(Pane).first()
        for _ in range(60):
            check_harmless(app)
            before = pane.top
            await press(pilot, "pagedown")
            if pane.top == before:
                break
        await press(pilot, "y")
        check_harmless(app)


@pytest.mark.parametrize("name", MAKERS)
async def test_ascii_mode_shows_only_ascii(name: str) -> None:
    use_ascii(True)
    try:
        app = browser()
        async with app.run_test(size=(100, 30)) as pilot:
            await put(pilot, MAKERS[name](evil_record(EVIL)))
            await press(pilot, "j", "y")
            assert app.is_running
            assert screen_text(app).isascii()
    finally:
        use_ascii(False)
