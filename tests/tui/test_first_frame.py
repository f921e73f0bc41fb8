"""The first frame, painted before Textual is imported: the same as Textual's own, and harmless."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import signal
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, cast

import pyte
import pytest
from rich.color import ColorSystem
from rich.style import Style

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.first_frame import Look, first_frame
from pith_tui.tui.loading import EarlyLookUp
from pith_tui.tui.render.theme_colours import EXACT
from pith_tui.tui.system import early_screen
from pith_tui.tui.system.early_screen import EarlyScreen
from pith_tui.tui.themes import THEMES
from pith_tui.user.settings import Settings
from tests.browser import EVIL, evil_record, naughty_record, record_service, settle
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, NOW, TRUSTED, conflicting_record, put, quiet
from tests.support import VECTORS, partial_records, real_record
from tests.terminal import Terminal

DARK = next(iter(EXACT))
SIZES = [(160, 48), (133, 37), (121, 30), (120, 40), (119, 24), (100, 30), (80, 24), (40, 20)]
OPEN = ["2503.11832", "--offline"]
END_OF_FRAME = b"\x1b[?2026l"
READS_KEYS = b"\x1b[?1004h"

Cell = tuple[str, str, str, bool, bool, bool]
"""A character, its colours and whether it is bold, in italics, reversed."""


def altered(member: str, value: str, raw: bytes = b"") -> bytes:
    tree = json.loads(raw or real_record())
    tree["paper"][member] = value
    return wire(tree)


RECORDS = {
    "verified": real_record(),
    "failed": altered("title", "Another title"),
    "by a user's key": wire(build(Paper(), KEY)),
    "failed, by a user's key": altered("title", "Another title", wire(build(Paper(), KEY))),
    "conflict": conflicting_record(),
    "undecided": partial_records()[0],
    "wide characters": altered("headline", "連続した漢字" * 60),
    "long title": wire(build(Paper(title="Unbroken" * 90), KEY)),
    "hostile": evil_record(EVIL),
}


def look_of(size: tuple[int, int], theme: str = DARK, *, source: bool = False) -> Look:
    return Look(*size, EXACT[theme], ColorSystem.TRUECOLOR, read_only=False, source=source)


def fetched(raw: bytes) -> FetchedRecord:
    catalog = read(raw).catalog
    assert catalog is not None
    checked = read(raw, parse_identifier(catalog.suffix), TRUSTED)
    return FetchedRecord(checked, Origin.CACHE, "https://example.org/x", NOW)


def painted(text: str, size: tuple[int, int]) -> list[list[Cell]]:
    """Return the cells of a screen on which a text was printed."""
    screen = pyte.Screen(*size)
    pyte.Stream(screen).feed(text)
    return cells(screen)


def cells(screen: pyte.Screen) -> list[list[Cell]]:
    rows = (screen.buffer[y] for y in range(screen.lines))
    return [[cell(row[x]) for x in range(screen.columns)] for row in rows]


def cell(char: pyte.screens.Char) -> Cell:
    if char.data == " ":  # of which only the background is seen
        return (" ", "", char.fg if char.reverse else char.bg, False, False, False)
    return (char.data, char.fg, char.bg, char.bold, char.italics, char.reverse)


def check_same(one: list[list[Cell]], other: list[list[Cell]]) -> None:
    """Check that two screens look the same."""
    different = [
        (y, x, *pair)
        for y, lines in enumerate(zip(one, other, strict=True))
        for x, pair in enumerate(zip(*lines, strict=True))
        if not look_the_same(*pair)
    ]
    assert different == []


def look_the_same(one: Cell, other: Cell) -> bool:
    colours = zip(one[1:3], other[1:3], strict=True)
    return (one[0], *one[3:]) == (other[0], *other[3:]) and all(
        is_same_colour(*pair) for pair in colours
    )


def is_same_colour(one: str, other: str) -> bool:
    """Compare two colours; Textual's own arithmetic may change one by the last bit."""
    if not len(one) == len(other) == 6:
        return one == other
    channels = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (0, 2, 4))
    return all(abs(a - b) <= 1 for a, b in channels)


async def textual_frame(
    record: FetchedRecord, size: tuple[int, int], settings: Settings
) -> list[list[Cell]]:
    """Return the cells that Textual paints for a record that was found at once."""
    first = EarlyLookUp(lambda: record)
    first.result()
    app = PithApp(record_service(), record.checked.report.asked, first, settings=settings)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        strips = app.screen._compositor.render_strips(app.size)
    lines = (
        "".join(
            (segment.style or Style()).render(segment.text, color_system=ColorSystem.TRUECOLOR)
            for segment in strip
        )
        for strip in strips
    )
    return painted("".join(f"\x1b[{n};1H{line}" for n, line in enumerate(lines, 1)), size)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", RECORDS)
async def test_every_cell_is_as_textual_paints_it(kind: str, size: tuple[int, int]) -> None:
    record = fetched(RECORDS[kind])
    text = first_frame(record, NOW, look_of(size))
    check_same(painted(text, size), await textual_frame(record, size, Settings(theme=DARK)))


@pytest.mark.parametrize("theme", EXACT)
@pytest.mark.parametrize("tex", ["unicode", "source"])
async def test_every_cell_is_as_textual_paints_it_in_each_theme(theme: str, tex: str) -> None:
    record, size = fetched(wire(build(Paper(title=r"On $\alpha$"), KEY))), (120, 40)
    look = look_of(size, theme, source=tex == "source")
    frame = await textual_frame(record, size, Settings(theme=theme, tex=tex))
    check_same(painted(first_frame(record, NOW, look), size), frame)


@pytest.mark.parametrize("theme", EXACT)
def test_colours_are_those_of_the_theme(theme: str) -> None:
    variables = THEMES[theme].to_color_system().generate() | THEMES[theme].variables
    for name, colour in EXACT[theme].items():
        assert is_same_colour(colour[1:], variables[name][1:]), name


def inert(frame: str) -> bool:
    """Return whether a frame holds no escape sequence but colours and places of lines."""
    return re.sub(r"\x1b\[[0-9;]*[mH]", "", frame).isprintable()


def test_hostile_record_text_is_inert() -> None:
    look = look_of((120, 40))
    assert inert(first_frame(fetched(evil_record(EVIL)), NOW, look))


@pytest.mark.shared
def test_naughty_strings_are_inert() -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    for start in range(0, len(strings), 64):
        record = fetched(naughty_record(strings[start : start + 64]))
        for size in ((160, 48), (80, 24), (40, 20)):
            look = look_of(size)
            assert inert(first_frame(record, NOW, look))


def is_painted_early(terminal: Terminal) -> bool:
    """Return whether a frame came before the program read any keys."""
    return END_OF_FRAME in terminal.raw[: terminal.raw.index(READS_KEYS)]


@pytest.mark.parametrize("colours", ["truecolor", ""])
@pytest.mark.parametrize("size", [(160, 48), (80, 24), (40, 20)], ids=str)
def test_frame_on_the_terminal_is_that_of_the_browser(size: tuple[int, int], colours: str) -> None:
    with Terminal(OPEN, size, {"COLORTERM": colours}) as terminal:
        terminal.wait_for("✓ VERIFIED")
        terminal.wait_until_quiet()
        assert is_painted_early(terminal)
        first = terminal.raw[: terminal.raw.index(END_OF_FRAME)].decode()
        assert terminal.raw.count(b"\x1b[?1049h") == 1
        check_same(painted(first, size), cells(terminal.screen))


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=str)
def test_no_frame_in_between_is_incomplete(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        put(cache)
    with Terminal(["2401.00001", "--offline", "--cache", str(path)], size) as terminal:
        terminal.wait_for("2401.00001")
        terminal.wait_until_quiet()
        assert is_painted_early(terminal)
        screen = pyte.Screen(*size)
        stream = pyte.ByteStream(screen)
        frames = []
        for data in terminal.raw.replace(b"\x1b[>1u", b"").split(END_OF_FRAME)[:-1]:
            stream.feed(bytes(data))
            frames.append(cells(screen))
    assert len(frames) > 1
    for frame in frames[1:]:
        check_same(frames[0], frame)


@pytest.mark.parametrize(
    "environment",
    [
        {"COLORTERM": "", "TERM": "xterm"},
        {"NO_COLOR": "1"},
        {"TEXTUAL_COLOR_SYSTEM": "256"},
        {"TEXTUAL_ALLOW_SIGNALS": "1"},
    ],
    ids=str,
)
def test_environment_that_needs_textual_waits_for_it(environment: dict[str, str]) -> None:
    with Terminal(OPEN, (100, 30), environment) as terminal:
        terminal.wait_for("VERIFIED")
        assert not is_painted_early(terminal)


@pytest.mark.parametrize(
    "settings", ['theme = "ansi-dark"', '[keys]\nverify = "V"', 'unicode = "off"'], ids=str
)
def test_settings_that_need_textual_wait_for_it(settings: str) -> None:
    directory = Path(os.environ["HOME"]) / ".config" / "pith-tui"
    directory.mkdir(parents=True)
    (directory / "config.toml").write_text(settings, "utf-8")
    with Terminal(OPEN, (100, 30)) as terminal:
        terminal.wait_for("VERIFIED")
        assert not is_painted_early(terminal)


def test_small_terminal_waits_for_textual() -> None:
    with Terminal(OPEN, (39, 20)) as terminal:
        terminal.wait_for("VERIFIED")
        assert not is_painted_early(terminal)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("2", "Digest"),
        ("/2401", " pith 2401"),
        ("/2401.00001\r", "neither in the cache nor among the samples"),
        ("o", "The cache is empty"),
    ],
)
def test_keys_typed_at_once_are_neither_echoed_nor_lost(keys: str, shown: str) -> None:
    with Terminal(OPEN, (100, 30)) as terminal:
        before = terminal.modes
        terminal.press(keys)
        terminal.wait_for(shown)
        terminal.press("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == before


_AFTER_THE_PAINT = """
import os
import pith_tui.tui.system.early_screen as early_screen
paint = early_screen.EarlyScreen.paint
def interrupted(self, frame):
    paint(self, frame)
    {then}
early_screen.EarlyScreen.paint = interrupted
"""


def patched(tmp_path: Path, then: str) -> dict[str, str]:
    """Return an environment in which something happens once the first frame is painted."""
    (tmp_path / "sitecustomize.py").write_text(_AFTER_THE_PAINT.format(then=then), "utf-8")
    return {"PYTHONPATH": str(tmp_path)}


_PASTED = "\x1b[200~2401.00001\x1b[201~"


@pytest.mark.parametrize("keys", [f"/{_PASTED}\r", "/2401.00001\r"], ids=["pasted", "typed"])
def test_keys_after_the_first_paint_are_not_lost(tmp_path: Path, keys: str) -> None:
    then = "import select; select.select([0], [], [])  # until they are typed"
    with Terminal(OPEN, (100, 30), patched(tmp_path, then)) as terminal:
        terminal.wait_for_early_frame()
        assert 2004 in terminal.screen.private
        terminal.press(keys)
        terminal.wait_for("2401.00001 is neither in the cache nor among the samples")


class Lost(Terminal):
    """A program whose standard error is a file, on a terminal that is closed."""

    def _become(self, arguments: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        os.dup2(os.open(env["ERRORS"], os.O_WRONLY | os.O_CREAT), 2)
        super()._become(arguments, size, env)


_WAIT = "import signal; signal.pause()"


def test_terminal_closed_after_the_first_paint_ends_it_silently(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    env = {**patched(tmp_path, _WAIT), "ERRORS": str(errors)}
    with Lost(OPEN, (100, 30), env) as terminal:
        terminal.wait_for_early_frame()
        assert terminal.close() == 129
    assert errors.read_bytes() == b""


@pytest.fixture
def own_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """Make a terminal the standard input and output; return its two ends."""
    master, slave = pty.openpty()
    ignored = signal.getsignal(signal.SIGTTOU)
    with open(slave, "r+b", buffering=0, closefd=False) as binary:
        stream = io.TextIOWrapper(cast(IO[bytes], binary), encoding="utf-8")
        monkeypatch.setattr(sys, "__stdin__", stream)
        monkeypatch.setattr(sys, "__stdout__", stream)
        yield master, slave
        stream.detach()
    signal.signal(signal.SIGTTOU, ignored)
    os.close(master)
    os.close(slave)


def fill(descriptor: int) -> None:
    """Write to a terminal until it takes no more."""
    os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"." * 64)
    os.set_blocking(descriptor, True)


def test_signal_does_not_wait_for_a_terminal_that_does_not_read(
    own_terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early_screen, "_PATIENCE", 0.01)
    before = termios.tcgetattr(own_terminal[1])
    screen = EarlyScreen()
    screen.paint("")
    assert termios.tcgetattr(own_terminal[1]) != before
    fill(own_terminal[1])
    screen.abandon_terminal()
    assert termios.tcgetattr(own_terminal[1]) == before


def test_frame_is_in_the_encoding_of_the_output() -> None:
    env = {"PYTHONIOENCODING": "gb18030"}
    with Terminal(OPEN, (100, 30), env) as terminal:
        terminal.wait_until(lambda: READS_KEYS in terminal.raw, "the browser")
        assert is_painted_early(terminal)
        frame = bytes(terminal.raw[: terminal.raw.index(END_OF_FRAME)])
        assert "✓ VERIFIED" in frame.decode("gb18030")


def check_restored(terminal: Terminal, modes: list[object], code: int) -> None:
    assert terminal.wait_for_end() == code
    assert b"VERIFIED" in terminal.raw
    assert terminal.screen.private == {7, 25}
    assert terminal.modes == modes


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM], ids=str)
def test_signal_after_the_first_paint_restores_the_terminal(
    tmp_path: Path, number: signal.Signals
) -> None:
    env = patched(tmp_path, f"os.kill(os.getpid(), {int(number)})")
    with Terminal(OPEN, (100, 30), env) as terminal:
        check_restored(terminal, terminal.modes, 128 + number)


def test_error_after_the_first_paint_restores_the_terminal(tmp_path: Path) -> None:
    error = "from pith_tui.errors import UsageError; raise UsageError('stop here', 'and now')"
    then = f"import pith_tui.tui.app as a; a.PithApp.run = lambda self: exec({error!r})"
    with Terminal(OPEN, (100, 30), patched(tmp_path, then)) as terminal:
        check_restored(terminal, terminal.modes, 2)
        assert "stop here" in terminal.text
