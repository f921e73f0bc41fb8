"""Helpers to make and drive the browser under test, and to read its screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import chain

from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip
from textual.worker import WorkerCancelled

from pith_tui.lookup.client import RegistryClient
from pith_tui.lookup.service import RecordService
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.record_list import RecordList
from tests.registry.records import Paper, build, wire
from tests.registry.server import Registry
from tests.stored import KEY, NOW, TRUSTED

SIZES = [(160, 48), (100, 30), (80, 24), (40, 20)]


REAL = "2503.11832"


def record_service(cache: Cache | None = None, registry: Registry | None = None) -> RecordService:
    remote = None if registry is None else lambda: RegistryClient([registry.url], deadline=60)
    return RecordService(cache, remote, TRUSTED, now=lambda: NOW)


def app_of(library: RecordService, asked: str | None = REAL) -> PithApp:
    return PithApp(library, None if asked is None else parse_identifier(asked))


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all input is handled, with the workers that it started."""
    await pilot.pause()
    while pending := [worker for worker in pilot.app.workers if not worker.is_finished]:
        await pilot.app.workers.wait_for_complete(pending)
        await pilot.pause()


async def settle_rows(pilot: Pilot[None]) -> None:
    """Wait until nothing is running: one worker begins another, and takes another's place."""
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers) or _unverified(pilot.app):
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


def _unverified(app: App[None]) -> bool:
    lists = app.screen.query(RecordList)
    return any(row.outcome is None for records in lists for row in records.rows)


def bar(app: PithApp, kind: type[VerdictBar | StatusBar | TitleBar | KeyBar]) -> str:
    return str(app.screen_stack[0].query_one(kind).render())


def pane(app: PithApp, name: str) -> Pane:
    return app.screen_stack[0].query_one(f"#{name}", Pane)


def screen_text(app: PithApp) -> str:
    """Return the text on the screen, line by line."""
    return _text_of(app, app.screen._compositor.render_strips(app.size))


def _text_of(app: PithApp, strips: list[Strip]) -> str:
    width, height = app.size
    assert len(strips) == height
    text = ["".join(segment.text for segment in strip) for strip in strips]
    assert all(cell_len(line) <= width for line in text)
    return "\n".join(text)


def check_harmless(app: PithApp) -> str:
    """Return the text on the screen; fail if it is not printable or has click actions."""
    strips = app.screen._compositor.render_strips(app.size)
    for segment in chain.from_iterable(strips):
        assert segment.text.isprintable(), repr(segment.text)
        if segment.style is not None:
            assert segment.style.link is None
            assert "@click" not in segment.style.meta
    assert app.is_running
    return _text_of(app, strips)


EVIL = (
    "\x1b[2J\x1b[1;1H\x1b[42mVERIFIED\x1b[0m [/] [@click=app.quit]x[/] [bold red]b "
    "\u202edesrever \x9b31m \x07 $text [link=http://e.org]l[/link] \\[ ] {{x}} \u200b\u0000"
)


def evil_record(text: str) -> bytes:
    tree = build(
        Paper(title=text, authors=text, abstract=text, license=text, primary=text, cross=(text,)),
        KEY,
    )
    tree["graph_snapshot"]["verdict"]["one_line_summary"] = text
    tree["graph_snapshot"]["claims"]["items"] = [{text: text}]
    tree["graph_snapshot"]["builder_version"] = text
    tree["verification_status"][text] = text
    tree["aliases"].append({"alias_kind": text, "alias_value": text, "created_at": text})
    tree["links"][text] = text
    tree["events"].append({text: [text]})
    tree["receipt"]["builder_version"] = tree["receipt"]["key_id"] = text
    tree[text] = {text: text}
    return wire(tree)


async def visit_every_view(pilot: Pilot[None], app: PithApp) -> None:
    for key in ("1", "2", "e", "3", "4", "x", "w", "escape", "question_mark", "escape", "y"):
        await pilot.press(key)
        await pilot.pause()
        check_harmless(app)


def naughty_record(strings: list[str]) -> bytes:
    """Make a record with the strings spread over all places that take text."""
    picked: Callable[[int], str] = lambda n: strings[n % len(strings)]  # noqa: E731
    tree = build(
        Paper(title=picked(0), authors=picked(1), abstract=picked(2), license=picked(3)), KEY
    )
    tree["links"] = {f"{n}{text}": text for n, text in enumerate(strings)}
    tree["aliases"] = [{"alias_kind": t, "alias_value": t, "created_at": t} for t in strings]
    tree["extra"] = strings
    tree["verification_status"] = {f"{n}{text}": text for n, text in enumerate(strings)}
    return wire(tree)
