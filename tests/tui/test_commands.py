"""Commands: ids of earlier versions are accepted, and messages name keys of the keymap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.commands.aliases import ALIASES, with_present_ids
from pith_tui.tui.commands.keys import key_name
from pith_tui.tui.commands.registry import COMMANDS, IDS, clashes
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.user.settings import Settings
from tests.browser import REAL, bar, record_service, screen_text, settle


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    opened = Cache.open(tmp_path / "cache.sqlite3", notice=lambda _: None)
    yield opened
    opened.close()


def test_earlier_ids_map_to_current_commands() -> None:
    assert set(ALIASES.values()) <= set(COMMANDS)
    assert not set(ALIASES) & set(COMMANDS)
    assert set(ALIASES) | set(COMMANDS) == IDS


def test_current_id_takes_precedence_over_an_earlier_one() -> None:
    assert with_present_ids({"archive": "f5", "find": "f6"}) == {"cache": "f5", "find": "f6"}
    assert with_present_ids({"archive": "f5", "cache": "f6"}) == {"cache": "f6"}


def test_clash_is_found_under_an_earlier_id() -> None:
    clash = clashes({"archive": "slash"})
    assert [{pair.one, pair.other} for pair in clash] == [{"find", "cache"}]


def test_key_names_come_from_the_keymap() -> None:
    assert key_name("find", {}) == "/"
    assert key_name("find", {"find": "f5"}) == "F5"
    assert key_name("cache_resume", {}) == "u"
    with pytest.raises(KeyError):
        key_name("no such command", {})


async def test_messages_name_the_configured_keys() -> None:
    app = PithApp(record_service(), settings=Settings(keys={"find": "f5", "samples": "f6"}))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "press F5 for an arXiv id" in text
        assert "Press F5 and type an arXiv id" in text
        await pilot.press("v")
        await settle(pilot)
        assert "press F5 and type an id" in bar(app, StatusBar)


async def test_earlier_id_in_the_keymap_binds_its_command(cache: Cache) -> None:
    settings = Settings(keys={"archive": "f5"})
    app = PithApp(record_service(cache), parse_identifier(REAL), settings=settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        assert isinstance(app.screen, CacheScreen)
