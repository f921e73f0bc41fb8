"""The browser in a web page, over the packets of ``textual serve``."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.served import Served
from tests.support import REAL_SUFFIX
from tests.terminal import Terminal

OPEN = ["2503.11832", "--offline"]
SIZE = (100, 30)


def test_served_session_opens_resizes_and_quits() -> None:
    with Served(OPEN, SIZE) as page:
        page.wait_for("✓ VERIFIED")
        page.wait_for("15 passed, 1 undecided")
        page.press("2")
        page.wait_for("Digest")
        page.tell("resize", width=60, height=20)
        page.screen.resize(20, 60)
        page.screen.erase_in_display(2)  # its last line is that of before
        page.wait_for("q quit")
        page.tell("quit")
        assert page.wait_for_end() == (0, "")
        assert page.messages[-1] == {"type": "exit"}


def test_link_opens_in_the_web_browser_of_the_visitor(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    script = tmp_path / "browser"
    script.write_text(f"#!/bin/sh\necho $1 > {opened}\n")
    script.chmod(0o755)
    with Served(OPEN, SIZE, {"BROWSER": str(script)}) as page:
        page.wait_for("15 passed, 1 undecided")
        page.press("u")
        page.wait_for("Links and actions")
        page.press("o")
        page.wait_for("handed to your web browser")
        url = f"https://pith.science/pith/{REAL_SUFFIX}"
        assert page.messages == [{"type": "open_url", "url": url, "new_tab": True}]
    assert not opened.exists()


@pytest.mark.parametrize("variables", [{"DISPLAY": ":0"}, {"TMUX": "/tmp/x,1,0"}], ids=str)
def test_copied_text_goes_to_the_visitor(tmp_path: Path, variables: dict[str, str]) -> None:
    taken = tmp_path / "taken"
    for name in ("xclip", "tmux"):
        (tmp_path / name).write_text(f"#!/bin/sh\ncat > {taken}\n")
        (tmp_path / name).chmod(0o755)
    with Served(OPEN, SIZE, {**variables, "PATH": str(tmp_path)}) as page:
        page.wait_for("15 passed, 1 undecided")
        page.press("y")
        page.wait_for("handed to your web browser")
        start = page.raw.index(b"\x1b]52;c;") + 7
        text = base64.b64decode(page.raw[start : page.raw.index(b"\a", start)]).decode()
        assert text.startswith("Safety Mirage")
    assert not taken.exists()


def test_suspending_a_served_session_is_refused() -> None:
    with Served(OPEN, SIZE) as page:
        page.wait_for("15 passed, 1 undecided")
        page.press("\x1a")
        page.wait_for("there is no shell to return to")


def test_served_session_ends_with_its_server() -> None:
    with Served(OPEN, SIZE) as page:
        page.wait_for("15 passed, 1 undecided")
        page.hang_up()
        assert page.wait_for_end() == (0, "")


@pytest.mark.parametrize("name", ["x", "textual.nothing:X", "textual.driver:Nothing", "os:path"])
def test_unknown_driver_is_named_in_the_error(name: str) -> None:
    with Terminal(OPEN, SIZE, {"TEXTUAL_DRIVER": name}) as terminal:
        assert terminal.wait_for_end() == 2
        assert f"TEXTUAL_DRIVER names no driver of Textual: {name}" in terminal.text
