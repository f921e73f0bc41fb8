"""The verdict bar at every size: what is covered, wrong or missing, and findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pith_tui.store.cache import Cache
from pith_tui.tui.themes import THEMES
from tests.browser import REAL, SIZES, app_of, record_service, screen_text, settle
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, file_record

Json = dict[str, Any]
ID = "2401.00001"
WIDE = [size for size in SIZES if size[0] >= 80]


async def lines_of(cache: Cache, asked: str, size: tuple[int, int], *keys: str) -> list[str]:
    """Return the three lines of the bar on the screen, after pressing some keys."""
    app = app_of(record_service(cache), asked)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        lines = screen_text(app).splitlines()
        start = 0 if keys else 1  # other screens have no id bar
        return [line.strip() for line in lines[start : start + 3]]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_verified_record_shows_what_it_covers(cache: Cache, size: tuple[int, int]) -> None:
    verdict, covers, lacks = await lines_of(cache, REAL, size)
    assert verdict.startswith("✓ VERIFIED")
    if size in WIDE:
        assert covers.endswith("version 5, submitted 2025-03-14, cs.AI cs.LG, CC BY 4.0, title")
        assert lacks == "not: authors, abstract (excerpt), citations, claims"
    else:
        assert covers == "covers: id, v5, 2025-03-14, title, …"
        assert lacks == "not: authors, abstract, citations, …"


def changed(cache: Cache, change: Callable[[Json], object]) -> str:
    tree = build(Paper(), KEY)
    change(tree)
    return file_record(cache, wire(tree)).suffix


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_failed_record_shows_the_reason(cache: Cache, size: tuple[int, int]) -> None:
    suffix = changed(cache, lambda tree: tree["paper"].update(title="Another", license="x"))
    verdict, wrong, where = await lines_of(cache, suffix, size)
    assert verdict.startswith("✗ FAILED")
    assert wrong.startswith("10 ")
    assert "not the" in wrong
    assert where.startswith("at paper.title; ")
    assert ("also failed: Paper and source" if size in WIDE else "1 more failed") in where


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_undecided_record_shows_what_is_missing(cache: Cache, size: tuple[int, int]) -> None:
    suffix = changed(cache, lambda tree: tree["receipt"].pop("signature_b64"))
    verdict, missing, to_do = await lines_of(cache, suffix, size)
    assert verdict.startswith("? UNDECIDED")
    assert missing.startswith("9 Signature: ")
    assert "no signature" in missing
    assert to_do.startswith("what to do: look it up again later")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_conflicts_are_shown(cache: Cache, size: tuple[int, int]) -> None:
    suffix = changed(cache, lambda tree: tree["paper"].update(authors_text="Somebody"))
    *_, lacks = await lines_of(cache, suffix, size)
    assert lacks.startswith("conflict: Graph's copies" if size in WIDE else "1 conflict · not: a")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_user_key_is_named(cache: Cache, size: tuple[int, int]) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    verdict, covers, _ = await lines_of(cache, ID, size)
    own = "by your own key" if size in WIDE else "your key"
    assert verdict.startswith(f"✓ VERIFIED  {own} {KEY.key_id} ·")
    assert covers.startswith("covers: id, v")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", [(), ("a",), ("u",), ("p",)], ids=str)
async def test_equivocation_is_shown_on_every_screen(
    cache: Cache, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    file_record(cache, wire(build(Paper(title="The Other Face"), KEY)))
    suffix = file_record(cache, wire(build(Paper(), KEY))).suffix
    verdict, *_ = await lines_of(cache, suffix, size, *keys)
    assert "ALARM: two different contents" in verdict or "ALARM: signed twice" in verdict
    assert "ALARM: signed twice" not in verdict or size not in WIDE


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_notice_is_shown(cache: Cache, size: tuple[int, int]) -> None:
    file_record(cache, wire(build(Paper(license=""), KEY)))
    suffix = file_record(cache, wire(build(Paper(), KEY))).suffix
    verdict, *_ = await lines_of(cache, suffix, size)
    assert "note: another licence or other" in verdict or "note: signed differently" in verdict


@pytest.mark.parametrize("theme", THEMES)
async def test_lines_are_shown_in_every_theme(cache: Cache, theme: str) -> None:
    app = app_of(record_service(cache), REAL)
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        await settle(pilot)
        shown = screen_text(app)
        assert "covers: id, version 5" in shown
        assert "not: authors" in shown
