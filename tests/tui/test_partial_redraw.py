"""Only what changed is painted, and a terminal then shows what painting everything would show."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot

from pith_tui.protocol.report import Outcome
from pith_tui.store.cache import Cache
from pith_tui.store.paging import Position, Window
from pith_tui.tui.app import PithApp
from pith_tui.tui.library_state import TabSources
from pith_tui.tui.render.columns import ListRow, Sort
from pith_tui.tui.screens.graph import GraphView
from pith_tui.tui.screens.library import LibraryScreen
from pith_tui.tui.themes import THEMES
from pith_tui.tui.widgets.line_widget import LineWidget
from pith_tui.tui.widgets.pane import Pane
from pith_tui.tui.widgets.record_list import RecordList
from tests import terminal as terminals
from tests.browser import SIZES, app_of, pane, record_service
from tests.browser import settle_rows as settle
from tests.painted import Painted, lines_of
from tests.registry.records import Paper, build, wire
from tests.registry.sections import Sections
from tests.registry.sections import fill as fill_sections
from tests.stored import KEY, file_record, file_records, quiet

WIDE = "宽字符的标题 한국어 ｆｕｌｌ e\u0301\u0323 "


def fill(cache: Cache, count: int) -> None:
    """Store records, every third of them with a title of wide characters to the very edge."""
    papers = [
        Paper(arxiv=f"2401.{n + 1:05}", title=WIDE * 9 if n % 3 == 0 else f"Paper {n}")
        for n in range(count)
    ]
    file_records(cache, [wire(build(paper, KEY)) for paper in papers])


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await settle(pilot)


def app_in(pilot: Pilot[None]) -> PithApp:
    assert isinstance(pilot.app, PithApp)
    return pilot.app


async def open_library(
    pilot: Pilot[None],
    sources: TabSources = TabSources(),  # noqa: B008 - it cannot be changed
) -> RecordList:
    app = app_in(pilot)
    await settle(pilot)
    app.push_screen(LibraryScreen(app._first_screen._service, sources))
    await settle(pilot)
    return app.screen.query_one(RecordList)


async def painting(pilot: Pilot[None]) -> Painted:
    painted = Painted(pilot)
    await settle(pilot)
    painted.clear()
    return painted


async def painted_lines(pilot: Pilot[None], painted: Painted, *keys: str) -> set[int]:
    """Press keys and return the lines of the screen that were painted."""
    painted.clear()
    await press(pilot, *keys)
    return painted.lines


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (40, 20)], ids=str)
async def test_a_key_in_the_list_paints_two_rows_and_scrolling_all(
    cache: Cache, size: tuple[int, int]
) -> None:
    fill(cache, 60)
    async with PithApp(record_service(cache)).run_test(size=size) as pilot:
        records = await open_library(pilot)
        painted = await painting(pilot)
        everything = lines_of(records, *range(len(records.rows) + 1))
        assert await painted_lines(pilot, painted, "j") == lines_of(records, 1, 2)
        assert await painted_lines(pilot, painted, "j") == lines_of(records, 2, 3)
        assert await painted_lines(pilot, painted, "k") == lines_of(records, 2, 3)
        assert await painted_lines(pilot, painted, "pagedown") >= everything
        assert await painted_lines(pilot, painted, "g") >= everything
        painted.clear()
        await pilot.click(RecordList, offset=records.content_offset + Offset(3, 9))
        assert painted.lines == lines_of(records, 1, 9)
        assert await painted_lines(pilot, painted, *"j" * (len(records.rows) - 9)) == lines_of(
            records, *range(9, len(records.rows) + 1)
        )
        assert await painted_lines(pilot, painted, "j") >= everything
        assert records.current is not None
        assert records.current.name == f"2401.{len(records.rows) + 1:05}v1"


async def test_the_last_page_of_few_rows_paints_two(cache: Cache) -> None:
    fill(cache, 5)
    async with PithApp(record_service(cache)).run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        painted = await painting(pilot)
        assert await painted_lines(pilot, painted, "pagedown") == lines_of(records, 1, 5)
        assert await painted_lines(pilot, painted, "j") == set()


async def test_the_row_under_the_cursor_stays_in_sight_on_a_smaller_screen(cache: Cache) -> None:
    fill(cache, 60)
    async with PithApp(record_service(cache)).run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        await press(pilot, "G")
        painted = await painting(pilot)
        await pilot.resize_terminal(100, 20)
        await settle(pilot)
        assert records.current is not None
        assert records.current.name == "2401.00060v1"
        assert painted.cells == painted.repainted()


async def test_a_star_paints_its_row(cache: Cache) -> None:
    fill(cache, 5)
    sources = TabSources(toggle_bookmark=lambda suffix, name: True)
    async with PithApp(record_service(cache)).run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot, sources)
        painted = await painting(pilot)
        status = {pilot.app.screen.query_one("#status").region.y}
        await press(pilot, "j", "j")
        assert await painted_lines(pilot, painted, "m") == lines_of(records, 3) | status


class GatedSource:
    """Five rows of which the last but one is still to be verified, once it may be."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def __call__(self, window: Window) -> list[ListRow]:
        if window.place is not None:
            return []
        outcomes = [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED, None, Outcome.PASSED]
        return [self._row(number, outcome) for number, outcome in enumerate(outcomes)]

    @staticmethod
    def _row(number: int, outcome: Outcome | None) -> ListRow:
        place = Position(number, number)
        return ListRow(place, f"{number:026}", "x", WIDE, None, "cs", "", None, outcome)

    def verified(self, row: ListRow) -> ListRow:
        assert self.gate.wait(60)
        return row._replace(outcome=Outcome.CONFLICT)


async def test_a_verdict_paints_its_row(cache: Cache) -> None:
    source = GatedSource()
    async with PithApp(record_service(cache)).run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        records.show(source, Sort(), ())
        while not records.rows:
            await pilot.pause()
        painted = Painted(pilot)
        await pilot.pause()
        painted.clear()
        source.gate.set()
        await settle(pilot)
        assert records.rows[3].outcome is Outcome.CONFLICT
        assert painted.lines == lines_of(records, 4)


async def test_rows_of_a_source_that_is_closed_are_all_painted_faintly(cache: Cache) -> None:
    fill(cache, 5)
    async with PithApp(record_service(cache)).run_test(size=(100, 30)) as pilot:
        records = await open_library(pilot)
        painted = await painting(pilot)
        records.detach()
        await settle(pilot)
        assert painted.lines >= lines_of(records, *range(1, 6))
        await press(pilot, "j")
        assert painted.cells == painted.repainted()


def shown_lines(pane: Pane, *rows: int) -> set[int]:
    """Return where the lines of some rows of a pane stand on the screen."""
    seen = pane._lines[pane.top : pane.top + pane.content_size.height]
    return lines_of(pane, *(y for y, line in enumerate(seen) if line.row in rows))


@pytest.mark.parametrize("size", [(160, 48), (80, 24)], ids=str)
async def test_a_key_in_a_pane_paints_two_rows_and_scrolling_all(size: tuple[int, int]) -> None:
    async with app_of(record_service()).run_test(size=size) as pilot:
        await press(pilot, "2")
        checks = pane(app_in(pilot), "verification")
        painted = await painting(pilot)
        kept, scrolled = 0, 0
        for _ in checks.rows:
            before, top = checks._cursor, checks.top
            lines = await painted_lines(pilot, painted, "j")
            if checks.top == top:
                kept += 1
                moved = checks._cursor != before
                assert lines == (shown_lines(checks, before, checks._cursor) if moved else set())
            else:
                scrolled += 1
                assert lines >= lines_of(checks, *range(checks.content_size.height))
        assert kept > 5
        assert scrolled > 5


async def test_a_clicked_row_of_a_pane_paints_two_and_selects_no_text() -> None:
    async with app_of(record_service()).run_test(size=(160, 48)) as pilot:
        await press(pilot, "1")
        paper = pane(app_in(pilot), "paper")
        painted = await painting(pilot)
        before = paper._cursor
        await pilot.click(paper, offset=paper.content_offset + Offset(5, 2), times=2)
        assert paper._cursor != before
        assert painted.lines == shown_lines(paper, before, paper._cursor)
        assert not pilot.app.screen.selections


async def test_other_rows_of_a_pane_are_painted_once() -> None:
    async with app_of(record_service()).run_test(size=(160, 48)) as pilot:
        await press(pilot, "2")
        checks = pane(app_in(pilot), "verification")
        painted = await painting(pilot)
        count = len(checks.rows)
        await painted_lines(pilot, painted, "e")
        assert len(checks.rows) != count
        assert painted.frames == 1


async def test_another_neighbour_in_the_graph_paints_what_differs(cache: Cache) -> None:
    cited = tuple({"arxiv": f"2402.{n:05}"} for n in range(1, 9))
    tree = fill_sections(build(Paper(), KEY), Sections(references=cited))
    file_record(cache, wire(tree))
    async with app_of(record_service(cache), Paper().arxiv).run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        view = pilot.app.screen.query_one(GraphView)
        painted = await painting(pilot)
        lines = await painted_lines(pilot, painted, "j")
        assert view.chosen is view.nodes[1]
        assert 0 < len(lines) < view.content_size.height / 2
        assert painted.cells == painted.repainted()


MOVES = (
    "j",
    "k",
    "j",
    "k",
    "pagedown",
    "pageup",
    "g",
    "G",
    "t",
    "resize",
    "click",
    "wheel",
    "jump",
)
IN_THE_LIBRARY = (*MOVES, "filter", "x", "greater_than_sign", "minus", "m", "1", "4", "help")
IN_A_RECORD = (*MOVES, "1", "2", "3", "4", "e", "enter", "x", "tab", "help", "raw", "graph")
KEYS = {
    "jump": ("f", "d"),
    "filter": ("slash", *"paper 1", "enter"),
    "help": ("pagedown", "question_mark", "j", "j", "escape"),
    "raw": ("w", "j", "j", "G", "k", "escape"),
    "graph": ("p", "j", "escape"),
}
"""What is pressed for a step that has a name; the others are keys themselves."""


async def take(pilot: Pilot[None], step: str, chance: Random) -> None:
    """Take a step, whatever is focused, and wait until all that it began is done."""
    widget = pilot.app.screen.focused
    if step == "resize":
        await pilot.resize_terminal(*chance.choice(SIZES))
    elif step == "click" and isinstance(widget, LineWidget):
        offset = chance.randrange(widget.size.width), chance.randrange(widget.size.height)
        await pilot.click(widget, offset=offset)
    elif step == "wheel" and isinstance(widget, LineWidget):
        kind = chance.choice((events.MouseScrollUp, events.MouseScrollDown))
        widget.post_message(kind(widget, 3, 3, 0, 1, 0, False, False, False))
    else:
        for key in KEYS.get(step, (step,)):
            await pilot.press(key)
    await settle(pilot)


async def check_steps(pilot: Pilot[None], steps: Sequence[str], chance: Random) -> None:
    """Take steps at random; after each the terminal shows what it would if all were painted."""
    painted = await painting(pilot)
    taken: list[str] = []
    for _ in range(24):
        taken.append(chance.choice(steps))
        await take(pilot, taken[-1], chance)
        pairs = zip(painted.cells, painted.repainted(), strict=True)
        differing = [y for y, (shown, expected) in enumerate(pairs) if shown != expected]
        assert not differing, taken


@pytest.mark.parametrize("seed", range(4))
async def test_the_library_is_on_the_terminal_as_if_all_were_painted(
    cache: Cache, seed: int
) -> None:
    fill(cache, 70)
    sources = TabSources(toggle_bookmark=lambda suffix, name: True)
    async with PithApp(record_service(cache)).run_test(size=SIZES[seed]) as pilot:
        await open_library(pilot, sources)
        await check_steps(pilot, IN_THE_LIBRARY, Random(seed))


@pytest.mark.parametrize("seed", range(4))
async def test_a_record_is_on_the_terminal_as_if_all_were_painted(seed: int) -> None:
    async with app_of(record_service()).run_test(size=SIZES[seed]) as pilot:
        await settle(pilot)
        await check_steps(pilot, IN_A_RECORD, Random(seed))


@pytest.mark.parametrize("synchronised", [True, False])
def test_after_any_keys_a_real_terminal_shows_what_drawing_everything_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synchronised: bool
) -> None:
    if not synchronised:
        monkeypatch.delitem(terminals._ANSWERS, terminals._SYNCHRONISED)
    path, chance = tmp_path / "cache.sqlite3", Random(0)
    with closing(Cache.open(path, notice=quiet)) as cache:
        fill(cache, 70)
    arguments = ["2401.00001", "--offline", "--cache", str(path)]
    with terminals.Terminal(arguments, (100, 30)) as terminal:
        terminal.wait_for("2401.00001")
        for opened, size, keys in (
            (" All ", (60, 20), "jjjkkgG ->t"),
            (" 2 Verif", (100, 30), "jjjkkgG e1234t"),
        ):
            terminal.press("o")  # the library, then the record again
            terminal.wait_for(opened)
            terminal.resize(*size)
            for key in (*chance.choices(keys, k=12), *"gjjk"):
                terminal.press(key)
                terminal.wait_until_quiet(0.05)  # or one frame would be that of many keys
            terminal.wait_until_quiet()
            check_all_drawn(terminal)


def check_all_drawn(terminal: terminals.Terminal) -> None:
    """Go through all themes, each of which draws everything: no cell changes but the status."""
    shown, before = terminal.cells, len(terminal.raw)
    terminal.press("t" * len(THEMES))
    terminal.wait_until(lambda: len(terminal.raw) > before, "another theme")
    terminal.wait_until_quiet()
    assert len(terminal.raw) - before > len(shown) * len(shown[0])
    differing = {y for y, line in enumerate(terminal.cells) if line != shown[y]}
    status = {y for y, line in enumerate(terminal.lines) if line.startswith(" theme ")}
    assert differing <= status, terminal.text
