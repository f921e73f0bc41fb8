"""Strict JSON: refused input, and the position in the error."""

from __future__ import annotations

import contextlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import NotARecordError, TooLargeError, TwoReadingsError
from pith_tui.protocol.canonical import NotCanonicalError, canonical_form
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import WrittenNumber, parse, path_text


@pytest.mark.parametrize(
    ("raw", "place", "reason"),
    [
        (b'{"a":{"b":[1,{"c":1,"c":2}]}}', "$.a.b[1].c", "twice"),
        (b'{"c":1,"\\u0063":2}', "$.c", "twice"),
        (b'{"n":' + b"9" * 5000 + b',"a":[],"a":1e999}', "$.a", "twice"),
        (b'{"a":"\xff"}', "byte 7", "UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "byte 7", "UTF-8"),
        (b'{"a":"\xff","b":1,"b":2}', "byte 7", "UTF-8"),
    ],
)
def test_ambiguous_json_is_an_error_with_its_position(raw: bytes, place: str, reason: str) -> None:
    with pytest.raises(TwoReadingsError, match=reason) as caught:
        parse(raw)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"a":\n tru}', "line 2 column 2"),
        (b"{}{}", "line 1 column 3"),
        (b"", ""),
        (b'{"a":1', "line 1 column 7"),
        (b'{"a":NaN}', ""),
        (b'{"a":-Infinity}', ""),
        (b'{"a":"\xe2\x82', "byte 7"),
        (b'["\xff"]', "byte 3"),
        (b'{"a":1,"a":2},', "line 1 column 14"),
        (b'{"a":{"b":1,"b":2}', "line 1 column 19"),
        (b'[{"a":1,"a":2}]', ""),
        (b'["\xff",{"a":1,"a":2}]', "byte 3"),
        (b'{"a":1,"a":2,"b":NaN}', ""),
    ],
)
def test_malformed_json_is_an_error_with_its_position(raw: bytes, place: str) -> None:
    with pytest.raises(NotARecordError) as caught:
        parse(raw)
    assert not isinstance(caught.value, TwoReadingsError | TooLargeError)
    assert caught.value.place == place


def test_numbers_are_kept_as_written() -> None:
    written = ["9007199254740993", "-" + "9" * 5000, "1e999", "-0.0", "5.00", "1E2", "2.5"]
    value = parse(f"[{','.join(written)}]".encode())
    assert isinstance(value, list)
    assert list(map(repr, value)) == written
    assert value[1] == WrittenNumber(written[1])
    assert value[1] != WrittenNumber("1")
    assert hash(value[1]) == hash(WrittenNumber(written[1]))


def test_byte_order_mark_is_skipped_and_lone_surrogates_are_kept() -> None:
    assert parse(b'\xef\xbb\xbf{"a":"\\ud800"}') == {"a": "\ud800"}
    assert parse(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    "value",
    ["9007199254740992", "-9007199254740992", "9" * 40, "1e999", '"\\ud800"', '{"\\udc00":1}'],
)
def test_values_outside_rfc_8785_are_not_canonical(value: str) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_form(parse(f'{{"a":[{value}]}}'.encode()))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("1E2", "100"), ("5.00", "5"), ("1e-999", "0"), ("-0", "0"), ("9007199254740991", None)],
)
def test_numbers_are_canonicalised_as_doubles(written: str, canonical: str | None) -> None:
    assert canonical_form(parse(f"[{written}]".encode())) == f"[{canonical or written}]".encode()


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
def test_parsing_agrees_with_the_json_module(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert json.loads(canonical_form(value)) == value
    assert canonical_form(parse(canonical_form(value))) == canonical_form(value)


@given(values)
def test_canonical_form_agrees_with_rfc8785(value: object) -> None:
    assert canonical_form(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), st.text(), max_size=6))
def test_canonical_form_agrees_for_every_ascii_and_control_character(value: dict[str, str]) -> None:
    assert canonical_form(value) == rfc8785.dumps(value)


@given(
    st.binary(max_size=300)
    | st.text('[]{}:,"\\\\u0a1 \ud800\xe9').map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_parse_or_are_refused(raw: bytes) -> None:
    with contextlib.suppress(NotARecordError):
        parse(raw)


@pytest.mark.parametrize("raw", [b"[]", b"{}", b"5", b'{"paper":{"title":"x"}}'])
def test_json_of_another_shape_is_not_a_record(raw: bytes) -> None:
    with pytest.raises(NotARecordError):
        Record(raw)


def test_record_keeps_unknown_members() -> None:
    raw = b'{"receipt":"x","new":{"a":[1,{"b":null}]},"paper":null,"aliases":[7]}'
    record = Record(raw)
    assert record.raw == raw
    assert dict(record.leaves())["new", "a", 1, "b"] is None
    assert record.title is None
    assert record.aliases[0].kind is None


def test_path_text_uses_common_notation() -> None:
    assert path_text(("a", 0, "b-c", "d")) == '$.a[0]["b-c"].d'
