"""Input limits: exactly the limit is read, one more is too large."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pith_tui.errors import TooLargeError, TwoReadingsError
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Reason, Verdict
from pith_tui.protocol.strict_json import MAX_DEPTH, MAX_SIZE, MAX_VALUES, parse

CASES: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "size": (MAX_SIZE, lambda size: b'"' + b"a" * (size - 2) + b'"'),
    "levels of arrays": (MAX_DEPTH, lambda depth: b"[" * depth + b"]" * depth),
    "levels of objects": (
        MAX_DEPTH,
        lambda depth: b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1),
    ),
    "levels with a name twice": (
        MAX_DEPTH,
        lambda depth: b'{"a":' * depth + b"5" + b"}" * (depth - 1) + b',"b":1,"b":2}',
    ),
    "empty arrays": (MAX_VALUES, lambda count: b"[" + b",".join([b"[]"] * (count - 1)) + b"]"),
    "blank arrays": (MAX_VALUES, lambda count: b"[" + b",".join([b"[ \n]"] * (count - 1)) + b"]"),
    "numbers": (MAX_VALUES, lambda count: b"[" + b",".join([b"1"] * (count - 1)) + b"]"),
    "texts": (MAX_VALUES, lambda count: b"[" + b",".join([b'"[{,"'] * (count - 1)) + b"]"),
    "escapes": (MAX_VALUES, lambda count: b"[" + b",".join([b'"\\",[\\\\"'] * (count - 1)) + b"]"),
    "members": (
        MAX_VALUES,
        lambda count: b"{" + b",".join(b'"%d":1' % n for n in range(count - 1)) + b"}",
    ),
    "nested": (
        MAX_VALUES,
        lambda count: (
            b"["
            + b",".join([b'{"a":[1]}'] * ((count - 1) // 3) + [b"5"] * ((count - 1) % 3))
            + b"]"
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_input_at_the_limit_parses_and_one_over_is_too_large(name: str) -> None:
    limit, make = CASES[name]
    if name == "levels with a name twice":
        with pytest.raises(TwoReadingsError):
            parse(make(limit))
    else:
        parse(make(limit))
    with pytest.raises(TooLargeError):
        parse(make(limit + 1))


@pytest.mark.parametrize(
    "raw",
    [
        b"[],",
        b'{"a":1},',
        b'"",',
        b'"a":',
        b"[",
        b'{"a":',
        b'{"a":1,"a":2,"b":[',
        b'"\\"',
    ],
    ids=ascii,
)
@pytest.mark.parametrize("start", [b"", b'{"receipt":['])
def test_16_mib_of_small_values_is_too_large_or_malformed(raw: bytes, start: bytes) -> None:
    whole = (start + raw * (MAX_SIZE // len(raw)))[:MAX_SIZE]
    result = read(whole)
    assert result.report.verdict is Verdict.UNDECIDED
    is_malformed = raw in (b'"\\"', b'"a":')
    expected = Reason.NOT_A_RECORD if is_malformed else Reason.TOO_LARGE
    assert result.report.check("record").reason is expected


def test_deeply_nested_invalid_utf_8_is_too_large() -> None:
    for inner in (b"\xff", b'\xff","a":1,"a":"'):
        raw = b'{"a":' * 300 + b'{"b":"' + inner + b'"}' + b"}" * 300
        with pytest.raises(TooLargeError):
            parse(raw)
    with pytest.raises(TooLargeError):
        parse(b'{"b":{"a":1,"a":2},"c":' + b"[" * 100_000)
