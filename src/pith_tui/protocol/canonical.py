"""The canonical form and what follows from it: digest, Pith Number, text and snapshot hashes."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, cast

from pith_tui.protocol.strict_json import MAX_INTEGER, WrittenNumber

if TYPE_CHECKING:
    import rfc8785

SUFFIX_LENGTH = 26
"""Characters of a full Pith Number's suffix: 130 of the digest's 256 bits."""
SHORT_LENGTHS = (8, 12, 16)
"""The lengths of the short forms, which are search keys and no identities."""
EXCERPT_LENGTH = 600
"""Characters of ``paper.abstract_excerpt``; a shorter one is the whole (docs/protocol.md)."""


class NotCanonicalError(ValueError):
    """A value that RFC 8785 cannot serialise: a number past ±(2^53−1), or a lone surrogate."""


def canonical_form(value: object) -> bytes:
    """Serialise a JSON value by the JSON Canonicalization Scheme (RFC 8785).

    Where text is ASCII and no number has a fraction, the scheme is simple: keys in code point order
    (which for ASCII is that of UTF-16), the short escapes, ``\\u00xx`` for other controls, integers
    in decimal.  That is written here, ten times as fast; anything else is left to the library.
    Raises NotCanonicalError.
    """
    try:
        text = _simple_form(value)
    except _NotSimpleError:
        return _by_the_library(value)
    return text.encode("ascii") if text.isascii() else _by_the_library(value)


class _NotSimpleError(Exception):
    """A number that the simple form of the scheme does not cover."""


def _simple_form(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        members = [
            f"{encode_basestring(name)}:{_simple_form(value[name])}" for name in sorted(value)
        ]
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_simple_form, value))}]"
    if value is None or isinstance(value, bool):
        return _LITERALS[value]
    if isinstance(value, int) and -MAX_INTEGER <= value <= MAX_INTEGER:
        return str(value)
    raise _NotSimpleError


_LITERALS = {None: "null", True: "true", False: "false"}


def _by_the_library(value: object) -> bytes:
    import rfc8785  # rarely needed

    try:
        return rfc8785.dumps(cast("rfc8785._impl._Value", _as_doubles(value)))
    except (rfc8785.CanonicalizationError, UnicodeError, ValueError) as error:
        raise NotCanonicalError(str(error)) from None


def _as_doubles(value: object) -> object:
    """Return the value with numbers that are kept as text read as doubles (RFC 8785, 3.2.2.3)."""
    if isinstance(value, dict):
        return {name: _as_doubles(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_as_doubles(item) for item in value]
    if isinstance(value, WrittenNumber):
        if not any(mark in value.text for mark in ".eE"):
            raise NotCanonicalError("an integer outside ±(2^53−1)")
        return value.as_float()
    return value


def canonical_digest(canonical_record: object) -> bytes:
    """Compute the 32 bytes of SHA-256 over the canonical form; the receipt signs these."""
    return hashlib.sha256(canonical_form(canonical_record)).digest()


def suffix_of(digest: bytes) -> str:
    """Return the 26 characters that name a digest (RFC 4648; docs/protocol.md, Identifier)."""
    return base64.b32encode(digest[:20]).decode("ascii")[:SUFFIX_LENGTH]


@lru_cache(maxsize=1)
def empty_list_hash() -> str:
    """Hash the empty section, which most sections are."""
    return snapshot_hash([])


def snapshot_hash(payload: object) -> str:
    """Hash a section of the graph snapshot, hex (docs/protocol.md, Snapshot hashes)."""
    return hashlib.sha256(canonical_form({"payload": payload})).hexdigest()
