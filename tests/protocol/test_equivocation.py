"""Two contents signed for one version or sent under one number."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from tests.registry.records import Json, Paper, SigningKey, build, resign, wire
from tests.stored import KEY
from tests.support import real_record

OTHER_KEY = SigningKey("other", b"\x31" * 32)
TRUSTED = (PINNED, *(PublicKey(item.key_id, item.raw) for item in (KEY, OTHER_KEY)))


def signed_record(key: SigningKey = KEY, **paper: Any) -> CheckedRecord:
    return read(wire(build(Paper(**paper), key)), None, TRUSTED)


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        ({}, None),
        ({"title": "Another"}, Equivocation.SIGNED_TWICE),
        ({"abstract": "Another"}, Equivocation.SIGNED_TWICE),
        ({"submitted": "2024-01-01T10:00:01Z"}, Equivocation.SIGNED_TWICE),
        ({"submitted": "2024-01-01T11:00:00+01:00"}, Equivocation.OTHER_SIGNED_DETAILS),
        ({"license": ""}, Equivocation.OTHER_SIGNED_DETAILS),
        ({"cross": ()}, Equivocation.OTHER_SIGNED_DETAILS),
        ({"title": "Another", "version": 2}, None),
        ({"title": "Another", "arxiv": "2401.00002"}, None),
        ({"title": "Another", "key": OTHER_KEY}, None),
        ({"title": "Another", "key": SigningKey("untrusted", b"\x32" * 32)}, None),
    ],
)
def test_two_signed_contents_give_the_expected_equivocation(
    paper: Any, expected: Equivocation | None
) -> None:
    assert detect_equivocation(signed_record(), signed_record(**paper)) is expected
    assert detect_equivocation(signed_record(**paper), signed_record()) is expected


def test_only_other_signed_details_is_not_an_alarm() -> None:
    quiet = {item for item in Equivocation if not item.is_alarm}
    assert quiet == {Equivocation.OTHER_SIGNED_DETAILS}


def test_different_content_under_one_pith_number_is_detected() -> None:
    one, other = signed_record(), signed_record(arxiv="2401.00002", title="Another")
    number = parse_identifier(one.record.pith_number or "")
    same = Equivocation.SAME_NUMBER_DIFFERENT_CONTENT
    assert detect_equivocation(one, other, number) is same
    assert detect_equivocation(one, other, parse_identifier(number.value[:8])) is None
    tree = json.loads(other.raw)
    tree["pith_number"] = number.value.lower()
    claimed = read(json.dumps(tree).encode(), None, TRUSTED)
    assert detect_equivocation(claimed, read(wire({**tree, "canonical_record": {}}))) is same


@pytest.mark.parametrize("canonical", [None, {"note": "\ud800"}])
def test_record_without_digest_gives_no_equivocation(canonical: object) -> None:
    tree = {**json.loads(real_record()), "canonical_record": canonical}
    assert detect_equivocation(read(real_record()), read(json.dumps(tree).encode())) is None


def test_different_program_keys_count_as_one_signer(monkeypatch: pytest.MonkeyPatch) -> None:
    other = signed_record(OTHER_KEY, title="Another")
    assert detect_equivocation(signed_record(), other) is None
    monkeypatch.setattr("pith_tui.protocol.equivocation.PINNED_KEYS", TRUSTED)
    assert detect_equivocation(signed_record(), other) is Equivocation.SIGNED_TWICE


def signed_as(**metadata: object) -> CheckedRecord:
    tree = build(Paper(), KEY)
    tree["canonical_record"]["metadata"].update(metadata)
    return read(wire(resign(tree, KEY)), None, TRUSTED)


def respelled(name: str, change: Callable[[str], object]) -> Json:
    value = build(Paper(), KEY)["canonical_record"]["metadata"][name]
    return {name: change(value)}


@pytest.mark.parametrize("name", ["title_canon_sha256", "abstract_canon_sha256"])
@pytest.mark.parametrize(
    "change",
    [str.upper, lambda text: f"sha256:{text}", lambda text: None, lambda text: f"{text}\n"],
    ids=["upper case", "prefix", "gone", "unreadable"],
)
def test_different_spelling_of_a_hash_is_not_an_alarm(
    name: str, change: Callable[[str], object]
) -> None:
    other = signed_as(**respelled(name, change))
    assert detect_equivocation(signed_record(), other) is Equivocation.OTHER_SIGNED_DETAILS


def test_unreadable_time_is_not_an_alarm() -> None:
    for moment in ("2024-01-01", "2024 or so", "2024-01-01T10:00:00.000+00:00"):
        other = signed_as(submitted_at=moment)
        assert detect_equivocation(signed_record(), other) is Equivocation.OTHER_SIGNED_DETAILS


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ({"kind": "arXiv", "id": "arXiv:2401.00001", "version": "v1"}, True),
        ({"kind": "arxiv", "id": "2401.00001v1", "version": None}, True),
        ({"kind": "arxiv", "id": "2401.00001", "version": 2}, False),
        ({"kind": "arxiv", "id": "not an id", "version": 1}, False),
        ({"kind": "doi", "id": "2401.00001", "version": 1}, False),
    ],
)
def test_version_is_recognised_in_every_spelling(source: Json, same: bool) -> None:
    tree = build(Paper(title="Another"), KEY)
    tree["canonical_record"]["source"] = source
    other = read(wire(resign(tree, KEY)), None, TRUSTED)
    assert other.report.passed("digest", "signature")
    expected = Equivocation.SIGNED_TWICE if same else None
    assert detect_equivocation(signed_record(), other) is expected
