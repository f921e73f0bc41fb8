"""The first frame of a record, as text for the terminal, made while Textual is still to come.

Importing Textual takes longer than finding, reading and verifying a record.  What the record
screen will show is made from the same rows, spans and colours; only where they stand is known here
once more, and tests/tui/test_first_frame.py compares every cell with Textual's own first frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.color import Color, ColorSystem
from rich.style import Style

from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.names import record_name
from pith_tui.output.panes import PANES, panes_of
from pith_tui.output.rows import Row
from pith_tui.protocol.report import Verdict
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command
from pith_tui.tui.commands.record import RECORD
from pith_tui.tui.render.bar_text import (
    fitting_keys,
    id_bar_spans,
    key_spans,
    tab_spans,
    title_spans,
    verdict_bar_spans,
)
from pith_tui.tui.render.layout import Span, holds_cursor, lay_out
from pith_tui.tui.render.palette import palette_of

WIDE = 120
"""Columns from which the four panes stand beside one another; below it, one behind the other."""
_VERDICT_STYLES = {
    Verdict.VERIFIED: "$success",
    Verdict.FAILED: "$error",
    Verdict.UNDECIDED: "$warning",
}
_SHARES = (3, 2)
"""How the rows of the grid share its height (app.tcss, grid-rows)."""
_DIM = 0.66
"""How far Textual blends a dim colour into the background."""


class Look(NamedTuple):
    """How the browser will look: its size, its colours by name, those that the terminal has."""

    columns: int
    rows: int
    colours: Mapping[str, str]
    colour_system: ColorSystem
    read_only: bool
    source: bool


def first_frame(record: FetchedRecord, now: datetime, look: Look) -> str:
    """Return the text that paints a record as the record screen will, over the whole terminal."""
    painter = _Painter(look)
    checked, width = record.checked, look.columns
    painter.bar(id_bar_spans(record_name(checked), "", lambda: ""), "$foreground", "panel")
    style = _VERDICT_STYLES[checked.report.verdict]
    for spans in verdict_bar_spans(record, checked.report.checks, now, (), width - 1):
        painter.bar(spans, style, "background", right=1)
    title = title_spans(checked, source=look.source, starred=False)
    painter.bar(title, "$foreground", "background", left=1, right=1)
    panes = panes_of(checked, lambda _, usual: usual)
    names = [name for _, name in PANES]
    if width < WIDE:
        painter.bar(tab_spans(names, 0, width), "$foreground", "panel")
        painter.lines(painter.pane(panes.paper, width, look.rows - 8))
    else:
        painter.grid(list(zip(panes, names, strict=True)), look.rows - 7)
    painter.bar([], "$pith-muted", "background")
    keys = fitting_keys(_footer(look), lambda command: command.key_names({})[0], width)
    painter.bar(key_spans(keys), "$pith-muted", "panel")
    return painter.text()


def _footer(look: Look) -> Iterable[Command]:
    for command in (*RECORD.commands, *APP.commands):
        if command.footer and not (look.read_only and command.writes):
            yield command


_Segments = list[tuple[str, Style]]


class _Painter:
    """The lines of a frame, from the top down."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = palette_of(look.colours)
        self._lines: list[_Segments] = []
        self._plain = self._style("$foreground", Style(), "background")

    def text(self) -> str:
        """Return the frame: each line at its place, in the terminal's colours."""
        return "".join(
            f"\x1b[{number};1H{_painted(line, self._look.colour_system)}"
            for number, line in enumerate(self._lines, 1)
        )

    def lines(self, lines: Iterable[_Segments]) -> None:
        """Add lines as they are."""
        self._lines.extend(lines)

    def bar(
        self, spans: Sequence[Span], style: str, background: str, *, left: int = 0, right: int = 0
    ) -> None:
        """Add a line of spans over a style, cut or filled to the width of the screen."""
        base = self._style(style, Style(), background)
        segments = [(text, self._style(own, base, background)) for text, own in spans]
        room = self._look.columns - left - right
        self._lines.append(
            [(" " * left, base), *_fitted(segments, room, base), (" " * right, base)]
        )

    def grid(self, panes: Sequence[tuple[list[Row], str]], height: int) -> None:
        """Add panes in pairs beside each other, the rows of the grid high as the style sheet says.

        The first pane has the focus.
        """
        pairs = [panes[start : start + 2] for start in range(0, len(panes), 2)]
        shares = [_SHARES[number % len(_SHARES)] for number in range(len(pairs))]
        edges = [height * sum(shares[:number]) // sum(shares) for number in range(len(pairs) + 1)]
        left = self._look.columns // 2
        widths = (left, self._look.columns - left)
        for number, pair in enumerate(pairs):
            tall = edges[number + 1] - edges[number]
            drawn = [
                self.bordered(rows, name, widths[column], tall, focused=number == column == 0)
                for column, (rows, name) in enumerate(pair)
            ]
            if len(pair) == 1:
                drawn.append([[(" " * widths[1], self._plain)]] * tall)
            self.lines([*one, *other] for one, other in zip(*drawn, strict=True))

    def bordered(
        self, rows: list[Row], name: str, width: int, height: int, *, focused: bool = False
    ) -> list[_Segments]:
        """Return the lines of a pane in its border, whose title is its name."""
        edge = self._style("$accent" if focused else "$pith-border", self._plain)
        title = self._style("bold $accent" if focused else "$pith-muted", self._plain)
        head = f" {name} "
        top = [("╭─", edge), (head, title), ("─" * (width - 3 - cell_len(head)) + "╮", edge)]
        inner = self.pane(rows, width - 2, height - 2, focused=focused)
        return [
            top,
            *([("│", edge), *line, ("│", edge)] for line in inner),
            [("╰" + "─" * (width - 2) + "╯", edge)],
        ]

    def pane(
        self, rows: list[Row], width: int, height: int, *, focused: bool = True
    ) -> list[_Segments]:
        """Return the lines of a pane, the cursor on its first row, and its scroll bar."""
        laid_out = lay_out(rows, width - 3, source=self._look.source)
        cursor = next((n for n, row in enumerate(rows) if holds_cursor(row)), None)
        handle = max(height * height // len(laid_out), 1) if len(laid_out) > height else 0
        lines: list[_Segments] = []
        for y in range(height):
            segments, under = [], self._plain
            if y < len(laid_out):
                line = laid_out[y]
                under += self._palette["cursor"] if focused and line.row == cursor else Style()
                segments = [(text, under + self._palette[own]) for text, own in line.spans]
            filled = _fitted(segments, width - 2, under)
            bar = ("┃" if y < handle else " ", self._plain + self._palette["note"])
            lines.append([(" ", self._plain), *filled, bar])
        return lines

    def _style(self, markup: str, base: Style, background: str = "") -> Style:
        """Read a style as Textual's markup spells it."""
        colours = self._look.colours
        style = base
        if background:
            style += Style(bgcolor=Color.parse(colours[background]))
        for word in markup.split():
            if word.startswith("$"):
                style += Style(color=Color.parse(colours[word[1:]]))
            elif word == "dim":
                style += Style(color=_blended(style))
            else:
                style += Style.parse(word)
        return style


def _painted(line: _Segments, colour_system: ColorSystem) -> str:
    """Return a line as text for the terminal; neighbours of one style are painted together."""
    return "".join(
        style.render("".join(text for text, _ in segments), color_system=colour_system)
        for style, segments in groupby(line, itemgetter(1))
    )


def _blended(style: Style) -> Color:
    """Return the colour of a dim text."""
    assert style.color is not None, "a bar has a colour"
    assert style.bgcolor is not None, "a bar has a background"
    text, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    return Color.from_rgb(*(b + (a - b) * _DIM for a, b in zip(text, ground, strict=True)))


def _fitted(segments: _Segments, width: int, base: Style) -> _Segments:
    """Cut segments at a width, saying so with an ellipsis, or fill it."""
    length = sum(cell_len(text) for text, _ in segments)
    if length <= width:
        return [*segments, (" " * (width - length), base)]
    fitted: _Segments = []
    room = width - 1
    for text, style in segments:
        size = cell_len(text)
        if size > room:
            fitted.append((set_cell_size(text, room) + "…", style))
            break
        fitted.append((text, style))
        room -= size
    return fitted
