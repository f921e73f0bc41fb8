"""A pane of two records: in two columns if there is room, else one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len

from pith_tui.output.cells import wrap
from pith_tui.output.compare import (
    GROUP_MEANINGS,
    NOTHING_DIFFERS,
    Comparison,
    Group,
    Pair,
    Side,
)
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import safe
from pith_tui.output.wording import mark_text
from pith_tui.protocol.marks import Mark
from pith_tui.tui.render.layout import Line, Span, fit, lay_out
from pith_tui.tui.widgets.pane import Pane

_COLUMNS = 60
"""From this width on the two sides are beside each other."""
_WITH_LABEL = 110
"""From this width on the field's name is beside them."""
_WITH_WORDS = 44
"""From this width of a side on its mark is sign and word."""
_MAX_LISTED = 1000
"""Maximum fields listed in a group; a record can have half a million, which nobody reads here."""


class DiffPane(Pane):
    """Shows a comparison, group by group."""

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(title, id=id)
        self._pairs: dict[int, Pair] = {}

    def compare(self, comparison: Comparison) -> None:
        """Show another comparison from its beginning."""
        rows: list[Row] = []
        pairs: dict[int, Pair] = {}
        for group in Group:
            matching = comparison.of(group)
            if matching:
                heading = f"{group.value} ({len(matching):,})"
                rows.append(Row(heading, GROUP_MEANINGS[group], Style.HEADING))
            for pair in matching[:_MAX_LISTED]:
                pairs[len(rows)] = pair
                rows.append(_row(pair))
            if len(matching) > _MAX_LISTED:
                note = f"{len(matching) - _MAX_LISTED:,} more: `pith-tui compare` lists them all"
                rows.append(Row("", note, Style.NOTE))
        if not rows:
            rows.append(Row("", NOTHING_DIFFERS, Style.NOTE))
        self._pairs = pairs
        self.show(rows)

    def lines_for(self, width: int) -> list[Line]:
        """Render pairs in columns, and other rows as the base class does."""
        room = min(max((cell_len(p.label) for p in self._pairs.values()), default=0), width // 3)
        lines: list[Line] = []
        for index, row in enumerate(self.rows):
            pair = self._pairs.get(index)
            if pair is not None:
                lines += [Line(index, spans) for spans in _pair(pair, width, room)]
                continue
            if index and row.style is Style.HEADING:
                lines.append(Line(index, ()))
            lines += [Line(index, line.spans) for line in lay_out([row], width)]
        return lines


def _row(pair: Pair) -> Row:
    """Make the row of a pair, for the cursor, for help and for copying."""
    both = f"{pair.label}\nA: {pair.left.text}\nB: {pair.right.text}"
    text = f"{pair.left.text} → {pair.right.text}"
    mark = pair.left.mark if pair.left.mark is pair.right.mark else None
    return Row(pair.label, text, mark=mark, copy=both)


def _pair(pair: Pair, width: int, room: int) -> Iterator[tuple[Span, ...]]:
    label = safe(pair.label)
    if width < _COLUMNS:
        yield ((fit(label, width), "label"),)
        for lines in _sides(pair, width - 1):
            yield from (((" ", "part"), *spans) for spans in lines)
        return
    beside = width >= _WITH_LABEL
    first = label if beside and cell_len(label) <= room else ""
    if not first:
        yield ((fit(label, width), "label"),)
    indent = room + 2 if beside else 2
    column = (width - indent - 3) // 2
    for left, right in zip_longest(*_sides(pair, column), fillvalue=()):
        gap = " " * (column - sum(cell_len(text) for text, _ in left))
        padded = first + " " * (indent - cell_len(first))
        yield ((padded, "label"), *left, (f"{gap} │ ", "part"), *right)
        first = ""


def _sides(pair: Pair, width: int) -> tuple[Iterator[tuple[Span, ...]], ...]:
    left, right = safe(pair.left.text), safe(pair.right.text)
    same = pair.left.mark is None or pair.right.mark is None or left == right
    one, other = ((0, 0), (0, 0)) if same else changed_parts(left, right)
    return (
        _side("A", pair.left, left, one, width),
        _side("B", pair.right, right, other, width),
    )


def changed_parts(left: str, right: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the start and end, in each text, of what their common first and last words enclose.

    Both are empty if the texts have no such words in common.
    """
    one, other = left.split(" "), right.split(" ")
    most = min(len(one), len(other))
    head = _common(one, other, most)
    tail = _common(one[::-1], other[::-1], most - head)
    if not head and not tail:
        return (0, 0), (0, 0)
    return _between(one, head, tail), _between(other, head, tail)


def _common(one: list[str], other: list[str], most: int) -> int:
    """Count the common first words of two lists."""
    return next((index for index in range(most) if one[index] != other[index]), most)


def _between(parts: list[str], head: int, tail: int) -> tuple[int, int]:
    """Return the start and end of the text between so many first and last words."""
    size = sum(map(len, parts)) + len(parts) - 1
    start = min(sum(len(word) + 1 for word in parts[:head]), size)
    end = size - sum(len(word) + 1 for word in parts[len(parts) - tail :])
    return start, max(start, end)


def _side(
    letter: str, side: Side, text: str, changed: tuple[int, int], width: int
) -> Iterator[tuple[Span, ...]]:
    """Render one side: letter, mark, and the indented value with its changes highlighted."""
    word = width >= _WITH_WORDS
    name = "note" if side.mark is None else side.mark.value
    head = mark_text(side.mark or Mark.SIGNED, with_word=word)
    if side.mark is None:
        head = " " * len(head)
    style = "note" if side.mark is None else "value"
    offset = 0
    lead = f"{letter} "
    for piece in wrap(text, max(width - 2 - cell_len(head), 4)):
        offset = text.find(piece, offset)  # wrapping removes only spaces between the pieces
        start, end = (min(max(edge - offset, 0), len(piece)) for edge in changed)
        parts = ((piece[:start], style), (piece[start:end], "changed"), (piece[end:], style))
        yield ((lead, "part"), (head, name), *(part for part in parts if part[0]))
        lead, head, offset = "  ", " " * cell_len(head), offset + len(piece)
