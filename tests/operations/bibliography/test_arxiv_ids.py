"""The ids of an entry: the pitfalls of real files, by the numbers of their list."""

from __future__ import annotations

import pytest

from pith_tui.operations.bibliography.arxiv_ids import arxiv_ids
from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.entries import Entry, Field


def entry(fields: str) -> Entry:
    (read,) = read_bibtex(f"@misc{{key,\n{fields}\n}}").entries
    return read


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # 2: other archives
        ('archivePrefix="ascl", eprint="1208.007"', {}),
        ("eprint={1208.00700}, eprinttype={googlebooks}", {}),
        # 3: URLs in eprint
        ("eprint={http://journal.example.org/1201.3898.pdf}", {}),
        ("eprint={https://arxiv.org/pdf/math/0110247}", {"math/0110247": ("eprint",)}),
        # 4: one id in many places
        (
            "eprint={2311.04272}, doi={10.48550/arXiv.2311.04272}, eid={arXiv:2311.04272},"
            " pages={arXiv:2311.04272}",
            {"2311.04272": ("eprint", "doi", "eid", "pages")},
        ),
        # 5: arXiv is named, but no id
        ("journal={arXiv e-prints}, pages={arXiv--2305}", {}),
        # 6: a bare number belongs to whom the entry names
        ('institution="arXiv", number="1309.2357"', {"1309.2357": ("number",)}),
        ('institution="figshare", number="830442"', {}),
        ("journal={CoRR}, volume={abs/1706.03762}", {"1706.03762": ("volume",)}),
        # 7: a link and its text, with the old subject class
        (
            r"note={\href{http://arxiv.org/abs/math.CT/0608040}{arXiv:math.CT/0608040}}",
            {"math/0608040": ("note",)},
        ),
        # 8: what closes is no part of an id
        ("url={http://arxiv.org/abs/1201.3898/}", {"1201.3898": ("url",)}),
        (r"note={see \url{http://arxiv.org/abs/1201.3898}}", {"1201.3898": ("note",)}),
        ("eprint={1201.3898/}", {"1201.3898": ("eprint",)}),
        # 9: other ways to write it
        ("journal={arXiv preprint math/0409584}", {"math/0409584": ("journal",)}),
        ("eprint={arXiv:1201.3898}", {"1201.3898": ("eprint",)}),
        ("URL={https://arxiv.org/abs/1201.3898v2}", {"1201.3898": ("url",)}),
        ("eprint={9711200}, eprintclass={hep-th}", {"hep-th/9711200": ("eprint",)}),
        # 10: ids of other papers, and of downloads
        (
            "abstract={as in arXiv:1201.3898}, file={arXiv:1201.3898.pdf}, keywords={1201.3898},"
            " annotation={arXiv:1201.3898}",
            {},
        ),
        ("eprint={9711200}, archivePrefix={hep-th}", {"hep-th/9711200": ("eprint",)}),
        ("url={http://xxx.lanl.gov/abs/hep-th/9711200}", {"hep-th/9711200": ("url",)}),
        ("url={https://huggingface.co/papers/1706.03762}", {"1706.03762": ("url",)}),
        ("journal={CoRR, abs/1706.03762}", {"1706.03762": ("journal",)}),
        ("url={https://example.org/abs/1706.03762}", {}),
        ("journal={arXiv preprint no. 1706.03762}", {"1706.03762": ("journal",)}),
        (r"note={arXiv\,:\,1706.03762, arXiv:~1706.03762}", {"1706.03762": ("note",)}),
        (r"note={arXiv:\texttt{1706.03762}}", {"1706.03762": ("note",)}),
        ("note={https://arxiv.org/abs/ 1706.03762}", {"1706.03762": ("note",)}),
        # 15: an undefined macro, and a crossref that hands nothing down
        ("journal=jhep, eprint={1201.3898}", {"1201.3898": ("eprint",)}),
        ("crossref={parent}, title={A chapter}", {}),
        # two papers in one entry
        (
            "eprint={1201.3898}, note={see arXiv:1201.3899}",
            {"1201.3898": ("eprint",), "1201.3899": ("note",)},
        ),
    ],
)  # fmt: skip
def test_ids_of_an_entry_are_found(fields: str, expected: dict[str, tuple[str, ...]]) -> None:
    ids = arxiv_ids(entry(fields))
    assert {named.id: named.where for named in ids.ids} == expected
    assert ids.impossible == ()


def test_crossref_parent_passes_on_neither_id_nor_title() -> None:
    child, parent = read_bibtex(
        "@inproceedings{child, crossref = {parent}}\n"
        "@proceedings{parent, title = {The whole}, eprint = {1201.3898}}\n"
    ).entries
    assert arxiv_ids(child).ids == ()
    assert child.value("title") is None
    assert arxiv_ids(parent).ids


@pytest.mark.parametrize(
    ("fields", "names_arxiv"),
    [
        ("journal={arXiv e-prints}, pages={arXiv--2305}", True),
        ("archivePrefix={arXiv}", True),
        ("journal={Nature}", False),
        ("abstract={on arXiv}", False),
    ],
)
def test_entry_without_an_id_tells_whether_it_names_arxiv(fields: str, names_arxiv: bool) -> None:
    ids = arxiv_ids(entry(fields))
    assert ids.ids == ()
    assert ids.names_arxiv is names_arxiv


def test_versions_are_kept_with_the_id() -> None:
    ids = arxiv_ids(entry("eprint={1201.3898v2}, url={https://arxiv.org/abs/1201.3898}"))
    assert [(named.id, named.versions) for named in ids.ids] == [("1201.3898", (2,))]


@pytest.mark.parametrize("text", ["2513.11832", "0012.1234", "1501.1234"])
def test_impossible_id_is_named_with_the_reason(text: str) -> None:
    ids = arxiv_ids(entry(f"eprint={{{text}}}"))
    assert ids.ids == ()
    assert [(wrong.text, wrong.where) for wrong in ids.impossible] == [(text, ("eprint",))]
    assert ids.impossible[0].reason


def test_bare_old_id_counts_only_in_free_text() -> None:
    text = "J. Maldacena, Adv. Theor. Math. Phys. 2, 231 (1998), hep-th/9711200; cs/nothing"
    free = Entry("", 1, "bibitem", (Field("text", text, 1),), text)
    assert [named.id for named in arxiv_ids(free).ids] == ["hep-th/9711200"]
    assert arxiv_ids(entry(f"note={{{text}}}")).ids == ()


@pytest.mark.parametrize("eprint", ["hep-th/97112000", "hep-th/971120", "1706.03762v"])
def test_near_miss_of_an_id_is_impossible(eprint: str) -> None:
    (impossible,) = arxiv_ids(entry(f"eprint={{{eprint}}}")).impossible
    assert impossible.text == eprint
