"""Read-only sessions: no command writes, nothing is written, and no path is shown."""

from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from textual.command import CommandPalette

from pith_tui.errors import CacheError
from pith_tui.lookup.client import RegistryClient
from pith_tui.lookup.service import RecordService
from pith_tui.operations.collections import ReadOnlyCache
from pith_tui.operations.verify_summary import VerifySummary
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.commands.registry import COMMANDS
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.tui.screens.export import ExportScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.user.paths import user_state_path
from tests.browser import REAL, bar, screen_text, settle
from tests.registry.records import Paper, build, wire
from tests.registry.server import Registry
from tests.served import Served
from tests.stored import KEY, NOW, TRUSTED, file_record, quiet
from tests.support import OLD_CACHE
from tests.terminal import Terminal


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file and directory below a folder with its time and bytes."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            b"" if path.is_dir() else path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def stored(path: Path) -> Path:
    """Make a cache with one record."""
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, wire(build(Paper(arxiv="2401.00001", title="A title"), KEY)))
    return path


@pytest.fixture
def app(stored: Path) -> Iterator[PithApp]:
    with closing(ReadOnlyCache.open_existing(stored)) as cache:
        service = RecordService(cache, None, TRUSTED, now=lambda: NOW)
        yield PithApp(service, parse_identifier("2401.00001"), read_only=True)


def test_writing_commands_are_marked() -> None:
    assert {name for name, command in COMMANDS.items() if command.writes} == {
        *("bookmark", "library_bookmark", "export_save"),
        *("cache", "cache_import", "cache_export", "cache_mirror", "cache_prune", "cache_remove"),
    }


async def test_writing_commands_are_not_offered_or_run(app: PithApp) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        await settle(pilot)
        footer = bar(app, KeyBar)
        assert "look up" in footer
        assert "bookmark" not in footer
        assert "cache" not in footer
        for key in ("m", "c"):
            await pilot.press(key)
            await settle(pilot)
            assert bar(app, StatusBar) == "this session is read-only"
            assert not isinstance(app.screen, CacheScreen)
        offered = [command.title for command in app.get_system_commands(app.screen)]
        assert "Look up" in offered
        assert not {"Bookmark", "Cache"} & set(offered)
        await pilot.press("question_mark")
        await settle(pilot)
        assert "Set or remove a bookmark" not in screen_text(app)


async def test_export_screen_does_not_save_in_a_read_only_session(app: PithApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert isinstance(app.screen, ExportScreen)
        await pilot.press("s")
        await settle(pilot)
        assert not app.screen.query("#file")
        assert "this session is read-only" in screen_text(app)


async def test_cache_screen_refuses_writing_commands(app: PithApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        service = app._first_screen._service
        await app.push_screen(CacheScreen(service, VerifySummary(), user_state_path()))
        await settle(pilot)
        for key in ("i", "x", "m", "p", "d"):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, CacheScreen)
            assert "this session is read-only" in screen_text(app)


async def test_actions_and_palette_do_not_bypass_read_only(app: PithApp) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        await settle(pilot)
        await app.screen.run_action("cache")
        await settle(pilot)
        assert not isinstance(app.screen, CacheScreen)
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, CommandPalette)


async def test_bookmarks_and_history_are_reported_as_disabled(app: PithApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("apostrophe")
        await settle(pilot)
        assert "disabled in this session" in screen_text(app)


def test_opening_a_cache_read_only_changes_no_file(stored: Path) -> None:
    before = files(stored.parent)
    with closing(ReadOnlyCache.open_existing(stored)) as cache:
        assert cache.count() == 1
        assert cache.readonly
    assert files(stored.parent) == before


def test_writes_of_another_process_are_read(stored: Path) -> None:
    with closing(Cache.open(stored, notice=quiet)) as writing:
        file_record(writing, wire(build(Paper(arxiv="2401.00002"), KEY)))
        with closing(ReadOnlyCache.open_existing(stored)) as cache:
            assert cache.count() == 2


@pytest.mark.parametrize("kind", ["absent", "no database", "damaged", "old", "another"])
def test_unusable_cache_is_left_unchanged(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "folder" / "cache.sqlite3"
    path.parent.mkdir()
    if kind == "no database":
        path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    elif kind == "damaged":
        with closing(Cache.open(path, notice=quiet)) as cache:
            file_record(cache, wire(build(Paper(), KEY)))
        data = bytearray(path.read_bytes())
        data[100:4096] = bytes(3996)
        path.write_bytes(data)
    elif kind == "old":
        path.write_bytes(gzip.decompress(OLD_CACHE.read_bytes()))
    elif kind == "another":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE x (y)")
    before = files(tmp_path)
    with pytest.raises(CacheError) as caught:
        ReadOnlyCache.open_existing(path)
    assert str(tmp_path) not in f"{caught.value} {caught.value.hint}"
    assert files(tmp_path) == before


def host(tmp_path: Path) -> dict[str, str]:
    """Make a host with its own settings; return the environment that names its paths."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "config.toml").write_text('theme = "pith-light"\n')
    (tmp_path / "data").mkdir()
    return {
        "PITH_TUI_CONFIG": str(config),
        "PITH_TUI_DATA": str(tmp_path / "data"),
        "PITH_TUI_LOG": str(tmp_path / "log"),
        "PITH_TUI_CACHE": os.environ["PITH_TUI_CACHE"],
    }


def test_read_only_terminal_session_writes_nothing(tmp_path: Path, stored: Path) -> None:
    env = host(tmp_path)
    with Registry(KEY) as registry:
        registry.add(build(Paper(arxiv="2401.00003", title="Fetched just now"), KEY))
        before = files(tmp_path)
        arguments = ["2401.00003", "--read-only", "--server", registry.url]
        with Terminal(arguments, (100, 30), env) as terminal:
            terminal.wait_for("Fetched just now")
            terminal.press("m")
            terminal.wait_for("this session is read-only")
            terminal.press("t")
            terminal.wait_for("theme ansi-dark")
            terminal.press("o")
            terminal.wait_for("1 record")
            terminal.press("\x1b")
            terminal.wait_for("Fetched just now")
            terminal.press("q")
            assert terminal.wait_for_end() == 0
    assert files(tmp_path) == before


def test_read_only_session_creates_no_cache(tmp_path: Path) -> None:
    env = {"PITH_TUI_DATA": str(tmp_path / "data")}
    before = files(tmp_path)
    with Terminal([REAL, "--read-only", "--offline"], (100, 30), env) as terminal:
        terminal.wait_for("15 passed, 1 undecided")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert files(tmp_path) == before


def test_served_session_is_read_only_and_shows_no_path(tmp_path: Path, stored: Path) -> None:
    env = host(tmp_path)
    before = files(tmp_path)
    with Served(["2401.00001", "--offline"], (100, 30), env) as page:
        page.wait_for("A title")
        for key in ("m", "c"):
            page.press(key)
            page.wait_for("this session is read-only")
        page.press("t")
        page.wait_for("theme ansi-dark")
        page.press("H")
        page.wait_for("one response is stored")
        page.press("\x1b")
        page.wait_for("Licence")
        page.press("q")
        assert page.wait_for_end() == (0, "")
        assert str(tmp_path).encode() not in page.raw
    assert files(tmp_path) == before


def test_served_session_names_an_imported_file_without_directory(
    tmp_path: Path, path: Path
) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(wire(build(Paper(arxiv="2401.00001", title="A title"), KEY)) + b"\n")
    command = [sys.executable, "-m", "pith_tui", "cache", "import", str(lines)]
    subprocess.run(command, check=True, capture_output=True)
    with Served(["2401.00001", "--offline"], (140, 40), host(tmp_path)) as page:
        page.wait_for("A title")
        page.wait_for("from import:lines.jsonl")
        page.press("H")
        page.wait_for("one response is stored")
        page.wait_for("import:lines.jsonl")
        page.press("q")
        assert page.wait_for_end() == (0, "")
        assert str(tmp_path).encode() not in page.raw


def test_served_session_hides_the_path_of_a_damaged_cache(tmp_path: Path, stored: Path) -> None:
    env = host(tmp_path)
    stored.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    before = files(tmp_path)
    with Served([REAL, "--offline"], (100, 30), env) as page:
        page.wait_for("continuing without the cache")
        page.press("q")
        assert page.wait_for_end() == (0, "")
        assert str(tmp_path).encode() not in page.raw
    assert files(tmp_path) == before


_CRASH = """
import pith_tui.tui.screens.record as record
def broken(self):
    raise RuntimeError("broken")
record.RecordScreen.action_tex = broken
"""


def test_crash_of_a_served_session_goes_only_to_server_stderr(tmp_path: Path, stored: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(_CRASH)
    env = host(tmp_path) | {
        "PYTHONPATH": str(site),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    before = files(tmp_path)
    with Served([REAL, "--offline"], (100, 30), env) as page:
        page.wait_for("15 passed")
        page.press("x")
        code, errors = page.wait_for_end()
        assert code == 70
        assert "RuntimeError: broken" in errors
        assert b"Traceback" not in page.raw
    assert files(tmp_path) == before


def test_fetched_records_are_not_stored_in_a_read_only_cache(stored: Path) -> None:
    with Registry(KEY) as registry, closing(ReadOnlyCache.open_existing(stored)) as cache:
        registry.add(build(Paper(arxiv="2401.00003"), KEY))
        service = RecordService(cache, lambda: RegistryClient([registry.url]), TRUSTED)
        identifier = parse_identifier("2401.00003")
        fetched = asyncio.run(service.fetch_all(identifier, None, quiet))
        assert len(fetched) == 1
        assert cache.count() == 1
