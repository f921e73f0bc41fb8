r"""References not in BibTeX: ``\bibitem``, biber's .bbl, Markdown and plain text."""

from __future__ import annotations

import pytest

from pith_tui.errors import UsageError
from pith_tui.operations.bibliography import reading
from pith_tui.operations.bibliography.arxiv_ids import arxiv_ids
from pith_tui.operations.bibliography.entries import Entry, ProblemKind
from pith_tui.operations.bibliography.reading import Format, SourceFile, detect_format
from pith_tui.operations.bibliography.text_titles import title_passages

NATBIB = r"""\begin{thebibliography}{2}
\expandafter\ifx\csname natexlab\endcsname\relax\def\natexlab#1{#1}\fi
\bibitem[{Swinbank \& {de [x] Witt}(2014)Swinbank, J.}]{swinbank}
J.~Swinbank. % arXiv:9999.99999
\newblock Comet: A {VOEvent} broker.
\newblock \emph{arXiv preprint arXiv:1409.4805}, 2014.
\newblock URL \url{http://x.org/a%20b}.

\bibitem{old}
J.~Maldacena, Adv. Theor. Math. Phys. {\bf 2} (1998) 231, hep-th/9711200.

\bibitem{broken
Text.
\end{thebibliography}
After arXiv:1201.3898
"""
REVTEX = r"""\bibitem [{\citenamefont {Swinbank}(2014)}]{swinbank}%
  \BibitemOpen
  \bibfield  {author} {\bibinfo {author} {\bibfnamefont {J.}~\bibnamefont {Swinbank}},\ }%
  \bibfield  {title} {\bibinfo {title} {Comet: A {VOEvent} broker},\ }%
  \href {https://doi.org/10.48550/arXiv.1409.4805} {\ (\bibinfo {year} {2014})},\
  \Eprint {https://arxiv.org/abs/1409.4805} {arXiv:1409.4805 [astro-ph]} \BibitemShut {NoStop}
"""
BIBER = r"""% $ biblatex auxiliary file $
\refsection{0}
  \datalist[entry]{nty/global//global/global}
    \entry{swinbank}{article}{}{}
      \name{author}{2}{}{%
        {{un=0,uniquepart=base,hash=1}{%
           family={Swinbank},
           familyi={S\bibinitperiod},
           given={J.}}}%
        {{un=0,uniquepart=base,hash=2}{%
           family={van der Waals},
           given={J.}}}%
      }
      \list{institution}{1}{%
        {arXiv}%
      }
      \field{title}{Comet: {A} {VOEvent} broker}
      \field{year}{2014}
      \field{eprinttype}{arxiv}
      \verb{eprint}
      \verb 1409.4805
      \endverb
      \keyw{1201.3898}
    \endentry
    \entry{cut}{misc}{}{}
      \field{title}{No end}
"""
MARKDOWN = """# References

Prose that mentions arXiv:1201.3898 in passing.

1. J. Swinbank, *Comet: A VOEvent broker*, [arXiv](https://arxiv.org/abs/1409.4805)
2. A paper that
   goes on, arXiv:1201.3899

- [Reducing C*-algebras](https://arxiv.org/abs/1201.3900) &amp; more

| [Knuth] | 1984 |
|---|---|

[7] Somebody. On something in between. 2001.
"""
PLAIN = """J. Swinbank. Comet: A VOEvent broker. arXiv:1409.4805
Somebody Else. On the second thing, which
goes on. arXiv:1201.3898
"""


def read(text: str) -> tuple[Entry, ...]:
    return SourceFile("file", text.encode()).bibliography.entries


def ids(entry: Entry) -> list[str]:
    return [named.id for named in arxiv_ids(entry).ids]


def test_natbib_thebibliography_is_read() -> None:
    first, old, broken = read(NATBIB)
    assert (first.key, first.line, ids(first)) == ("swinbank", 3, ["1409.4805"])
    assert "Comet: A {VOEvent} broker." in title_passages(first)
    assert "a%20b" in first.fields[0].value
    assert (old.key, ids(old)) == ("old", ["hep-th/9711200"])
    assert title_passages(old) == ()
    assert (broken.key, broken.fields[0].value) == ("", "{broken Text.")
    assert [problem.kind for problem in broken.problems] == [ProblemKind.UNBALANCED]


def test_revtex_bbl_is_read() -> None:
    (entry,) = read(REVTEX)
    assert (entry.key, entry.line, ids(entry)) == ("swinbank", 1, ["1409.4805"])
    assert title_passages(entry) == ("Comet: A {VOEvent} broker",)


def test_biber_bbl_is_read() -> None:
    entry, cut = read(BIBER)
    assert (entry.key, entry.line, entry.kind, ids(entry)) == (
        "swinbank", 4, "article", ["1409.4805"],
    )  # fmt: skip
    assert entry.value("title") == "Comet: {A} {VOEvent} broker"
    assert entry.value("author") == "Swinbank, and van der Waals,"
    assert entry.value("institution") == "arXiv"
    assert (cut.key, cut.value("title")) == ("cut", "No end")
    assert [problem.kind for problem in cut.problems] == [ProblemKind.UNBALANCED]


def test_accent_is_not_a_quotation_mark() -> None:
    (entry,) = read(
        '\\bibitem{k} M. {Ag{\\"u}eros}, Boris {G{\\"a}nsicke}, \\emph{x}, arXiv:1201.3898'
    )
    assert title_passages(entry) == ()
    (entry,) = read('[1] M. M\\"uller, "On M\\"uller and others", arXiv:1201.3898\n')
    assert title_passages(entry) == ('On M\\"uller and others',)


def test_entry_repeated_by_biber_is_read_once() -> None:
    assert [entry.key for entry in read(BIBER + BIBER)] == ["swinbank", "cut"]


def test_markdown_is_read() -> None:
    prose, first, second, third, row, last = read(MARKDOWN)
    assert (prose.kind, ids(prose)) == ("text", ["1201.3898"])
    assert title_passages(prose) == ()
    assert (first.kind, first.key, first.line, ids(first)) == ("item", "1", 5, ["1409.4805"])
    assert "Comet: A VOEvent broker," in first.fields[0].value
    assert (second.key, ids(second)) == ("2", ["1201.3899"])
    assert third.fields[0].value.startswith("Reducing C*-algebras https://arxiv.org/abs/1201.3900")
    assert "& more" in third.fields[0].value
    assert (row.kind, ids(row)) == ("item", [])
    assert (last.key, title_passages(last)) == ("7", ("On something in between.",))


def test_plain_list_is_split_after_its_ids() -> None:
    first, second = read(PLAIN)
    assert (first.kind, first.line, ids(first)) == ("item", 1, ["1409.4805"])
    assert (second.line, ids(second)) == (2, ["1201.3898"])
    assert second.fields[0].value.endswith("which goes on. arXiv:1201.3898")


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace, Alan Turing and Bob Smith, Phys. Rev. D 12 (2012) 123, arXiv:1201.3898",
        "A. Lovelace et al., Journal of High Energy Physics 02, 123 (2012), hep-th/9711200",
        "arXiv:1201.3898",
    ],
)
def test_reference_without_a_title_has_no_passage(text: str) -> None:
    (entry,) = read(f"[1] {text}\n")
    assert title_passages(entry) == ()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("@article{k,\n", Format.BIBTEX),
        ("\ufeff  @ string ( a = {b} )\n", Format.BIBTEX),
        (NATBIB, Format.BBL),
        (BIBER, Format.BBL),
        ("\\documentclass{article}\n\\bibliography{refs}\n", Format.TEX),
        ("Mail me@example.org {x}\n", Format.TEXT),
        ("", Format.TEXT),
    ],
)
def test_format_is_detected_by_content(text: str, form: Format) -> None:
    assert detect_format(text.removeprefix("\ufeff")) is form


def test_mixed_document_has_the_more_frequent_format() -> None:
    assert detect_format("@article{a,\n@article{b,\n" + r"\bibitem{c}") is Format.BIBTEX
    assert detect_format("@article{a,\n" + r"\bibitem{b} \bibitem{c}") is Format.BBL


def test_given_format_overrides_detection() -> None:
    source = "@article{k, title = {T}, eprint = {1201.3898}}\n"
    (entry,) = SourceFile("x", source.encode(), Format.TEXT).bibliography.entries
    assert entry.kind == "text"


def test_document_is_refused_with_its_bibliography_files_named() -> None:
    source = (
        "\\documentclass{x}\n% \\bibliography{no}\n\\bibliography{refs, more.bib}\n"
        "\\addbibresource[location=local]{third.bib}\n"
    )
    with pytest.raises(UsageError, match=r"refs\.bib, more\.bib, third\.bib"):
        SourceFile("paper.tex", source.encode())


def test_pdf_is_refused_with_a_hint() -> None:
    with pytest.raises(UsageError) as error:
        SourceFile("paper.pdf", b"%PDF-1.7\n")
    assert "pdftotext" in error.value.hint


def test_too_large_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_SIZE", 10)
    SourceFile("x", b"0123456789")
    with pytest.raises(UsageError):
        SourceFile("x", b"0123456789a")


def test_stray_bytes_and_duplicates_are_problems_of_the_file() -> None:
    raw = b"@a{k, note = {\xd5}}\n@a{k, note = {x}}\n"
    assert [(item.line, item.kind) for item in SourceFile("x", raw).bibliography.problems] == [
        (1, ProblemKind.STRAY_BYTES),
        (2, ProblemKind.DUPLICATE_KEY),
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_byte_order_mark_sets_the_encoding(encoding: str) -> None:
    text = "\ufeff@a{k,\r\n title = {Müller},\r\n}\r\n"
    bibliography = SourceFile("x", text.encode(encoding)).bibliography
    assert [entry.value("title") for entry in bibliography.entries] == ["Müller"]
    assert bibliography.problems == ()
