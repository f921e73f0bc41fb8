"""Two contents signed for one version or sent under one number."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pith_tui.protocol.equivocation import Equivocation, detect_equivocation
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from tests.registry.records import Paper, SigningKey, build, wire
from tests.stored import KEY
from tests.support import real_record

OTHER_KEY = SigningKey("other", b"\x31" * 32)
TRUSTED = (PINNED, *(PublicKey(each.key_id, each.raw) for each in (KEY, OTHER_KEY)))


def made(key: SigningKey = KEY, **paper: Any) -> CheckedRecord:
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
def test_what_two_signed_contents_show(paper: Any, expected: Equivocation | None) -> None:
    assert detect_equivocation(made(), made(**paper)) is expected
    assert detect_equivocation(made(**paper), made()) is expected


def test_only_other_details_are_no_alarm() -> None:
    quiet = {each for each in Equivocation if not each.is_alarm}
    assert quiet == {Equivocation.OTHER_SIGNED_DETAILS}


def test_another_content_under_one_number() -> None:
    one, other = made(), made(arxiv="2401.00002", title="Another")
    number = parse_identifier(one.record.pith_number or "")
    same = Equivocation.SAME_NUMBER_DIFFERENT_CONTENT
    assert detect_equivocation(one, other, number) is same
    assert detect_equivocation(one, other, parse_identifier(number.value[:8])) is None
    tree = json.loads(other.raw)
    tree["pith_number"] = number.value.lower()
    claimed = read(json.dumps(tree).encode(), None, TRUSTED)
    assert detect_equivocation(claimed, read(wire({**tree, "canonical_record": {}}))) is same


@pytest.mark.parametrize("canonical", [None, {"note": "\ud800"}])
def test_what_has_no_digest_shows_nothing(canonical: object) -> None:
    tree = {**json.loads(real_record()), "canonical_record": canonical}
    assert detect_equivocation(read(real_record()), read(json.dumps(tree).encode())) is None


def test_all_keys_of_the_program_have_one_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    other = made(OTHER_KEY, title="Another")
    assert detect_equivocation(made(), other) is None
    monkeypatch.setattr("pith_tui.protocol.equivocation.PROGRAM_KEYS", TRUSTED)
    assert detect_equivocation(made(), other) is Equivocation.SIGNED_TWICE
