"""The bibliography screen: results, the current entry, asking servers, going back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from pith_tui.output.symbols import use_ascii
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.bibliography import BibliographyScreen
from pith_tui.tui.screens.dialogs import PromptDialog
from pith_tui.tui.screens.library import LibraryScreen
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.widgets.bars import StatusBar, TitleBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.results_pane import ResultsPane
from tests.bibliographies import misc
from tests.browser import (
    EVIL,
    SIZES,
    app_of,
    bar,
    check_harmless,
    record_service,
    screen_text,
    settle,
)
from tests.registry.records import Paper, build, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, file_record, file_records
from tests.support import VECTORS

TITLE = "On the Testing of Terminal Programs"


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "refs.bib"
    path.write_text(
        misc("same", title=TITLE, eprint="2401.00001")
        + misc("part", title="A Fine Title of Words", eprint="2401.00003")
        + misc("other", title="Attention is All You Need", eprint="2401.00002")
        + misc("unknown", title="Never Heard of It", eprint="2401.00009")
        + misc("book", title="A Book")
    )
    return path


def papers() -> list[bytes]:
    titles = (TITLE, "Attention is Not All You Need", "A Fine Title of Words: and More of Them")
    return [
        wire(build(Paper(arxiv=f"2401.0000{number}", title=title), KEY))
        for number, title in enumerate(titles, 1)
    ]


@pytest.fixture
def full(cache: Cache) -> Cache:
    for raw in papers():
        file_record(cache, raw)
    return cache


def listed(pilot: Pilot[None]) -> list[str]:
    return [row.label for row in pilot.app.screen.query_one(ResultsPane).rows]


def entry(pilot: Pilot[None]) -> str:
    rows = pilot.app.screen.query_one("#entry", Pane).rows
    return "\n".join(f"{row.label}: {row.text}" for row in rows)


def status(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(StatusBar).render())


async def check(pilot: Pilot[None], path: Path | str, *keys: str) -> None:
    await settle(pilot)
    await pilot.press(*(keys or ("b",)))
    await settle(pilot)
    assert isinstance(pilot.app.screen, PromptDialog)
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")
    await settle(pilot)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_entries_are_listed_worst_first_with_the_record_title(
    full: Cache, bib: Path, size: tuple[int, int]
) -> None:
    app = app_of(record_service(full), None)
    async with app.run_test(size=size) as pilot:
        await check(pilot, bib)
        assert listed(pilot) == ["other", "unknown", "part"]
        assert "entry: Attention is All You Need" in entry(pilot)
        assert "record: Attention is {+Not+} All You Need" in entry(pilot)
        await pilot.press("j")
        await settle(pilot)
        assert "2401.00009 not checked: not in the cache" in entry(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert listed(pilot) == ["other", "unknown", "part", "book", "same"]
        assert "5 entries: 1 other title" in status(pilot)
        assert "≠ other" in screen_text(app)


async def test_back_from_a_record_returns_to_the_list(full: Cache, bib: Path) -> None:
    app = app_of(record_service(full), None)
    async with app.run_test(size=(120, 30)) as pilot:
        await check(pilot, bib)
        await pilot.press("j", "j", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "A Fine Title of Words: and More of Them" in bar(app, TitleBar)
        await pilot.press("b")
        await settle(pilot)
        assert isinstance(app.screen, BibliographyScreen)
        assert "part" in entry(pilot)


async def test_entry_without_a_record_opens_nothing(full: Cache, bib: Path) -> None:
    async with app_of(record_service(full), None).run_test() as pilot:
        await check(pilot, bib)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert "this entry has no record" in status(pilot)


async def test_screen_opens_from_the_library(full: Cache, bib: Path) -> None:
    app = app_of(record_service(full), None)
    async with app.run_test() as pilot:
        await check(pilot, bib, "o", "b")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("b")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "Attention is Not All You Need" in bar(app, TitleBar)


async def test_no_server_is_asked_before_the_key_is_pressed(
    cache: Cache, registry: Registry, bib: Path
) -> None:
    for raw in papers():
        registry.add(raw)
    async with app_of(record_service(cache, registry), None).run_test(size=(120, 30)) as pilot:
        await check(pilot, bib)
        assert registry.requests == []
        assert f"0 in the cache, 4 to ask {registry.url}" in status(pilot)
        assert "press r to ask" in status(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert len(registry.requests) == 4
        assert listed(pilot) == ["other", "unknown", "part"]
        assert "no record" in status(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "every id was looked up already" in status(pilot)


async def test_look_ups_can_be_cancelled_and_resumed(
    cache: Cache, registry: Registry, bib: Path
) -> None:
    for raw in papers():
        registry.add(raw)
    registry.fail("/", Fault("stall"), times=4)
    app = app_of(record_service(cache, registry), None)
    async with app.run_test(size=(120, 30)) as pilot:
        await check(pilot, bib)
        await pilot.press("r")
        while not registry.stalled.is_set():
            await pilot.pause()
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, BibliographyScreen)
        assert "4 not checked" in status(pilot)
        registry.released.set()
        await pilot.press("r")
        await settle(pilot)
        assert listed(pilot) == ["other", "unknown", "part"]


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "there is no file"), (b"%PDF-1.5", "pdftotext"), (b"@misc{a}", "nothing was checked")],
)
async def test_uncheckable_file_is_reported(
    cache: Cache, tmp_path: Path, text: bytes | None, message: str
) -> None:
    path = tmp_path / "x.bib"
    if text is not None:
        path.write_bytes(text)
    async with app_of(record_service(cache), None).run_test() as pilot:
        await check(pilot, path)
        assert message in status(pilot)


async def test_cancelling_the_prompt_goes_back(cache: Cache) -> None:
    app = app_of(record_service(cache), None)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("b")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


async def test_another_file_replaces_the_first(full: Cache, bib: Path) -> None:
    other = bib.with_name("other.bib")
    other.write_text("@misc{single, title = {Something}, eprint = {2401.00001}}")
    async with app_of(record_service(full), None).run_test() as pilot:
        await check(pilot, bib)
        await check(pilot, other, "n")
        assert listed(pilot) == ["single"]


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_inert(cache: Cache, tmp_path: Path, size: tuple[int, int]) -> None:
    file_record(cache, wire(build(Paper(title=EVIL, authors=EVIL), KEY)))
    evil = EVIL.replace("{", "").replace("}", "").replace("\x00", "")
    key = evil.replace(",", "").replace("=", "")
    path = tmp_path / f"{evil.replace('/', '')[:60]}.bib"
    path.write_text(
        f"@misc{{{key},\n author={{{evil}}},\n title={{x {evil}}},\n eprint={{2401.00001}}}}\n"
        f"@misc{{{key},\n ??{evil}\n title={{{evil}}}, eprint={{2513.11832}}}}\n"
        f"@misc{{{key}, title = {{{evil}}}, url={{https://arxiv.org/abs/2401.00001}}}}\n"
    )
    app: PithApp = app_of(record_service(cache), None)
    async with app.run_test(size=size) as pilot:
        await check(pilot, path)
        for key_pressed in ("j", "a", "j", "tab", "j", "question_mark"):
            await pilot.press(key_pressed)
            await settle(pilot)
            check_harmless(app)


@pytest.mark.shared
async def test_naughty_strings_are_inert_in_every_field_of_an_entry(
    cache: Cache, tmp_path: Path
) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    texts = [text.replace("{", "").replace("}", "") for text in strings]
    papers = [Paper(arxiv=f"2401.{n:05}", title=text or "x") for n, text in enumerate(texts, 1)]
    file_records(cache, [wire(build(paper, KEY)) for paper in papers])
    path = tmp_path / "x.bib"
    entries = [
        f"@misc{{{text}, title = {{{text} other}}, author = {{{text}}}, eprint = {{2401.{n:05}}},\n"
        f" {text} = {text},\n note = {{{text}}}}}\n"
        for n, text in enumerate(texts, 1)
    ]
    path.write_text("".join(entries), "utf-8", "surrogatepass")
    app = app_of(record_service(cache), None)
    async with app.run_test(size=(100, 60)) as pilot:
        await check(pilot, path)
        await pilot.press("a")
        for _ in range(len(texts) // 40):
            await pilot.press("pagedown")
            await pilot.pause()
            check_harmless(app)


async def test_ascii_mode_shows_only_ascii(full: Cache, bib: Path) -> None:
    use_ascii(True)
    try:
        app = app_of(record_service(full), None)
        async with app.run_test(size=(100, 30)) as pilot:
            await check(pilot, bib)
            assert screen_text(app).isascii()
            assert "! other" in screen_text(app)
    finally:
        use_ascii(False)
