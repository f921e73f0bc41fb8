"""Strict JSON: what is refused, and that the place is named."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import NotARecordError
from pith_tui.protocol.canonical import canonical_form
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import MAX_SIZE, parse, path_text


@pytest.mark.parametrize(
    ("raw", "place", "reason"),
    [
        (b'{"a":{"b":[1,{"c":1,"c":2}]}}', "$.a.b[1].c", "twice"),
        (b'{"a":[NaN]}', "$.a[0]", "NaN"),
        (b'{"a":-Infinity}', "$.a", "Infinity"),
        (b'{"a":1e999}', "$.a", "too large"),
        (b'{"a b":9007199254740992}', '$["a b"]', "2^53"),
        (b'{"a":-9007199254740992}', "$.a", "2^53"),
        (b'{"a":' + b"9" * 5000 + b"}", "$.a", "5000 digits"),
        (b'{"a":"\\ud800"}', "$.a", "surrogate, U+D800"),
        (b'{"\\udfff":1}', "$", "surrogate"),
        (b"[" * 65 + b"]" * 65, "line 1 column 65", "64 levels"),
        (b"[" * 100_000, "line 1 column 65", "64 levels"),
        (b"\xef\xbb\xbf{}", "byte 1", "byte order mark"),
        (b'{"a":"\xff"}', "byte 7", "UTF-8"),
        (b'{"a":\n tru}', "line 2 column 2", "not JSON"),
        (b"{}{}", "line 1 column 3", "not JSON"),
        (b"", "line 1 column 1", "not JSON"),
        (b" " * (MAX_SIZE + 1), "byte 1,048,577", "1,048,577 bytes"),
    ],
)
def test_what_is_refused_names_its_place(raw: bytes, place: str, reason: str) -> None:
    with pytest.raises(NotARecordError) as caught:
        parse(raw)
    assert caught.value.place == place
    assert reason in str(caught.value)


def test_limits_themselves_are_allowed() -> None:
    assert parse(b"9007199254740991") == 2**53 - 1
    parse(b"[" * 64 + b"]" * 64)
    parse(b'"' + b"a" * (MAX_SIZE - 2) + b'"')
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    # Beyond 2^53 the canonical form of a double is an integer that strict JSON refuses.
    | st.floats(-(2.0**53) + 1, 2.0**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@given(values)
def test_parsing_gives_back_what_json_says(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(canonical_form(value)) == value
    assert canonical_form(parse(canonical_form(value))) == canonical_form(value)


@given(values)
def test_the_short_way_to_the_canonical_form_is_the_librarys(value: object) -> None:
    assert canonical_form(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), st.text(), max_size=6))
def test_so_it_is_for_every_ascii_key_and_control_character(value: dict[str, str]) -> None:
    assert canonical_form(value) == rfc8785.dumps(value)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_parse_or_are_refused(raw: bytes) -> None:
    user_state = []
    try:
        parse(raw)
    except NotARecordError as error:
        user_state.append(error.place)
    assert all(user_state)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"[]", "$"),
        (b"{}", "$"),
        (b'{"record_type":"other","pith_number":""}', "$.record_type"),
        (b'{"canonical_record":[]}', "$.canonical_record"),
        (b'{"pith_number":"","paper":{"title":5}}', "$.paper.title"),
        (b'{"canonical_record":{"source":{"version":true}}}', "$.canonical_record.source.version"),
    ],
)
def test_json_of_another_shape_is_no_record(raw: bytes, place: str) -> None:
    with pytest.raises(NotARecordError) as caught:
        Record(raw)
    assert caught.value.place == place


def test_a_record_keeps_what_it_does_not_know() -> None:
    raw = b'{"pith_number":"x","new":{"a":[1,{"b":null}]},"paper":null,"aliases":[7]}'
    record = Record(raw)
    assert record.raw == raw
    assert dict(record.leaves())["new", "a", 1, "b"] is None
    assert record.title is None
    assert record.aliases[0].kind is None


def test_paths_are_spelled_as_people_do() -> None:
    assert path_text(("a", 0, "b-c", "d")) == '$.a[0]["b-c"].d'
