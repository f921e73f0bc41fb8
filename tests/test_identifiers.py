"""Identifiers: everything a person has at hand is read, and what is refused says why."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.protocol.identifiers import Identifier, IdentifierError, Kind, parse_identifier
from tests.support import REAL_NUMBER, REAL_SUFFIX, partial_records

NEW = Identifier(Kind.ARXIV, "2503.11832")
NEW_V5 = NEW._replace(version=5)
OLD = Identifier(Kind.ARXIV, "math/0309136")
DOI = Identifier(Kind.DOI, "10.48550/arxiv.2503.11832")
FULL = Identifier(Kind.PITH, REAL_SUFFIX, None, 2025)
BARE = Identifier(Kind.PITH, REAL_SUFFIX)
SHORT = Identifier(Kind.PITH, "OFKRBFYV")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2503.11832", NEW),
        ("2503.11832v5", NEW_V5),
        ("2503.11832V5", NEW_V5),
        ("arXiv:2503.11832", NEW),
        ("ARXIV: 2503.11832", NEW),
        ("arXiv:2503.11832v5 [cs.AI]", NEW_V5),
        ("  2503.11832\n", NEW),
        ("(2503.11832).", NEW),
        ('"2503.11832",', NEW),
        ("<https://arxiv.org/abs/2503.11832>,", NEW),
        ("https://arxiv.org/abs/2503.11832v5", NEW_V5),
        ("http://www.arxiv.org/pdf/2503.11832v5.pdf", NEW_V5),
        ("arxiv.org/abs/2503.11832?context=cs#top", NEW),
        ("https://export.arxiv.org/html/2503.11832", NEW),
        ("https://ar5iv.labs.arxiv.org/html/2503.11832", NEW),
        ("https://www.alphaxiv.org/abs/2503.11832", NEW),
        ("math/0309136", OLD),
        ("math.GT/0309136", OLD),
        ("MATH/0309136", OLD),
        ("math%2F0309136", OLD),
        ("https://arxiv.org/abs/math/0309136", OLD),
        ("https://arxiv.org/pdf/math.GT/0309136v2.pdf", OLD._replace(version=2)),
        ("hep-th/9901001", Identifier(Kind.ARXIV, "hep-th/9901001")),
        ("0704.0001", Identifier(Kind.ARXIV, "0704.0001")),
        ("1412.9999", Identifier(Kind.ARXIV, "1412.9999")),
        ("10.48550/arXiv.2503.11832", DOI),
        ("doi:10.48550/arXiv.2503.11832", DOI),
        ("DOI: 10.48550/ARXIV.2503.11832", DOI),
        ("https://doi.org/10.48550/arXiv.2503.11832", DOI),
        ("https://dx.doi.org/10.48550%2FarXiv.2503.11832", DOI),
        ("10.48550/arxiv.math/0309136", Identifier(Kind.DOI, "10.48550/arxiv.math/0309136")),
        ("10.1103/PhysRevD.1.1", Identifier(Kind.DOI, "10.1103/physrevd.1.1")),
        (REAL_NUMBER, FULL),
        (REAL_NUMBER.lower(), FULL),
        (REAL_SUFFIX, BARE),
        (REAL_SUFFIX.lower(), BARE),
        ("OFKRBFYV", SHORT),
        ("pith:ofkrbfyv", SHORT),
        ("OFKRBFYV3HDM", Identifier(Kind.PITH, "OFKRBFYV3HDM")),
        ("OFKRBFYV3HDMS5LL", Identifier(Kind.PITH, "OFKRBFYV3HDMS5LL")),
        (f"\\pithnumber{{{REAL_SUFFIX}}}", BARE),
        (f"https://pith.science/pith/{REAL_SUFFIX}", BARE),
        (f"https://www.pith.science/pith/{REAL_SUFFIX}.json", BARE),
        (f"https://pith.science/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://pith.science/.well-known/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://pith.science/pith/{REAL_SUFFIX}/action/timestamp_anchor", BARE),
        (f"https://pith.science/api/pith-number/{REAL_SUFFIX}/graph.json", BARE),
        ("https://pith.science/api/pith-number/resolve?arxiv=2503.11832&json=true", NEW),
        ("https://pith.science/pith/2503.11832/integrity.json", NEW),
        ("https://pith.science/paper/OFKRBFYV", SHORT),
        ("https://pith.science/paper/math/0309136", OLD),
        (f"http://127.0.0.1:8765/pith/{REAL_SUFFIX}.json", BARE),
    ],
)
def test_what_people_have_at_hand(text: str, expected: Identifier) -> None:
    assert parse_identifier(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no identifier"),
        ("  ", "no identifier"),
        ("\u0662\u0665\u0660\u0663.11832", r"digit U\+0662"),
        ("２503.11832", r"U\+FF12"),
        ("2503.11832v0", "count from 1"),
        ("2503.11832v05", "count from 1"),
        ("2503.11832v99999", "no version"),
        ("2513.11832", "no month 13"),
        ("2500.11832", "no month 00"),
        ("hep-th/9913001", "no month 13"),
        ("hep-th/0801001", "9107 to 0703"),
        ("hep-th/9106001", "9107 to 0703"),
        ("0703.0001", "begin with 0704"),
        ("2503.1183", "5 digits"),
        ("0801.12345", "4 digits"),
        ("2503.118321", "four or five digits"),
        ("hepth/9901001", "no archive|never had an archive"),
        ("OFKRBFY1", "1 cannot stand"),
        ("pith:OFKRBFY0", "0 cannot stand"),
        ("OFKRBFYV8HDMS5LLCYR6VZTIT9", "8, 9 cannot stand"),
        ("OFKRBFYV3", "9"),
        ("pith:25:OFKRBFYV3HDMS5LLCYR6VZTITW", "four digits"),
        ("pith:2025:OFKRBFYV", "26 with a year"),
        ("2503\x1b[2J.11832", r"U\+001B"),
        ("2503\x85.11832", r"U\+0085"),
        ("x" * 2049, "2,049 characters"),
        ("10.1000/" + "x" * 300, "no DOI"),
        ("10.48550/arxiv.nonsense", "no arXiv id"),
        ("https://example.com/abs/x", "names no record"),
        ("https://arxiv.org/list/cs.AI/recent", "no identifier|no archive|never had"),
        ("hello world", "no identifier"),
    ],
)
def test_what_is_refused_says_why(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError, match=reason) as caught:
        parse_identifier(text)
    assert caught.value.advice
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


def test_a_misspelled_archive_gets_a_hint() -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_identifier("hepth/9901001")
    assert "hep-th" in caught.value.advice


@pytest.mark.parametrize("raw", partial_records(), ids=lambda raw: json.loads(raw)["pith_number"])
def test_every_alias_of_the_samples(raw: bytes) -> None:
    tree = json.loads(raw)
    source = tree["source"]
    for alias in tree["aliases"]:
        found = parse_identifier(alias["alias_value"])
        assert found.value == alias["alias_value"].removesuffix(
            f"v{source['version']}" if alias["alias_kind"] == "arxiv_version" else ""
        )
        if alias["alias_kind"] == "doi":
            assert found.arxiv == source["id"]
    assert parse_identifier(tree["pith_number"]).is_full


def test_a_short_form_is_no_identity() -> None:
    assert not SHORT.is_full
    assert FULL.is_full
    assert NEW.is_full


@given(st.text() | st.from_regex(r"[0-9a-zA-Z:/.v%-]{0,40}", fullmatch=True))
def test_any_text_is_read_or_refused_and_reading_repeats(text: str) -> None:
    try:
        found = parse_identifier(text)
    except IdentifierError:
        return
    assert parse_identifier(found.text) == found
    assert parse_identifier(f" {found.text.upper()}. ") == found
