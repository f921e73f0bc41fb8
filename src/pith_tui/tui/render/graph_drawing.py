"""The drawing of a record in its graph: what cites it, the record, and what it cites, as text.

Drawn for a given size, without any widget.  All record text passes through ``safe`` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from pith_tui.output.cells import wrap
from pith_tui.output.references import NONE_NAMED, RelatedWork
from pith_tui.output.wording import MARK_SIGNS
from pith_tui.protocol.marks import Mark
from pith_tui.tui.render.layout import Span, fit, shown

Spans = list[Span]

_BESIDE = 72
"""From this width on the two sides are beside the record; on narrower screens above and below
it."""
_LINK = 6
_NODE = 4
_CENTRE = 6


class Side(NamedTuple):
    """One side of the drawing: the named entries, and how many the record claims."""

    heading: str
    nodes: Sequence[RelatedWork]
    total: int


class Graph(NamedTuple):
    """What to draw; ``chosen`` is an index over the citing works, then the cited ones.

    ``mark`` is that of the title, or None without a title.
    """

    name: str
    title: str
    citing: Side
    cited: Side
    chosen: int = 0
    mark: Mark | None = None

    @property
    def marked_title(self) -> str:
        """The title after the sign of its mark, safe to be shown."""
        title = shown(self.title)
        return title if self.mark is None else f"{MARK_SIGNS[self.mark]} {title}"


def draw(graph: Graph, width: int, height: int) -> list[Spans]:
    """Draw the graph in ``width`` columns and ``height`` lines."""
    lines = _beside(graph, width, height) if width >= _BESIDE else _stacked(graph, width, height)
    return lines[:height]


def _beside(graph: Graph, width: int, height: int) -> list[Spans]:
    side = (width - 2 * _LINK) // 3
    middle = width - 2 * _LINK - 2 * side
    area = max(height, _CENTRE)
    left, left_rows = _column(graph.citing, side, area, graph.chosen)
    right, right_rows = _column(graph.cited, side, area, graph.chosen - len(graph.citing.nodes))
    centre, centre_y = _centre(graph, middle, area)
    lines: list[Spans] = []
    for y in range(area):
        into = _links(y, left_rows, centre_y, inwards=True)
        out = _links(y, right_rows, centre_y, inwards=False)
        lines.append([*left[y], (into, "link"), *centre[y], (out, "link"), *right[y]])
    return lines


def _heading(side: Side) -> str:
    named = len(side.nodes)
    counted = f"{side.total:,}" if side.total == named else f"{named:,} of {side.total:,} named"
    return f"{side.heading} ({counted})"


def _column(side: Side, width: int, height: int, chosen: int) -> tuple[list[Spans], set[int]]:
    """Lay out the boxes of one side around the middle; return their lines and link positions."""
    slots = max((height - 1) // _NODE, 1)
    start = max(min(chosen - slots + 1, len(side.nodes) - slots), 0)
    nodes = side.nodes[start : start + slots]
    top = max((height - _NODE * max(len(nodes), 1)) // 2, 1)
    lines: list[Spans] = [[(" " * width, "note")] for _ in range(height)]
    lines[top - 1] = [(set_cell_size(fit(_heading(side), width), width), "heading")]
    anchors: set[int] = set()
    for number, node in enumerate(nodes):
        first = top + number * _NODE
        box = _box(node.name, [shown(node.title)], width, chosen=start + number == chosen)
        for offset, line in enumerate(box):
            if first + offset < height:
                lines[first + offset] = line
        anchors.add(first + 1)
    if not nodes:
        note = fit(NONE_NAMED, width)
        lines[top + 1] = [(set_cell_size(note, width), "note")]
    return lines, anchors


def _centre(graph: Graph, width: int, height: int) -> tuple[list[Spans], int]:
    inner = max(width - 4, 4)
    title = wrap(graph.marked_title, inner)[: _CENTRE - 3]
    box = _box(graph.name, [*title, *[""] * (_CENTRE - 3 - len(title))], width, bold=True)
    top = max((height - len(box)) // 2, 0)
    lines: list[Spans] = [[(" " * width, "note")] for _ in range(height)]
    lines[top : top + len(box)] = box
    return lines[:height], top + 1


def _box(
    name: str, below: list[str], width: int, *, chosen: bool = False, bold: bool = False
) -> list[Spans]:
    """Draw a box with a name and lines of safe text below it."""
    edge = "link" if bold else "chosen" if chosen else "part"
    corners = ("╭", "╮", "╰", "╯") if not bold else ("┏", "┓", "┗", "┛")
    flat, upright = ("━", "┃") if bold else ("─", "│")
    inner = max(width - 4, 1)
    text = "chosen" if chosen else "title"

    def line(content: str, style: str) -> Spans:
        cell = set_cell_size(fit(content, inner), inner)
        return [(f"{upright} ", edge), (cell, style), (f" {upright}", edge)]

    return [
        [(corners[0] + flat * (width - 2) + corners[1], edge)],
        line(shown(name, source=True), text),
        *(line(text, "chosen" if chosen else "value") for text in below),
        [(corners[2] + flat * (width - 2) + corners[3], edge)],
    ]


# The sides by which a line leaves a cell: up, down, left, right.
_JOINTS = {
    (False, False, True, True): "─",
    (True, True, False, False): "│",
    (False, True, True, False): "╮",
    (True, False, True, False): "╯",
    (False, True, False, True): "╭",
    (True, False, False, True): "╰",
    (True, True, True, False): "┤",
    (True, True, False, True): "├",
    (False, True, True, True): "┬",
    (True, False, True, True): "┴",
    (True, True, True, True): "┼",
}


def _links(y: int, anchors: set[int], centre: int, *, inwards: bool) -> str:
    """Draw line ``y`` of the links between one side and the middle."""
    if not anchors:
        return " " * _LINK
    low, high = min(*anchors, centre), max(*anchors, centre)
    outer, inner = y in anchors, y == centre
    ends = (outer, inner) if inwards else (inner, outer)
    joint = _JOINTS.get((low < y <= high, low <= y < high, *ends), " ")
    before = "──" if ends[0] else "  "
    after = "─▶ " if ends[1] else "   "
    return f" {before[:1]}{joint}{after}" if len(before) < 2 else f"{before}{joint}{after}"


def _stacked(graph: Graph, width: int, height: int) -> list[Spans]:
    """Draw the citing works above the record and the cited ones below, one line each."""
    room = max(height - _NODE - 2, 2)
    above = max(min(len(graph.citing.nodes), max(room // 2, room - len(graph.cited.nodes))), 1)
    below = room - above
    lines: list[Spans] = [[(fit(_heading(graph.citing), width), "heading")]]
    lines += _entries(graph.citing, width, above, graph.chosen, "╭─ ")
    box = _box(graph.name, [graph.marked_title], width, bold=True)
    lines += box
    chosen_below = graph.chosen - len(graph.citing.nodes)
    lines += _entries(graph.cited, width, below, chosen_below, "╰▶ ")
    lines.append([(fit(_heading(graph.cited), width), "heading")])
    return lines


def _entries(side: Side, width: int, room: int, chosen: int, lead: str) -> list[Spans]:
    if not side.nodes:
        return [[(fit(f"  {NONE_NAMED}", width), "note")]]
    start = max(min(chosen - room + 1, len(side.nodes) - room), 0)
    lines: list[Spans] = []
    for number, node in enumerate(side.nodes[start : start + room], start):
        entry = f"{shown(node.name, source=True)}  {shown(node.title)}"
        style = "chosen" if number == chosen else "value"
        text = fit(entry, max(width - cell_len(lead) - 1, 1))
        lines.append([(f" {lead}", "link"), (text, style)])
    return lines
