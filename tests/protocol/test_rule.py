"""The rule of the verdict, step by step: failures, conflicts, and undecided checks."""

# ruff: noqa: RUF005 (rows of cases, by kind)

from __future__ import annotations

import copy
import hashlib
import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from pith_tui.errors import TooLargeError
from pith_tui.output.names import signed_work
from pith_tui.protocol.catalog_entry import matches
from pith_tui.protocol.documents import DocumentKind
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.record import OtherDocumentError
from pith_tui.protocol.report import Outcome, Reason, Verdict
from pith_tui.protocol.text_hash import matching_reading
from tests.registry.records import Paper, SigningKey, build, resign, snapshot_hash, wire
from tests.stored import KEY, TRUSTED
from tests.support import SHARED, real_record

Json = dict[str, Any]
PASSED, FAILED, CONFLICT, UNDECIDED, ABSENT = Outcome
NOTHING: tuple[object, ...] = (None, "", " \n", [])


def record_tree(**paper: Any) -> Json:
    """Build a record with the test key; members of the paper may be given."""
    return build(Paper(**paper), KEY)


def checked(tree: Json, asked: str | None = None, *keys: SigningKey) -> CheckedRecord:
    trusted = TRUSTED if not keys else (PINNED, *(PublicKey(k.key_id, k.raw) for k in keys))
    raw = json.dumps(tree).encode()
    return read(raw, None if asked is None else parse_identifier(asked), trusted)


def outcome(tree: Json, check_id: str, asked: str | None = None) -> Outcome:
    return checked(tree, asked).report.check(check_id).outcome


def put(tree: Json, path: str, value: object) -> Json:
    """Set a member by its dotted path, here and in the tree given."""
    *steps, last = path.split(".")
    node: Any = tree
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = value
    return tree


# What is a record


@pytest.mark.parametrize("member", ["bundle_type", "state_type", "schema", "manifest_type"])
def test_added_member_disables_no_check(member: str) -> None:
    tree = record_tree()
    tree[member] = "pith-integrity"
    assert checked(tree).report.verdict is Verdict.VERIFIED
    put(tree, "aliases.0.alias_value", "2401.00002")
    assert outcome(tree, "aliases") is FAILED
    del tree["record_type"]
    assert outcome(tree, "aliases") is FAILED


@pytest.mark.parametrize(
    "raw",
    [b"", b" ", b"<!doctype html><html>", b"[1]", b"5", b'{"title":"x"}', b'{"pith_number":"x"}']
    + [real_record()[:-1], real_record()[:3000], b'{"receipt":"\xe2\x82', b'{"receipt":1}x'],
)
def test_non_record_is_undecided_with_a_reason(raw: bytes) -> None:
    result = read(raw)
    assert result.error is not None
    assert result.report.verdict is Verdict.UNDECIDED
    assert result.report.check("record").reason is Reason.NOT_A_RECORD
    assert result.catalog is None
    assert result.title is None
    assert not result.marks or set(result.marks.values()) == {Mark.CLAIMED}


@pytest.mark.parametrize(
    "raw",
    [
        real_record().replace(b'"paper":', b'"paper":{},"paper":', 1),
        real_record().replace(b'"paper":', b'"\\u0070aper":{},"paper":', 1),
        real_record().replace(b"Bingquan", b"Bing\xffuan", 1),
    ],
)
def test_ambiguous_json_fails(raw: bytes) -> None:
    result = read(raw)
    assert result.report.verdict is Verdict.FAILED
    assert result.report.check("record").reason is Reason.TWO_READINGS


def test_input_over_the_limits_is_undecided_and_too_large() -> None:
    result = read(b'{"receipt":' + b"[" * 256 + b"]" * 256 + b"}")
    assert isinstance(result.error, TooLargeError)
    assert result.report.check("record").reason is Reason.TOO_LARGE
    assert result.report.verdict is Verdict.UNDECIDED


def test_byte_order_mark_is_dropped_and_reported() -> None:
    result = read(b"\xef\xbb\xbf" + real_record())
    assert result.report.verdict is Verdict.VERIFIED
    assert result.report.check("record").reason is Reason.BYTE_ORDER_MARK


@pytest.mark.parametrize("stated", ["pith_number_record_v2", None, 5, [], ""])
def test_unknown_type_is_undecided_and_inner_members_cannot_fail(stated: object) -> None:
    tree = put(record_tree(), "record_type", stated)
    assert outcome(tree, "record") is UNDECIDED
    for path in ("paper.title", "paper.license", "graph_snapshot.paper.title"):
        put(tree, path, "Another")
    put(tree, "aliases.0.alias_value", "2401.00002")
    put(tree, "graph_snapshot.source.id", "2401.00002")
    report = checked(tree).report
    assert report.verdict is Verdict.UNDECIDED
    assert report.count(FAILED) == 0
    assert report.passed("digest", "number", "signature")
    assert Mark.SIGNED not in checked(tree).marks.values()
    assert outcome(put(tree, "canonical_sha256", "0" * 64), "digest") is FAILED


def test_unknown_signed_schema_version_leaves_dependent_checks_undecided() -> None:
    tree = record_tree()
    tree["canonical_record"]["schema_version"] = "2.0"
    resign(tree, KEY)
    for path in ("paper.title", "paper.license", "graph_snapshot.paper.title"):
        put(tree, path, "Another")
    put(tree, "pith_number", tree["pith_number"].replace("2024", "2023"))
    put(tree, "short_pith_number", f"pith:2023:{tree['short_pith_number'][5:]}")
    report = checked(tree).report
    assert report.verdict is Verdict.VERIFIED
    for check_id in ("title", "abstract", "paper", "aliases", "year", "graph"):
        assert report.check(check_id).outcome is UNDECIDED, check_id
        assert report.check(check_id).reason is Reason.NEWER_RULES
    for asked in ("2401.00001", "2401.00001v2", "10.48550/arxiv.2401.00001", "2401.00009"):
        assert outcome(tree, "asked", asked) is UNDECIDED
    assert outcome(tree, "asked", tree["pith_number"]) is PASSED
    assert outcome(tree, "asked", "AAAAAAAA") is FAILED


OTHERS = {
    "state": '{"state_type":"pith_open_graph_state","current":{"canonical_record":{}}}',
    "signing key": '{"public_key_b64":"x","key_id":"k"}',
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_documents_are_recognised(kind: str) -> None:
    error = read(OTHERS[kind].encode()).error
    assert isinstance(error, OtherDocumentError)
    assert error.document.kind is DocumentKind(kind)
    assert kind in str(error)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "kind", "subject"),
    [
        ("pith-mirrors.json", DocumentKind.MANIFEST, None),
        ("graph-M4SAOEUOO53MEFHE6V2ORMXN6TK.json", DocumentKind.GRAPH, "1804.08012"),
        ("integrity-reports.json", DocumentKind.INTEGRITY, "2605.08887"),
    ],
)
def test_real_other_documents_are_recognised(
    name: str, kind: DocumentKind, subject: str | None
) -> None:
    tree = json.loads((SHARED / "records" / name).read_bytes())
    result = read(json.dumps(tree[0] if isinstance(tree, list) else tree).encode())
    assert isinstance(result.error, OtherDocumentError)
    assert result.error.document.kind is kind
    assert subject is None or result.error.document.subject == subject
    assert result.report.verdict is Verdict.UNDECIDED


def test_canonical_record_or_pith_number_makes_a_partial_record() -> None:
    assert read(b'{"canonical_record":[]}').error is None
    result = read(b'{"pith_number":"pith:2025:OFKRBFYV3HDMS5LLCYR6VZTITW"}')
    assert result.record.kind is DocumentKind.PARTIAL
    assert result.report.verdict is Verdict.UNDECIDED
    assert result.catalog is not None
    hostile = read(b'{"receipt":{},"pith_number":"pith:2025:\\u001b[31m3HDMS5LLCYR6VZTITWAB"}')
    assert hostile.catalog is None


def test_canonical_record_without_canonical_form_is_undecided() -> None:
    tree = record_tree()
    tree["canonical_record"]["note"] = "\ud800"
    result = checked(tree)
    assert result.report.check("digest").reason is Reason.NOT_CANONICAL
    assert result.report.verdict is Verdict.UNDECIDED
    assert {Mark.SIGNED, Mark.PROVED}.isdisjoint(result.marks.values())
    assert result.catalog is not None


# Bundles


def bundle(*payloads: Json) -> Json:
    tree = record_tree()
    events = [{"event_type": "record_created", "payload": payload} for payload in payloads]
    kept = ("pith_number", "canonical_record", "canonical_sha256", "source", "paper")
    return {
        "bundle_type": "pith_open_graph_bundle",
        **{name: tree[name] for name in kept},
        "graph_snapshot": tree["graph_snapshot"],
        "source_aliases": tree["aliases"],
        "events": [{"event_type": "other"}, 5, *events],
    }


def payload(**changes: object) -> Json:
    tree = record_tree()
    names = ("canonical_record", "canonical_sha256", "receipt")
    return {**{name: copy.deepcopy(tree[name]) for name in names}, **changes}


def forged() -> Json:
    canonical: Json = payload()["canonical_record"]
    canonical["metadata"]["license"] = ""
    return canonical


def test_bundle_is_verified_by_the_record_in_it() -> None:
    assert checked(bundle(payload()), "2401.00001").report.verdict is Verdict.VERIFIED
    without = bundle(payload())
    del without["canonical_record"]
    assert checked(without).report.verdict is Verdict.VERIFIED
    assert checked(bundle()).report.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"canonical_record": forged()}, FAILED),
        ({"canonical_sha256": "0" * 64}, FAILED),
        ({"canonical_sha256": 5}, UNDECIDED),
        ({"canonical_record": 5}, UNDECIDED),
        ({"canonical_record": {"note": "\ud800"}}, UNDECIDED),
        ({"canonical_record": None}, PASSED),
    ],
)
def test_changed_content_in_a_bundle_event_gives_the_expected_outcome(
    changes: Json, expected: Outcome
) -> None:
    assert outcome(bundle(payload(**changes)), "copies") is expected


def test_event_with_the_recomputed_digest_is_used() -> None:
    other = payload(canonical_record=forged(), receipt={})
    one_as_true: Json = copy.deepcopy(payload()["canonical_record"])
    one_as_true["source"]["version"] = True  # equal in Python, another value in JSON
    for first in (other, payload(canonical_record=one_as_true, receipt={})):
        tree = bundle(first, payload())
        result = checked(tree)
        assert result.report.verdict is Verdict.VERIFIED
        path = ("events", 2, "payload", "canonical_record", "metadata", "license")
        assert result.marks[path] is Mark.CLAIMED
    digest_only = {"canonical_sha256": "0" * 64}
    right = payload()
    del right["canonical_record"]
    assert checked(bundle(digest_only, right)).report.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("path", "check_id"),
    [
        ("paper.title", "title"),
        ("paper.license", "paper"),
        ("source.id", "paper"),
        ("graph_snapshot.paper.title", "graph"),
        ("source_aliases.0.alias_value", "aliases"),
    ],
)
def test_every_check_runs_on_a_bundle(path: str, check_id: str) -> None:
    tree = put(bundle(payload()), path, "2401.00002")
    assert outcome(tree, check_id) is FAILED
    tree["aliases"] = [{"alias_kind": "arxiv", "alias_value": "2401.00009"}]
    assert outcome(tree, "aliases") is FAILED


# Copies

PAPER = ("title", "license", "primary_cat", "cross_cats", "submitted_at")
SOURCE = ("id", "kind", "version")
COPIES = [f"paper.{name}" for name in PAPER] + [f"source.{name}" for name in SOURCE]
PLACES = COPIES + [f"graph_snapshot.{path}" for path in COPIES]


def check_of(path: str) -> str:
    if path.startswith("graph_snapshot"):
        return "graph"
    return "title" if path == "paper.title" else "paper"


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("value", [*NOTHING, True, 5.5, {}, {"a": 1}, [5], [None]], ids=repr)
def test_empty_or_unreadable_copy_is_undecided(path: str, value: object) -> None:
    tree = put(record_tree(), path, value)
    expected = PASSED if path.endswith("cross_cats") and value == ["cs.HC"] else UNDECIDED
    result = checked(tree)
    assert result.report.check(check_of(path)).outcome is expected
    assert result.report.verdict is Verdict.VERIFIED
    steps = tuple(path.split("."))
    assert {mark for node, mark in result.marks.items() if node[: len(steps)] == steps} == {
        Mark.CLAIMED
    }


@pytest.mark.parametrize("path", PLACES)
def test_missing_copy_is_not_a_contradiction(path: str) -> None:
    tree = record_tree()
    *sections, last = path.split(".")
    node = tree
    for section in sections:
        node = node[section]
    del node[last]
    assert checked(tree).report.count(FAILED) == 0
    assert checked(tree).report.conflicts == ()


WRONG: list[tuple[str, object]] = [
    ("paper.title", "On the Testing of Terminal"),
    ("paper.title", "On the Testing of T\u0435rminal Programs"),
    ("paper.title", "A wholly false title with one \u00ef in it"),
    ("paper.title", "\u00ef" * 140_000),
    ("paper.title", "\u00ef" + " " * 140_000),
    ("paper.title", "\ud800"),
    ("paper.license", "http://creativecommons.org/licenses/by-nc/4.0/"),
    ("paper.license", "ftp://creativecommons.org/licenses/by/4.0/"),
    ("paper.license", "http://creativecommons.org/licenses/by/4.0//"),
    ("paper.primary_cat", "cs.S\u0415"),
    ("paper.primary_cat", "cs.se"),
    ("paper.cross_cats", ["cs.HC", "cs.AI"]),
    ("paper.cross_cats", ["cs.AI"]),
    ("paper.submitted_at", "2024-01-01T10:00:01Z"),
    ("paper.submitted_at", "2024-01-01T10:00:00.00000000000000000001Z"),
    ("paper.submitted_at", "2024-01-01T10:00:00+01:00"),
    ("source.id", "2401.00002"),
    ("source.id", "2401.00001v2"),
    ("source.kind", "biorxiv"),
    ("source.kind", "ar\u0445iv"),
    ("source.version", 2),
    ("source.version", "v2"),
]
EXCUSED = ("source.version", "source.id")


@pytest.mark.parametrize(("path", "value"), WRONG, ids=lambda value: ascii(value)[:40])
def test_copy_with_a_different_meaning_fails(path: str, value: object) -> None:
    tree = put(record_tree(), path, value)
    result = checked(tree)
    assert result.report.check(check_of(path)).outcome is FAILED
    steps = tuple(path.split("."))
    assert {m for node, m in result.marks.items() if node[:2] == steps} == {Mark.CONTRADICTED}
    graph = put(record_tree(), f"graph_snapshot.{path}", value)
    is_version = path in EXCUSED and "00002" not in str(value)
    assert outcome(graph, "graph") is (CONFLICT if is_version else FAILED)
    graph["paper"] = None
    graph["source"] = None
    assert outcome(graph, "graph") is (CONFLICT if is_version else FAILED)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("paper.title", " on THE testing of\nterminal programs "),
        ("paper.license", "https://creativecommons.org/licenses/by/4.0"),
        ("paper.cross_cats", ["cs.HC", "cs.HC"]),
        ("paper.submitted_at", "2024-01-01T11:00:00.000+01:00"),
        ("source.id", "arXiv:2401.00001v1"),
        ("source.kind", "arXiv"),
        ("source.version", "v1"),
        ("source.version", 1.0),
        ("canonical_sha256", None),
        ("receipt.algorithm", "Ed25519"),
        ("receipt.kind", "PITH_RECEIPT"),
    ],
)
def test_different_spelling_is_the_same_value(path: str, value: object) -> None:
    tree = put(record_tree(), path, value)
    assert checked(tree, "2401.00001").report.verdict is Verdict.VERIFIED
    assert checked(tree).report.count(FAILED) == checked(tree).report.count(CONFLICT) == 0
    if path.startswith(("paper", "source")):
        steps = tuple(path.split("."))
        marks = {m for node, m in checked(tree).marks.items() if node[:2] == steps}
        assert marks == {Mark.PROVED}


@pytest.mark.parametrize("place", ["", "graph_snapshot."])
def test_shown_value_fails_when_the_signed_value_is_empty(place: str) -> None:
    tree = record_tree(license="", cross=())
    assert checked(tree).report.count(FAILED) == 0
    path = f"{place}paper"
    check_id = "graph" if place else "paper"
    assert outcome(put(copy.deepcopy(tree), f"{path}.license", "CC"), check_id) is FAILED
    assert outcome(put(copy.deepcopy(tree), f"{path}.cross_cats", ["cs.AI"]), check_id) is FAILED
    for nothing in NOTHING:
        for name in ("license", "cross_cats"):
            changed = put(copy.deepcopy(tree), f"{path}.{name}", nothing)
            assert outcome(changed, check_id) in (PASSED, UNDECIDED)


@pytest.mark.parametrize("name", ["license", "primary_cat", "submitted_at", "title_canon_sha256"])
@pytest.mark.parametrize("value", [5, {}, None])
def test_unreadable_signed_value_fails_no_check(name: str, value: object) -> None:
    tree = record_tree()
    tree["canonical_record"]["metadata"][name] = value
    number = tree["pith_number"]
    if name == "submitted_at":
        tree["canonical_record"]["metadata"][name] = "2024-99"
    resign(tree, KEY)
    assert number != tree["pith_number"]
    assert checked(tree).report.count(FAILED) == 0


# The graph of another version


def test_graph_of_another_version_is_a_conflict_with_claimed_values() -> None:
    tree = put(record_tree(), "graph_snapshot.source.version", 2)
    for path, value in (("title", "Other"), ("license", "x"), ("primary_cat", "cs.AI")):
        put(tree, f"graph_snapshot.paper.{path}", value)
    put(tree, "graph_snapshot.paper.cross_cats", ["math.LO"])
    result = checked(tree)
    assert result.report.verdict is Verdict.VERIFIED
    assert result.report.conflicts == ("graph",)
    for name in ("title", "license", "primary_cat"):
        assert result.marks["graph_snapshot", "paper", name] is Mark.CLAIMED
    put(tree, "graph_snapshot.paper.submitted_at", "2024-01-02T10:00:00Z")
    assert outcome(tree, "graph") is FAILED


@pytest.mark.parametrize("version", [None, "", "latest", True, [], "05"])
def test_graph_with_unreadable_version_is_compared_as_this_version(version: object) -> None:
    tree = put(record_tree(), "graph_snapshot.source.version", version)
    assert outcome(tree, "graph") is UNDECIDED
    assert outcome(put(tree, "graph_snapshot.paper.title", "Other"), "graph") is FAILED


def test_graph_of_another_work_fails() -> None:
    tree = put(
        record_tree(), "graph_snapshot.source", {"id": "2401.00002", "kind": "arxiv", "version": 2}
    )
    assert outcome(tree, "graph") is FAILED


@pytest.mark.parametrize(
    ("own", "shown", "expected"),
    [
        ("A", "B", CONFLICT),
        ("", "B", CONFLICT),
        (None, "B", PASSED),
        ("A", None, PASSED),
        ("A", ["A"], CONFLICT),
        (["A", {"a": 1}], ["A", {"a": 1}], PASSED),
        ({"a": 1}, {"a": True}, CONFLICT),
        ({"a": 1}, {"b": 1}, CONFLICT),
    ],
)
def test_repeated_members_are_compared(own: object, shown: object, expected: Outcome) -> None:
    for name in ("headline", "new_member"):
        tree = put(put(record_tree(), f"paper.{name}", own), f"graph_snapshot.paper.{name}", shown)
        assert outcome(tree, "graph") is expected


def test_excerpt_may_be_a_prefix_and_never_fails() -> None:
    tree = record_tree()
    whole = tree["paper"]["abstract_excerpt"]
    assert outcome(put(tree, "paper.abstract_excerpt", whole[:20]), "graph") is PASSED
    assert outcome(put(tree, "paper.abstract_excerpt", "Another"), "graph") is CONFLICT
    for value in ("Another", "x" * 700, *NOTHING, 5, "\ud800"):
        assert outcome(put(tree, "paper.abstract_excerpt", value), "abstract") is UNDECIDED
    put(tree, "paper.abstract_excerpt", whole.replace("k", "\u212a"))
    assert outcome(tree, "abstract") is PASSED


def test_complete_abstract_is_proved_by_its_signed_hash() -> None:
    tree = put(
        record_tree(), "paper.abstract_excerpt", record_tree()["paper"]["abstract_excerpt"].upper()
    )
    assert checked(tree).marks["paper", "abstract_excerpt"] is Mark.PROVED
    kelvin = put(record_tree(abstract="A task"), "paper.abstract_excerpt", "A tas\u212a")
    assert checked(kelvin).report.check("abstract").reason is Reason.HASH_AGREES_OTHERWISE
    tree["canonical_record"]["metadata"]["abstract_canon_sha256"] = None
    assert checked(resign(tree, KEY)).report.check("abstract").reason is Reason.NOT_SIGNED


def test_id_with_version_is_undecided_when_signed_source_has_none() -> None:
    tree = record_tree()
    del tree["canonical_record"]["source"]["version"]
    tree["source"] = {"id": "2401.00001v2"}
    result = checked(resign(tree, KEY)).report.check("paper")
    part = next(part for part in result.parts if part.path == ("source", "id"))
    assert part.outcome is UNDECIDED
    assert result.deciding[0].outcome is result.outcome
    assert result.values == ()
    assert checked(tree).report.check("year").values


# Titles


def test_title_is_shown_in_its_proved_form_when_folding_changes_characters() -> None:
    tree = put(record_tree(title="A kind task"), "paper.title", "A \u212aind task")
    result = checked(tree)
    assert result.report.check("title").outcome is PASSED
    assert result.title is not None
    assert result.title.text == "a kind task"
    assert result.title.mark is Mark.PROVED


@pytest.mark.parametrize(
    ("signed", "shown"),
    [("x²", "X²"), ("e\u0301tude", "\u00e9tude"), ("ﬁne", "fine"), ("a\u00a0b", "a b")],
)
def test_title_is_proved_by_any_admitted_reading(signed: str, shown: str) -> None:
    tree = put(record_tree(title=shown), "paper.title", signed)
    assert outcome(tree, "title") is PASSED


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("e\u0301 " * 16_000, True),
        ("e\u0301 " * 30_000, False),  # more than any title has
        ("\ufdfa" * 3_000, True),
        ("\ufdfa" * 4_000, False),  # decomposed it is that long
        ("\u0323\u0301" * 1_024, True),
        (f"{'x' * 2_048}{chr(0x323)}{chr(0x0F73) * 63}", True),
        (f"{'x' * 2_048}{chr(0x323)}{chr(0x0F73) * 64}", False),
    ],
)
def test_title_is_normalised_up_to_a_cost_limit(text: str, is_open: bool) -> None:
    digest = hashlib.sha256(unicodedata.normalize("NFKC", " ".join(text.split())).encode())
    assert (matching_reading(text, digest.digest()) is not None) is is_open


def test_case_of_mathematics_is_not_covered() -> None:
    for title in ("On $L^p$ spaces", "On \\(L\\) spaces"):
        assert (
            checked(record_tree(title=title)).report.check("title").reason
            is Reason.CASE_OF_MATHEMATICS
        )
    for title in ("It costs $5", "It costs \\$5 or \\$6"):
        assert checked(record_tree(title=title)).report.check("title").reason is Reason.HASH_AGREES


def test_graph_title_is_used_when_the_record_has_none() -> None:
    tree = put(record_tree(), "paper", None)
    title = checked(tree).title
    assert title is not None
    assert (title.text, title.mark) == (Paper().title, Mark.PROVED)
    tree["paper"] = {"title": " \n"}
    assert checked(tree).title == title
    assert checked(put(tree, "graph_snapshot", None)).title is None
    false = checked(put(record_tree(), "paper.title", "False")).title
    assert false is not None
    assert false.mark is Mark.CONTRADICTED


# Number, year, asked


@pytest.mark.parametrize(
    ("change", "check_id", "expected"),
    [
        (lambda number: number.lower(), "number", PASSED),
        (lambda number: number[10:], "number", PASSED),
        (lambda number: number[10:], "year", ABSENT),
        (lambda number: number.replace("2024", "2023"), "year", FAILED),
        (lambda number: number.replace("2024", "2023"), "number", PASSED),
        (lambda number: number[:-1], "number", UNDECIDED),
        (lambda number: number + " ", "number", UNDECIDED),
        (lambda number: None, "number", UNDECIDED),
        (lambda number: "pith:2024:" + "A" * 26, "number", FAILED),
    ],
)
def test_pith_number_check_gives_the_expected_outcome(
    change: Callable[[str], object], check_id: str, expected: Outcome
) -> None:
    tree = record_tree()
    result = checked(put(tree, "pith_number", change(tree["pith_number"])))
    assert result.report.check(check_id).outcome is expected
    marks = {FAILED: Mark.CONTRADICTED, UNDECIDED: Mark.CLAIMED}
    if expected in marks:
        assert result.marks["pith_number",] is marks[expected]


def test_short_form_of_any_length_is_checked() -> None:
    tree = record_tree()
    suffix = tree["pith_number"][10:]
    for length in range(8, 27):
        for stated in (suffix[:length], f"pith:{suffix[:length]}", f"pith:2024:{suffix[:length]}"):
            assert outcome(put(tree, "short_pith_number", stated), "number") is PASSED
    for stated in ("pith:AAAAAAAA", f"pith:2023:{suffix[:8]}"):
        assert outcome(put(tree, "short_pith_number", stated), "number") is FAILED
    for unread in (*NOTHING, suffix[:7], 5, f"{suffix}A", suffix[:8] + "="):
        assert outcome(put(tree, "short_pith_number", unread), "number") is PASSED
        assert checked(tree).marks["short_pith_number",] is Mark.CLAIMED


@pytest.mark.parametrize(
    "changes", [{"submitted_at": "2031, in spring"}, {"schema_version": "2.0"}], ids=str
)
def test_year_is_not_proved_when_it_cannot_be_determined(changes: Json) -> None:
    tree = record_tree(submitted=changes.pop("submitted_at", "2031-01-01T00:00:00Z"))
    tree["canonical_record"].update(changes)
    suffix = resign(tree, KEY)["pith_number"][10:]
    tree["short_pith_number"] = f"pith:2031:{suffix[:8]}"
    tree["aliases"] = [
        {"alias_kind": "pith_short_8", "alias_value": tree["short_pith_number"]},
        {"alias_kind": "pith_short_8", "alias_value": suffix[:8]},
    ]
    result = checked(tree)
    assert result.report.verdict is Verdict.VERIFIED
    for path in (("pith_number",), ("short_pith_number",), ("aliases", 0, "alias_value")):
        assert result.marks[path] is Mark.CLAIMED


def test_year_of_a_short_form_is_ignored_for_an_unknown_type() -> None:
    tree = record_tree()
    put(tree, "short_pith_number", f"pith:2031:{tree['pith_number'][10:18]}")
    assert outcome(tree, "number") is FAILED
    assert outcome(put(tree, "record_type", "pith_number_record_v2"), "number") is PASSED
    assert checked(tree).marks["short_pith_number",] is Mark.CLAIMED


def test_year_is_that_of_the_submission_as_written_or_in_utc() -> None:
    tree = record_tree(submitted="2024-01-01T00:30:00+01:00")
    for year, expected in (("2024", PASSED), ("2023", PASSED), ("2022", FAILED)):
        number = f"pith:{year}:{tree['pith_number'][10:]}"
        assert outcome(put(tree, "pith_number", number), "year") is expected
        assert outcome(tree, "asked", number) is expected
    first = record_tree(submitted="0001-01-01T00:30:00+01:00")
    assert outcome(first, "year") is PASSED


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2401.00001", PASSED),
        ("2401.00001v1", PASSED),
        ("2401.00001v2", FAILED),
        ("2401.00002", FAILED),
        ("10.48550/arxiv.2401.00001", PASSED),
        ("10.1103/x.1", UNDECIDED),
    ],
)
def test_asked_identifier_gives_the_expected_outcome(asked: str, expected: Outcome) -> None:
    assert outcome(record_tree(), "asked", asked) is expected


def test_asked_identifier_against_an_unreadable_signed_source() -> None:
    for source, expected in (
        ({"id": "?", "kind": "arxiv", "version": 1}, UNDECIDED),
        ({"id": "2401.00001", "kind": "biorxiv", "version": 1}, FAILED),
        ({"id": "2401.00001", "kind": "arxiv", "version": None}, UNDECIDED),
        ({"id": "2401.00001v1", "kind": None, "version": None}, PASSED),
    ):
        tree = record_tree()
        tree["canonical_record"]["source"] = source
        assert outcome(resign(tree, KEY), "asked", "2401.00001v1") is expected
    assert outcome({"receipt": {}}, "asked", "AAAAAAAA") is UNDECIDED


# Keys and signatures

USER = SigningKey("mine", b"\x21" * 32)
NAMESAKE = SigningKey(PINNED.key_id, b"\x22" * 32)


@pytest.mark.parametrize(
    ("key", "named", "verdict"),
    [
        (USER, {"key_id": "mine", "public_key_fingerprint": USER.fingerprint}, Verdict.VERIFIED),
        (USER, {"key_id": "mine", "public_key_fingerprint": None}, Verdict.VERIFIED),
        (USER, {"key_id": None, "public_key_fingerprint": USER.fingerprint}, Verdict.VERIFIED),
        (USER, {"key_id": "x", "public_key_fingerprint": USER.fingerprint_b32}, Verdict.VERIFIED),
        (USER, {"key_id": None, "public_key_fingerprint": None}, Verdict.UNDECIDED),
        (USER, {"key_id": "x", "public_key_fingerprint": "0" * 32}, Verdict.UNDECIDED),
        (USER, {"key_id": PINNED.key_id, "public_key_fingerprint": None}, Verdict.FAILED),
        (
            USER,
            {"key_id": PINNED.key_id, "public_key_fingerprint": USER.fingerprint},
            Verdict.FAILED,
        ),
        (USER, {"key_id": "mine", "public_key_fingerprint": PINNED.fingerprint}, Verdict.FAILED),
        (NAMESAKE, {"key_id": PINNED.key_id, "public_key_fingerprint": None}, Verdict.FAILED),
        (
            NAMESAKE,
            {"key_id": None, "public_key_fingerprint": NAMESAKE.fingerprint},
            Verdict.VERIFIED,
        ),
    ],
)
def test_named_key_gives_the_expected_verdict(
    key: SigningKey, named: Json, verdict: Verdict
) -> None:
    tree = build(Paper(), key)
    tree["receipt"].update(named)
    report = checked(tree, None, key).report
    assert report.verdict is verdict
    assert (report.signer is not None) == (verdict is Verdict.VERIFIED)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"key_id": "other"}, CONFLICT),
        ({"public_key_fingerprint": "0" * 32}, CONFLICT),
        ({"public_key_fingerprint": "unreadable"}, UNDECIDED),
        ({"public_key_fingerprint": KEY.fingerprint.upper()}, PASSED),
        ({"key_id": None}, PASSED),
        ({"key_id": 5}, CONFLICT),
        ({"key_id": None, "public_key_fingerprint": None}, ABSENT),
    ],
)
def test_key_name_and_fingerprint_give_the_expected_outcome(named: Json, expected: Outcome) -> None:
    tree = record_tree()
    tree["receipt"].update(named)
    assert outcome(tree, "key") is expected


def test_key_name_and_fingerprint_without_a_signature() -> None:
    tree = put(record_tree(), "receipt.signature_b64", None)
    assert outcome(tree, "key") is PASSED
    assert (
        outcome(put(tree, "receipt.public_key_fingerprint", PINNED.fingerprint), "key") is CONFLICT
    )
    tree["receipt"].update(key_id="x", public_key_fingerprint="0" * 32)
    assert outcome(tree, "key") is UNDECIDED
    # A user's key of the same id is not named by it, so that nothing disagrees.
    tree["receipt"].update(key_id=PINNED.key_id, public_key_fingerprint=PINNED.fingerprint)
    result = checked(tree, None, SigningKey(PINNED.key_id))
    assert result.report.check("key").outcome is PASSED


@pytest.mark.parametrize("value", [*NOTHING, 5, "AAAA", "x" * 88, "é"])
def test_missing_or_unreadable_signature_is_undecided(value: object) -> None:
    result = checked(put(record_tree(), "receipt.signature_b64", value))
    assert result.report.verdict is Verdict.UNDECIDED
    assert {Mark.SIGNED, Mark.PROVED}.isdisjoint(result.marks.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "x"), ("algorithm", "ed448"), ("signed_message", "CANONICAL_SHA256_BYTES")]
    + [("algorithm", 5), ("kind", "pith_rece\u0456pt"), ("signed_message", ["x"])],
)
def test_receipt_with_another_rule_is_undecided(name: str, value: object) -> None:
    tree = put(record_tree(), f"receipt.{name}", value)
    put(tree, "receipt.signature_b64", "A" + tree["receipt"]["signature_b64"][1:])
    report = checked(tree).report
    assert report.check("receipt").outcome is UNDECIDED
    assert report.check("signature").outcome is UNDECIDED
    for nothing in NOTHING:
        assert outcome(put(record_tree(), f"receipt.{name}", nothing), "receipt") is PASSED
    assert outcome({"canonical_record": {}}, "receipt") is ABSENT


def test_stated_digest_is_used_only_without_a_canonical_record() -> None:
    tree = record_tree()
    del tree["canonical_record"]
    result = checked(tree, "2401.00001")
    assert result.report.check("signature").reason is Reason.SIGNED_STATED_DIGEST
    assert result.report.check("asked").reason is Reason.BY_STATEMENT
    assert result.report.verdict is Verdict.UNDECIDED
    assert signed_work(result) is None
    assert set(result.marks.values()) == {Mark.CLAIMED}
    assert outcome(put(tree, "receipt.canonical_sha256", "0" * 64), "copies") is FAILED
    assert outcome(put(tree, "source.id", 5), "asked", "2401.00001") is UNDECIDED
    del tree["canonical_sha256"]
    for check_id in ("number", "copies", "signature"):
        assert outcome(tree, check_id) is UNDECIDED
    assert (
        outcome(put(bundle(payload()), "canonical_record", {"n": "\ud800"}), "copies") is not FAILED
    )
    assert signed_work(checked(record_tree())) == "2401.00001v1"


# Aliases


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("arxiv", "2401.00001", PASSED),
        ("arXiv", "arXiv:2401.00001", PASSED),
        ("arxiv", "2401.00001v1", PASSED),
        ("arxiv", "2401.00001v2", UNDECIDED),
        ("arxiv", "2401.00002", FAILED),
        ("ARXIV_VERSION", "2401.00002v1", FAILED),
        ("arxiv_version", "2401.00001", UNDECIDED),
        ("arxiv_version", "2401.00001v2", UNDECIDED),
        ("arxiv", "2401.0000\uff11", UNDECIDED),
        ("arxiv", None, UNDECIDED),
        ("doi", "https://doi.org/10.48550/arXiv.2401.00001", PASSED),
        ("doi", "10.48550/arxiv.2401.00001v2", UNDECIDED),
        ("doi", "10.48550/arxiv.2401.00002", FAILED),
        ("doi", "10.48550/other", UNDECIDED),
        ("doi", "10.1103/PhysRev.1", UNDECIDED),
        ("doi", "x", UNDECIDED),
        ("ror", "2401.00002", UNDECIDED),
        (None, "2401.00002", UNDECIDED),
        ("ar\u0445iv", "2401.00002", UNDECIDED),
        ("pith_short_8", "AAAAAAAA", FAILED),
        ("PITH_SHORT_26", "A" * 26, FAILED),
        ("pith_short_7", "AAAAAAA", UNDECIDED),
        ("pith_short_27", "AAAAAAAA", UNDECIDED),
        ("pith_short_8", "AAAAAA1A", UNDECIDED),
    ],
)
def test_alias_gives_the_expected_outcome(kind: object, value: object, expected: Outcome) -> None:
    tree = record_tree()
    tree["aliases"] = [{"alias_kind": kind, "alias_value": value}]
    assert outcome(tree, "aliases") is expected


def test_short_aliases_with_a_year_and_malformed_aliases() -> None:
    tree = record_tree()
    suffix = tree["pith_number"][10:]
    for value, expected in (
        (suffix[:8].lower(), PASSED),
        (f"pith:2024:{suffix[:8]}", PASSED),
        (f"pith:2023:{suffix[:8]}", FAILED),
    ):
        tree["aliases"] = [{"alias_kind": "pith_short_8", "alias_value": value}]
        assert outcome(tree, "aliases") is expected
    tree["aliases"] = [{"alias_kind": "pith_short_12", "alias_value": suffix[:8]}]
    marks = checked(tree).marks
    assert marks["aliases", 0, "alias_value"] is Mark.PROVED
    assert marks["aliases", 0, "alias_kind"] is Mark.CLAIMED
    for aliases, expected in (([5, None], UNDECIDED), ("x", ABSENT), ([], ABSENT), (None, ABSENT)):
        assert outcome(put(tree, "aliases", aliases), "aliases") is expected
    bare: Json = {"receipt": {}, "aliases": [{"alias_kind": "arxiv", "alias_value": "2401.00001"}]}
    assert outcome(bare, "aliases") is UNDECIDED
    bare["aliases"] = [{"alias_kind": "pith_short_8", "alias_value": "AAAAAAAA"}]
    assert outcome(bare, "aliases") is UNDECIDED


# Snapshots and status


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"snapshot_sha256": "0" * 64}, CONFLICT),
        ({"snapshot_sha256": "0" * 63}, UNDECIDED),
        ({"snapshot_sha256": None}, PASSED),
        ({"count": 3}, UNDECIDED),
        ({"count": None}, UNDECIDED),
        ({"count": False}, UNDECIDED),
        ({"count": 1, "sample": [{"a": 1}]}, UNDECIDED),
        ({"count": 2, "sample": [{"a": 1}]}, UNDECIDED),
        ({"count": 0, "sample": "x"}, UNDECIDED),
        ({"count": 1, "sample": ["\ud800"]}, UNDECIDED),
        ({"count": 1, "sample": [5], "snapshot_sha256": snapshot_hash([5])}, PASSED),
    ],
    ids=repr,
)
def test_section_hash_gives_the_expected_outcome(changes: Json, expected: Outcome) -> None:
    tree = record_tree()
    tree["graph_snapshot"]["references"].update(changes)
    assert outcome(tree, "snapshots") is expected
    assert outcome({"receipt": {}}, "snapshots") is ABSENT


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"findings": [{"severity": "critical"}]}, UNDECIDED),
        (
            {"findings": [{}], "summary": {"critical": 1, "advisory": 0, "informational": 0}},
            CONFLICT,
        ),
        ({"summary": None, "snapshot_sha256": "0" * 64}, UNDECIDED),
        ({"summary": None}, PASSED),
        ({"detectors_run": None}, UNDECIDED),
        ({"detectors_run": ["x"]}, CONFLICT),
    ],
)
def test_integrity_hash_gives_the_expected_outcome(changes: Json, expected: Outcome) -> None:
    tree = record_tree()
    tree["graph_snapshot"]["integrity"].update(changes)
    assert outcome(tree, "snapshots") is expected


EVENT = {"event_type": "citation_signature"}


@pytest.mark.parametrize(
    ("name", "stated", "record", "expected"),
    [
        ("content_addressed", False, {}, UNDECIDED),
        ("content_addressed", 1, {}, UNDECIDED),
        ("content_addressed", True, {"canonical_sha256": "0" * 64}, CONFLICT),
        ("content_addressed", True, {"pith_number": None}, UNDECIDED),
        ("pith_receipt", False, {}, UNDECIDED),
        ("graph_snapshot", True, {"graph_snapshot": None}, UNDECIDED),
        ("graph_snapshot", False, {"graph_snapshot": None}, UNDECIDED),
        ("graph_snapshot", False, {}, UNDECIDED),
        ("strong_author_claims", 2, {}, CONFLICT),
        ("strong_author_claims", 2, {"graph_snapshot": None}, UNDECIDED),
        ("citation_signatures", 1, {"events": [EVENT]}, PASSED),
        ("citation_signatures", 1, {}, CONFLICT),
        ("citation_signatures", 0, {"events": [EVENT]}, UNDECIDED),
        ("citation_signatures", 9, {"event_summary": {"citation_signature": 9}}, UNDECIDED),
        ("citation_signatures", 9, {"event_summary": {"citation_signature": 8}}, CONFLICT),
        ("citation_signatures", 9, {"events": None}, UNDECIDED),
        ("citation_signatures", True, {}, UNDECIDED),
        ("replication_records", 1, {}, CONFLICT),
        ("weak_author_claims", 7, {}, PASSED),
    ],
)
def test_verification_status_gives_the_expected_outcome(
    name: str, stated: object, record: Json, expected: Outcome
) -> None:
    tree = {**record_tree(), **record}
    tree["verification_status"][name] = stated
    if "graph_snapshot" in record and name != "graph_snapshot":
        del tree["verification_status"]["graph_snapshot"]
    assert outcome(tree, "status") is expected


def test_catalog_entry_matches_the_names_of_the_record() -> None:
    catalog = checked(record_tree(license="", cross=("cs.AI",))).catalog
    assert catalog is not None
    assert (catalog.arxiv, catalog.version, catalog.year) == ("2401.00001", 1, 2024)
    assert catalog.categories == "cs.SE cs.AI"
    suffix = catalog.suffix
    for name in ("2401.00001", "2401.00001v1", "10.48550/arxiv.2401.00001", suffix, suffix[:8]):
        assert matches(catalog, parse_identifier(name)), name
    for name in ("2401.00002", "2401.00001v2", "10.1000/x", "AAAAAAAA"):
        assert not matches(catalog, parse_identifier(name)), name
    assert (checked(record_tree()).record.pith_number or "").startswith("pith:2024:")


def test_serialised_record_is_verified_and_unknown_check_raises() -> None:
    assert read(wire(record_tree()), None, TRUSTED).report.verdict is Verdict.VERIFIED
    with pytest.raises(KeyError):
        read(wire(record_tree())).report.check("none")


@pytest.mark.parametrize(
    ("source", "arxiv", "version"),
    [
        ({"kind": "arXiv", "id": "arXiv:2401.00001", "version": "v3"}, "2401.00001", 3),
        ({"kind": "arxiv", "id": "math.GT/0309136v2"}, "math/0309136", 2),
        ({"kind": "arxiv", "id": "no id", "version": True}, "no id", None),
        ({"kind": "arxiv", "id": 5, "version": 1}, None, 1),
        ({"kind": "doi", "id": "2401.00001", "version": 1}, None, 1),
        ("none", None, None),
    ],
)
def test_catalog_entry_normalises_the_source(
    source: object, arxiv: str | None, version: int | None
) -> None:
    tree = record_tree()
    tree["canonical_record"]["source"] = source
    result = read(wire(tree)).catalog
    assert result is not None
    assert (result.arxiv, result.version) == (arxiv, version)


def has_signed_title(tree: dict[str, Any]) -> bool:
    catalog = read(json.dumps(tree).encode()).catalog
    assert catalog is not None
    return catalog.has_signed_title


def test_signed_title_is_recognised_by_its_hash() -> None:
    tree = record_tree(title="On Kelvin")
    assert has_signed_title(tree)
    assert has_signed_title(put(tree, "paper.title", "ON  \u212aELVIN"))
    for other in ("On Kelvins", None, 5, "\ud800"):
        assert not has_signed_title(put(tree, "paper.title", other))
    assert not has_signed_title(put(record_tree(), "canonical_record.metadata", {}))
