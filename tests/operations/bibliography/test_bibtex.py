"""The tolerant BibTeX reader: a broken entry affects no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.operations.bibliography.bibtex import MAX_VALUE, read_bibtex
from pith_tui.operations.bibliography.entries import ProblemKind
from pith_tui.operations.bibliography.source_text import decode

GOOD = "@article{good,\n title = {A good title},\n eprint = {1201.0001}\n}\n"


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("@misc{bad,\n title = {No end,\n year = {2000}\n}\n", ProblemKind.UNBALANCED),
        ('@misc{bad,\n title = "No end,\n year = "2000"\n}\n', ProblemKind.UNBALANCED),
        ("@misc{bad,\n title = {Too many}},\n year = {2000}\n}\n", ProblemKind.UNBALANCED),
        ("@misc{bad,\n title = {T} year = {2000}\n}\n", ProblemKind.MISSING_COMMA),
        ("@misc{bad\n title = {T}, year = {2000}\n}\n", ProblemKind.MISSING_COMMA),
        ("@misc{bad,\n title = {T}, title = {U}, year = 2000\n}\n", ProblemKind.REPEATED_FIELD),
        ("@misc{bad,\n ?? nothing\n year = 2000\n}\n", ProblemKind.MALFORMED),
    ],
)
def test_bad_entry_does_not_affect_the_others(bad: str, kind: ProblemKind) -> None:
    first, second, third = read_bibtex(GOOD.replace("good,", "before,") + bad + GOOD).entries
    assert (first.key, second.key, third.key) == ("before", "bad", "good")
    assert kind in [problem.kind for problem in second.problems]
    assert second.line == 5
    assert second.value("year") == "2000"
    assert first.problems == third.problems == ()
    assert third.value("title") == "A good title"


def test_duplicates_are_both_read_and_reported_with_both_lines() -> None:
    read = read_bibtex(GOOD + GOOD.replace("good,", "Good,"))
    assert [entry.line for entry in read.entries] == [1, 5]
    (problem,) = read.problems
    assert (problem.kind, problem.line, problem.other_line) == (ProblemKind.DUPLICATE_KEY, 5, 1)


def test_comments_are_skipped_and_macros_expanded() -> None:
    read = read_bibtex(
        "@Comment text without braces\n@Comment{jabref-meta: x;}\n@string{a = {1} # {2}}\n"
        "@article(k, journal = jhep, note = a # {3}, title = {5% of it})\n" + GOOD
    )
    first = read.entries[0]
    assert [first.value(name) for name in ("journal", "note", "title")] == [
        "jhep",
        "123",
        "5% of it",
    ]
    assert read.entries[1].key == "good"


def test_entries_in_a_comment_are_reported() -> None:
    read = read_bibtex("@comment{\n" + GOOD + "}\n")
    assert read.entries == ()
    assert [problem.kind for problem in read.problems] == [ProblemKind.COMMENTED_OUT]


def test_macro_expansion_is_limited() -> None:
    text = "@string{a0 = {xxxxxxxxxx}}\n" + "".join(
        f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60)
    )
    entry = read_bibtex(text + "@misc{k, note = a12 # a12 # a12 # a12 # a12}").entries[0]
    assert [problem.kind for problem in entry.problems] == [ProblemKind.TOO_LONG]
    assert entry.fields == ()
    assert MAX_VALUE < 5 * 10 * 2**12  # what was asked for


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_endings_byte_order_mark_and_stray_bytes_are_read(end: bytes) -> None:
    raw = b"\xef\xbb\xbf" + GOOD.replace("good t", "go\0d t").encode().replace(b"\n", end)
    source = decode(raw.replace(b"\0", b"\xd5"))
    assert [problem.line for problem in source.problems] == [2]
    assert read_bibtex(source.text).entries[0].value("title") == "A go\ufffdd title"


@given(
    st.lists(st.sampled_from(["@a{", "{", "}", '"', "=", ",", "k", "\n", "#", "@comment{", "%"]))
)
def test_any_text_keeps_the_next_entry_or_reports_a_problem(pieces: list[str]) -> None:
    read = read_bibtex("".join(pieces) + "\n" + GOOD)
    assert read.entries[-1].key == "good" or read.problems
