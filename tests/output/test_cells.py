"""Widths in cells: no line is too long, no record text is at column 0, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pith_tui.output.cells import cell_width, hang, wrap
from pith_tui.output.safe import safe

WIDTHS = st.sampled_from([40, 80, 120])
CHARACTERS = st.one_of(st.characters(), st.sampled_from(" 漢字\u0301\u202e\u2028\t\n✓◆"))
TEXTS = st.text(CHARACTERS).map(safe)


@given(TEXTS)
def test_cell_width_is_an_upper_bound(text: str) -> None:
    assert cell_len(text) <= cell_width(text)


@given(TEXTS, WIDTHS)
def test_wrapping_loses_only_spaces(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, TEXTS, WIDTHS)
def test_continuation_lines_are_indented(label: str, text: str, width: int) -> None:
    first, *rest = hang(f"· claimed  {label} ", text, width)
    assert first.startswith("·")
    assert all(line.startswith(" ") for line in rest)
    assert all(cell_len(line) <= width for line in (first, *rest))


@pytest.mark.parametrize("label", ["漢" * 24, " " * 73, "x" * 100, "漢 " * 50])
def test_long_label_is_wrapped_and_its_text_indented(label: str) -> None:
    lines = hang(f"· claimed  {label} ", "✓ VERIFIED", 80)
    assert all(cell_len(line) <= 80 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
