"""Strict JSON: the only reading of bytes that a digest or a signature may rest on.

RFC 8785 section 3.1 asks for I-JSON (RFC 7493): UTF-8, no duplicate keys, no lone surrogates,
numbers that survive as IEEE doubles.  Two parsers that read one text differently would let a
record show one thing and prove another, so whatever is open to reading is refused, with its place.
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from pith_tui.errors import NotARecordError

MAX_SIZE = 1 << 20
"""The largest text that is read, in bytes: 1 MiB."""
MAX_DEPTH = 64
"""How many arrays and objects may lie inside one another."""
MAX_INTEGER = 2**53 - 1
"""The largest magnitude of an integer that every JSON reader keeps exactly (RFC 7493, 2.2)."""

Path = tuple[str | int, ...]
"""Where a value stands in a JSON tree: keys and indices from the root."""

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def path_text(path: Path) -> str:
    """Format a path the way people do: ``$.aliases[0].alias_value``."""
    parts = ["$"]
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            parts.append(f".{step}")
        else:
            parts.append(f"[{json.dumps(step)}]")
    return "".join(parts)


def parse(raw: bytes) -> object:
    """Read strict JSON.

    Raises NotARecordError, naming the place, for anything but UTF-8 without a byte order mark,
    for duplicate keys, NaN, infinities, lone surrogates, integers outside ±(2^53−1), more than
    64 levels or more than 1 MiB.
    """
    text = _decode(raw)
    try:
        value = _DECODER.decode(text)
    except _StrictnessError as fault:
        _explain(text, fault)
    except json.JSONDecodeError as fault:
        raise NotARecordError(f"not JSON: {fault.msg}", _line_column(text, fault.pos)) from None
    except RecursionError:
        raise _too_deep(text) from None
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _too_deep(text)
    if _ESCAPED_SURROGATE.search(text):
        _refuse_lone_surrogates(value)
    return value


def _decode(raw: bytes) -> str:
    if len(raw) > MAX_SIZE:
        raise NotARecordError(
            f"{len(raw):,} bytes are more than the {MAX_SIZE:,} a record may have",
            f"byte {MAX_SIZE + 1:,}",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NotARecordError("the bytes are not UTF-8", f"byte {fault.start + 1:,}") from None
    if text.startswith("\ufeff"):
        raise NotARecordError("the text begins with a byte order mark", "byte 1")
    return text


class _StrictnessError(Exception):
    """Something that JSON allows and strict JSON does not; found without its place."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _StrictnessError("duplicate key")
    return members


def _safe_integer(digits: str) -> int:
    # The length first: Python refuses to convert very long ones with an error of its own.
    if len(digits) > 17 or abs(number := int(digits)) > MAX_INTEGER:
        raise _StrictnessError("integer")
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _StrictnessError("infinity")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise _StrictnessError(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_safe_integer,
    parse_float=_finite,
    parse_constant=_refuse_constant,
)


class _Members(list[tuple[str, object]]):
    """An object's members as they stand in the text, doubles included."""


class _Fault(str):
    """A scalar that strict JSON refuses, standing where it was found, holding the reason."""

    __slots__ = ()


def _explain(text: str, fault: _StrictnessError) -> NoReturn:
    """Read a refused text again, loosely, to say where in the tree the fault is.

    The usual reading builds the tree from the leaves up and so knows no paths; this second one is
    paid for only by texts that are refused anyway.
    """
    loose = json.JSONDecoder(
        object_pairs_hook=_Members,
        parse_int=_integer_or_fault,
        parse_float=_float_or_fault,
        parse_constant=lambda name: _Fault(f"{name} is no JSON number"),
    )
    try:
        tree = loose.decode(text)
    except RecursionError:
        raise _too_deep(text) from None
    except json.JSONDecodeError as worse:
        raise NotARecordError(f"not JSON: {worse.msg}", _line_column(text, worse.pos)) from None
    found = _first_fault(tree)
    if found is None:
        raise NotARecordError(f"not strict JSON ({fault})", "$")
    reason, path = found
    raise NotARecordError(reason, path_text(path))


def _integer_or_fault(digits: str) -> object:
    try:
        return _safe_integer(digits)
    except _StrictnessError:
        shown = digits if len(digits) <= 24 else f"{digits[:20]}… ({len(digits)} digits)"
        return _Fault(f"the integer {shown} is outside ±(2^53−1)")


def _float_or_fault(digits: str) -> object:
    try:
        return _finite(digits)
    except _StrictnessError:
        return _Fault(f"the number {digits[:24]} is too large for a double")


def _first_fault(tree: object) -> tuple[str, Path] | None:
    stack: list[tuple[object, Path]] = [(tree, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, _Fault):
            return str(value), path
        if isinstance(value, _Members):
            seen: set[str] = set()
            for key, _ in value:
                if key in seen:
                    return "the key stands twice in one object", (*path, key)
                seen.add(key)
            stack.extend((member, (*path, key)) for key, member in reversed(value))
        elif isinstance(value, list):
            stack.extend((value[i], (*path, i)) for i in reversed(range(len(value))))
    return None


def _depth(value: object) -> int:
    """Count levels breadth first: no recursion, whatever the depth."""
    level, depth = [value], 0
    while level:
        below: list[object] = []
        nested = False
        for item in level:
            if isinstance(item, dict):
                nested = True
                below.extend(item.values())
            elif isinstance(item, list):
                nested = True
                below.extend(item)
        level = below
        depth += nested
    return depth


def _too_deep(text: str) -> NotARecordError:
    depth = 0
    place = "$"
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        mark = token.group()
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            place = _line_column(text, token.start())
            break
    return NotARecordError(f"nested deeper than {MAX_DEPTH} levels", place)


def _refuse_lone_surrogates(tree: object) -> None:
    stack: list[tuple[object, Path]] = [(tree, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, dict):
            for key, member in value.items():
                _encode(key, path)
                stack.append((member, (*path, key)))
        elif isinstance(value, list):
            stack.extend((item, (*path, i)) for i, item in enumerate(value))
        elif isinstance(value, str):
            _encode(value, path)


def _encode(text: str, path: Path) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as fault:
        code = ord(text[fault.start])
        raise NotARecordError(f"a lone surrogate, U+{code:04X}", path_text(path)) from None


def _line_column(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line} column {column}"
