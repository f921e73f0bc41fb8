"""Record text never appears where the program's own text does, whatever it says."""

from __future__ import annotations

import json
import re
from itertools import cycle

import pytest
from markdown_it import MarkdownIt

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.output.as_json import record_object
from pith_tui.output.cells import cell_width
from pith_tui.output.changes import change_rows
from pith_tui.output.cite import FORMATS
from pith_tui.output.compare import Group, Relation, compare, compare_text
from pith_tui.output.export_items import export_items
from pith_tui.output.labels import key_label, path_label, quoted, value_label
from pith_tui.output.links import link_rows, links_of
from pith_tui.output.markdown import report_markdown
from pith_tui.output.panes import PANES, panes_of
from pith_tui.output.plain import record_text, report_text
from pith_tui.output.rows import Row, RowBuilder, Style
from pith_tui.output.symbols import use_ascii
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import MARK_SIGNS
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.strict_json import Path
from pith_tui.tui.render.layout import lay_out
from pith_tui.tui.render.palette import palette_of
from pith_tui.tui.themes import THEMES
from tests.forgery import SIGN, TEXTS, forged_record, other_forged_record
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, NOW, TRUSTED
from tests.support import VECTORS

QUOTED = re.compile(r"“[^“”]*”")
RECORD_STYLES = frozenset({"value", "label", "title", "note", "part", "chosen", "changed"})
OWN_START = re.compile(
    r"\Z| |[◆◇·✗] (?:signed|proved|claimed|contradicted) |[✓✗≠?–] +[0-9]+ "
    r"|[✓✗?] [A-Z]+ |[AB]  [✓✗?] "
)
"""What of the program's a line may begin with: an indent, a mark, a check, a verdict, a side."""
WIDTHS = (20, 38, 60, 78, 100, 158)


@pytest.fixture(scope="module")
def checked() -> CheckedRecord:
    return read(forged_record(), None, TRUSTED)


@pytest.fixture(scope="module")
def other() -> CheckedRecord:
    return read(other_forged_record(), None, TRUSTED)


def every_row(checked: CheckedRecord, other: CheckedRecord) -> list[Row]:
    build = RowBuilder(checked)
    build.add_remaining()
    rows = [row for pane in panes_of(checked) for row in pane]
    return [*rows, *build.flush(), *change_rows(checked, other), *change_rows(other, checked)]


def own_words(text: str) -> str:
    """Return the parts of a text that are not in quotes."""
    return QUOTED.sub("“”", text)


def test_record_keys_and_alias_kinds_are_quoted(
    checked: CheckedRecord, other: CheckedRecord
) -> None:
    rows = every_row(checked, other)
    assert sum(SIGN in row.label for row in rows) > 100
    for row in [*rows, *link_rows(links_of(checked.record))]:
        assert SIGN not in own_words(row.label), row.label


def test_record_text_is_quoted_or_has_its_mark(
    checked: CheckedRecord, other: CheckedRecord
) -> None:
    for row in every_row(checked, other):
        if SIGN not in own_words(row.text):
            continue
        assert row.text.startswith((SIGN, "[", "{")), row  # nothing of the program's before it
        values = row.style is Style.PART and row.outcome is None  # named "signed", "shown" …
        assert row.mark is not None or values, row
        assert row.style in (Style.FIELD, Style.TITLE, Style.BRANCH, Style.PART), row


def test_headings_and_notes_have_no_unquoted_record_text(
    checked: CheckedRecord, other: CheckedRecord
) -> None:
    for row in every_row(checked, other):
        if row.style in (Style.HEADING, Style.NOTE, Style.CHECK):
            assert SIGN not in own_words(f"{row.label} {row.text}"), row


@pytest.mark.parametrize("width", WIDTHS)
def test_record_text_never_has_the_style_of_a_sign_or_heading(
    checked: CheckedRecord, other: CheckedRecord, width: int
) -> None:
    for rows in (*panes_of(checked), change_rows(checked, other)):
        for line in lay_out(rows, width):
            for text, style in line.spans:
                if SIGN in text:
                    assert style in RECORD_STYLES, (text, style)


@pytest.mark.parametrize("theme", THEMES)
def test_no_style_of_record_text_has_the_colour_of_a_mark(theme: str) -> None:
    variables = THEMES[theme].to_color_system().generate() | THEMES[theme].variables
    palette = palette_of(variables)
    signs = ("signed", "proved", "contradicted", "passed", "failed", "conflict", "heading", "link")
    colours = {palette[name].color for name in signs}
    for name in RECORD_STYLES:
        assert palette[name].color not in colours, name


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_of_plain_text_begins_with_record_text(
    checked: CheckedRecord, other: CheckedRecord, width: int
) -> None:
    name = f"{SIGN}{TEXTS[0]} {'漢' * 24}"
    comparison = compare(checked, other)
    texts = (
        report_text(checked, name, name, width),
        record_text(checked, name, width),
        compare_text(comparison, (checked, other), (name, name), width),
    )
    headings = [row.label for pane in panes_of(checked) for row in pane if not row.mark]
    own = (*headings, *(name for _, name in PANES), *(group.value for group in Group), "two ", "─")
    for line in "\n".join(texts).splitlines():
        assert OWN_START.match(line) or line.startswith(own), line


def test_plain_row_of_record_text_has_its_mark(checked: CheckedRecord) -> None:
    heads = tuple(f"{MARK_SIGNS[mark]} {mark.value}" for mark in Mark)
    for line in record_text(checked, "here").splitlines():
        if SIGN in own_words(line) and not line.startswith("    "):
            assert line.startswith(heads), line


def test_verdict_lines_have_no_unquoted_record_text(checked: CheckedRecord) -> None:
    for line in verdict_lines(checked):
        assert SIGN not in own_words(line), line


def test_markdown_has_record_text_only_in_code(checked: CheckedRecord) -> None:
    text = report_markdown(checked, f"{SIGN}{TEXTS[0]}", "here")
    for line in text.splitlines():
        outside = QUOTED.sub("", re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
        assert SIGN not in outside, line


def test_json_has_record_text_only_as_values_and_paths(checked: CheckedRecord) -> None:
    output = record_object(FetchedRecord(checked, Origin.FILE, "here"))
    del output["record"], output["marks"]
    checks = output.pop("checks")
    assert isinstance(checks, list)
    for check in checks:
        for part in check["parts"]:
            del part["values"], part["path"]
        assert SIGN not in own_words(str(check))
    assert SIGN not in own_words(str(output))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("builder_version", "builder_version"),
        ("signed", "“signed”"),
        ("Authors", "“Authors”"),
        ("a”b“", "“a<U+201D>b<U+201C>”"),
        ("", "“”"),
        ("a\n", "“a\n”"),
    ],
)
def test_key_is_formatted_as_a_label(text: str, label: str) -> None:
    assert key_label(text) == label


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("links", "html"), "links.html"),
        (("aliases", 0, "alias_kind"), "aliases[0].alias_kind"),
        (("a b", 1, "passed"), "“a b”[1].“passed”"),
    ],
)
def test_path_is_formatted_as_a_label(path: Path, label: str) -> None:
    assert path_label(path) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2025-03-14T19:52:08Z", "2025-03-14T19:52:08Z"),
        ("cs.AI", "cs.AI"),
        ("two words", "“two words”"),
        ("Verified", "“Verified”"),
        ("", "“”"),
    ],
)
def test_value_is_formatted_as_a_label(text: str, label: str) -> None:
    assert value_label(text) == label


def test_straight_quote_is_escaped_in_ascii_quotations() -> None:
    use_ascii(True)
    try:
        assert quoted('a"b') == "“a<U+0022>b”"
    finally:
        use_ascii(False)
    assert quoted('a"b') == '“a"b”'


def test_record_without_digest_is_compared_and_exported() -> None:
    tree = build(Paper(), KEY)
    tree["canonical_record"]["metadata"]["license"] = 2**60
    undigested = read(wire(tree), None, TRUSTED)
    assert undigested.digest is None
    assert compare(undigested, read(wire(build(Paper(), KEY)))).relation is Relation.NOT_HASHED
    names = [item.id for item in export_items(FetchedRecord(undigested, Origin.FILE, "x"), NOW)]
    assert "bibtex" in names
    assert "digest" not in names


def naughty_strings() -> list[str]:
    path = VECTORS / "blns/blns.json"
    strings: list[str] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [*strings, *TEXTS]


@pytest.mark.shared
def test_naughty_strings_are_inert_in_reports_and_citations() -> None:
    parser = MarkdownIt("gfm-like")
    for text, width in zip(naughty_strings(), cycle((40, 80)), strict=False):
        tree = build(Paper(title=text, authors=f"{text}, {text}"), KEY)
        tree["paper"]["license"] = tree["links"]["html"] = text
        tree["aliases"].append({"alias_kind": text, "alias_value": text, text: text})
        naughty = read(wire(tree), None, TRUSTED)
        for form, writer in FORMATS.items():
            written = writer.write(naughty)
            assert all(line.isprintable() for line in written.splitlines()), (form, text)
            assert written.count("\n@misc") <= 1, text
        report = report_markdown(naughty, text, text)
        assert all(line.isprintable() for line in report.splitlines()), text
        for token in parser.parse(report):
            kinds = {token.type, *(child.type for child in token.children or [])}
            assert not kinds & {"link_open", "image", "html_inline", "html_block"}, text
        for line in record_text(naughty, text, width).splitlines():
            assert line.isprintable(), text
            assert cell_width(line) <= width, text
