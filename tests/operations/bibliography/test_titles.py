"""Comparing titles: every spelling of a title matches it, and no other title does."""

from __future__ import annotations

import pytest

from pith_tui.operations.bibliography.titles import (
    Comparison,
    compare_titles,
    contains_title,
    differing_words,
)
from tests.bibliographies import entries_of_both, plain_title

TITLE = "Comet: A VOEvent broker"


@pytest.mark.parametrize(
    ("written", "signed"),
    [
        (TITLE, TITLE),
        ("{Comet: A VOEvent broker}", TITLE),
        ("{{Comet: A VOEvent broker}}", TITLE),
        ("{C}omet: {A} {VOE}vent broker", TITLE),
        ("COMET: a voevent BROKER.", TITLE),
        ("Comet : A VOEvent broker", TITLE),
        (r"On the Erd\H{o}s--R\'enyi Model", "On the Erdős–Rényi Model"),
        (r"On the {Erd{\H o}s}-R{\'e}nyi Model", "On the Erdős–Rényi Model"),
        ("An “efficient” ﬁlter", 'An "efficient" filter'),
        ("An ``efficient'' filter", 'An "efficient" filter'),
        ("The reader’s guide", "The reader's guide"),
        (r"Search for $\Lambda$ in $B \to K$", r"Search for $\Lambda$ in $B \to K$"),
        (r"Cosmology with $\Lambda$CDM", "Cosmology with ΛCDM"),
        ("M\u00fcller", "Mu\u0308ller"),
        (r"Profit \& Loss", "Profit & Loss"),
        (r"100\% of it", "100% of it"),
        ("Deep Resid\u00adual\u200b Learning", "Deep Residual Learning"),
        (r"Deep Re\-sid\-ual\\ {\relax L}earning\/", "Deep Residual Learning"),
        (
            r"{\normalfont Deep} \textnormal{Residual}\ \uppercase{l}earning",
            "Deep Residual Learning",
        ),
        (r"\texttt{OP_RETURN}, OP\textunderscore{}RETURN", "OP_RETURN, OP_RETURN"),
        (r"AdS\slash CFT", "AdS/CFT"),
        (r"Model of \(\psi(4260)\)", r"Model of $\psi(4260)$"),
        (r"$B \to K \mu^+ \mu^-$ decays", r"$B\rightarrow K\mu^{+}\mu^{-}$ decays"),
        (r"$pp$ at $\sqrt{s} = 13\,\text{TeV}$", r"$pp$ at $\sqrt s=13$TeV"),
        (r"$\sqrt{s}$ = 13 TeV", r"$\sqrt{s}=13$ TeV"),
        (r"${\cal N} = 4$ SYM", r"$\mathcal{N}=4$ SYM"),
        (r"The ring $\mathbb{Z}_2$", "The ring ℤ₂"),
        (r"CO$_2$ at 10$^{-3}$ bar", "CO₂ at 10⁻³ bar"),
        (r"CO\textsubscript{2} at 20$^\circ$", "CO<sub>2</sub> at 20°"),
        ("A 5 µm survey", r"A 5 $\mu$m survey"),
        ("R&amp;D in <i>Drosophila</i>, R{\\&}amp;D", r"R\&D in Drosophila, R&D"),
    ],
)
def test_titles_are_the_same(written: str, signed: str) -> None:
    assert compare_titles(written, signed) is Comparison.SAME
    assert compare_titles(signed, written) is Comparison.SAME


@pytest.mark.parametrize(
    ("written", "signed"),
    [
        ("Programming in C", "Programming in C++"),
        ("Advances in 2D materials", "Advances in 3D materials"),
        ("Part 1", "Part I"),
        (r"CO$_2$ at $10^{-3}$ bar", r"CO$_3$ at $10^{-3}$ bar"),
        (r"CO$_2$ at $10^{-3}$ bar", r"CO$_2$ at $10^{-4}$ bar"),
        ("Of x² and y", "Of x2 and y"),
        (r"Of $x_1$ and y", r"Of $x^1$ and y"),
        (r"Of $\sqrt[3]{x}$ and y", r"Of $\sqrt{x}$ and y"),
        (r"Of $\frac{a+b}{c}$ and y", r"Of $a+\frac{b}{c}$ and y"),
        ("Where a < b", "Where a > b"),
        ("Энергия", "Energija"),
        ("Aнализ", "Анализ"),  # a Latin A
        (r"Search for $\Lambda$", r"Search for $\Sigma$"),
        (r"The \foo{} of it", r"The \bar{} of it"),
        ("Attention is all you need", "Attention is not all you need"),
        ("", TITLE),
    ],
)
def test_titles_are_different(written: str, signed: str) -> None:
    assert compare_titles(written, signed) is Comparison.OTHER


@pytest.mark.parametrize(
    ("written", "signed", "expected"),
    [
        ("Simple Application Messaging Protocol Version 1.3",
         "IVOA Recommendation: SAMP - Simple Application Messaging Protocol Version 1.3",
         Comparison.PART),
        ("One two three four: a subtitle", "One two three four", Comparison.PART),
        ("Two three", "One two three four", Comparison.OTHER),
        ("One two three", "One two three four", Comparison.OTHER),
        ("two three four five", "One twotwo three four five", Comparison.OTHER),
    ],
)  # fmt: skip
def test_partial_title_needs_four_words(written: str, signed: str, expected: Comparison) -> None:
    assert compare_titles(written, signed) is expected
    assert compare_titles(signed, written) is expected


@pytest.mark.shared
def test_real_titles_match_only_themselves() -> None:
    titles = list(dict.fromkeys(title for entry in entries_of_both() if (title := entry.title)))
    folded = [plain_title(title).casefold() for title in titles]
    for index, title in enumerate(titles):
        assert compare_titles(title, plain_title(title)) is Comparison.SAME
        for other in range(index):
            if compare_titles(title, titles[other]) is Comparison.SAME:
                # Alike but for what is folded: the same paper cited from two sources.
                assert folded[index].rstrip(".") == folded[other].rstrip(".")


@pytest.mark.shared
def test_one_changed_content_word_makes_a_different_title() -> None:
    for entry in entries_of_both():
        title_words = plain_title(entry.title or "").split()
        for position, word in enumerate(title_words):
            if sum(map(str.isalnum, word)) < 3 or "\\" in word or "$" in word:
                continue
            changed = [*title_words[:position], "zebrafish", *title_words[position + 1 :]]
            assert compare_titles(entry.title or "", " ".join(changed)) is not Comparison.SAME


@pytest.mark.parametrize(
    "text",
    [
        f"J. D. Swinbank, {TITLE}, Astron. Comput. 7, 12 (2014), arXiv:1409.4805",
        "J. Swinbank. Comet: a VOEvent broker. arXiv:1409.4805",
        r"Swinbank, J. \newblock {Comet: A {VOEvent} broker}. \newblock {\em arXiv}",
        r"\bibinfo {title} {Comet: {A} {VOEvent} broker}, arXiv",
        "“Comet: A VOEvent broker,” 2014",
        "".join(
            [r"Ren{\'e} {Nobody}, " * 400, r"\emph{{Comet: {A} VOEvent broker}}, \apjs (2014)"]
        ),
    ],
)
def test_free_text_contains_the_title(text: str) -> None:
    assert contains_title(text, TITLE)


def test_words_hyphenated_at_line_ends_are_joined() -> None:
    title = "A Non-Linear Theory of 2-3 Black Holes"
    assert contains_title("X. A non-lin- ear theory of 2-3 black holes. 2024", title)
    assert contains_title("X. A non- linear the- ory of 2-3 black holes. 2024", title)
    assert not contains_title("X. A non-lin- ear theory of 23 black holes. 2024", title)
    assert not contains_title("X. A nonlinear theory of 2-3 black holes. 2024", title)


def test_title_with_an_unknown_macro_is_found_as_written() -> None:
    title = r"A Survey of \raisebox{-0.5ex}{10} Galaxies"
    assert contains_title(rf"A.~Author, \emph{{{{{title}}}}}, \aap (2015)", title)
    assert not contains_title(rf"A.~Author, \emph{{{{{title}}}}}", title.replace("10", "11"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "J. Swinbank. Comet: a VOEvent server. arXiv:1409.4805",
        "Comet: A VOEvent brokerage",
        r"Comet: A \unknown{x} VOEvent broker",
    ],
)
def test_free_text_does_not_contain_the_title(text: str) -> None:
    assert not contains_title(text, TITLE)
    assert not contains_title(text, "")


def test_differing_words_are_marked() -> None:
    entry, record = differing_words("{A Short {VOEvent} Title}", "A Long VOEvent title")
    assert [(word.text, word.differs) for word in entry] == [
        ("A", False), ("Short", True), ("{VOEvent}", False), ("Title", False),
    ]  # fmt: skip
    assert [word.text for word in record if word.differs] == ["Long"]


def test_hostile_title_is_compared_in_bounded_time() -> None:
    deep = "{" * 5000 + "x" + "}" * 5000
    assert compare_titles(deep, "x") is Comparison.SAME
    assert compare_titles(r"\a" * 5000, TITLE) is Comparison.OTHER
    first, _ = differing_words("a " * 100_000, "b " * 100_000)
    assert len(first) == 500
