"""The drawing of a record with the works that it cites and that cite it, to navigate in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.names import work_name
from pith_tui.output.references import (
    ALL_CLAIMED,
    NO_CITATIONS,
    RelatedWork,
    citations,
    references,
)
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import Path
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.commands.graph import GRAPH
from pith_tui.tui.render.graph_drawing import Graph, Side, Spans, draw
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, VerdictBar
from pith_tui.tui.widgets.line_widget import LineWidget


def graph_of(checked: CheckedRecord) -> Graph:
    """Make the graph of a record's neighbours, all of which are only claimed."""
    record, title = checked.record, checked.title
    inbound, outbound = citations(record), references(record)
    return Graph(
        work_name(checked),
        "" if title is None else title.text,
        Side("cites this", inbound, _count(record, ("inbound_citations", "count"), inbound)),
        Side(
            "this cites",
            outbound,
            _count(record, ("graph_snapshot", "references", "count"), outbound),
        ),
        mark=None if title is None else title.mark,
    )


def _count(record: Record, path: Path, nodes: list[RelatedWork]) -> int:
    return max(record.integer(*path) or 0, len(nodes))


class GraphView(LineWidget):
    """Draws a graph in its own size."""

    def __init__(self, graph: Graph, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._graph = graph
        self._lines: list[Spans] = []

    @property
    def nodes(self) -> list[RelatedWork]:
        """Every neighbour: those that cite the record, then those that it cites."""
        return [*self._graph.citing.nodes, *self._graph.cited.nodes]

    @property
    def chosen(self) -> RelatedWork | None:
        """The chosen neighbour, or None."""
        return self.nodes[self._graph.chosen] if self.nodes else None

    def on_resize(self, event: events.Resize) -> None:
        """Redraw for the new size."""
        del event
        self._lines = self._drawn()
        self.refresh()

    def _drawn(self) -> list[Spans]:
        return draw(self._graph, self.content_size.width, self.content_size.height)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        base, palette, width = self.line_style, pith_app(self).palette, self.content_size.width
        if y >= len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(text, base + palette[style]) for text, style in self._lines[y]]
        return Strip(segments).adjust_cell_length(width, base)

    def choose(self, index: int) -> None:
        """Choose a neighbour by its number, limited to the existing ones."""
        self._graph = self._graph._replace(chosen=max(min(index, len(self.nodes) - 1), 0))
        before, self._lines = self._lines, self._drawn()
        pairs = enumerate(zip_longest(before, self._lines))
        self.refresh_lines(y for y, (old, new) in pairs if old != new)

    def action_move(self, step: int) -> None:
        """Choose the next neighbour."""
        self.choose(self._graph.chosen + step)

    def action_page(self, step: int) -> None:
        """Move by five."""
        self.choose(self._graph.chosen + 5 * step)

    def action_edge(self, step: int) -> None:
        """Choose the first or the last."""
        self.choose(0 if step < 0 else len(self.nodes))

    def cross(self) -> None:
        """Go to the other side, to about the same height."""
        inbound = len(self._graph.citing.nodes)
        chosen = self._graph.chosen
        self.choose(chosen + inbound if chosen < inbound else chosen - inbound)

    def action_open(self) -> None:
        """Open the chosen neighbour."""
        screen = self.screen
        assert isinstance(screen, GraphScreen), "the graph_view has a screen of its own"
        screen.open_chosen()


class GraphScreen(PithScreen[Identifier | None]):
    """The graph below the verdict of its record; returns the id to open next."""

    GROUP = GRAPH

    def __init__(self, record: FetchedRecord, findings: Sequence[Finding], now: datetime) -> None:
        """Make the screen for a record; ages are relative to ``now``."""
        super().__init__()
        self._record = record
        self._findings = findings
        self._now = now
        self._graph = graph_of(record.checked)

    def compose(self) -> ComposeResult:
        """Compose the verdict, graph, status and keys."""
        yield VerdictBar(id="verdict")
        yield GraphView(self._graph, id="graph_view")
        yield StatusBar(id="status")
        yield KeyBar(GRAPH, id="keys")

    def on_mount(self) -> None:
        """Draw the graph and describe it, or report that there is nothing to draw."""
        checks = self._record.checked.report.checks
        self.query_one(VerdictBar).show(self._record, checks, self._now, self._findings)
        graph_view = self.query_one(GraphView)
        graph_view.focus()
        self.say(ALL_CLAIMED if graph_view.nodes else NO_CITATIONS)

    def open_chosen(self) -> None:
        """Return the id of the chosen neighbour, or report that it has none."""
        node = self.query_one(GraphView).chosen
        if node is None:
            return
        if node.identifier is None:
            text = "this entry has no id to look up; the Graph pane shows it in full"
            self.say(text, warning=True)
            return
        self.dismiss(node.identifier)

    def action_cross(self) -> None:
        """Go to the other side of the graph."""
        self.query_one(GraphView).cross()
