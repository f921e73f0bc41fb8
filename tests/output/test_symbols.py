"""Unicode or ASCII only: chosen once, applied everywhere, and never a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.safe import MAX_LENGTH, MAX_LINES, safe
from pith_tui.output.symbols import can_show, in_ascii, is_ascii, to_terminal, use_ascii
from pith_tui.output.tex import display
from pith_tui.output.wording import MARK_SIGNS, OUTCOME_SIGNS, VERDICT_SIGNS, tally_in_signs
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.store.cache import Cache
from tests.browser import EVIL, evil_record
from tests.stored import file_record, quiet, verify
from tests.support import ROOT, real_record
from tests.terminal import Terminal

NAME = "Erdős – “数学”\u0301 \u3000→ \x1b[2J"


@pytest.fixture
def ascii_mode() -> Iterator[None]:
    use_ascii(True)
    yield
    use_ascii(False)


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME")}
    return subprocess.run(
        [sys.executable, "-m", "pith_tui", *arguments],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8", **env},
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


# Not every system has it.
FULL = (
    [(">/dev/full", 2, b"reading or writing failed: No space left")]
    if Path("/dev/full").exists()
    else []
)
SOURCE = {"PYTHONPATH": str(ROOT / "src")}
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    ("encoding", "can"),
    [("utf-8", True), ("UTF-16", True), ("ascii", False), ("latin-1", False), ("cp1252", False),
     (None, False), ("no-such", False)],
)  # fmt: skip
def test_encoding_can_or_cannot_show_the_signs(encoding: str | None, can: bool) -> None:
    assert can_show(encoding) is can


def test_unicode_is_the_default() -> None:
    assert not is_ascii()
    assert OUTCOME_SIGNS[Outcome.PASSED] == VERDICT_SIGNS[Verdict.VERIFIED] == "✓"
    assert to_terminal("a → b") == "a → b"


@pytest.mark.usefixtures("ascii_mode")
def test_every_sign_has_a_distinct_ascii_form() -> None:
    for signs, meanings in (
        (OUTCOME_SIGNS, Outcome),
        (MARK_SIGNS, Mark),
        (VERDICT_SIGNS, Verdict),
    ):
        assert list(signs) == list(meanings)
        shown = [signs[meaning] for meaning in meanings]  # type: ignore[index]
        assert len(set(shown)) == len(shown)
        assert all(len(sign) == 1 and sign.isascii() for sign in shown)
    assert not {MARK_SIGNS[mark] for mark in Mark} & {OUTCOME_SIGNS[o] for o in Outcome}
    report = verify(real_record(), None, ())
    assert tally_in_signs(report.checks).isascii()


@pytest.mark.usefixtures("ascii_mode")
def test_record_text_is_escaped_in_ascii_mode() -> None:
    assert safe(NAME) == 'Erd<U+0151>s - "<U+6570><U+5B66>"<U+0301>  -> <U+001B>[2J'
    # Neither the program's own signs nor its lines can be made by a record.
    assert safe("✓ VERIFIED") == "<U+2713> VERIFIED"
    assert safe("a\nb\x85", lines=True) == "a\nb<U+0085>"
    assert safe("é" * (MAX_LENGTH + 2)).endswith("<U+00E9>... (2 more characters)")
    assert safe("x\n" * 1000, lines=True).splitlines()[MAX_LINES].startswith("... (")
    assert display(r"Erd\H{o}s $\alpha$") == r"Erd\H{o}s $\alpha$"
    assert to_terminal("a → ─") == "a -> -"
    assert to_terminal("┌─┐│█▔▶") == "+-+|#->"
    assert safe("┌─┐│█") == "<U+250C><U+2500><U+2510><U+2502><U+2588>"


@given(st.text(st.characters()))
def test_any_text_becomes_printable_ascii(text: str) -> None:
    use_ascii(True)
    try:
        shown = safe(text)
        assert safe(shown) == shown
    finally:
        use_ascii(False)
    for item in (shown, in_ascii(text)):
        assert item.isascii()
        assert item.isprintable()


@pytest.fixture
def full_cache(tmp_path: Path) -> Path:
    path = tmp_path / "cache é" / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
        file_record(cache, evil_record(EVIL + NAME))
    return path


COMMANDS = [
    (3, "show 2401.00001 --offline"),
    (3, "show 2401.00001 --offline --json"),
    (3, "verify 2401.00001 --offline"),
    (2, "verify 2401.00001é --offline"),
    (0, "verify 2503.11832 --offline"),
    (3, "2401.00001 --offline"),
    (0, "keys list"),
    (2, "keys add schlüssel é"),
    (2, "keys remove schlüssel"),
    (0, "cache info"),
    (0, "cache list"),
    (0, "cache list --json"),
    (0, "cache list é –"),
    (0, "cache show 2401.00001 --history"),
    (3, "cache verify"),
    (0, "cache prune --keep 0"),
    (2, "cache import é.json"),
    (2, "fetch 2401.00009 --offline"),
    (0, "config show"),
    (0, "config example"),
    (2, "é"),
    (2, "--é"),
    (0, "--help"),
    (0, "cache --help"),
]


@pytest.mark.parametrize(("code", "arguments"), COMMANDS)
def test_every_command_works_without_unicode(full_cache: Path, code: int, arguments: str) -> None:
    done = run(*arguments.split(" "), PITH_TUI_CACHE=str(full_cache), **BARE)
    assert done.returncode == code
    for output in (done.stdout, done.stderr):
        text = output.decode("ascii")
        assert "Traceback" not in text
        assert not {"\x1b", "\x07", "\x00"} & set(text)


def test_signs_words_and_lines_are_ascii(full_cache: Path) -> None:
    env = {"PITH_TUI_CACHE": str(full_cache)}
    lines = run("show", "2401.00001", "--offline", **env, **BARE).stdout.decode().splitlines()
    assert lines[0].startswith("? UNDECIDED")
    assert "-----" in lines
    assert any(line.startswith(". claimed  Authors") and "<U+0151>" in line for line in lines)
    assert any(line.startswith("# signed") for line in lines)


@pytest.mark.parametrize(
    ("env", "options", "setting", "sign"),
    [
        ({}, [], "", "✓"),
        ({}, ["--ascii"], "", "+"),
        ({}, [], 'unicode = "off"', "+"),
        ({}, [], 'unicode = "auto"', "✓"),
        (BARE, [], "", "+"),
        (BARE, [], 'unicode = "on"', "✓"),
        (BARE, ["--ascii"], 'unicode = "on"', "+"),
        ({"PYTHONIOENCODING": "latin-1"}, [], "", "+"),
    ],
)
def test_ascii_mode_is_chosen_by_option_setting_or_environment(
    tmp_path: Path, env: dict[str, str], options: list[str], setting: str, sign: str
) -> None:
    (tmp_path / "config.toml").write_text(setting)
    for arguments in ([*options, "verify", "2503.11832"], ["verify", "2503.11832", *options]):
        done = run(*arguments, "--offline", PITH_TUI_CONFIG=str(tmp_path), **env)
        assert done.stdout.decode("utf-8").splitlines()[0].startswith(f"{sign} VERIFIED")


def test_browser_output_is_all_ascii() -> None:
    with Terminal(["2503.11832", "--offline"], (140, 40), {**SOURCE, **BARE}) as terminal:
        terminal.wait_for("+ VERIFIED")
        terminal.wait_for("Safety Mirage")
        terminal.wait_for("+- Paper -")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.raw.isascii()
        assert b"<U+" not in terminal.raw


def test_dumb_terminal_gets_plain_output() -> None:
    with Terminal(["2503.11832", "--offline"], (90, 200), {**SOURCE, "TERM": "dumb"}) as terminal:
        assert terminal.wait_for_end() == 0
        assert "◆ signed" in terminal.text
        assert b"\x1b" not in terminal.raw
    with Terminal([], (90, 20), {**SOURCE, "TERM": "dumb"}) as terminal:
        assert terminal.wait_for_end() == 2
        assert "needs a terminal" in terminal.text


@pytest.mark.parametrize(
    ("shell_words", "code", "message"),
    [
        *FULL,
        (">&-", 2, b"Bad file descriptor"),
        ("2>&- >/dev/null", 0, b""),
    ],
)
def test_unwritable_output_does_not_crash(shell_words: str, code: int, message: bytes) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m pith_tui verify 2503.11832 --offline {shell_words}"],
        env={**SOURCE, "HOME": os.environ["HOME"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"should not have" not in done.stderr
    assert message in done.stderr


def test_paths_are_printed_as_their_bytes(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xc3\xa9")
    for env in (BARE, {}):
        done = run("cache", "path", "--cache", name, **env)
        assert done.stdout == b"caf\xe9 \xc3\xa9\n", done.stderr
        done = run("config", "path", PITH_TUI_CONFIG=f"/{name}", **env)
        assert done.stdout == b"/caf\xe9 \xc3\xa9/config.toml\n"
        done = run("verify", f"./{name}.json", **env)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
