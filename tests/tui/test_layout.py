"""Laying out texts of any length: only the part that is shown is processed."""

from __future__ import annotations

import pytest

from pith_tui.output.references import RelatedWork
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import MAX_LENGTH
from pith_tui.output.tex import display
from pith_tui.protocol.marks import Mark
from pith_tui.store.paging import Position, PositionedRecord
from pith_tui.store.records import StoredRecord
from pith_tui.store.response_rows import StoredResponse
from pith_tui.tui.render import layout
from pith_tui.tui.render.columns import row_spans
from pith_tui.tui.render.graph_drawing import Graph, Side, draw
from pith_tui.tui.render.layout import lay_out, shown
from pith_tui.tui.row_source import row_of
from tests.registry.records import Paper, SigningKey, build, wire
from tests.stored import NOW


def test_only_the_shown_part_of_a_long_title_is_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    title = "A title with $\\alpha$ and \\'e and words " * 11_000
    converted: list[int] = []

    def counted(text: str) -> str:
        converted.append(len(text))
        return display(text)

    monkeypatch.setattr(layout, "display", counted)
    line = shown(title)
    assert line.startswith("A title with α and é and words")
    assert line.endswith("more characters)")
    assert max(converted) <= layout.ONE_LINE
    raw = wire(build(Paper(title=title), SigningKey()))
    row = row_of(
        PositionedRecord(
            Position("", 1), StoredRecord(1, "A", StoredResponse(raw, "A", NOW, NOW, "", None))
        )
    )
    done = len(converted)
    for width in range(40, 160):
        row_spans(row, width, NOW, starred=False)
    assert len(converted) == done
    neighbour = RelatedWork("x", title, None)
    graph = Graph("name", title, Side("in", [neighbour], 1), Side("out", [neighbour], 1))
    for width in (60, 120):
        draw(graph, width, 30)
    assert max(converted) <= layout.ONE_LINE
    lines = lay_out([Row("title", title, Style.TITLE, tex=True)], 120)
    assert max(converted) <= MAX_LENGTH
    assert "more characters)" in lines[-1].spans[-1][0]


def test_shortening_keeps_tex_commands_whole() -> None:
    assert "\\o" in shown(f"{'x ' * 499}\\omega", limit=1000)


def test_explanations_of_signs_begin_in_one_column() -> None:
    rows = [Row(mark.value, f"explains {mark.value}", Style.LEGEND, mark=mark) for mark in Mark]
    texts = ["".join(text for text, _ in line.spans) for line in lay_out(rows, 80)]
    assert len({text.index("explains") for text in texts}) == 1


def test_compared_values_begin_in_one_column() -> None:
    rows = [Row(name, "7155", Style.PART) for name in ("stated", "recomputed")]
    texts = ["".join(text for text, _ in line.spans) for line in lay_out(rows, 80)]
    assert len({text.index("7155") for text in texts}) == 1
