"""The drawing of a record among what it cites and what cites it, to move about in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget

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
from pith_tui.tui.commands.rows import ROWS
from pith_tui.tui.render.graph_drawing import Graph, Side, Spans, draw
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, VerdictBar


def graph_of(checked: CheckedRecord) -> Graph:
    """Make a graph of what a record says of its neighbours; all of that is claimed."""
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


class GraphView(Widget, can_focus=True):
    """Draws a graph as large as it is itself."""

    BINDINGS: ClassVar[list[BindingType]] = ROWS.bindings

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
        """The neighbour that is chosen, None where there is none."""
        return self.nodes[self._graph.chosen] if self.nodes else None

    def on_resize(self, event: events.Resize) -> None:
        """Redraw for the new size."""
        del event
        self._draw()

    def _draw(self) -> None:
        self._lines = draw(self._graph, self.content_size.width, self.content_size.height)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        base, palette, width = self.rich_style, pith_app(self).palette, self.content_size.width
        if y >= len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(text, base + palette[style]) for text, style in self._lines[y]]
        return Strip(segments).adjust_cell_length(width, base)

    def choose(self, index: int) -> None:
        """Choose a neighbour; past the ends the last one stays."""
        self._graph = self._graph._replace(chosen=max(min(index, len(self.nodes) - 1), 0))
        self._draw()

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
        """Go to the other side, at about the same height."""
        inbound = len(self._graph.citing.nodes)
        chosen = self._graph.chosen
        self.choose(chosen + inbound if chosen < inbound else chosen - inbound)

    def action_open(self) -> None:
        """Open the chosen neighbour."""
        screen = self.screen
        assert isinstance(screen, GraphScreen), "the graph_view has a screen of its own"
        screen.open_chosen()


class GraphScreen(PithScreen[Identifier | None]):
    """The graph under the verdict of the record in its middle; returns the id to open next."""

    GROUP = GRAPH

    def __init__(self, record: FetchedRecord, findings: Sequence[Finding], now: datetime) -> None:
        """Make the screen for a record; ages are counted from ``now``."""
        super().__init__()
        self._record = record
        self._findings = findings
        self._now = now
        self._graph = graph_of(record.checked)

    def compose(self) -> ComposeResult:
        """Render verdict, graph_view, remarks and keys."""
        yield VerdictBar(id="verdict")
        yield GraphView(self._graph, id="graph_view")
        yield StatusBar(id="status")
        yield KeyBar(GRAPH, id="keys")

    def on_mount(self) -> None:
        """Draw the graph and state what it shows, or that nothing can be drawn."""
        checks = self._record.checked.report.checks
        self.query_one(VerdictBar).show(self._record, checks, self._now, self._findings)
        graph_view = self.query_one(GraphView)
        graph_view.focus()
        self.say(ALL_CLAIMED if graph_view.nodes else NO_CITATIONS)

    def open_chosen(self) -> None:
        """Return the id of the chosen neighbour, or say that it has none."""
        node = self.query_one(GraphView).chosen
        if node is None:
            return
        if node.identifier is None:
            text = "this entry has no id to look up; the Graph pane shows it in full"
            self.say(text, trouble=True)
            return
        self.dismiss(node.identifier)

    def action_cross(self) -> None:
        """Go to the other side of the graph_view."""
        self.query_one(GraphView).cross()
