"""On the screen, record text never has the colour of a mark, and is quoted within sentences."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.widgets.bars import TitleBar
from tests.browser import app_of, bar, record_service, settle
from tests.forgery import SIGN, forged_record, other_forged_record
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, file_record, quiet

MARK_STYLES = ("signed", "proved", "contradicted", "passed", "failed", "conflict")
KEYS = (
    ("1", "2", "e", "down", "end", "home", "3", "down", "end", "4", "end"),
    ("w", "end", "home", "escape"),
    ("p", "down", "escape"),
    ("u", "end", "escape"),
    ("H", "down", "end", "escape"),
    ("o", "down", "end", "escape"),
    ("x", "question_mark", "escape"),
    ("d", "enter", "end", "escape"),
    ("v",),
)


def colours_of_record_text(app: PithApp) -> set[object]:
    """Return the colours of the letters of record text on the screen."""
    return {
        segment.style.color
        for strip in app.screen._compositor.render_strips(app.size)
        for segment in strip
        if segment.style is not None and SIGN in segment.text
    }


async def check_colours(pilot: Pilot[None], app: PithApp) -> int:
    colours = {app.palette[name].color for name in MARK_STYLES}
    count = 0
    for keys in KEYS:
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
            record = colours_of_record_text(app)
            count += bool(record)
            assert not record & colours, (keys, key)
    return count


@pytest.mark.parametrize("size", [(160, 48), (80, 24), (40, 20)], ids=str)
async def test_record_text_never_has_the_colour_of_a_mark(
    size: tuple[int, int], tmp_path: Path
) -> None:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        file_record(cache, other_forged_record())
        suffix = file_record(cache, forged_record()).suffix
        app = app_of(record_service(cache), suffix)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            assert await check_colours(pilot, app) > 10


@pytest.mark.parametrize(
    ("title", "is_reported"),
    [("The \u0421at in a box", True), ("Gödel and the α-helix", False)],
)
async def test_look_alike_letters_are_reported_in_the_title_line(
    title: str, is_reported: bool, tmp_path: Path
) -> None:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        long = f"{title} {'and more ' * 40}"
        suffix = file_record(cache, wire(build(Paper(title=long), KEY))).suffix
        app = app_of(record_service(cache), suffix)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            shown = bar(app, TitleBar)[:80]
            assert ("look-alike letters" in shown) is is_reported
            assert shown.startswith("◇ ")


async def test_contradicted_title_is_marked_in_the_title_line(tmp_path: Path) -> None:
    tree = build(Paper(), KEY)
    tree["paper"]["title"] = "Another title"
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        suffix = file_record(cache, wire(tree)).suffix
        app = app_of(record_service(cache), suffix)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert bar(app, TitleBar).startswith("✗ contradicted Another title")
