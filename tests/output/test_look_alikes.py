"""Words with look-alike letters are reported, honest titles are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.look_alikes import mixed_scripts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Albert \u0415instein", "mixes Latin and Cyrillic"),
        ("Safety Mir\u0430ge", "mixes Latin and Cyrillic"),
        ("N\u03bfte on groups", "mixes Latin and Greek"),
        ("A note by \u0421\u0410\u0420\u0415", "is written in Cyrillic"),
        ("\u054dtrings in space", "mixes Latin and Armenian"),
    ],
)
def test_look_alikes_are_reported(text: str, expected: str) -> None:
    assert expected in (mixed_scripts(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain title",
        "Gödel, Erdős and Łukasiewicz",
        "The α-helix at 5 μm and the Ωm of ΛCDM",
        "αβ-crystallin and γγ-collisions, ∀ε>0",
        "The Ο of Landau",
        "Достоевский и математика",
        "Достоевский (Dostoevsky) on mathematics",
        "Περί αριθμών",
        "数学 and 数学",
    ],
)
def test_honest_titles_are_not_suspected(text: str) -> None:
    assert mixed_scripts(text) is None


@given(st.text())
def test_any_text_can_be_examined(text: str) -> None:
    warning = mixed_scripts(text)
    assert warning is None or warning
