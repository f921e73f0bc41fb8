"""Settings and remembered state: bookmarks, recent records, keys, themes, ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.output.symbols import use_ascii
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.text import HelpScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TitleBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import config_dir
from pith_tui.user.settings import Settings
from tests.browser import REAL, SIZES, bar, record_service, screen_text, settle
from tests.stored import quiet
from tests.support import REAL_SUFFIX
from tests.terminal import Terminal


@pytest.fixture
def user_state(tmp_path: Path) -> Iterator[UserState]:
    with closing(UserState(tmp_path / "places.sqlite3", notice=quiet)) as opened:
        yield opened


def app_of(
    user_state: UserState | None, settings: Settings | None = None, asked: str = REAL
) -> PithApp:
    return PithApp(
        record_service(),
        parse_identifier(asked),
        settings=settings or Settings(),
        user_state=user_state,
    )


async def test_visit_and_bookmark_are_remembered(user_state: UserState) -> None:
    app = app_of(user_state)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert [(place.suffix, place.name) for place in user_state.recent()] == [
            (REAL_SUFFIX, REAL)
        ]
        assert user_state.last() == REAL
        await pilot.press("m")
        await settle(pilot)
        assert [place.suffix for place in user_state.bookmarks()] == [REAL_SUFFIX]
        assert "★" in bar(app, TitleBar)
    again = app_of(user_state)
    async with again.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "★" in bar(again, TitleBar)
        await pilot.press("m")
        await settle(pilot)
        assert user_state.bookmarks() == []
        assert "★" not in bar(again, TitleBar)
        assert "no longer bookmarked" in bar(again, StatusBar)


async def test_missing_user_state_is_reported() -> None:
    app = app_of(None)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause()
        assert "bookmarks are disabled" in bar(app, StatusBar)


async def test_unwritable_bookmark_is_reported_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    notices: list[str] = []
    app = app_of(UserState(tmp_path / "file" / "places.sqlite3", notice=notices.append))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert "could not be written" in bar(app, StatusBar)
        assert "★" not in bar(app, TitleBar)
    assert len(notices) == 1


async def test_configured_keys_are_bound_and_shown() -> None:
    settings = Settings(keys={"verify": "f5,!", "copy": "ctrl+t"})
    app = app_of(None, settings)
    async with app.run_test(size=(160, 40)) as pilot:
        await settle(pilot)
        for key in ("f5", "exclamation_mark"):
            app.screen.query_one(StatusBar).say("")
            await pilot.press(key)
            await settle(pilot)
            assert "verified again" in bar(app, StatusBar), key
        app.screen.query_one(StatusBar).say("")
        await pilot.press("v")
        await settle(pilot)
        assert "verified again" not in bar(app, StatusBar)
        assert " F5 verify " in bar(app, KeyBar)
        assert "^t copy" in bar(app, KeyBar)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        assert "F5 !" in [row.label for row in app.screen.query_one(Pane).rows]


async def test_tex_setting_applies_at_start() -> None:
    app = app_of(None, Settings(tex="source"), "1301.1282")
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert r"Schr\"odinger" in bar(app, TitleBar)
        assert r"Schr\"odinger" in screen_text(app)


async def test_chosen_theme_is_kept(user_state: UserState) -> None:
    app = app_of(user_state)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert app.theme == "pith-dark"
        await pilot.press("t")
        await settle(pilot)
    assert app_of(user_state).theme == "pith-light"
    assert app_of(user_state, Settings(theme="ansi-dark")).theme == "ansi-dark"
    user_state.choose("theme", "of another version")
    assert app_of(user_state).theme == "pith-dark"


def test_sixteen_colour_terminal_gets_the_ansi_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM")
    assert app_of(None).theme == "ansi-dark"


# ASCII


@pytest.fixture
def ascii_mode() -> Iterator[None]:
    use_ascii(True)
    yield
    use_ascii(False)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.usefixtures("ascii_mode")
async def test_ascii_mode_draws_only_ascii(size: tuple[int, int]) -> None:
    app = app_of(None, asked="1301.1282")
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for keys in ((), ("2", "e"), ("3",), ("w",), ("escape", "question_mark"), ("escape", "p")):
            await pilot.press(*keys)
            await settle(pilot)
            shown = screen_text(app)
            assert shown.isascii(), keys
            assert shown.count("?") < 40
        await pilot.press("escape", "1")
        await settle(pilot)
        shown = screen_text(app)
        assert "? UNDECIDED" in shown
        assert "Schr" in shown


# Over a real pty


def _settings(text: str) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "config.toml").write_text(text, "utf-8")


def test_start_without_arguments_reopens_the_last_record() -> None:
    with Terminal(["0901.3917", "--offline"], (100, 30)) as terminal:
        terminal.wait_for("UNDECIDED")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    with Terminal(["--offline"], (100, 30)) as terminal:
        terminal.wait_for("0901.3917")
        terminal.wait_for("UNDECIDED")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    _settings('start = "samples"\n')
    with Terminal(["--offline"], (100, 30)) as terminal:
        terminal.wait_for("Samples")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('theme = "pith-drak"\n', "pith-dark"),
        ('[keys]\nverfy = "v"\n', "verify"),
    ],
)
def test_invalid_setting_ends_before_the_alternate_screen(text: str, message: str) -> None:
    _settings(text)
    with Terminal([REAL, "--offline"], (100, 30)) as terminal:
        assert terminal.wait_for_end() == 2
        assert message in terminal.text
        assert b"\x1b[?1049h" not in terminal.raw


def test_no_color_sends_no_colour_codes() -> None:
    with Terminal([REAL, "--offline"], (100, 30), {"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("✓ VERIFIED")
        terminal.wait_for("quit")
        terminal.press("jjt2")
        terminal.wait_for("Digest")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    sent = {int(n) for m in re.findall(rb"\x1b\[([0-9;]+)m", terminal.raw) for n in m.split(b";")}
    assert not sent & {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}
    assert 7 in sent  # what has no colour to stand out by is reversed


def test_ascii_option_shows_ascii_pane_titles() -> None:
    with Terminal([REAL, "--offline", "--ascii"], (120, 40)) as terminal:
        terminal.wait_for("+ VERIFIED")
        terminal.wait_for("Paper")
        assert terminal.text.isascii()
        terminal.press("q")
        assert terminal.wait_for_end() == 0
