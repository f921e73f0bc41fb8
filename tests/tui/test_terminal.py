"""The output on a real terminal, over a real pty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pyte.screens import Char

from pith_tui.store.cache import Cache
from tests.browser import EVIL, evil_record
from tests.stored import file_record, quiet
from tests.terminal import Terminal, settle


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (80, 24), (40, 20)], ids=str)
def test_record_is_opened_and_terminal_restored(size: tuple[int, int]) -> None:
    with Terminal(["2503.11832", "--offline"], size) as terminal:
        terminal.wait_for("✓ VERIFIED")
        terminal.wait_for("Safety Mirage")
        terminal.press("2")
        terminal.wait_for("Digest")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"\x1b[?1049l" in terminal.raw  # the screen that was there before is back


def test_pasted_stamp_is_recognised_and_the_id_shown() -> None:
    with Terminal(["arXiv:2503.11832v5 [cs.AI] 12 Mar 2025", "--offline"], (140, 40)) as terminal:
        terminal.wait_for("✓ VERIFIED")
        terminal.wait_for("is read as 2503.11832v5")
        terminal.wait_until(
            lambda: terminal.lines[0].split() == ["pith", "2503.11832v5"], "the title"
        )
        # Bracketed paste, of a title that a page broke over two lines, into the library's filter.
        terminal.press("o")
        terminal.wait_for("The cache is empty")
        terminal.press("/\x1b[200~Safety Mirage:\r\nHow Spurious\x1b[201~")
        terminal.wait_for("Safety Mirage: How Spurious")
        terminal.press("\x11")
        assert terminal.wait_for_end() == 0


def test_typed_id_opens_the_record() -> None:
    with Terminal(["--sample"], (100, 30)) as terminal:
        terminal.wait_for("Samples")
        terminal.press("/0901.3917\r")
        terminal.wait_for("heavy quarkonia")
        terminal.wait_for("? UNDECIDED")
        terminal.press("\x11")
        assert terminal.wait_for_end() == 0


def test_key_typed_while_the_library_opens_does_not_go_to_the_filter() -> None:
    with Terminal(["2503.11832", "--offline"], (80, 24)) as terminal:
        terminal.wait_for("✓ VERIFIED")
        terminal.press("oq")
        assert terminal.wait_for_end() == 0


def test_hostile_record_cannot_imitate_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, evil_record(EVIL))
    arguments = ["2401.00001", "--offline", "--cache", str(path)]
    with Terminal(arguments, (120, 40)) as terminal:
        terminal.wait_for("? UNDECIDED")
        terminal.wait_for("␛[2J")
        for key in ("2", "e", "3", "4", "w", "w", "x", "y"):
            terminal.press(key)
        terminal.wait_for("handed to the terminal")
        assert "? UNDECIDED" in terminal.lines[1]
        assert "VERIFIED" not in terminal.lines[1]
        # Clearing the screen and setting colours is Textual's alone to do.
        assert b"\x1b[42mVERIFIED" not in terminal.raw
        assert b"\x1b[2J\x1b[1;1H" not in terminal.raw
        assert "\u202e".encode() not in terminal.raw
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("size", [(120, 40), (100, 30), (80, 24), (40, 20)], ids=str)
def test_linux_console_gets_ascii_signs_and_worded_marks(size: tuple[int, int]) -> None:
    env = {"TERM": "linux", "COLORTERM": ""}
    with Terminal(["2503.11832", "--offline"], size, env) as terminal:
        terminal.wait_for("+ VERIFIED")
        terminal.wait_for(". claimed")
        terminal.wait_for("= proved ")
        terminal.press("4")
        terminal.wait_for("> 2503.11832")
        assert terminal.text.isascii()
        terminal.press("o")
        terminal.wait_for("0 records")
        terminal.press("4")
        terminal.wait_for("66 records")
        terminal.press("/safety")
        terminal.wait_for("= proved   Safety")
        assert terminal.text.isascii()
        terminal.press("\x11")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(("setting", "sign"), [("on", "✓"), ("auto", "+"), ("off", "+")])
def test_unicode_setting_takes_precedence_over_the_console(
    tmp_path: Path, setting: str, sign: str
) -> None:
    (tmp_path / "config.toml").write_text(f'unicode = "{setting}"\n', "utf-8")
    env = {"TERM": "linux", "PITH_TUI_CONFIG": str(tmp_path)}
    with Terminal(["verify", "2503.11832", "--offline"], (80, 200), env) as terminal:
        assert terminal.wait_for_end() == 0
        assert f"{sign} VERIFIED" in terminal.text


def test_narrow_terminal_never_sees_the_wide_layout() -> None:
    with Terminal(["2503.11832", "--offline"], (80, 24)) as terminal:
        settle(terminal)
        assert "4 Aliases" in terminal.text
        for corner in "╭╰":  # only the four panes have borders
            assert corner.encode() not in terminal.raw


THEMES = ["pith-dark", "pith-light", "ansi-dark", "ansi-light"]


def test_theme_change_leaves_no_colour_of_the_previous_theme(tmp_path: Path) -> None:
    """Each terminal starts with its own theme and switches to the next, that of the previous one.

    The terminal of the first theme stays open, since it is to be compared with the last.
    """
    with open_with_theme(tmp_path, THEMES[0]) as first:
        following = first.cells
        for theme in reversed(THEMES[1:]):
            with open_with_theme(tmp_path, theme) as terminal:
                own = terminal.cells
                check_next_theme(terminal, following)
                following = own
        check_next_theme(first, following)


@contextmanager
def open_with_theme(folder: Path, theme: str) -> Iterator[Terminal]:
    """Open a record in a theme, with a message that another key restores."""
    with Terminal(
        ["2503.11832", "--offline"], (120, 40), theme_environment(folder, theme)
    ) as terminal:
        settle(terminal)
        terminal.press("x")
        terminal.wait_for("TeX is shown as its source")
        terminal.wait_until_quiet()
        yield terminal


def check_next_theme(terminal: Terminal, expected: list[list[Char]]) -> None:
    terminal.press("txx")
    terminal.wait_until(lambda: terminal.cells == expected, "the colours of the other theme")


def theme_environment(folder: Path, theme: str) -> dict[str, str]:
    """Return an environment in which the settings have a theme."""
    (folder / theme).mkdir()
    (folder / theme / "config.toml").write_text(f'theme = "{theme}"\n', "utf-8")
    return {"PITH_TUI_CONFIG": str(folder / theme)}


def test_plain_output_on_a_terminal_is_wrapped_and_has_no_escapes() -> None:
    with Terminal(["verify", "2503.11832", "--offline"], (60, 200)) as terminal:
        assert terminal.wait_for_end() == 0
        assert "✓ VERIFIED" in terminal.text
        assert b"\x1b" not in terminal.raw
        assert max(map(len, re.split(r"\r?\n", terminal.raw.decode()))) <= 90


def test_invalid_id_ends_before_the_alternate_screen() -> None:
    with Terminal(["2513.11832"], (80, 24)) as terminal:
        assert terminal.wait_for_end() == 2
        assert "there is no month 13" in terminal.text
        assert b"\x1b[?1049h" not in terminal.raw


def test_crash_restores_the_terminal_and_is_reported_in_one_line(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import pith_tui.tui.widgets.bars as bars\n"
        "def broken(*args, **kwargs):\n"
        "    raise RuntimeError('\\x1b[2Jsecret')\n"
        "bars.TitleBar.show_title = broken\n",
        "utf-8",
    )
    environment = {"PYTHONPATH": str(site), "PITH_TUI_LOG": str(tmp_path / "log")}
    with Terminal(["2503.11832", "--offline"], (100, 30), environment) as terminal:
        assert terminal.wait_for_end() == 70
        assert "Traceback" not in terminal.text
        assert b"\x1b[2Jsecret" not in terminal.raw
        assert terminal.raw.rindex(b"\x1b[?1049l") < terminal.raw.rindex(b"pith-tui: ")
    assert "RuntimeError" in (tmp_path / "log").read_text("utf-8")
