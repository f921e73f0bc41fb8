"""Identifiers: all common forms are parsed, and refusals give the reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.protocol.identifiers import (
    ARCHIVES,
    Identifier,
    IdentifierError,
    Kind,
    arxiv_month,
    is_arxiv_id,
    parse_identifier,
)
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
        ("2503.11832 [cs.AI]", NEW),
        ("(arXiv:2503.11832v5 [cs.AI]).", NEW_V5),
        ("  2503.11832\n", NEW),
        ("\u00a0\t2503.11832\r\n", NEW),
        ("“2503.11832”;", NEW),
        ("(2503.11832).", NEW),
        ('"2503.11832",', NEW),
        ("<https://arxiv.org/abs/2503.11832>,", NEW),
        ("https://arxiv.org/abs/2503.11832v5", NEW_V5),
        ("http://www.arxiv.org/pdf/2503.11832v5.pdf", NEW_V5),
        ("arxiv.org/abs/2503.11832?context=cs#top", NEW),
        ("HTTPS://ARXIV.ORG/ABS/2503.11832V5", NEW_V5),
        ("https://arxiv.org/pdf/2503.11832.PDF", NEW),
        ("de.arxiv.org/format/2503.11832", NEW),
        ("https://arxiv.org/ps/math/0309136", OLD),
        ("https://arxiv.org/e-print/2503.11832v5", NEW_V5),
        ("https://arxiv.org/src/2503.11832v5/anc/table.txt", NEW_V5),
        ("https://arxiv.org/abs/arXiv:2503.11832/", NEW),
        ("https://arxiv.org/abs/math%2F0309136", OLD),
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
        ("10.48550/arXiv.2503.11832v5", DOI._replace(version=5)),
        ("10.48550/arXiv.math.GT/0309136", Identifier(Kind.DOI, "10.48550/arxiv.math/0309136")),
        ("10.1103/PhysRevD.1.1", Identifier(Kind.DOI, "10.1103/physrevd.1.1")),
        ("(10.1000/A(b)).", Identifier(Kind.DOI, "10.1000/a(b)")),
        ("10.1000/x%29", Identifier(Kind.DOI, "10.1000/x")),
        ("https://doi.org/10.1000/a//b", Identifier(Kind.DOI, "10.1000/a//b")),
        (REAL_NUMBER, FULL),
        (REAL_NUMBER.lower(), FULL),
        (REAL_SUFFIX, BARE),
        (REAL_SUFFIX.lower(), BARE),
        ("OFKRBFYV", SHORT),
        ("pith:ofkrbfyv", SHORT),
        (f"Pith: 2025: {REAL_SUFFIX}", FULL),
        ("22222222", Identifier(Kind.PITH, "22222222")),
        ("OFKRBFYV3HDM", Identifier(Kind.PITH, "OFKRBFYV3HDM")),
        ("OFKRBFYV3HDMS5LL", Identifier(Kind.PITH, "OFKRBFYV3HDMS5LL")),
        (f"\\pithnumber{{{REAL_SUFFIX}}}", BARE),
        (f'"\\pithnumber{{{REAL_NUMBER}}}."', FULL),
        (f"https://pith.science/pith/{REAL_SUFFIX}", BARE),
        (f"https://pith.science/pith/{REAL_NUMBER}.json", FULL),
        (f"https://pith.science/pith/{REAL_SUFFIX}/state.json", BARE),
        (f"pith.science/pith/{REAL_SUFFIX.lower()}/integrity.json", BARE),
        (f"https://www.pith.science/pith/{REAL_SUFFIX}.json", BARE),
        (f"https://pith.science/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://pith.science/.well-known/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://pith.science/pith/{REAL_SUFFIX}/action/timestamp_anchor", BARE),
        (f"https://pith.science/api/pith-number/{REAL_SUFFIX}/graph.json", BARE),
        ("https://pith.science/api/pith-number/resolve?arxiv=2503.11832&json=true", NEW),
        ("https://pith.science/api/pith-number/resolve?json=true&arxiv=math%2F0309136", OLD),
        ("https://pith.science/api/pith-number/resolve?arxiv=arXiv:2503.11832v5", NEW_V5),
        ("https://pith.science/api/pith-number/resolve?doi=10.48550/arXiv.2503.11832", DOI),
        ("https://pith.science/pith/2503.11832/integrity.json", NEW),
        ("https://pith.science/pith/math/0309136/integrity.json", OLD),
        ("https://pith.science/paper/2503.11832v5", NEW_V5),
        ("https://pith.science/paper/OFKRBFYV", SHORT),
        ("https://pith.science/paper/math/0309136", OLD),
        (f"http://127.0.0.1:8765/pith/{REAL_SUFFIX}.json", BARE),
        (f"localhost:8765/pith/{REAL_SUFFIX}", BARE),
        (f"http://[::1]:8765/pith/{REAL_SUFFIX}", BARE),
        ("http://[::1]:8765/paper/OFKRBFYV", SHORT),
        (f"https://mirror.example/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://mirror.example/.well-known/pith/{REAL_SUFFIX}/bundle.json", BARE),
        (f"https://mirror.example/archive/pith/{REAL_SUFFIX}.json", BARE),
    ],
)
def test_common_identifier_forms_are_parsed(text: str, expected: Identifier) -> None:
    assert parse_identifier(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no identifier was given"),
        ("  ", "no identifier was given"),
        ("\u0662\u0665\u0660\u0663.11832", r"digit U\+0662"),
        ("２503.11832", r"U\+FF12"),
        ("2503.11832v0", "count from 1"),
        ("2503.11832v05", "count from 1"),
        ("2503.11832v99999", "so many digits"),
        ("2503.11832v", "a version is"),
        ("math/0309136v1.5", "a version is"),
        ("math/030913", "seven digits"),
        ("250311832", "a point after four"),
        ("2513.11832", "no month 13"),
        ("2500.11832", "no month 00"),
        ("hep-th/9913001", "no month 13"),
        ("hep-th/0801001", "9107 to 0703"),
        ("hep-th/9106001", "9107 to 0703"),
        ("0703.0001", "begin with 0704"),
        ("2503.1183", "5 digits"),
        ("0801.12345", "4 digits"),
        ("2503.118321", "four or five digits"),
        ("0704.00001", "4 digits"),
        ("1412.00001", "4 digits"),
        ("1501.0001", "5 digits"),
        ("math/0704001", "9107 to 0703"),
        ("hepth/9901001", "never had this archive"),
        ("a" * 2000 + "/9901001", "never had this archive"),
        ("arXiv:OFKRBFYV", "an arXiv id is missing"),
        ("https://arxiv.org/abs/OFKRBFYV", "an arXiv id is missing"),
        ("arXiv:", "nothing follows"),
        ("pith:2025:", "after the year are missing"),
        ("pith:2025:OFKR:BFYV", "pith:YEAR:CHARACTERS"),
        ("pith:OFKR-BFYV", "only A–Z and 2–7"),
        ("OFKRBFY1", "1 cannot be in"),
        ("pith:OFKRBFY0", "0 cannot be in"),
        ("OFKRBFYV8HDMS5LLCYR6VZTIT9", "8, 9 cannot be in"),
        ("OFKRBFYV3", "9"),
        ("pith:25:OFKRBFYV3HDMS5LLCYR6VZTITW", "four digits"),
        ("pith:2025:OFKRBFYV", "after the year come 26"),
        ("2503\x1b[2J.11832", r"U\+001B"),
        ("2503\x85.11832", r"U\+0085"),
        ("\x1c2503.11832", r"U\+001C"),
        ("2503.11832\n2503.11833", r"U\+000A"),
        ("\ufeff2503.11832", r"U\+FEFF"),
        ("ofkrbfy\u212a", r"U\+212A"),
        ("math\u20110309136", r"U\+2011"),
        ("\ud800", r"U\+D800"),
        ("\U0001d7d0" * 100, r"digit U\+1D7D0"),
        ("x" * 2049, "2,049 characters"),
        ("10.1000/" + "x" * 300, "DOI of 308 characters"),
        ("10.1000/", "a DOI is"),
        ("10.1000/a%2541", "percent sign"),
        ("https://doi.org/10.1000/a%2541", "percent sign"),
        ("10.48550/arXiv.", "has no arXiv id"),
        ("10.48550/arxiv.nonsense", "has no arXiv id"),
        ("https://example.com/abs/2503.11832", "site and path are not known"),
        ("https://arxiv.org.example.com/abs/2503.11832", "not known"),
        ("https://arxiv.org@example.com/abs/2503.11832", "not known"),
        ("https://notarxiv.org/abs/2503.11832", "not known"),
        ("https://example.com/paper/research", "not known"),
        ("https://example.com/somebody/pith/releases", "not known"),
        ("https://example.com/pith-number/OFKRBFYV/graph.json", "not known"),
        ("math.org/0309136", "not known"),
        ("ftp://arxiv.org/abs/2503.11832", "only http and https"),
        (f"file:///pith/{REAL_SUFFIX}", "only http and https"),
        (f"https:///pith/{REAL_SUFFIX}", "not known"),
        ("https://arxiv.org/list/cs.AI/recent", "names no paper"),
        ("https://pith.science/pith-mirrors.json", "names no paper"),
        ("https://pith.science/api/pith-number/resolve", "names no paper"),
        ("https://arxiv.org/abs/2503.11832%00", "an arXiv id is missing"),
        ("hello world", "not an identifier"),
    ],
)
def test_refused_text_gives_a_reason(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError, match=reason) as caught:
        parse_identifier(text)
    assert caught.value.hint
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("text", "hint"), [("hepth/9901001", "hep-th"), ("OFKRBFY0", "A–Z and 2–7")]
)
def test_near_miss_gets_a_specific_hint(text: str, hint: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_identifier(text)
    assert hint in caught.value.hint


def test_error_quotes_the_input_shortened_and_escaped() -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_identifier("\x1b]0;\u202e" + "x" * 200)
    message = str(caught.value)
    assert "\\x1b]0;\\u202e" in message
    assert message.endswith("x…'")
    assert len(message.partition(": ")[2]) == 83


@pytest.mark.parametrize("raw", partial_records(), ids=lambda raw: json.loads(raw)["pith_number"])
def test_every_alias_of_the_samples_is_parsed(raw: bytes) -> None:
    tree = json.loads(raw)
    source = tree["source"]
    assert is_arxiv_id(source["id"])
    for alias in tree["aliases"]:
        identifier = parse_identifier(alias["alias_value"])
        assert identifier.value == alias["alias_value"].removesuffix(
            f"v{source['version']}" if alias["alias_kind"] == "arxiv_version" else ""
        )
        if alias["alias_kind"] == "doi":
            assert identifier.arxiv == source["id"]
        if alias["alias_kind"] == "arxiv_version":
            assert identifier.version == source["version"]
        assert identifier.kind.value == alias["alias_kind"].partition("_")[0]
    number = parse_identifier(tree["pith_number"])
    assert number.is_full
    assert number.text == tree["pith_number"]


def test_short_form_is_not_a_full_identifier() -> None:
    assert not SHORT.is_full
    assert FULL.is_full
    assert NEW.is_full


@pytest.mark.parametrize(
    ("identifier", "text", "arxiv"),
    [
        (NEW_V5, "2503.11832v5", "2503.11832"),
        (OLD, "math/0309136", "math/0309136"),
        (DOI._replace(version=2), "10.48550/arxiv.2503.11832v2", "2503.11832"),
        (Identifier(Kind.DOI, "10.1000/x"), "10.1000/x", None),
        (FULL, REAL_NUMBER, None),
        (BARE, REAL_SUFFIX, None),
        (SHORT, "pith:OFKRBFYV", None),
    ],
)
def test_identifier_has_text_and_arxiv_id(
    identifier: Identifier, text: str, arxiv: str | None
) -> None:
    assert (identifier.text, identifier.arxiv) == (text, arxiv)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2503.11832", True),
        ("math/0309136", True),
        ("2503.11832v5", False),
        ("MATH/0309136", False),
        ("math.GT/0309136", False),
        ("arXiv:2503.11832", False),
        (" 2503.11832", False),
        ("2503.11832\n", False),
        ("2503.1183", False),
        ("\u0662503.11832", False),
        ("OFKRBFYV", False),
        ("", False),
    ],
)
def test_only_canonical_form_is_an_arxiv_id(text: str, expected: bool) -> None:
    assert is_arxiv_id(text) is expected


def _month(first: int, last: int) -> st.SearchStrategy[str]:
    """Draw a yymm; the bounds count months from 1900-01."""
    return st.integers(first, last).map(lambda n: f"{n // 12 % 100:02}{n % 12 + 1:02}")


def _number(digits: int) -> st.SearchStrategy[str]:
    return st.integers(1, 10**digits - 1).map(lambda n: f"{n:0{digits}}")


_FOUR = st.builds("{}.{}".format, _month(107 * 12 + 3, 114 * 12 + 11), _number(4))
_FIVE = st.builds("{}.{}".format, _month(115 * 12, 199 * 12 + 11), _number(5))
_SLASH = st.builds(
    "{}/{}{}".format,
    st.sampled_from(sorted(ARCHIVES)),
    _month(91 * 12 + 6, 107 * 12 + 2),
    _number(3),
)
_ARXIV_IDS = _FOUR | _FIVE | _SLASH
_NONE: st.SearchStrategy[int | None] = st.none()
_VERSIONS = _NONE | st.integers(1, 9999)
_BASE32 = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _suffix(*lengths: int) -> st.SearchStrategy[str]:
    return st.sampled_from(lengths).flatmap(
        lambda length: st.text(_BASE32, min_size=length, max_size=length)
    )


def _identifiers(
    kind: Kind,
    values: st.SearchStrategy[str],
    versions: st.SearchStrategy[int | None] = _NONE,
    years: st.SearchStrategy[int | None] = _NONE,
) -> st.SearchStrategy[Identifier]:
    return st.builds(Identifier, st.just(kind), values, versions, years)


_IDENTIFIERS = (
    _identifiers(Kind.ARXIV, _ARXIV_IDS, _VERSIONS)
    | _identifiers(Kind.DOI, _ARXIV_IDS.map("10.48550/arxiv.{}".format), _VERSIONS)
    | _identifiers(Kind.PITH, _suffix(26, 16, 12, 8))
    | _identifiers(Kind.PITH, _suffix(26), years=st.integers(0, 9999))
)


@given(
    _IDENTIFIERS,
    st.sampled_from([str, str.upper, str.lower, str.swapcase]),
    st.sampled_from(["{}", "  {}\n", "\t{}.", "({}),", "<{}>", '"{}";', "`{}`", "[{}]"]),
)
def test_every_identifier_is_parsed_from_its_text(
    identifier: Identifier, case: type[str], around: str
) -> None:
    assert parse_identifier(identifier.text) == identifier
    assert parse_identifier(around.format(case(identifier.text))) == identifier


@given(_ARXIV_IDS, _VERSIONS)
def test_every_arxiv_id_is_parsed_from_its_urls(arxiv: str, version: int | None) -> None:
    expected = Identifier(Kind.ARXIV, arxiv, version)
    for form in (
        "arXiv: {} [math.GT]",
        "https://arxiv.org/abs/{}?context=cs#top",
        "www.arxiv.org/pdf/{}.pdf",
        "https://pith.science/paper/{}",
        "https://mirror.example/pith/{}/integrity.json",
        "https://pith.science/api/pith-number/resolve?arxiv={}&json=true",
    ):
        assert parse_identifier(form.format(expected.text)) == expected
        assert parse_identifier(form.format(expected.text.replace("/", "%2F"))) == expected


_PIECES = st.lists(
    st.sampled_from(
        "10.1000/ 10.48550/arXiv. doi: arXiv: pith: 2025: https:// arxiv.org/abs/ doi.org/ "
        "pith.science/pith/ localhost:1/paper/ resolve?arxiv= \\pithnumber{ } ( ) [ ] < > % %29 "
        "%25 %2F / // . , : v v5 2503.11832 math math.GT /0309136 OFKRBFYV [cs.AI] ' \" # ? @ ~ "
        "a é \x1b \x1c".split(" ")
    )
    | st.just(" "),
    max_size=8,
).map("".join)


@given(st.text() | st.from_regex(r"[0-9a-zA-Z:/.v%-]{0,40}", fullmatch=True) | _PIECES)
def test_any_text_is_parsed_or_refused_consistently(text: str) -> None:
    try:
        identifier = parse_identifier(text)
    except IdentifierError:
        return
    assert parse_identifier(identifier.text) == identifier
    assert parse_identifier(f" {identifier.text.upper()}. ") == identifier


@given(st.text(st.characters()).map(lambda text: f"{text}\x7f"))
def test_every_error_message_is_short_and_printable(text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_identifier(text)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


@given(st.from_regex(r"10\.[0-9]{4,9}/[!-~]{1,60}", fullmatch=True))
def test_any_doi_is_parsed_or_refused_consistently(text: str) -> None:
    try:
        identifier = parse_identifier(text)
    except IdentifierError:
        return
    assert parse_identifier(identifier.text) == identifier


def test_prefixed_number_of_wrong_length_is_refused() -> None:
    with pytest.raises(IdentifierError, match="26, 16, 12 or 8 characters, this has 9"):
        parse_identifier("pith:OFKRBFYV3")


@pytest.mark.parametrize(
    ("arxiv_id", "month"),
    [
        ("2606.00001", (2026, 6)),
        ("9912.00001", (2099, 12)),
        ("0704.0001", (2007, 4)),
        ("hep-th/9901001", (1999, 1)),
        ("math/0701001", (2007, 1)),
    ],
)
def test_arxiv_month_is_read_from_an_id(arxiv_id: str, month: tuple[int, int]) -> None:
    assert arxiv_month(arxiv_id) == month
