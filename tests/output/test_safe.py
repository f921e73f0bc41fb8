"""Safe text: whatever could control a terminal is made visible, and nothing else is changed."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.safe import MAX_LENGTH, MAX_LINES, safe
from tests.support import VECTORS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/] text", "plain [/] text"),
        ("Gödel 数学 ∀", "Gödel 数学 ∀"),
        ("\x1b[2J\x1b[1;1HVERIFIED", "␛[2J␛[1;1HVERIFIED"),
        ("\x9b31m", "<U+009B>31m"),
        ("a\nb\tc\rd\x00e\x7f", "a␊b␉c␍d␀e␡"),
        ("\u202edesrever\u202c", "<U+202E>desrever<U+202C>"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\u2028b", "a<U+2028>b"),
        ("\ud800", "<U+D800>"),
        ("\u3164\u2800", "<U+3164><U+2800>"),
        ("\u0301a", "\u25cc\u0301a"),
        ("Z" + "\u0300" * 50 + "a", "Z\u0300\u0300\u0300…a"),
        ("\U000e0041", "<U+E0041>"),
        ("👩\u200d🔬", "👩<U+200D>🔬"),
        ("✓ ✗ ◆ ◇ ◈ ★", "<U+2713> <U+2717> <U+25C6> <U+25C7> <U+25C8> <U+2605>"),
        ("✔\ufe0f ⭐", "<U+2714><U+FE0F> <U+2B50>"),
        ("◊ ⬧ ✭ ⍻", "<U+25CA> <U+2B27> <U+272D> <U+237B>"),
        ("a ≠ b? · c – d", "a ≠ b? · c – d"),
        ("? · ≠ – × → ⋆", "? · ≠ – × → ⋆"),
        ("a\u034f\U000e0100b", "a<U+034F><U+E0100>b"),
    ],
)
def test_text_is_escaped_as_expected(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_lines_are_kept_on_request_and_limited() -> None:
    assert safe("a\r\nb\n", lines=True) == "a\nb\n"
    capped = safe("x\n" * 1000, lines=True)
    assert capped.count("\n") == MAX_LINES
    assert capped.endswith("more lines)")


def test_length_is_limited_and_the_rest_counted() -> None:
    assert safe("x" * (MAX_LENGTH + 7)).endswith("x… (7 more characters)")


@given(st.text(st.characters()))
def test_any_text_becomes_printable_and_escaping_is_idempotent(text: str) -> None:
    shown = safe(text)
    assert shown.isprintable()
    assert not set(shown) & set("✓✗◆◇◈★")
    shown.encode("utf-8")
    assert safe(shown) == shown
    if text.isascii() and text.isprintable():
        assert shown == text


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_ordinary_letters_are_unchanged(text: str) -> None:
    hidden = "\u115f\u1160\u3164\uffa0"
    assert safe(text) == text or any(character in hidden for character in text)


@pytest.mark.shared
def test_naughty_strings_become_printable() -> None:
    for text in json.loads((VECTORS / "blns/blns.json").read_text("utf-8")):
        shown = safe(text)
        assert shown.isprintable()
        assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(character) for character in shown}
