"""Copying text and opening URLs with real programs: messages claim only what is known."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pith_tui.tui.app import PithApp
from pith_tui.tui.system.clipboard import OSC52_LIMIT, by_program, copy, find_tools
from pith_tui.tui.system.web_browser import open_url, start_browser
from tests.browser import app_of, record_service, settle

TEXT = "Erdős $x$ `id` \\n “quoted” -n"
Maker = Callable[..., dict[str, str]]


@pytest.fixture
def tools(tmp_path: Path) -> Maker:
    """Make fake programs that record their input, and an environment that has them."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sleep"):  # and nothing else that a machine may have
        (folder / name).symlink_to(shutil.which(name) or "")

    def make(*, variables: dict[str, str] | None = None, **scripts: str) -> dict[str, str]:
        for name, script in scripts.items():
            path = folder / name.replace("_", "-").replace("clip-exe", "clip.exe")
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        return {
            "PATH": str(folder),
            "OUT": str(tmp_path / "out"),
            **(variables or {}),
        }

    return make


TAKE = 'cat > "$OUT"; printf "%s " "$@" > "$OUT.args"'
PATIENCE = (0.3, 1.0, 10.0, 60.0)
"""Seconds that a program is given, more where the machine was too busy to begin it at all."""
WAYLAND, X11 = {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":0"}


def taken(environment: dict[str, str]) -> str:
    return Path(environment["OUT"]).read_text("utf-8")


def arguments_taken(environment: dict[str, str]) -> str:
    return Path(f"{environment['OUT']}.args").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "variables", "arguments"),
    [
        ("wl_copy", WAYLAND, "--type text/plain;charset=utf-8 "),
        ("xclip", X11, "-selection clipboard -in "),
        ("xsel", X11, "--clipboard --input "),
        ("pbcopy", {}, ""),
    ],
)
def test_program_gets_the_text_on_standard_input(
    tools: Maker, name: str, variables: dict[str, str], arguments: str
) -> None:
    environment = tools(variables=variables, **{name: TAKE})
    done = by_program(TEXT, environment)
    assert done.message == f"{len(TEXT)} characters copied with {name.replace('_', '-')}"
    assert not done.failed
    assert taken(environment) == TEXT
    assert arguments_taken(environment).strip() == arguments.strip()


def test_windows_program_gets_utf_16(tools: Maker) -> None:
    environment = tools(clip_exe=TAKE)
    assert by_program(TEXT, environment).message.endswith("copied with clip.exe")
    assert Path(environment["OUT"]).read_bytes().decode("utf-16") == TEXT


def test_program_without_display_is_not_run(tools: Maker) -> None:
    environment = tools(wl_copy=TAKE, xclip=TAKE)
    assert find_tools(environment) == []
    done = by_program(TEXT, environment)
    assert done.failed
    assert done.message.startswith("not copied: none of wl-copy, xclip, xsel, pbcopy, clip.exe")
    assert [program.tool.name for program in find_tools({**environment, **X11})] == ["xclip"]


def test_failing_program_is_reported_and_the_next_is_tried(tools: Maker) -> None:
    failing = r'printf "no \033[31mdisplay\n" >&2; exit 3'
    environment = tools(variables={**WAYLAND, **X11}, wl_copy=failing)
    done = by_program(TEXT, environment)
    assert done.message == "not copied: wl-copy ended with 3: no ␛[31mdisplay"
    assert done.failed
    environment = tools(variables={**WAYLAND, **X11}, xclip=TAKE)
    assert by_program(TEXT, environment).message.endswith("copied with xclip")


def test_hanging_program_is_ended(tools: Maker, tmp_path: Path) -> None:
    environment = tools(variables=WAYLAND, wl_copy=f"echo $$ > {tmp_path}/pid; sleep 60")
    for seconds in PATIENCE:
        done = by_program("x" * 1_000_000, environment, seconds)
        assert f"wl-copy did not end within {seconds:g} seconds" in done.message
        assert done.failed
        if (tmp_path / "pid").exists():
            break
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_program_with_a_remaining_child_is_not_waited_for(tools: Maker, tmp_path: Path) -> None:
    script = f'cat > "$OUT"; sleep 60 & echo $! > {tmp_path}/child'
    environment = tools(variables=WAYLAND, wl_copy=script)
    done = by_program(TEXT, environment, 20)
    assert done.message.endswith("copied with wl-copy")
    os.kill(int((tmp_path / "child").read_text()), 9)


def test_program_that_cannot_be_run_is_reported(tools: Maker) -> None:
    environment = tools(variables=WAYLAND, wl_copy="")
    path = Path(environment["PATH"]) / "wl-copy"
    path.write_bytes(b"\x00\x01")
    assert "cannot be run" in by_program(TEXT, environment).message


async def copied(text: str, mode: str, environment: dict[str, str]) -> tuple[str, bool, str]:
    app: PithApp = app_of(record_service())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        done = await copy(app, text, mode, environment)
        return done.message, done.failed, app.clipboard


async def test_auto_mode_prefers_a_program_to_the_terminal(tools: Maker) -> None:
    environment = tools(variables=WAYLAND, wl_copy=TAKE)
    message, failed, handed = await copied(TEXT, "auto", environment)
    assert (message.endswith("copied with wl-copy"), failed, handed) == (True, False, "")
    message, failed, handed = await copied(TEXT, "auto", {"PATH": ""})
    assert message.endswith("handed to the terminal (OSC 52), which may ignore them")
    assert (failed, handed) == (False, TEXT)
    failing = tools(variables=WAYLAND, wl_copy="exit 1")
    message, failed, handed = await copied(TEXT, "auto", failing)
    assert message.endswith("which may ignore them (wl-copy ended with 1)")
    assert handed == TEXT


async def test_copy_within_tmux_goes_through_tmux(tools: Maker) -> None:
    """The default of tmux, ``set-clipboard external``, drops what programs send by OSC 52."""
    within = {"TMUX": "/tmp/tmux,1,0"}
    environment = tools(variables=within, tmux=TAKE)
    for mode in ("auto", "osc52"):
        message, failed, handed = await copied(TEXT, mode, environment)
        assert message.startswith(f"{len(TEXT)} characters copied into tmux and handed to the term")
        assert (failed, handed, taken(environment)) == (False, "", TEXT)
        assert arguments_taken(environment) == "load-buffer -w - "
    over_ssh = environment | X11 | {"SSH_CONNECTION": "1 2 3 4"}
    assert (await copied(TEXT, "auto", over_ssh))[0].startswith(f"{len(TEXT)} characters copied in")
    environment = tools(variables={**X11, **within}, xclip=TAKE, tmux=TAKE)
    assert (await copied(TEXT, "auto", environment))[0].endswith("copied with xclip")


async def test_tmux_failure_names_the_tmux_option(tools: Maker) -> None:
    old = tools(variables={"TMUX": "/tmp/tmux,1,0"}, tmux='echo "unknown flag -w" >&2; exit 1')
    none = {"PATH": "", "TMUX": "/tmp/tmux,1,0"}
    reasons = {"ended with 1: unknown flag -w": old, "is not on the path": none}
    for reason, environment in reasons.items():
        message, failed, handed = await copied(TEXT, "auto", environment)
        assert message.endswith(
            f"tmux passes it on with `set -g set-clipboard on` only (tmux {reason})"
        )
        assert (failed, handed) == (True, TEXT)


async def test_empty_field_leaves_the_clipboard_unchanged() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.copy_to_clipboard("kept")
        messages: list[tuple[str, bool]] = []
        app.copy_text("", lambda message, warning: messages.append((message, warning)))
        await settle(pilot)
        assert messages == [("this field is empty: nothing was copied", True)]
        assert app.clipboard == "kept"


async def test_auto_mode_uses_the_terminal_over_ssh(tools: Maker) -> None:
    environment = tools(variables={**X11, "SSH_CONNECTION": "1 2 3 4"}, xclip=TAKE)
    message, _, handed = await copied(TEXT, "auto", environment)
    assert "OSC 52" in message
    assert handed == TEXT
    message, _, handed = await copied(TEXT, "native", environment)
    assert message.endswith("copied with xclip on the machine that this runs on")


async def test_modes_osc52_off_and_native(tools: Maker) -> None:
    environment = tools(variables=X11, xclip=TAKE)
    message, failed, handed = await copied(TEXT, "osc52", environment)
    assert ("OSC 52" in message, failed, handed) == (True, False, TEXT)
    assert not os.path.exists(environment["OUT"])  # noqa: ASYNC240
    message, failed, handed = await copied(TEXT, "off", environment)
    assert ("copying is off" in message, failed, handed) == (True, True, "")
    message, failed, handed = await copied(TEXT, "native", {"PATH": ""})
    assert (message.startswith("not copied"), failed, handed) == (True, True, "")


async def test_long_text_is_reported_as_probably_cut() -> None:
    fits = OSC52_LIMIT // 4 * 3
    message, failed, _ = await copied("x" * fits, "osc52", {})
    assert ("probably cut" in message, failed) == (False, False)
    message, failed, handed = await copied("x" * (fits + 3), "osc52", {})
    assert ("probably cut" in message, failed) == (True, True)
    assert len(handed) == fits + 3


# Opening


URL = "https://pith.science/pith/OFKRBFYV3HDMS5LLCYR6VZTITW"


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def make(script: str) -> Path:
        path = tmp_path / "browser"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("BROWSER", str(path))
        monkeypatch.setenv("PATH", "/nowhere")
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        return tmp_path / "opened"

    return make


async def test_browser_gets_the_url(browser: Callable[[str], Path], tmp_path: Path) -> None:
    opened = browser(f'echo "$1" > {tmp_path}/opened; echo noise; echo noise >&2')
    done = await open_url(URL)
    assert done == (f"handed to the web browser: {URL}", False)
    assert opened.read_text().strip() == URL


async def test_missing_browser_is_reported_with_the_url(browser: Callable[[str], Path]) -> None:
    browser("exit 1")
    done = await open_url(URL)
    assert done == (f"no web browser could be started; the URL is {URL}", True)


def test_foreground_browser_is_not_waited_for(
    browser: Callable[[str], Path], tmp_path: Path
) -> None:
    browser(f"echo $$ > {tmp_path}/pid; exec /bin/sleep 60")
    for seconds in PATIENCE:
        assert start_browser(URL, seconds)
        if (tmp_path / "pid").exists():
            break
    os.kill(int((tmp_path / "pid").read_text()), 9)
