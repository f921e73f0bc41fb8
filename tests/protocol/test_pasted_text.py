"""Pasted texts: the single work that a text names is recognised; two are refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind
from pith_tui.protocol.pasted_text import MAX_LENGTH, identifier_in
from tests.support import REAL_NUMBER, REAL_SUFFIX

TODAY = date(2026, 11, 28)

BIBTEX = """@misc{liu2025safety,
      title={Safety Mirage: How Spurious Correlations Undermine VLM Safety Fine-Tuning},
      author={Yiwei Chen and others},
      year={2025},
      eprint={2503.11832},
      archivePrefix={arXiv},
      primaryClass={cs.AI},
      url={https://arxiv.org/abs/2503.11832v5},
}"""
DBLP = """@article{DBLP:journals/corr/abs-2503-11832,
  journal = {CoRR}, volume = {abs/2503.11832}, year = {2025},
  url = {https://doi.org/10.48550/arXiv.2503.11832}, doi = {10.48550/ARXIV.2503.11832},
  eprinttype = {arXiv}, eprint = {2503.11832}, pages = {1234--5678} }"""
CITE_AS = (
    "Cite as:\tarXiv:2503.11832 [cs.AI]\n\t(or arXiv:2503.11832v5 [cs.AI] for this version)\n"
    "\thttps://doi.org/10.48550/arXiv.2503.11832\nFocus to learn more"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Stamps and citations
        ("arXiv:2503.11832v5 [cs.AI] 12 Mar 2025", "2503.11832v5"),
        ("arXiv:hep-th/9901001v2  1 Jan 1999", "hep-th/9901001v2"),
        ("arXiv preprint arXiv:2503.11832, 2025", "2503.11832"),
        ("ArXiv e-prints, arXiv:2503.11832 (Mar. 2025).", "2503.11832"),
        ("Chen et al. (2025), arXiv: 2503.11832; see Fig. 3", "2503.11832"),
        ("in preparation, hep-ph/9510424.", "hep-ph/9510424"),
        ("Nucl. Phys. B 480 (1996) 109 [hep-th/9605131].", "hep-th/9605131"),
        ("arXiv:2503.11832 (v5)", "2503.11832v5"),
        ("2503.11832 v5", "2503.11832v5"),
        (CITE_AS, "2503.11832v5"),
        ("What do you think of “2503.11832”?", "2503.11832"),
        ("arXiv：2503.11832（v5）", "2503.11832"),
        ("cs.AI/2503.11832", "2503.11832"),
        ("arXiv:cs.AI/2503.11832v5", "2503.11832v5"),
        ("arXiv2503.11832", "2503.11832"),
        ("arXiv.2503.11832", "2503.11832"),
        ("arXiv-2503.11832v5", "2503.11832v5"),
        # Names in other systems
        ("oai:arXiv.org:2503.11832", "2503.11832"),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001"),
        ("identifier oai:arXiv.org:math/0309136 of OAI", "math/0309136"),
        ("2025arXiv250311832C", "2503.11832"),
        ("2007arXiv0704.0001B", "0704.0001"),
        ("DBLP:journals/corr/abs-2503-11832", "2503.11832"),
        # BibTeX, TeX, Markdown, HTML, JSON
        ("eprint = {2503.11832},", "2503.11832"),
        ('eprint = "hep-th/9901001",', "hep-th/9901001"),
        (BIBTEX, "2503.11832v5"),
        (DBLP, "2503.11832"),
        (r"\href{https://arxiv.org/abs/2503.11832}{arXiv:2503.11832}", "2503.11832"),
        (r"\eprint{arXiv:~2503.11832}", "2503.11832"),
        ("[2503.11832](https://arxiv.org/abs/2503.11832v5)", "2503.11832v5"),
        (
            "[https://arxiv.org/abs/2503.11832](https://arxiv.org/abs/2503.11832)",
            "2503.11832",
        ),
        ("* [Safety Mirage](https://arxiv.org/pdf/2503.11832v5.pdf), 2025", "2503.11832v5"),
        ('<a href="https://arxiv.org/abs/2503.11832">here</a>', "2503.11832"),
        ('{"externalIds": {"ArXiv": "2503.11832"}}', "2503.11832"),
        # Addresses
        ("https://huggingface.co/papers/2503.11832", "2503.11832"),
        ("http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://web.archive.org/web/2025/https://arxiv.org/abs/2503.11832", "2503.11832"),
        ("web.archive.org/web/2025*/arxiv.org/abs/2503.11832v2", "2503.11832v2"),
        (
            "https://web.archive.org/web/2025id_/https://doi.org/10.48550/arXiv.2503.11832",
            "10.48550/arxiv.2503.11832",
        ),
        (f"https://web.archive.org/web/2026/https://pith.science/pith/{REAL_SUFFIX}", REAL_SUFFIX),
        ("https://www.semanticscholar.org/arxiv/2503.11832", "2503.11832"),
        (
            "https://api.semanticscholar.org/graph/v1/paper/arXiv:2503.11832?fields=title",
            "2503.11832",
        ),
        ("https://www.alphaxiv.org/overview/2503.11832v5", "2503.11832v5"),
        ("https://ar5iv.labs.arxiv.org/html/2503.11832", "2503.11832"),
        ("https://export.arxiv.org/api/query?id_list=2503.11832v1", "2503.11832v1"),
        ("https://arxiv.org/search/?query=2503.11832&searchtype=all", "2503.11832"),
        ("arxiv.org/2503.11832", "2503.11832"),
        ("https://arxiv.org/abs/cs.AI/2503.11832", "2503.11832"),
        ("https://arxiv.org/abs/2503.11832).", "2503.11832"),
        ("ftp://arxiv.org/pdf/2503.11832", "2503.11832"),
        ("https://scirate.com/arxiv/2503.11832", "2503.11832"),
        ("https://ui.adsabs.harvard.edu/abs/2025arXiv250311832C/abstract", "2503.11832"),
        ("https://dblp.org/rec/journals/corr/abs-2503-11832.html", "2503.11832"),
        (
            "https://www.google.com/url?q=https%3A%2F%2Farxiv.org%2Fabs%2F2503.11832&usg=AOv",
            "2503.11832",
        ),
        (f"https://mirror.example/pith/{REAL_SUFFIX}.json is a copy", REAL_SUFFIX),
        ("see https://example.com/2504.00001 and arXiv:2503.11832", "2503.11832"),
        # Files
        ("2503.11832v5.pdf", "2503.11832v5"),
        ("2503.11832v5 (1).pdf", "2503.11832v5"),
        ("/home/me/Downloads/2503.11832v5.pdf", "2503.11832v5"),
        (r"C:\papers\2503.11832v5.pdf", "2503.11832v5"),
        ("file:///home/me/2412/2503.11832v5.pdf", "2503.11832v5"),
        ("Chen_2025_2503.11832v5_annotated.pdf", "2503.11832v5"),
        # What cannot be seen, and dashes that are no hyphens
        ("2503.\u200b11832", "2503.11832"),
        ("\ufeff2503.11832\r\n", "2503.11832"),
        ("\u200e2503.11832\u200f", "2503.11832"),
        ("arXiv:\u00a02503.11832\u00a0[cs.AI]", "2503.11832"),
        ("hep\u2013th/9901001", "hep-th/9901001"),
        ("cond\u2010mat/0309136", "cond-mat/0309136"),
        ("cond-\u00admat/0309136", "cond-mat/0309136"),
        # DOIs
        ("doi:10.48550/arXiv.2503.11832 (2025)", "10.48550/arxiv.2503.11832"),
        ("https://doi.org/10.1103/PhysRevD.1.1.", "10.1103/physrevd.1.1"),
        ("Phys. Rev. D 1, 1 (2025), doi:10.1103/PhysRevD.1.1.", "10.1103/physrevd.1.1"),
        (
            "see 10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1.",
            "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1",
        ),
        ("<doi>10.1000/x</doi>", "10.1000/x"),
        ("10.1234/2503.11832", "10.1234/2503.11832"),
        ("10.1000/a,b", "10.1000/a,b"),
        # Pith Numbers
        (f"Pith Number {REAL_NUMBER} (OFKRBFYV)", REAL_NUMBER),
        (f"{REAL_SUFFIX} is {REAL_NUMBER}", REAL_NUMBER),
        (f"{REAL_NUMBER}, https://pith.science/pith/{REAL_SUFFIX}", REAL_NUMBER),
        (f"see \\pithnumber{{{REAL_SUFFIX}}}.", REAL_SUFFIX),
        ("the record OFKRBFYV3HDM there", "pith:OFKRBFYV3HDM"),
        ("see pith:ofkrbfyv.", "pith:OFKRBFYV"),
        ("PREPRINT preprint 23456723 2503.11832", "2503.11832"),
        ("abcdefghijklmnopqrstuvwxyz 2503.11832", "2503.11832"),
    ],
)
def test_single_work_in_a_text_is_recognised(text: str, expected: str) -> None:
    assert identifier_in(text, TODAY).text == expected


def test_id_with_its_own_doi_gives_the_arxiv_id() -> None:
    for text in ("2503.11832 10.48550/arXiv.2503.11832", "10.48550/arXiv.2503.11832 2503.11832"):
        assert identifier_in(text, TODAY) == Identifier(Kind.ARXIV, "2503.11832")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2503.11832 hep-th/9901001", "several works: 2503.11832 and hep-th/9901001"),
        ("2503.11832\n2503.11833", "several works: 2503.11832 and 2503.11833"),
        ("2503.11832,2503.11833", "several works: 2503.11832 and 2503.11833"),
        ("2503.11832/2503.11833", "several works: 2503.11832 and 2503.11833"),
        ("2503.11832\u20132503.11840", "several works: 2503.11832 and 2503.11840"),
        ("2503.11832 2503.11833 2503.11834 2503.11833", "2503.11832, 2503.11833 and 1 more"),
        ("hep-th/9711200, 9802109", "several works: hep-th/9711200 and hep-th/9802109"),
        ("hep-th/9711200v2 and 9802109v3", "hep-th/9711200v2 and hep-th/9802109v3"),
        ("2503.11832v2 2503.11832v5", "versions of one work: 2503.11832v2 and 2503.11832v5"),
        ("2503.11832 2503.11832v2 2503.11832v5", "versions of one work: 2503.11832v2 and"),
        ("2503.11832v2 10.48550/arXiv.2503.11832v5", "versions of one work"),
        ("https://arxiv.org/abs/2503.11832,2504.11111", "works: 2503.11832 and 2504.11111"),
        (
            "https://arxiv.org/abs/2503.11832,https://arxiv.org/abs/2504.11111",
            "works: 2503.11832 and 2504.11111",
        ),
        ("10.1000/a,10.1000/b", "nothing shows that they name one work: 10.1000/a and 10.1000/b"),
        ("arXiv:2503.11832, doi:10.1000/b", "one work: 2503.11832 and 10.1000/b"),
        (f"arXiv:2503.11832 {REAL_NUMBER}", f"one work: 2503.11832 and {REAL_NUMBER}"),
        (f"{REAL_NUMBER} pith:ABCDEFGH", f"several works: {REAL_NUMBER} and pith:ABCDEFGH"),
        (f"pith:2024:{REAL_SUFFIX} {REAL_NUMBER}", f"works: pith:2024:{REAL_SUFFIX} and"),
        # What was meant as an id and is none
        ("2503.11832 2513.11832", "no month 13: '2513.11832'"),
        ("arXiv:2503.1183 [cs.AI] 12 Mar 2025", "5 digits after the point"),
        ("arXiv:2503.118321 [cs.AI] 12 Mar 2025", "four or five digits"),
        ("arXiv:2503.11832v0 [cs.AI] 12 Mar 2025", "count from 1"),
        ("the version 2503.11832vx", "a version is a v and a number"),
        ("see hep-th/0801001.", "run from 9107 to 0703"),
        ("paper pith:OFKRBFY0 there", "0 cannot be in"),
        ("see https://arxiv.org/abs/OFKRBFYV", "an arXiv id is missing"),
        # What does not exist yet
        ("2912.00001", "would be of 2029-12, and today is 2026-11-28: it is not an id yet"),
        ("2612.00001v2", "would be of 2026-12"),
        ("10.48550/arXiv.9912.00001", "would be of 2099-12"),
        ("arXiv:2912.00001 [cs.AI] 1 Dec 2029", "would be of 2029-12"),
        ("2503.11832 2912.00001", "would be of 2029-12"),
        # No id at all
        ("", "no identifier was given"),
        ("\u200b \n", "no identifier was given"),
        ("hello world", "this text names no work"),
        ("Größe und Gewicht", "this text names no work"),
        ("a mass of 1203.456 or 12345.6789", "this text names no work"),
        ("2503.11832.7 and 12503.11832", "this text names no work"),
        ("see cs/2020 and hep-th/12", "this text names no work"),
        ("2503.11832\u00b9", r"digit U\+00B9"),
        ("\uff122503.11832", r"digit U\+FF12"),
        ("2503.11832\udcc3\udca9", r"U\+DCC3"),
        ("2503.11832\u0301", r"U\+0301"),
        ("2503\x1b[2J.11832 2503.11832", r"control character, U\+001B"),
        ("hepth/9901001", "never had this archive"),
        ("x" * (MAX_LENGTH + 1), "16,385 characters"),
        ("https://example.com/abs/2503.11832", "site and path are not known"),
        ("https://arxiv.org.example.com/abs/2503.11832", "not known"),
        ("https://arxiv.org@example.com/abs/2503.11832", "not known"),
        ("see https://example.com/abs/2503.11832", "site and path are not known"),
        ("https://example.com/pith/readme of 2025", "8 characters, this has 6"),
        ("https://arxiv.org/list/cs.AI/recent", "names no paper"),
        ("ftp://example.com/abs/2503.11832", "only http and https"),
        ("math.org/0309136", "not known"),
    ],
)
def test_refused_text_gives_a_reason(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError, match=reason) as caught:
        identifier_in(text, TODAY)
    assert caught.value.hint
    assert str(caught.value).isprintable()


def test_current_month_is_accepted_and_a_future_one_refused() -> None:
    assert identifier_in("2611.00001", TODAY).text == "2611.00001"
    assert identifier_in("math/9901001", date(1999, 1, 1)).text == "math/9901001"
    with pytest.raises(IdentifierError, match="would be of 2007-03"):
        identifier_in("math/0703001", date(2007, 2, 28))


_NEW_IDS = st.builds(
    "{:02}{:02}.{:05}".format, st.integers(15, 25), st.integers(1, 12), st.integers(1, 99999)
)
_OLD_IDS = st.builds(
    "{}/{:02}{:02}{:03}".format,
    st.sampled_from(["hep-th", "math", "cond-mat", "cs"]),
    st.integers(92, 99),
    st.integers(1, 12),
    st.integers(1, 999),
)
_WORKS = _NEW_IDS | _OLD_IDS
_VERSIONS = st.sampled_from(["", "v1", "v2", "v12"])
_FORMS = st.sampled_from(
    [
        "{}", "arXiv:{}", "arXiv: {}", "[{}]", "({}).", "“{}”,", "https://arxiv.org/abs/{}",
        "https://arxiv.org/pdf/{}.pdf", "arxiv.org/abs/{}?context=cs", "10.48550/arXiv.{}",
        "https://doi.org/10.48550/arXiv.{}.", "oai:arXiv.org:{}", "eprint = {{{}}},",
        "[this](https://arxiv.org/abs/{})", "https://web.archive.org/web/2/https://arxiv.org/abs/{}",
        "https://scirate.com/arxiv/{}", '<a href="https://arxiv.org/abs/{}">', "{}.pdf",
    ]
)  # fmt: skip
_FILLERS = st.lists(
    st.sampled_from(
        ["", "see", "arXiv", "preprint", "[cs.AI]", "12 Mar 2025", "pp. 1–12,", "Größe", "COVID",
         "https://example.com/a", "vol. 480", "(1996)", "3.14159", "\u200b", "数学", "10.5", "and",
         "Pith:", "doi", "RESEARCH", "in: hep-th,", "@misc{x25,", "year={2025}", "\u2013"]
    )
    | st.text(st.characters(categories=["Lu", "Ll", "Lo", "Po", "Zs"]), max_size=6),
    max_size=5,
).map(" ".join)  # fmt: skip


@given(_FILLERS, _WORKS, _VERSIONS, _FORMS, _FILLERS)
def test_text_around_one_id_gives_that_id(
    before: str, work: str, version: str, form: str, after: str
) -> None:
    text = f"x {before}\n{form.format(work + version)}\n{after} x"
    assert identifier_in(text, TODAY).text.removeprefix("10.48550/arxiv.") == work + version


@given(_FILLERS, _WORKS, _FORMS, _FILLERS, _WORKS, _FORMS, _FILLERS)
def test_text_with_two_works_names_both_in_the_error(
    before: str, one: str, form: str, between: str, other: str, second_form: str, after: str
) -> None:
    assume(one != other)
    text = f"{before}\n{form.format(one)} {between} {second_form.format(other)}\n{after}"
    with pytest.raises(IdentifierError) as caught:
        identifier_in(text, TODAY)
    assert one in str(caught.value)
    assert other in str(caught.value)


@given(_FILLERS, _WORKS, _FORMS, _FILLERS, _FORMS)
def test_work_named_twice_counts_once(
    before: str, work: str, form: str, between: str, second_form: str
) -> None:
    text = f"{before} {form.format(work)} {between} {second_form.format(work)} ."
    assert identifier_in(text, TODAY).arxiv == work


@given(_WORKS, _FORMS, _FILLERS, _FORMS)
def test_two_versions_of_a_work_are_refused(
    work: str, form: str, between: str, second_form: str
) -> None:
    text = f"{form.format(work + 'v1')} {between} {second_form.format(work + 'v3')} ."
    with pytest.raises(IdentifierError, match="several versions") as caught:
        identifier_in(text, TODAY)
    assert f"{work}v1 and " in str(caught.value)
    assert f"{work}v3" in str(caught.value)


@given(st.text(alphabet="0123456789.v/-:, arXivhepth[]()\u200b\u2013pith2503.11832", max_size=60))
def test_any_text_is_read_or_refused_consistently(text: str) -> None:
    try:
        identifier = identifier_in(text, TODAY)
    except IdentifierError:
        return
    assert identifier_in(identifier.text, TODAY) == identifier


@pytest.mark.parametrize(
    "piece",
    ["a.", "a-", "2503.", ")", "https://", "10.1000/", "hep-th/", "arxiv ", "- ", "1234.5v", "(v"],
)
def test_hostile_text_is_refused_quickly(piece: str) -> None:
    with pytest.raises(IdentifierError):
        identifier_in(piece * (MAX_LENGTH // len(piece)), TODAY)
