"""Strict JSON: the only reading of bytes that a digest or a signature may rest on.

Two parsers that read one text differently would let a record show one thing and prove another, so
bytes that have two readings (a name twice in one object, bytes that are not UTF-8) are
distinguished from bytes that are no record at all.  What RFC 8785 cannot canonicalise, such as
integers past 2^53 or lone surrogates, is refused where something is canonicalised, not here:
elsewhere a number of any size is kept as it is written (docs/verdict.md, What is a record).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from pith_tui.errors import NotARecordError, TooLargeError, TwoReadingsError
from pith_tui.patterns import pattern

MAX_SIZE = 16 << 20
"""The largest text that is read, in bytes: 16 MiB."""
MAX_DEPTH = 256
"""How many arrays and objects may lie inside one another, the outermost one counted."""
MAX_VALUES = 250_000
"""How many values may be read: objects, arrays, texts, numbers and literals."""
MAX_INTEGER = 2**53 - 1
"""The largest magnitude of an integer that every JSON reader keeps exactly (RFC 7493, 2.2)."""

Path = tuple[str | int, ...]
"""Where a value stands in a JSON tree: keys and indices from the root."""

_MAX_DIGITS = 18
"""Digits of an integer that Python converts at no cost worth mentioning."""
_PLAIN_KEY = pattern(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# Possessive, and an unterminated text ends at the end: no input makes this take more than one pass.
_STRUCTURE = pattern(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|,|[\[{](?=[ \t\r\n]*+[^ \t\r\n\]}])', re.DOTALL
)
_NOT_OPENING = bytes(set(range(256)) - set(b"[{"))
_UNTERMINATED = pattern(r'"[^"\\]*+(?:\\.[^"\\]*+)*+\\?\Z', re.DOTALL)
_BOM = b"\xef\xbb\xbf"


class WrittenNumber:
    """A number that Python would write otherwise than it stands: kept as its text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def as_float(self) -> float:
        """Return the nearest double, infinite where it is too large for one."""
        return float(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrittenNumber) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text


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


def has_byte_order_mark(raw: bytes) -> bool:
    """Return whether the text begins with a byte order mark, which is ignored."""
    return raw.startswith(_BOM)


def parse(raw: bytes) -> object:
    """Read JSON that has one reading; a byte order mark before it is ignored.

    Raises TooLargeError for more than 16 MiB, 256 levels or 250,000 values; TwoReadingsError for
    one object with a name twice (compared after unescaping) or with bytes that are not UTF-8; and
    NotARecordError, naming the place, for what is no JSON at all.
    """
    _refuse_too_large(raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _raise_undecodable(raw, error)
    return _decode(text, raw)


def _refuse_too_large(raw: bytes) -> None:
    if len(raw) > MAX_SIZE:
        raise _too_large(f"{MAX_SIZE:,} bytes")
    # Every value takes a byte, and every one but the first follows a comma or opens what is around
    # it: most records are too short to have too many, and nothing has to be counted in them.
    if len(raw) > MAX_VALUES and raw.count(b",") + raw.count(b"[") + raw.count(b"{") >= MAX_VALUES:
        values, texts = 1, 0
        for token in _STRUCTURE.finditer(raw):
            if raw[token.start()] == 0x22:
                texts += 1
            else:
                values += 1
            if values > MAX_VALUES or texts > 2 * MAX_VALUES:
                raise _too_large(f"{MAX_VALUES:,} values")


def _decode(text: str, raw: bytes) -> object:
    try:
        value: object = _DECODER.decode(text)
    except _DuplicateNameError:
        _raise_duplicate_name(text)
    except json.JSONDecodeError as error:
        _raise_malformed(text, error)
    except RecursionError:
        raise _too_deep() from None
    # Most records have too few brackets to be too deep; in the bytes one pass counts both kinds.
    if len(raw.translate(None, _NOT_OPENING)) > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _too_deep()
    return value


def _raise_malformed(text: str, error: json.JSONDecodeError) -> NoReturn:
    start = text.lstrip()
    if not start:
        raise NotARecordError("it is empty") from None
    if start[0] == "<":
        raise NotARecordError("it is a web page or XML, not JSON") from None
    is_cut = not text[error.pos :].strip() or _UNTERMINATED.match(text, error.pos)
    reason = "it is cut off" if is_cut else "it is not JSON"
    raise NotARecordError(reason, _line_column(text, error.pos)) from None


def _raise_undecodable(raw: bytes, error: UnicodeDecodeError) -> NoReturn:
    """Distinguish one object with a byte that is no UTF-8 from bytes that are no object."""
    place = f"byte {error.start + 1:,}"
    try:
        is_object = isinstance(_decode(raw.decode("utf-8-sig", "replace"), raw), dict)
    except TwoReadingsError:
        is_object = True
    except TooLargeError:
        raise
    except NotARecordError:
        is_object = False
    kind = TwoReadingsError if is_object else NotARecordError
    raise kind("the bytes are not UTF-8", place)


class _DuplicateNameError(Exception):
    """A name stands twice in one object; found without its place."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateNameError
    return members


def _integer(digits: str) -> object:
    return int(digits) if len(digits) <= _MAX_DIGITS else WrittenNumber(digits)


def _fraction(digits: str) -> object:
    number = float(digits)
    return number if math.isfinite(number) and repr(number) == digits else WrittenNumber(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise NotARecordError(f"it is not JSON: {name} is not a JSON number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_refuse_constant,
)


class _Members(list[tuple[str, object]]):
    """An object's members as they stand in the text, names that stand twice included."""


_LOOSE_DECODER = json.JSONDecoder(
    object_pairs_hook=_Members, parse_int=str, parse_float=str, parse_constant=_refuse_constant
)


def _raise_duplicate_name(text: str) -> NoReturn:
    """Read a refused text again, loosely: is it one object, and which name occurs twice?

    The usual reading builds the tree from the leaves up: it meets the name before it knows
    whether the text is complete, and knows no paths.  This second one is paid for only by texts
    that are refused anyway.
    """
    try:
        value = _LOOSE_DECODER.decode(text)
    except json.JSONDecodeError as error:
        _raise_malformed(text, error)
    except RecursionError:
        raise _too_deep() from None
    if _depth(value) > MAX_DEPTH:
        raise _too_deep()
    if not isinstance(value, _Members):
        raise NotARecordError("it is not a JSON object")
    first, *_ = _duplicates(value)
    raise TwoReadingsError("a name occurs twice in one object", first)


def _duplicates(value: object) -> Iterator[str]:
    """Yield where a name stands that its object has already, in the order of the text."""
    stack: list[tuple[object, Path]] = [(value, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, _Members):
            seen: set[str] = set()
            for key, _ in value:
                if key in seen:
                    yield path_text((*path, key))
                seen.add(key)
            stack.extend((member, (*path, key)) for key, member in reversed(value))
        elif isinstance(value, list):
            stack.extend((value[i], (*path, i)) for i in reversed(range(len(value))))


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
            elif isinstance(item, _Members):
                nested = True
                below.extend(member for _, member in item)
            elif isinstance(item, list):
                nested = True
                below.extend(item)
        level = below
        depth += nested
    return depth


def _too_deep() -> TooLargeError:
    return _too_large(f"{MAX_DEPTH} levels")


def _too_large(limit: str) -> TooLargeError:
    return TooLargeError(f"too large to check: more than the {limit} that a record may have")


def _line_column(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line} column {column}"
