"""The report as Markdown, read by a Markdown parser: all checks, and no markup from records."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pith_tui.output.markdown import code, prose, report_markdown
from pith_tui.output.safe import safe
from pith_tui.protocol.reading import read
from pith_tui.protocol.verification import CHECK_IDS
from tests.browser import EVIL, evil_record
from tests.support import real_record

PARSER = MarkdownIt("gfm-like")
EVEN_WORSE = (
    "<script>x</script> | a | `b` ``c`` [d](http://e.org) ![i](x) **b** _e_ ~~s~~ https://e.org "
    "www.e.org evil.com @user me@e.org &amp; <!-- c --> $m$ \\| # h | --- |"
)
TEXTS = st.text(
    st.one_of(st.sampled_from("|`*_[]()<>!#@:/.\\&~-+=$ \nwe"), st.characters(codec="utf-8")),
    max_size=60,
)


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in (token.children or [token])]


def cells(text: str) -> list[list[str]]:
    """Return the rendered text of the cells of every row of the only table."""
    rows: list[list[str]] = []
    for token in PARSER.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level > 3:
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows


def test_report_of_the_real_record_has_sixteen_checks() -> None:
    raw = real_record()
    text = report_markdown(read(raw), "2503.11832", "sample that comes along")
    assert text.startswith("# ✓ VERIFIED\n")
    assert hashlib.sha256(raw).hexdigest() in text
    rows = cells(text)
    numbered = [row for row in rows if row[0].isdigit()]
    assert [row[0] for row in numbered] == [str(n) for n in range(1, len(CHECK_IDS) + 1)]
    assert numbered[2][4].count(json.loads(raw)["canonical_sha256"]) == 2
    assert all(len(row) == 5 for row in rows)


def test_failed_check_is_reported() -> None:
    text = report_markdown(read(b'{"receipt":1,"receipt":2}'), "x", "file x")
    assert text.startswith("# ✗ FAILED\n")
    assert "| 1 | **Record** (required) | ✗ failed |" in text
    assert cells(text)[2][2] == "? undecided"


def test_non_record_is_undecided() -> None:
    text = report_markdown(read(b"{"), "x", "file x")
    assert text.startswith("# ? UNDECIDED\n")
    assert cells(text)[1][2] == "? undecided"


def check_harmless(text: str) -> None:
    """Check that a document has only the markup of reports."""
    kinds = {token.type for token in inline(PARSER.parse(text))}
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "em_open", "s_open"}
    assert all(len(row) == 5 for row in cells(text))
    assert text.replace("\n", "").isprintable()


def test_hostile_text_makes_no_markup() -> None:
    for evil in (EVIL, EVEN_WORSE):
        raw = evil_record(evil)
        check_harmless(report_markdown(read(raw), evil, evil))


@given(TEXTS)
def test_any_text_makes_no_markup(text: str) -> None:
    for raw in (evil_record(text), text.encode()):
        check_harmless(report_markdown(read(raw), text, text))


@given(TEXTS)
def test_prose_and_code_render_as_the_original_text(text: str) -> None:
    shown = safe(text)
    table = f"| a | b |\n|---|---|\n| {prose(text)} | {code(text)} |\n"
    read = cells(table)[1]
    assert read[0].split() == shown.split()
    if shown.strip():
        assert read[1].strip() == shown.strip()
