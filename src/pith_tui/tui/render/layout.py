"""From rows to lines of a given width: wrapping and alignment, without any widget.

All record text passes through ``safe`` here.  Lines become strips of plain segments, so that no
markup, link or escape sequence of a record has any effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from pith_tui.output.cells import wrap
from pith_tui.output.rows import OpenRecord, Row, Style
from pith_tui.output.safe import MAX_LENGTH, safe
from pith_tui.output.tex import display
from pith_tui.output.wording import MARK_SIGNS, OUTCOME_SIGNS, mark_text
from pith_tui.protocol.marks import Mark

_WITH_WORDS = 62
"""From this width on a mark is sign and word; below it, only the sign."""
_STACKED = 40
"""Below this width a label is above its value."""
_CHECK_LABEL = 21

ONE_LINE = 1_000
"""Maximum characters of a text shown in a line or two: no screen is wider."""

Span = tuple[str, str]
"""A text and the name of its style (see ``palette``)."""


class Line(NamedTuple):
    """One line of the screen and the index of the row that it belongs to."""

    row: int
    spans: tuple[Span, ...]


def lay_out(rows: list[Row], width: int, *, source: bool = False) -> list[Line]:
    """Render rows in ``width`` columns; with ``source`` TeX is left unconverted."""
    lines: list[Line] = []
    labels = [cell_len(row.label) + 2 * row.depth for row in rows if row.style is Style.FIELD]
    column = min(max(labels, default=0), max(width // 4, 12)) + 2
    signs = any(row.outcome is not None for row in rows if row.style is Style.FIELD)
    marks = any(row.mark is not None for row in rows)
    for index, row in enumerate(rows):
        if row.style is Style.HEADING and index:
            lines.append(Line(index, ()))
        lines.extend(
            Line(index, spans)
            for spans in _row(row, _Grid(max(width, 8), column, marks, signs), source)
        )
    return lines


def holds_cursor(row: Row) -> bool:
    """Return whether a cursor makes sense on a row."""
    return row.style not in (Style.HEADING, Style.NOTE, Style.LEGEND)


class _Grid(NamedTuple):
    """The columns shared by the rows of one pane.

    ``marks`` and ``signs`` say whether any row has a mark, any field the sign of an outcome.
    """

    width: int
    label: int
    marks: bool
    signs: bool


def _row(row: Row, grid: _Grid, source: bool) -> Iterator[tuple[Span, ...]]:
    width = grid.width
    text = row.text if source or not row.tex else _converted(row.text, MAX_LENGTH)
    if row.style is Style.HEADING:
        yield from _heading(row, width)
    elif row.style is Style.TITLE:
        yield from _hang(_mark(row, grid), text, width, "title")
    elif row.style is Style.NOTE:
        yield from _hang((("  ", "note"),), text, width, "note")
    elif row.style is Style.CHECK:
        yield from _check(row, text, width)
    elif row.style is Style.PART:
        yield from _part(row, text, width)
    elif row.style is Style.BRANCH:
        yield from _branch(row, text, grid)
    elif row.style is Style.LEGEND:
        yield from _legend(row, text, width)
    else:
        yield from _field(row, text, grid)


def _heading(row: Row, width: int) -> Iterator[tuple[Span, ...]]:
    head: list[Span] = []
    if row.outcome is not None:
        head.append((f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value))
    head.append((fit(safe(row.label), width - 2), "heading"))
    if not row.text:
        yield tuple(head)
        return
    yield from _hang((*head, ("  ", "note")), row.text, width, "note")


def _legend(row: Row, text: str, width: int) -> Iterator[tuple[Span, ...]]:
    """Render the explanation of a sign, which comes from a mark or outcome, never from a text."""
    sign: Span = ("  ", "note")
    if row.mark is not None:
        sign = (f"{MARK_SIGNS[row.mark]} ", row.mark.value)
    elif row.outcome is not None:
        sign = (f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value)
    yield from _hang((sign, (f"{safe(row.label):12} ", "label")), text, width, "value")


def _branch(row: Row, text: str, grid: _Grid) -> Iterator[tuple[Span, ...]]:
    width = grid.width
    head: list[Span] = list(_mark(row, grid)) if grid.marks else []
    head += [(_indent(row, width), "note"), ("▸ " if row.collapsed else "▾ ", "branch")]
    if row.outcome is not None:
        head.append((f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value))
    label = fit(safe(row.label), max(width - _span_width(tuple(head)), 1))
    head.append((f"{label}  ", "heading" if row.depth == 0 else "label"))
    yield from _hang(tuple(head), text, width, "note" if row.depth == 0 else "value")


def _indent(row: Row, width: int) -> str:
    """Indent a row by its depth, up to a quarter of the width: a record may have many levels."""
    return "  " * min(row.depth, width // 8)


def _mark(row: Row, grid: _Grid) -> tuple[Span, ...]:
    if not grid.marks:
        return ((" ", "note"),)
    with_word = grid.width >= _WITH_WORDS
    if row.mark is not None:
        return ((mark_text(row.mark, with_word=with_word), row.mark.value),)
    # As wide as any mark except the longest, which few rows have.
    return ((" " * len(mark_text(Mark.SIGNED, with_word=with_word)), "note"),)


def _field(row: Row, text: str, grid: _Grid) -> Iterator[tuple[Span, ...]]:
    width = grid.width
    mark = _mark(row, grid)
    if row.outcome is not None:
        mark = (*mark, (f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value))
    elif grid.signs:
        mark = (*mark, ("  ", "note"))
    label = _indent(row, width) + safe(row.label)
    style = "value" if row.text or row.copy is None else "note"
    lead: tuple[Span, ...] = (
        (("↗ ", "link"),) if isinstance(row.action, OpenRecord) and row.paths else ()
    )
    if width < _STACKED or cell_len(label) >= grid.label:
        yield (*mark, (fit(label, width - _span_width(mark)), "label"))
        yield from _hang((("    ", "label"), *lead), text, width, style)
        return
    padded = label + " " * (grid.label - cell_len(label))
    yield from _hang((*mark, (padded, "label"), *lead), text, width, style)


def _check(row: Row, text: str, width: int) -> Iterator[tuple[Span, ...]]:
    assert row.outcome is not None, "a check has ended somehow"
    outcome = row.outcome.value
    number, _, name = row.label.partition(" ")
    sign = (f"{OUTCOME_SIGNS[row.outcome]} ", outcome)
    label = (f"{number:>2} {name}", "check")
    if width < _WITH_WORDS:
        room = max(width - 2 - len(outcome) - 1, 0)
        yield (
            sign,
            (f"{fit(label[0], room):{min(room, _CHECK_LABEL)}} ", "check"),
            (outcome, outcome),
        )
        if not row.collapsed:
            yield from _hang((("     ", "value"),), text, width, "value")
        return
    gap = " " * max(1, _CHECK_LABEL - len(label[0]))
    yield from _hang(
        (sign, label, (gap, "check"), (f"{outcome:10}", outcome)), text, width, "value"
    )


def _part(row: Row, text: str, width: int) -> Iterator[tuple[Span, ...]]:
    sign: Span = ("  ", "note")
    if row.outcome is not None:
        sign = (f"{OUTCOME_SIGNS[row.outcome]} ", row.outcome.value)
    label = safe(row.label)
    padded = label + " " * max(1, (11 if row.outcome is None else 20) - cell_len(label))
    head: tuple[Span, ...] = (("     ", "note"), sign, (padded, "label"))
    if width < _STACKED:
        yield (("   ", "note"), sign, (fit(label, width - 5), "label"))
        head = (("     ", "note"),)
    yield from _hang(head, text, width, "part")


def _hang(head: tuple[Span, ...], text: str, width: int, style: str) -> Iterator[tuple[Span, ...]]:
    """Append a text to a head; continuation lines are indented to the text's first column."""
    indent = _span_width(head)
    if indent > width // 2 and indent + 12 > width:
        yield _cut(head, width)
        head, indent = ((" " * 4, "note"),), 4
    for number, piece in enumerate(wrap(safe(text), max(width - indent, 4))):
        yield (*(head if number == 0 else ((" " * indent, "note"),)), (piece, style))


def _cut(spans: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    """Cut spans at a width: a label may be record text of any length."""
    kept: list[Span] = []
    for text, style in spans:
        if width <= 0:
            break
        kept.append((fit(text, width), style))
        width -= cell_len(text)
    return tuple(kept)


def shown(text: str, *, limit: int = ONE_LINE, source: bool = False) -> str:
    """Make record text safe to show; TeX becomes Unicode where that is certain, unless ``source``.

    Only the part that is shown is processed: a record may have a title of any length.
    """
    return safe(text if source else _converted(text, limit), limit=limit)


def _converted(text: str, limit: int) -> str:
    """Convert the text within the limit; the rest, which ``safe`` counts, is left unconverted."""
    if len(text) <= limit:
        return display(text)
    head, space, tail = text[:limit].rpartition(" ")  # do not cut a command in two
    return display(head) + space + tail + text[limit:]


def fit(text: str, width: int) -> str:
    """Cut a safe text to ``width`` cells, ending in an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def _span_width(spans: tuple[Span, ...]) -> int:
    return sum(cell_len(text) for text, _ in spans)
