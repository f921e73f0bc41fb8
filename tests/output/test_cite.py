"""Citations: their content, and that record text cannot inject into a paper or a terminal."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.output.bibtex_names import MAX_AUTHORS, bibtex_name, bibtex_names, split_authors
from pith_tui.output.cite import (
    FORMATS,
    bibtex,
    citation_object,
    latex,
    pith_macro,
    plain,
)
from pith_tui.output.symbols import use_ascii
from pith_tui.output.tex_commands import (
    ACCENTS,
    MATH_ARGUMENTS,
    MATH_NAMES,
    MATH_SYMBOLS,
    SIZES,
    STYLES,
    TEXT_SYMBOLS,
)
from pith_tui.output.tex_source import MAX_LENGTH, to_tex
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from tests.browser import EVIL, evil_record
from tests.registry.records import Paper, SigningKey, build, wire
from tests.support import REAL_NUMBER, REAL_SUFFIX, partial_records, real_record

KEY = SigningKey()
TRUSTED = (PINNED, PublicKey(KEY.key_id, KEY.raw))
HOSTILE = st.text(
    st.one_of(
        st.sampled_from('{}\\%@&#_$^~",\n\r\t\x1b\x00\u202e\u2028 =aAB'),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


def view(raw: bytes) -> CheckedRecord:
    return read(raw, None, TRUSTED)


def viewed(paper: Paper) -> CheckedRecord:
    return view(wire(build(paper, KEY)))


def read_bibtex(text: str) -> dict[str, str]:
    """Read one entry as BibTeX does: every brace counts, whatever precedes it."""
    head, separator, body = re.sub(r"(?m)^@preamble.*\n", "", text).partition("@")
    assert all(line.startswith("% ") for line in head.splitlines())
    assert separator
    opening = body.index("{")
    assert body[:opening] == "misc"
    depth, end = 0, None
    for index, character in enumerate(body):
        depth += (character == "{") - (character == "}")
        if character == "}" and depth == 0:
            end = index
            break
    assert end is not None
    assert body[end + 1 :] == "\n"
    lines = body[opening + 1 : end].splitlines()
    cited: dict[str, str] = {}
    for line in lines[1:]:
        matched = re.fullmatch(r"  ([A-Za-z]+) *= \{(.*)\},", line)
        assert matched, line
        name, value = matched.groups()
        assert is_balanced(re.sub(r"\\.", "", value)), value  # as TeX counts
        assert is_balanced(value), value  # as BibTeX counts
        assert not re.search(r"(?<!\\)(?:\\\\)*%", value), value
        assert name not in cited
        cited[name] = value
    return cited


def is_balanced(value: str) -> bool:
    depth = 0
    for character in value:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def test_real_record_as_bibtex() -> None:
    text = bibtex(view(real_record()))
    fields = read_bibtex(text)
    assert text.splitlines()[5] == "@misc{arXiv:2503.11832,"
    assert fields["author"].startswith("Bingquan Shen and Gaowen Liu and ")
    assert fields["title"].startswith("{Safety Mirage: How Spurious")
    assert fields == {
        **fields,
        "year": "2025",
        "eprint": "2503.11832",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.AI",
        "version": "5",
        "doi": "10.48550/arXiv.2503.11832",
        "url": "https://arxiv.org/abs/2503.11832v5",
        "note": f"Pith Number {REAL_NUMBER}",
    }
    assert "% claimed: author\n" in text
    assert "% signed: eprint, archivePrefix, primaryClass, version" in text
    assert "% proved: title, year, doi, url, note\n" in text
    assert "alphabetical order, as the record has them" in text
    assert "claimed by the service, not signed" in text
    assert "Verification" not in text


def test_all_signed_categories_are_written() -> None:
    cited = viewed(Paper(primary="cs.SE", cross=("cs.HC", "math-ph", "no }category")))
    text = bibtex(cited)
    assert read_bibtex(text)["keywords"] == "cs.SE, cs.HC, math-ph"
    assert "% signed: eprint, archivePrefix, primaryClass, version, keywords, copyright\n" in text
    assert "keywords" not in read_bibtex(bibtex(viewed(Paper(cross=()))))


def test_unverified_record_says_so_in_every_format() -> None:
    tree = json.loads(real_record())
    tree["paper"]["title"] = "Another title"
    cited = view(wire(tree))
    for form in FORMATS.values():
        assert "Verification of this record: FAILED." in form.write(cited)
    assert "% contradicted: title\n" in bibtex(cited)
    unsigned = view(next(raw for raw in partial_records() if b"signature_b64" not in raw))
    assert "Verification of this record: UNDECIDED." in bibtex(unsigned)


def test_latex_citation_and_macro() -> None:
    cited = view(real_record())
    assert pith_macro(cited) == rf"\pithnumber{{{REAL_SUFFIX}}}"
    assert latex(cited).splitlines()[1::2] == [r"\usepackage{pith}", pith_macro(cited)]
    nameless = view(b'{"pith_number": null}')
    assert pith_macro(nameless) is None
    assert "no Pith Number" in latex(nameless)
    assert "@" not in bibtex(nameless)
    assert "% No entry: the record of this record has no title." in bibtex(nameless)
    assert plain(nameless) == "Verification of this record: UNDECIDED. (no title).\n"


def test_plain_citation_is_one_line() -> None:
    cited = viewed(Paper(title=r"On Erd\H{o}s", authors=r"P. Erd\H{o}s"))
    assert plain(cited) == (
        "P. Erdős (authors in alphabetical order; claimed, not signed). On Erdős. "
        "arXiv:2401.00001v1 [cs.SE], 2024. doi:10.48550/arXiv.2401.00001. "
        f"Pith Number {cited.record.pith_number}.\n"
    )


def test_json_citation_has_marks() -> None:
    cited = citation_object(view(real_record()), "bibtex", {"origin": "sample"})
    assert cited["verdict"] == "VERIFIED"
    assert cited["citation"] == bibtex(view(real_record()))
    fields = cited["fields"]
    assert isinstance(fields, dict)
    assert fields["authors"]["mark"] == "claimed"
    assert fields["title"]["mark"] == "proved"
    assert fields["arxiv"] == {"value": "2503.11832v5", "mark": "signed"}
    assert fields["number"] == {"value": REAL_NUMBER, "mark": "proved"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace, Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("B. Old, Jr., C. New", ["B. Old, Jr.", "C. New"]),
        ("A (MIT, Boston), B {x, y}, C", ["A (MIT, Boston)", "B {x, y}", "C"]),
        ("A (open, B", ["A (open, B"]),
        (r"Fr\'ed\'erick T., E. K\"uhrt", [r"Fr\'ed\'erick T.", r"E. K\"uhrt"]),
        (" , ,, ", []),
        ("", []),
    ],
)
def test_authors_are_split_only_between_names(text: str, names: list[str]) -> None:
    assert split_authors(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "A and B Group, C. D, Jr., Others, E",
            "{A and B Group} and D, Jr., C. and {Others} and E",
        ),
        ("Ada Lovelace, and Alan Turing", "Ada Lovelace and Alan Turing"),
        ("Ludwig van Beethoven III", "van Beethoven, III, Ludwig"),
        ("The ATLAS Collaboration, Planck Team", "{The ATLAS Collaboration} and {Planck Team}"),
        (r"P. Erd\H{o}s, \'Emile Z", r"P. Erd{\H{o}}s and {\'{E}}mile Z"),
        ("Nguyễn A", r"Nguy{\~{{\^{e}}}}n A"),
        ("Ada Lovelace, et al.", "Ada Lovelace and others"),
        ("A (MIT, Boston)", "{A (MIT, Boston)}"),
        (r"A_b-\'E, `\o_x", r"{A\_b{-}{\'{E}}} and {[U+0060]{\o}\_x}"),
        (r"A~B_c, \~Nu_x", r"{A B\_c} and {[U+005C]{\textasciitilde}Nu\_x}"),
        ("王 B", "{[U+738B] B}"),
        (r"\input{x}", "{[U+005C]input{x}}"),
        (" , ", ""),
    ],
)
def test_authors_are_formatted_for_bibtex(text: str, names: str) -> None:
    assert bibtex_names(text) == names


@pytest.mark.parametrize(
    ("raw", "source"),
    [
        (r"E. K\"uhrt and $\psi_1^{x}$", r"E. K{\"{u}}hrt and $\psi_{1}^{x}$"),
        ("OP_RETURN, 5% & #1, S^2", r"OP\_RETURN, 5\% \& \#1, S{\textasciicircum}2"),
        (r"5\% \& a\_b \{x\}", r"5\% \& a\_b {\textbraceleft}x{\textbraceright}"),
        ("open { brace", r"open {\textbraceleft} brace"),
        ("close } brace", r"close {\textbraceright} brace"),
        ("ends with \\", r"ends with {\textbackslash}"),
        ("$5 and more", r"\$5 and more"),
        ("$6,000 + $6,800", r"\$6,000 + \$6,800"),
        (r"\ga\ga and", r"{\textbackslash}ga{\textbackslash}ga and"),
        (r"\input{/x}", r"{\textbackslash}input{\textbraceleft}/x{\textbraceright}"),
        ("^^5cinput", r"{\textasciicircum}{\textasciicircum}5cinput"),
        (r"$x\input y$", r"\$x{\textbackslash}input y\$"),
        (r"\Lambda, \mathcal{N}", r"$\Lambda$, $\mathcal{N}$"),
        (r"$\rm H_2O$ {\it x}", r"$\mathrm{H_{2}O}$ {\textit{x}}"),
        (r"a\, {b\,}", r"a{\,{}} {b{\,{}}}"),
        ("$x^a^b$", "$x^{a}{}^{b}$"),
        (r"$\mathrm{a\ }$ $x^{\ }$", r"$\mathrm{a{\ }}$ $x^{{\ }}$"),
        (r"\ensuremath{a\ } ${\rm b\ }$", r"$a{\ }$ ${\mathrm{b{\ }}}$"),
        ("$a$$b$ <|", "$a${}$b$ $<${}$|$"),
        ("ő α 中 \x00\u202e", r"{\H{o}} $\alpha$ [U+4E2D] [U+0000][U+202E]"),
        ("a~b /~x", r"a~b /{\textasciitilde}x"),
        ("two\nlines\x1b[2J", "two lines[U+001B][2J"),
    ],
)
def test_unknown_tex_becomes_text(raw: str, source: str) -> None:
    assert to_tex(raw) == source


def test_unproved_title_is_stated_in_the_note() -> None:
    tree = build(Paper(), KEY)
    tree["paper"]["title"] = "Another title"
    text = bibtex(view(wire(tree)))
    assert "% NOT proved: title\n" in text
    assert read_bibtex(text)["note"].endswith("; title not proved; record FAILED")
    assert "proved" not in read_bibtex(bibtex(viewed(Paper())))["note"]


def test_entry_includes_the_definitions_it_needs() -> None:
    text = bibtex(viewed(Paper(title=r"$\mathbb{Z}$ and ạ")))
    assert "@preamble{{\\providecommand{\\mathbb}[1]{\\mathbf{#1}}}}\n" in text
    assert r"\DeclareUnicodeCharacter{1EA1}{\d{a}}" in text
    assert "@preamble" not in bibtex(viewed(Paper()))


def test_long_title_is_shortened() -> None:
    assert to_tex("x" * 9_999) == "x" * MAX_LENGTH + " [...]"


def test_letters_are_kept_in_ascii_mode() -> None:
    use_ascii(True)
    try:
        assert r"Erd{\H{o}}s" in bibtex(viewed(Paper(authors="Paul Erdős")))
        assert "Erdős" in plain(viewed(Paper(authors="Paul Erdős")))
    finally:
        use_ascii(False)


def test_all_authors_up_to_the_limit_are_listed() -> None:
    authors = ", ".join(f"Author Number{n}" for n in range(MAX_AUTHORS))
    fields = read_bibtex(bibtex(viewed(Paper(authors=authors))))
    assert fields["author"].count(" and ") == MAX_AUTHORS - 1
    assert bibtex_names(authors + ", One More").endswith(f"Number{MAX_AUTHORS - 1}}} and others")


@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_stays_in_its_field(title: str, authors: str, primary: str) -> None:
    cited = viewed(Paper(title=f"{title}x", authors=authors, primary=primary))
    read_bibtex(bibtex(cited))
    for form in FORMATS.values():
        assert all(line.isprintable() for line in form.write(cited).splitlines())
    assert plain(cited).count("\n") == 1


ALLOWED = {
    *ACCENTS, *TEXT_SYMBOLS, *STYLES, *MATH_SYMBOLS, *MATH_NAMES, *MATH_ARGUMENTS, *SIZES,
    "left", "right", "breve", "check", "mathring",
}  # fmt: skip


@given(
    st.lists(
        st.sampled_from(
            ["\\", "^", "^^", "5c", "69", "input", "nput", "in", "put", "write18", "{", "}", " ",
             "%", "\n", "\x1b", "csname", "@", "a", "$", "\\input", "\\^^69nput"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_only_allowed_tex_commands_remain(text: str) -> None:
    for source in (to_tex(text), bibtex_name(text)):
        assert "^^" not in source
        assert "$$" not in source
        assert set(re.findall(r"\\([A-Za-z]+)", source)) <= ALLOWED
        assert is_balanced(source)


@given(HOSTILE)
def test_hostile_records_are_cited_harmlessly(text: str) -> None:
    for raw in (evil_record(text), evil_record(EVIL)):
        cited = view(raw)
        if to_tex(cited.record.title or ""):
            read_bibtex(bibtex(cited))
        for form in FORMATS.values():
            assert (
                form.write(cited).isprintable() or form.write(cited).replace("\n", "").isprintable()
            )


def test_every_sample_can_be_cited() -> None:
    for raw in partial_records():
        cited = view(raw)
        if not cited.record.title:
            assert all(line.startswith("% ") for line in bibtex(cited).splitlines())
            continue
        fields = read_bibtex(bibtex(cited))
        assert re.fullmatch(r"[0-9]{4}", fields["year"])
        assert fields["note"].startswith("Pith Number pith:")


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (Paper(title="The \u0421at in a box"), "Look-alike letters in the title: “\u0421at” mixes"),
        (Paper(authors="Albert \u0415instein"), "Look-alike letters in the author: “\u0415inst"),
        (Paper(title="Gödel's α-helix", authors="Łukasiewicz"), None),
    ],
)
def test_look_alike_letters_are_reported_in_a_comment(paper: Paper, expected: str | None) -> None:
    entry = bibtex(read(wire(build(paper, KEY)), None, TRUSTED))
    comment = [line for line in entry.splitlines() if line.startswith("% Look-alike")]
    assert [line.startswith(f"% {expected}") for line in comment] == [True] * (expected is not None)
