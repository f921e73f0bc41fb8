"""Verification: the real records are verified, and each change is detected by its check."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.marks import Mark, marks
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Check, Outcome, Reason, Report, Verdict, verdict_of
from pith_tui.protocol.verification import CHECK_IDS
from tests.registry.records import Paper, SigningKey, build, resign, wire
from tests.stored import verify
from tests.support import REAL_NUMBER, REAL_SUFFIX, partial_records, real_record

Json = dict[str, Any]
PASSED, FAILED, CONFLICT, UNDECIDED, ABSENT = Outcome


def real() -> Json:
    tree: Json = json.loads(real_record())
    return tree


def outcome(tree: Json, check_id: str, asked: str | None = None) -> Outcome:
    return report(tree, asked).check(check_id).outcome


def report(tree: Json, asked: str | None = None) -> Report:
    return verify(wire(tree), None if asked is None else parse_identifier(asked))


# The real record


@pytest.mark.parametrize(
    "asked", ["2503.11832", "2503.11832v5", "10.48550/arXiv.2503.11832", REAL_NUMBER, REAL_SUFFIX]
)
def test_real_record_is_verified(asked: str) -> None:
    result = verify(real_record(), parse_identifier(asked))
    assert result.verdict is Verdict.VERIFIED
    assert [c.outcome for c in result.checks] == [PASSED] * 10 + [UNDECIDED] + [PASSED] * 5
    assert result.check("abstract").reason is Reason.EXCERPT


def test_checks_have_a_fixed_order_and_number() -> None:
    result = verify(real_record())
    assert tuple(check.id for check in result.checks) == CHECK_IDS
    required = {
        check.id
        for check in verify(real_record(), parse_identifier(REAL_NUMBER)).checks
        if check.required
    }
    assert required == {"record", "asked", "digest", "number", "signature"}


def test_record_needs_no_match_when_nothing_was_asked_for() -> None:
    result = verify(real_record())
    assert result.check("asked").outcome is ABSENT
    assert result.check("asked").required is False
    assert result.verdict is Verdict.VERIFIED


@pytest.mark.parametrize("asked", ["2503.11833", "2503.11832v4", "pith:AAAAAAAA", "hep-th/9901001"])
def test_record_other_than_the_one_asked_for_fails(asked: str) -> None:
    result = verify(real_record(), parse_identifier(asked))
    assert result.check("asked").outcome is FAILED
    assert result.verdict is Verdict.FAILED


def test_short_form_matches_as_a_prefix() -> None:
    result = verify(real_record(), parse_identifier("ofkrbfyv"))
    assert result.check("asked").outcome is PASSED
    assert result.check("asked").reason is Reason.BEGINS_SO


def test_unsigned_doi_is_undecided() -> None:
    tree = real()
    tree["aliases"][2]["alias_value"] = "10.1000/other"
    result = report(tree, "10.1000/other")
    assert result.check("asked").outcome is UNDECIDED


# The partial records


@pytest.mark.parametrize("raw", partial_records(), ids=lambda raw: json.loads(raw)["pith_number"])
def test_partial_record_fails_no_check(raw: bytes) -> None:
    tree = json.loads(raw)
    result = verify(raw, parse_identifier(tree["source"]["id"]))
    assert result.count(FAILED) == 0
    is_signed = "canonical_record" in tree and "signature_b64" in tree.get("receipt", {})
    assert result.verdict is (Verdict.VERIFIED if is_signed else Verdict.UNDECIDED)
    if "canonical_record" in tree:
        for check_id in ("asked", "digest", "number", "year"):
            assert result.check(check_id).outcome is PASSED
    else:
        assert result.check("digest").outcome is UNDECIDED
        assert result.check("number").outcome is PASSED
        assert result.check("asked").outcome is UNDECIDED
    if "signature_b64" in tree.get("receipt", {}):
        assert result.check("signature").outcome is PASSED


def test_number_of_signed_and_canonical_samples() -> None:
    every = [real_record(), *partial_records()]
    reports = [verify(raw) for raw in every]
    assert sum(r.check("signature").outcome is PASSED for r in reports) == 8
    assert sum(r.check("digest").outcome is PASSED for r in reports) == 63


def test_record_without_canonical_record_has_only_claimed_values() -> None:
    tree = real()
    del tree["canonical_record"]
    record, result = Record(wire(tree)), report(tree)
    assert result.check("signature").outcome is PASSED
    assert result.verdict is Verdict.UNDECIDED
    assert set(marks(record, result).values()) == {Mark.CLAIMED}


# Changes


def title(tree: Json) -> None:
    tree["paper"]["title"] = tree["graph_snapshot"]["paper"]["title"] = "Another Title"


def licence(tree: Json) -> None:
    tree["paper"]["license"] = tree["graph_snapshot"]["paper"]["license"] = "public domain"


def category(tree: Json) -> None:
    tree["paper"]["primary_cat"] = tree["graph_snapshot"]["paper"]["primary_cat"] = "cs.CR"


def cross_list(tree: Json) -> None:
    tree["paper"]["cross_cats"] = tree["graph_snapshot"]["paper"]["cross_cats"] = ["math.LO"]


def shown_version(tree: Json) -> None:
    tree["source"]["version"] = tree["graph_snapshot"]["source"]["version"] = 4


def version_as_float(tree: Json) -> None:
    tree["source"]["version"] = tree["graph_snapshot"]["source"]["version"] = 5.0


def doi_alias(tree: Json) -> None:
    tree["aliases"][2]["alias_value"] = "10.48550/arxiv.2503.11833"


def short_alias(tree: Json) -> None:
    tree["aliases"][5]["alias_value"] = "AAAAAAAA"


def year(tree: Json) -> None:
    tree["pith_number"] = tree["pith_number"].replace("2025", "2024")


def number(tree: Json) -> None:
    tree["pith_number"] = "pith:2025:AAAAAAAAAAAAAAAAAAAAAAAAAA"


def short_number(tree: Json) -> None:
    tree["short_pith_number"] = "pith:AAAAAAAA"


def signed_field(tree: Json) -> None:
    tree["canonical_record"]["metadata"]["license"] = ""


def added_signed_field(tree: Json) -> None:
    tree["canonical_record"]["note"] = "retracted"


def stated_digest(tree: Json) -> None:
    tree["canonical_sha256"] = "0" * 64


def receipt_digest(tree: Json) -> None:
    tree["receipt"]["canonical_sha256"] = "0" * 64


def signature_bit(tree: Json) -> None:
    tree["receipt"]["signature_b64"] = "A" + tree["receipt"]["signature_b64"][1:]


def signature_spelling(tree: Json) -> None:
    # The same 64 bytes: only the unused bits of the last digit differ.
    tree["receipt"]["signature_b64"] = tree["receipt"]["signature_b64"].replace("oDQ==", "oDR==")


def signature_length(tree: Json) -> None:
    tree["receipt"]["signature_b64"] = "AAAA"


def algorithm(tree: Json) -> None:
    tree["receipt"]["algorithm"] = "ed448"


def signed_message(tree: Json) -> None:
    tree["receipt"]["signed_message"] = "canonical_sha256_hex"


def key_name(tree: Json) -> None:
    tree["receipt"]["key_id"] = "pith-v2"


def claims(tree: Json) -> None:
    tree["graph_snapshot"]["claims"]["snapshot_sha256"] = "0" * 64


def findings(tree: Json) -> None:
    tree["graph_snapshot"]["integrity"]["findings"] = [{"severity": "critical"}]


def citation_count(tree: Json) -> None:
    tree["verification_status"]["citation_signatures"] = 3


def graph_copy(tree: Json) -> None:
    tree["graph_snapshot"]["paper"]["authors_text"] = "Somebody Else"


@pytest.mark.parametrize(
    ("change", "check_id", "expected"),
    [
        (title, "title", FAILED),
        (licence, "paper", FAILED),
        (category, "paper", FAILED),
        (cross_list, "paper", FAILED),
        (shown_version, "paper", FAILED),
        (version_as_float, "paper", PASSED),
        (doi_alias, "aliases", FAILED),
        (short_alias, "aliases", FAILED),
        (year, "year", FAILED),
        (number, "number", FAILED),
        (short_number, "number", FAILED),
        (signed_field, "digest", FAILED),
        (signed_field, "signature", FAILED),
        (added_signed_field, "digest", FAILED),
        (stated_digest, "digest", FAILED),
        (receipt_digest, "copies", FAILED),
        (signature_bit, "signature", FAILED),
        (signature_spelling, "signature", UNDECIDED),
        (signature_length, "signature", UNDECIDED),
        (algorithm, "receipt", UNDECIDED),
        (algorithm, "signature", UNDECIDED),
        (signed_message, "receipt", UNDECIDED),
        (key_name, "key", CONFLICT),
        (claims, "snapshots", CONFLICT),
        (findings, "snapshots", UNDECIDED),
        (citation_count, "status", CONFLICT),
        (graph_copy, "graph", CONFLICT),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(value),
)
def test_change_is_detected_by_its_check(
    change: Callable[[Json], None], check_id: str, expected: Outcome
) -> None:
    tree = real()
    change(tree)
    result = report(tree, "2503.11832")
    assert result.check(check_id).outcome is expected
    if expected is FAILED:
        assert result.verdict is Verdict.FAILED
    elif result.check(check_id).required:
        assert result.verdict is Verdict.UNDECIDED
    assert (check_id in result.conflicts) == (expected is CONFLICT)


def test_changed_signed_field_with_recomputed_digests_fails() -> None:
    tree = real()
    signed_field(tree)
    licence_shown = tree["canonical_record"]["metadata"]["license"]
    tree["paper"]["license"] = tree["graph_snapshot"]["paper"]["license"] = licence_shown
    signature = tree["receipt"]["signature_b64"]
    resign(tree, SigningKey())
    tree["receipt"]["signature_b64"] = signature
    result = report(tree, REAL_NUMBER)
    assert {c.id for c in result.checks if c.outcome is FAILED} == {"asked", "signature"}
    assert result.conflicts == ("status",)


def test_signature_of_another_key_with_the_pinned_fingerprint_fails() -> None:
    tree = resign(real(), SigningKey())
    result = report(tree, "2503.11832")
    assert result.check("key").outcome is PASSED
    assert result.check("signature").outcome is FAILED


def test_signature_of_an_unknown_key_is_undecided() -> None:
    other = SigningKey()
    tree = resign(real(), other)
    tree["receipt"]["public_key_fingerprint"] = other.fingerprint
    tree["receipt"]["key_id"] = other.key_id
    result = report(tree, "2503.11832")
    assert result.check("key").outcome is UNDECIDED
    assert result.check("signature").reason is Reason.NO_TRUSTED_KEY
    assert result.check("signature").outcome is UNDECIDED
    assert result.verdict is Verdict.UNDECIDED


def test_pinned_key_name_with_another_fingerprint_is_a_conflict() -> None:
    other = SigningKey()
    tree = resign(real(), other)
    tree["receipt"]["public_key_fingerprint"] = other.fingerprint
    assert outcome(tree, "key") is CONFLICT
    assert outcome(tree, "signature") is FAILED


def test_signature_of_another_record_fails() -> None:
    tree = real()
    others = (json.loads(raw) for raw in partial_records())
    tree["receipt"]["signature_b64"] = next(
        o["receipt"]["signature_b64"] for o in others if "signature_b64" in o.get("receipt", {})
    )
    assert outcome(tree, "signature") is FAILED


def test_genuine_record_of_another_work_fails() -> None:
    key = SigningKey()
    other = build(Paper(arxiv="2401.00002"), key)
    result = verify(wire(other), parse_identifier("2401.00001"), (PublicKey(key.key_id, key.raw),))
    assert [c.id for c in result.checks if c.outcome is FAILED] == ["asked"]


def test_record_with_duplicate_key_fails() -> None:
    raw = real_record().replace(b'"paper":{"title":', b'"paper":{"title":"Forged","title":', 1)
    result = verify(raw, parse_identifier("2503.11832"))
    assert result.check("record").outcome is FAILED
    assert [c.outcome for c in result.checks[1:]] == [UNDECIDED] * 15
    assert result.verdict is Verdict.FAILED


def test_changed_authors_are_claimed_in_a_verified_record() -> None:
    tree = real()
    authors = "Somebody Else Entirely"
    tree["paper"]["authors_text"] = tree["graph_snapshot"]["paper"]["authors_text"] = authors
    record, result = Record(wire(tree)), report(tree, "2503.11832")
    assert result.verdict is Verdict.VERIFIED
    assert marks(record, result)["paper", "authors_text"] is Mark.CLAIMED


def test_user_key_verifies_its_records() -> None:
    key = SigningKey()
    raw = wire(build(Paper(), key))
    asked = parse_identifier("2401.00001")
    assert verify(raw, asked).verdict is Verdict.UNDECIDED
    trusted = (PINNED, PublicKey(key.key_id, key.raw))
    result = verify(raw, asked, trusted)
    assert result.verdict is Verdict.VERIFIED
    assert result.check("abstract").outcome is PASSED  # under 600 characters: it is all there


# Text rules


@pytest.mark.parametrize(
    ("text", "changed", "expected"),
    [
        ("Plain", "Plane", FAILED),
        ("Straße", "Strasse", FAILED),
        ("Strasse", "Straße", PASSED),
        ("Fran\u00e7ois", "Francois", FAILED),
        ("Francois", "Fran\u00e7ois", FAILED),
        ("\u6570\u5b66", "\u6570\u5b68", FAILED),
    ],
)
def test_non_ascii_title_gives_the_expected_outcome(
    text: str, changed: str, expected: Outcome
) -> None:
    key = SigningKey()
    tree = build(Paper(title=text), key)
    assert outcome(tree, "title") is PASSED
    tree["paper"]["title"] = changed
    assert outcome(tree, "title") is expected


def test_title_ignores_white_space_and_case() -> None:
    tree = real()
    tree["paper"]["title"] = "  " + tree["paper"]["title"].upper().replace(" ", "\n ")
    assert outcome(tree, "title") is PASSED


# The service's own words


def test_status_that_understates_is_undecided() -> None:
    tree = real()
    tree["verification_status"]["pith_receipt"] = False
    assert outcome(tree, "status") is UNDECIDED


def test_status_that_claims_a_bad_receipt_is_a_conflict() -> None:
    tree = real()
    signature_bit(tree)
    part = next(p for p in report(tree).check("status").parts if "pith_receipt" in p.path)
    assert part.outcome is CONFLICT


def test_hash_of_a_sampled_section_is_undecided() -> None:
    tree = real()
    tree["graph_snapshot"]["references"].update(count=30, sample=[{"title": "One"}])
    assert outcome(tree, "snapshots") is UNDECIDED


def test_alias_of_unknown_kind_is_undecided() -> None:
    tree = real()
    tree["aliases"].append({"alias_kind": "ror", "alias_value": "x"})
    assert outcome(tree, "aliases") is UNDECIDED


# Marks


def test_real_record_has_the_expected_marks() -> None:
    record = Record(real_record())
    marked = marks(record, verify(real_record()))
    assert marked["canonical_record", "metadata", "license"] is Mark.SIGNED
    for proved in (
        ("paper", "title"),
        ("paper", "license"),
        ("graph_snapshot", "paper", "title"),
        ("pith_number",),
        ("aliases", 2, "alias_value"),
        ("receipt", "signature_b64"),
    ):
        assert marked[proved] is Mark.PROVED, proved
    for claimed in (
        ("paper", "authors_text"),
        ("paper", "abstract_excerpt"),
        ("graph_snapshot", "paper", "authors_text"),
        ("aliases", 2, "created_at"),
        ("verification_status", "pith_receipt"),
        ("receipt", "signed_at"),
        ("graph_snapshot", "claims", "snapshot_sha256"),
        ("created_at",),
    ):
        assert marked[claimed] is Mark.CLAIMED, claimed
    assert list(marked) == [path for path, _ in record.leaves()]
    assert sum(mark is Mark.SIGNED for mark in marked.values()) == 10


def test_record_with_a_bad_signature_has_only_claimed_values() -> None:
    tree = real()
    signature_bit(tree)
    marked = marks(Record(wire(tree)), report(tree))
    assert marked.pop(("receipt", "signature_b64")) is Mark.CONTRADICTED
    assert set(marked.values()) == {Mark.CLAIMED}


# Properties


def test_outcomes_verdicts_and_reports_have_no_truth_value() -> None:
    result = verify(real_record())
    for value in (result, result.verdict, result.checks[0].outcome):
        with pytest.raises(TypeError):
            bool(value)


def test_verdict_is_undecided_without_checks() -> None:
    every = verify(real_record()).checks
    assert verdict_of(()) is Verdict.UNDECIDED
    assert verdict_of(every) is Verdict.VERIFIED


@given(st.lists(st.tuples(st.sampled_from(list(Outcome)), st.booleans()), min_size=16, max_size=16))
def test_verdict_is_verified_only_if_all_required_checks_passed(
    given_checks: list[tuple[Outcome, bool]],
) -> None:
    made = tuple(
        Check(str(n), required, result, Reason.READ)
        for n, (result, required) in enumerate(given_checks)
    )
    verdict = verdict_of(made)
    if any(result is FAILED for result, _ in given_checks):
        assert verdict is Verdict.FAILED
    elif all(result is PASSED for result, required in given_checks if required):
        assert verdict is Verdict.VERIFIED
    else:
        assert verdict is Verdict.UNDECIDED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    result = [path]
    if isinstance(value, dict):
        for key, member in value.items():
            result += _paths(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            result += _paths(member, (*path, index))
    return result


REAL_PATHS = _paths(json.loads(real_record()))[1:]


@given(st.sampled_from(REAL_PATHS), json_values)
def test_any_replaced_value_gives_a_complete_report(
    path: tuple[str | int, ...], value: object
) -> None:
    tree: Any = copy.deepcopy(real())
    node: Any = tree
    for step in path[:-1]:
        node = node[step]
    same = node[path[-1]] == value and type(node[path[-1]]) is type(value)
    node[path[-1]] = value
    result = report(tree, "2503.11832")
    assert len(result.checks) == len(CHECK_IDS)
    if path[0] == "canonical_record" and not same:
        assert result.verdict is not Verdict.VERIFIED


@given(st.binary(max_size=200))
def test_any_bytes_give_a_complete_report(raw: bytes) -> None:
    result = verify(raw)
    assert len(result.checks) == len(CHECK_IDS)
    assert result.verdict is not Verdict.VERIFIED
