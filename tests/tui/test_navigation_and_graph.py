"""Navigation among records: back and forward, references, the graph, its drawing, jump mode."""

from __future__ import annotations

import cProfile
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from pith_tui.output.panes import panes_of
from pith_tui.output.references import RelatedWork, citations, reference_in, references
from pith_tui.output.rows import OpenRecord, Style
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.jump_targets import labels
from pith_tui.tui.nav_history import NavigationHistory
from pith_tui.tui.render.graph_drawing import Graph, Side, draw
from pith_tui.tui.screens.cache import CacheScreen
from pith_tui.tui.screens.compare import CompareScreen
from pith_tui.tui.screens.compare_picker import ComparePickerScreen
from pith_tui.tui.screens.export import ExportScreen
from pith_tui.tui.screens.graph import GraphScreen, GraphView, graph_of
from pith_tui.tui.screens.history import HistoryScreen
from pith_tui.tui.screens.jump import JumpScreen
from pith_tui.tui.screens.links import LinksScreen
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.themes import THEMES
from pith_tui.tui.widgets.bars import StatusBar, TitleBar, VerdictBar
from pith_tui.user.bookmarks import UserState
from tests.browser import (
    EVIL,
    SIZES,
    app_of,
    bar,
    check_harmless,
    pane,
    record_service,
    screen_text,
    settle,
)
from tests.registry.records import Json, Paper, SigningKey, build, wire
from tests.registry.sections import Sections, fill, plausible
from tests.registry.server import Fault, Registry
from tests.stored import NOW, TRUSTED, file_record, quiet
from tests.support import REAL_NUMBER, VECTORS, real_record

KEY = SigningKey()
FIRST, SECOND = "2401.00001", "2401.00002"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        file_record(opened, wire(linked()))
        file_record(opened, wire(build(Paper(arxiv=SECOND, title="A second paper"), KEY)))
        yield opened


def linked() -> Json:
    """Return a record that cites two works, one of them with an id, and is cited by one."""
    sections = Sections(
        references=({"title": "A second paper", "arxiv": SECOND}, {"raw": "Knuth, letters"}),
        citations=({"citing_arxiv_id": "2402.00009", "relation": "extends"},),
        claims=({"claim_id": "c1", "evidence": [{"arxiv": SECOND}, {"deep": {"er": [1]}}]},),
    )
    return fill(build(Paper(arxiv=FIRST, title="A first paper"), KEY), sections)


# History


def test_history_moves_both_ways_and_a_visit_drops_the_forward_part() -> None:
    a, b, c = (parse_identifier(f"2401.0000{n}") for n in (1, 2, 3))
    history = NavigationHistory()
    assert history.back() is None
    assert history.forward() is None
    for identifier in (a, a, b, c):
        history.visit(identifier)
    assert history.position == "3 of 3"
    assert [history.back(), history.back(), history.back()] == [b, a, None]
    assert history.forward() == b
    history.visit(a)
    assert history.forward() is None
    assert [history.back(), history.back()] == [b, a]


async def test_back_and_forward_keys_move_through_records(cache: Cache) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("left_square_bracket")
        assert "first record of the session" in bar(app, StatusBar)
        await pilot.press("slash", *SECOND, "enter")
        await settle(pilot)
        assert "second" in bar(app, TitleBar)
        for key, title in (
            ("left_square_bracket", "first"),
            ("right_square_bracket", "second"),
            ("backspace", "first"),
            ("alt+right", "second"),
            ("alt+left", "first"),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert title in bar(app, TitleBar), key
            assert "VERIFIED" in bar(app, VerdictBar)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await settle(pilot)
        assert "no later record" in bar(app, StatusBar)


# References


@pytest.mark.parametrize(
    ("value", "opens"),
    [
        ("2401.00009", "2401.00009"),
        ("arXiv:2401.00009v2", "2401.00009v2"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/2401.00009", "2401.00009"),
        ("10.48550/arXiv.2401.00009", "10.48550/arxiv.2401.00009"),
        ("pith:2024:B5J4LKP4NRRIUEJWUDFE6QWVWT", "pith:2024:B5J4LKP4NRRIUEJWUDFE6QWVWT"),
        ("computed", None),  # eight letters of base32, and a word
        ("see 2401.00009 for more", None),
        ("2503.11832", None),  # the record itself
        ("OFKRBFYV3HDMS5LLCYR6VZTITW", None),
        ("x" * 5000, None),
        (7, None),
        (None, None),
    ],
)
def test_reference_is_recognised_in_a_value(value: object, opens: str | None) -> None:
    reference = reference_in(Record(real_record()), ("events", 0, "x"), value)
    assert (None if reference is None else reference.text) == opens


@given(st.text())
def test_reference_in_any_text_is_an_identifier_or_none(text: str) -> None:
    reference = reference_in(Record(real_record()), ("events", 0), text)
    assert reference is None or parse_identifier(reference.text) == reference


async def test_alias_reference_citation_and_claim_can_be_opened(cache: Cache) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        actions = [row.action for row in pane(app, "graph").rows]
        opened = [action.identifier.text for action in actions if isinstance(action, OpenRecord)]
        assert opened == [SECOND, SECOND, "2402.00009", SECOND]
        await pilot.press("3")
        await go_to(pilot, "graph", "arxiv")
        await pilot.press("enter")
        await settle(pilot)
        assert "second" in bar(app, TitleBar)
        await pilot.press("4")
        await go_to(pilot, "aliases", "doi")
        await pilot.press("enter")
        await settle(pilot)
        assert "second" in bar(app, TitleBar)
        assert "↗ 10.48550/arxiv.2401.00002" in screen_text(app)


async def go_to(pilot: Pilot[None], name: str, label: str) -> None:
    shown = pane(app_in(pilot), name)
    for _ in range(len(shown.rows)):
        if shown.current is not None and shown.current.label == label:
            return
        await pilot.press("j")
    raise AssertionError(f"no row {label}")


def app_in(pilot: Pilot[None]) -> PithApp:
    assert isinstance(pilot.app, PithApp)
    return pilot.app


# The graph pane


async def test_graph_branches_show_count_hash_and_check_and_collapse(cache: Cache) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(160, 48)) as pilot:
        await settle(pilot)
        graph = pane(app, "graph")
        branches = {row.label: row for row in graph.rows if row.style is Style.BRANCH}
        assert branches["Claims"].text.startswith("1 · hash ")
        assert branches["Claims"].outcome is Outcome.PASSED
        assert branches["References"].text.startswith("22 · hash ")
        assert branches["References"].outcome is Outcome.UNDECIDED
        assert branches["Formal canon"].text.startswith("no formal evidence")
        assert branches["Inbound citations"].text == "8"
        assert branches["Events"].text == "no events yet"
        assert branches["Events"].collapsed
        await pilot.press("3")
        await go_to(pilot, "graph", "Claims")
        before = len(graph.rows)
        await pilot.press("enter")
        await pilot.pause()
        assert len(graph.rows) < before
        assert "▸ ✓ Claims" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert len(graph.rows) == before
        deepest = max(row.depth for row in graph.rows)
        assert deepest >= 4  # items, entry, evidence, entry, its members


# The drawing


def test_references_and_citations_of_a_record() -> None:
    record = Record(wire(linked()))
    assert references(record) == [
        RelatedWork(SECOND, "A second paper", parse_identifier(SECOND)),
        RelatedWork("Knuth, letters", "Knuth, letters", None),
    ]
    assert citations(record) == [
        RelatedWork("2402.00009", "extends", parse_identifier("2402.00009"))
    ]


def text_of(lines: list[list[tuple[str, str]]]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def graph(inbound: int, outbound: int, chosen: int = 0) -> Graph:
    def side(heading: str, name: str, count: int) -> Side:
        nodes = [RelatedWork(f"{name}{n}", f"Title {n}", None) for n in range(count)]
        return Side(heading, nodes, count)

    return Graph(
        "2401.00001v1",
        "A title",
        side("cites this", "in", inbound),
        side("this cites", "out", outbound),
        chosen,
    )


PICTURE = """
                                                      this cites (2)
                                                      ╭───────────────────╮
cites this (1)             ┏━━━━━━━━━━━━━━━━━━━┓  ╭─▶ │ out0              │
╭───────────────────╮  ╭─▶ ┃ 2401.00001v1      ┃──┤   │ Title 0           │
│ in0               │──╯   ┃ A title           ┃  │   ╰───────────────────╯
│ Title 0           │      ┃                   ┃  │   ╭───────────────────╮
╰───────────────────╯      ┃                   ┃  ╰─▶ │ out1              │
                           ┗━━━━━━━━━━━━━━━━━━━┛      │ Title 1           │
                                                      ╰───────────────────╯
"""


def test_drawing_counts_unnamed_entries_as_not_shown() -> None:
    drawn = graph(3, 0)
    drawn = drawn._replace(citing=drawn.citing._replace(total=23))
    assert "cites this (3 of 23 named)" in text_of(draw(drawn, 100, 24))


def test_drawn_edges_meet_their_boxes() -> None:
    drawn = text_of(draw(graph(1, 2), 75, 11))
    assert [line.rstrip() for line in drawn.splitlines()][:9] == PICTURE.splitlines()[1:]


@pytest.mark.parametrize("size", [(160, 40), (100, 24), (72, 12), (71, 40), (38, 16), (20, 6)])
@pytest.mark.parametrize("counts", [(0, 0), (1, 0), (0, 3), (4, 4), (40, 2), (1, 300)], ids=str)
def test_drawing_fits_every_size(size: tuple[int, int], counts: tuple[int, int]) -> None:
    for chosen in {0, max(sum(counts) - 1, 0)}:
        lines = draw(graph(*counts, chosen), *size)
        assert len(lines) <= size[1]
        assert all(sum(cell_len(text) for text, _ in line) <= size[0] for line in lines)
        if sum(counts) and size[1] >= 12:
            styles = [style for line in lines for _, style in line]
            assert "chosen" in styles
        if size[1] >= 12:
            assert "2401.00001v1" in text_of(lines)


@pytest.mark.parametrize(
    ("changes", "sign"), [({}, "◇"), ({"title": "A false title"}, "✗")], ids=["proved", "false"]
)
def test_drawing_names_the_signed_work_and_marks_its_title(changes: Json, sign: str) -> None:
    tree = build(Paper(), KEY)
    tree["source"]["id"] = "2401.99999 "
    tree["paper"].update(changes)
    drawn = draw(graph_of(read(wire(tree), None, TRUSTED)), 40, 12)
    assert "2401.00001v1" in text_of(drawn)
    assert "99999" not in text_of(drawn)
    assert f"┃ {sign} {tree['paper']['title'][:10]}" in text_of(drawn)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_graph_drawing_is_navigated_by_keys(cache: Cache, size: tuple[int, int]) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(app.screen, GraphScreen)
        shown = screen_text(app)
        for text in ("2402.00009", "2401.00001v1", SECOND, "Knuth", "✓ VERIFIED"):
            assert text in shown
        picture = app.screen.query_one(GraphView)
        await pilot.press("G", "enter")
        await pilot.pause()
        assert "has no id" in str(app.screen.query_one(StatusBar).render())
        await pilot.press("k")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert picture.chosen is not None
        assert picture.chosen.identifier == parse_identifier(SECOND)
        await pilot.press("tab")
        assert picture.chosen.name == "2402.00009"
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "second" in bar(app, TitleBar)


async def test_record_without_relations_has_nothing_to_draw() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert "nothing to draw" in screen_text(app)
        await pilot.press("enter", "j", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


@pytest.mark.shared
async def test_hostile_text_in_the_drawing_is_shown_and_inert(cache: Cache) -> None:
    strings: list[str] = json.loads((VECTORS / "blns/blns.json").read_text("utf-8"))
    references = tuple({"title": text, "raw": text} for text in [EVIL, *strings[::20]])
    paper = Paper(arxiv="2403.00001", title=EVIL)
    file_record(cache, wire(fill(build(paper, KEY), Sections(references=references))))
    app = app_of(record_service(cache), "2403.00001")
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        for _ in references:
            assert "✓ VERIFIED" in check_harmless(app).splitlines()[0]
            await pilot.press("j")


# Jump mode


@given(st.integers(0, 600))
def test_jump_labels_are_unique_and_prefix_free(count: int) -> None:
    found_labels = labels(count)
    assert len(found_labels) == count == len(set(found_labels))
    assert not any(b.startswith(a) for a in found_labels[:40] for b in found_labels if a != b)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_jump_label_moves_to_its_row(cache: Cache, size: tuple[int, int]) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        assert isinstance(app.screen, JumpScreen)
        label, stop = list(app.screen._stops.items())[2]
        assert label in screen_text(app).splitlines()[stop.y][stop.x :]
        await pilot.press(*label)
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        focused = app.screen.focused
        assert focused is not None
        assert focused.region.contains(stop.x, stop.y)
        await pilot.press("f", "escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


@pytest.mark.parametrize("theme", sorted(THEMES))
async def test_verdict_stays_visible_below_overlays(cache: Cache, theme: str) -> None:
    app = app_of(record_service(cache), REAL_NUMBER)
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        app.theme = theme
        await settle(pilot)
        before = screen_text(app).splitlines()
        assert "VERIFIED" in before[1]
        for key in ("f", "question_mark", "w"):
            await pilot.press(key)
            await settle(pilot)
            assert app.screen is not app._first_screen
            assert screen_text(app).splitlines()[1] == before[1], key
            if isinstance(app.screen, JumpScreen):
                jump_targets = app.screen._stops.items()
                covered = {
                    (stop.x + offset, stop.y)
                    for text, stop in jump_targets
                    for offset in range(len(text))
                }
                assert covered
                for y, line in enumerate(screen_text(app).splitlines()):
                    for x, (was, now) in enumerate(zip(before[y], line, strict=True)):
                        assert was == now or (x, y) in covered
            await pilot.press("escape")
            await settle(pilot)
            assert app.screen is app._first_screen


def test_citations_of_generated_records_are_read() -> None:
    for number in range(6):
        record = Record(wire(fill(build(Paper(), KEY), plausible(number))))
        names = [node.name for node in citations(record) if node.identifier is not None]
        assert names == [f"2501.0000{number}"] * (1 + number % 3)


# Screens that the record screen opens


async def test_cache_screen_is_opened_and_left(cache: Cache) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(app.screen, CacheScreen)
        assert "records" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)


async def test_older_response_is_opened_from_the_history(cache: Cache) -> None:
    older = linked()
    older["attestation_state"] = "of an earlier response"
    file_record(cache, wire(older), received_at=NOW - timedelta(days=30))
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "of an earlier response" not in str(pane(app, "paper").rows)
        await pilot.press("H")
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        await pilot.press("G", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RecordScreen)
        assert "of an earlier response" in str(pane(app, "paper").rows)
        assert "VERIFIED" in bar(app, VerdictBar)


async def test_cache_and_history_screens_need_a_cache() -> None:
    app = app_of(record_service())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for key in ("c", "H"):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, RecordScreen)
            assert "no " in bar(app, StatusBar)


async def test_export_and_links_screens_show_the_verdict(cache: Cache) -> None:
    app = app_of(record_service(cache), FIRST)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for key, screen in (("a", ExportScreen), ("u", LinksScreen)):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, screen)
            assert "✓ VERIFIED" in screen_text(app).splitlines()[0]
            await pilot.press("escape")
            await settle(pilot)
            assert isinstance(app.screen, RecordScreen)


async def test_responses_and_records_are_compared(cache: Cache, tmp_path: Path) -> None:
    older = linked()
    older["attestation_state"] = "of an earlier response"
    file_record(cache, wire(older), received_at=NOW - timedelta(days=30))
    with closing(UserState(tmp_path / "places.sqlite3", notice=quiet)) as user_state:
        app = PithApp(record_service(cache), parse_identifier(SECOND), user_state=user_state)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("d")
            await settle(pilot)
            assert isinstance(app.screen, ComparePickerScreen)
            assert "Only this response is stored" in screen_text(app)
            await pilot.press("escape", "slash", *FIRST, "enter")
            await settle(pilot)
            for keys, text in ((("enter",), "attestation_state"), (("j", "enter"), "source.id")):
                await pilot.press("d")
                await settle(pilot)
                await pilot.press(*keys)
                await settle(pilot)
                assert isinstance(app.screen, CompareScreen)
                assert text in screen_text(app)
                await pilot.press("escape")
                await settle(pilot)
            assert isinstance(app.screen, RecordScreen)


# The shown record during look-ups


async def until(pilot: Pilot[None], text: str, kind: type[StatusBar]) -> None:
    for _ in range(500):
        if text in bar(app_in(pilot), kind):
            return
        await pilot.pause(0.01)
    raise AssertionError(f"{text!r} never came: {bar(app_in(pilot), kind)!r}")


async def test_cancelled_look_up_keeps_the_shown_record(
    cache: Cache, registry: Registry, tmp_path: Path
) -> None:
    registry.add(linked())
    with closing(UserState(tmp_path / "places.sqlite3", notice=quiet)) as user_state:
        app = PithApp(
            record_service(cache, registry), parse_identifier(FIRST), user_state=user_state
        )
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            registry.fail("/", Fault("stall"))
            await pilot.press("slash", *"2401.00077", "enter")
            await until(pilot, "asking the servers for 2401.00077", StatusBar)
            for given_up in (False, True):
                if given_up:
                    await pilot.press("escape")
                    await pilot.pause()
                    registry.released.set()
                top = screen_text(app).splitlines()[:5]
                assert top[0].startswith(f" pith {FIRST} ")
                assert ("looking up 2401.00077" in top[0]) is not given_up
                assert "✓ VERIFIED" in top[1]
                assert "A first paper" in top[4]
            await pilot.press("v")
            await settle(pilot)
            assert "✓ VERIFIED" in bar(app, VerdictBar)
            await pilot.press("m")
            await settle(pilot)
            assert [place.name for place in user_state.bookmarks()] == [f"{FIRST}v1"]
            assert user_state.last() == FIRST


async def test_keys_do_not_act_on_the_previous_record_after_an_error(
    cache: Cache, tmp_path: Path
) -> None:
    with closing(UserState(tmp_path / "places.sqlite3", notice=quiet)) as user_state:
        app = PithApp(record_service(cache), parse_identifier(FIRST), user_state=user_state)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("slash", *"2401.00077", "enter")
            await settle(pilot)
            assert "no record open" in screen_text(app)
            for key in ("m", "H", "v", "d", "p", "a", "u", "w"):
                app.screen.query_one(StatusBar).say("")
                await pilot.press(key)
                await settle(pilot)
                assert isinstance(app.screen, RecordScreen), key
                assert "there is no record" in bar(app, StatusBar), key
            assert user_state.bookmarks() == []


async def test_record_under_a_false_name_is_not_added_to_recent(
    cache: Cache, registry: Registry, tmp_path: Path
) -> None:
    other = wire(build(Paper(arxiv="2401.09999", title="Another work"), KEY))
    registry.fail("/api", Fault(200, {}, other))
    with closing(UserState(tmp_path / "places.sqlite3", notice=quiet)) as user_state:
        asked = parse_identifier("2401.00077")
        app = PithApp(record_service(cache, registry), asked, user_state=user_state)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            assert "✗ FAILED" in bar(app, VerdictBar)
            assert user_state.recent() == []


async def test_alarm_stays_while_the_record_is_shown(cache: Cache) -> None:
    other = build(Paper(arxiv=FIRST, title="Another content, signed as well"), KEY)
    suffix = file_record(cache, wire(other)).suffix
    app = app_of(record_service(cache), suffix)
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in ((), ("v",), ("x",), ("2",)):
            await pilot.press(*keys)
            await settle(pilot)
            await settle(pilot)
            assert "ALARM: two different contents" in bar(app, VerdictBar), keys
        await pilot.press("slash", *SECOND, "enter")
        await settle(pilot)
        await settle(pilot)
        assert "ALARM" not in bar(app, VerdictBar)


async def test_samples_list_shows_no_verdict(cache: Cache, registry: Registry) -> None:
    registry.add(linked())
    app = app_of(record_service(cache, registry), FIRST)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        registry.fail("/", Fault("stall"))
        await pilot.press("r")
        await until(pilot, "asking the servers", StatusBar)
        await pilot.press("s")
        registry.released.set()
        await settle(pilot)
        assert "no record open" in bar(app, VerdictBar)
        await pilot.press("escape")
        await settle(pilot)
        assert "✓ VERIFIED" in bar(app, VerdictBar)
        assert screen_text(app).startswith(f" pith {FIRST} ")


def test_layout_time_grows_linearly_with_members() -> None:
    def calls(count: int) -> int:
        entries = tuple({"title": f"T{n}", "year": n} for n in range(count))
        raw = wire(fill(build(Paper(), KEY), Sections(references=entries)))
        view = read(raw, None, TRUSTED)
        profile = cProfile.Profile()
        profile.runcall(panes_of, view)
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(800) < 10 * calls(100)
