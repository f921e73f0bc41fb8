"""The canonical form and what follows from it: digest, Pith Number, text and snapshot hashes."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from functools import lru_cache
from typing import cast

import rfc8785

SUFFIX_LENGTH = 26
"""Characters of a full Pith Number's suffix: 130 of the digest's 256 bits."""
SHORT_LENGTHS = (8, 12, 16)
"""The lengths of the short forms, which are search keys and no identities."""
EXCERPT_LENGTH = 600
"""Characters of ``paper.abstract_excerpt``; a shorter one is the whole abstract (PROTOCOL.md)."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_form(value: object) -> bytes:
    """Serialise a strict JSON value by the JSON Canonicalization Scheme (RFC 8785).

    Where text is ASCII and no number has a fraction, the scheme asks for what the standard
    library's encoder writes, ten times as fast: keys in code point order (which for ASCII is that
    of UTF-16), the short escapes, ``\\u00xx`` for other controls, integers in decimal.  Anything
    else is left to the library.
    """
    text = _ENCODER.encode(value)
    if text.isascii() and not _holds_fraction(value):
        return text.encode("ascii")
    return rfc8785.dumps(cast("rfc8785._impl._Value", value))


def _holds_fraction(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_fraction, value.values()))
    if isinstance(value, list):
        return any(map(_holds_fraction, value))
    return isinstance(value, float)


def canonical_digest(canonical_record: object) -> bytes:
    """Compute the 32 bytes of SHA-256 over the canonical form; the receipt signs these."""
    return hashlib.sha256(canonical_form(canonical_record)).digest()


def suffix_of(digest: bytes) -> str:
    """Return the 26 characters that name a digest (RFC 4648 base32; PROTOCOL.md, Identifier)."""
    return base64.b32encode(digest[:20]).decode("ascii")[:SUFFIX_LENGTH]


def text_hash(text: str) -> str:
    """Hash a title or abstract, hex: white space collapsed, lower case (PROTOCOL.md)."""
    return hashlib.sha256(" ".join(text.split()).lower().encode("utf-8")).hexdigest()


def text_rule_settled(text: str) -> bool:
    """Return whether every reading of the title and abstract rule gives this text one hash.

    No non-ASCII title has been seen, so lower case against case folding, Unicode normalisation
    and which spaces count cannot be told apart; where they differ, a mismatch proves nothing.
    """
    if text.isascii():
        return True
    collapsed = " ".join(text.split())
    lowered = collapsed.lower()
    return (
        not any(ch.isspace() and not ch.isascii() for ch in text)
        and lowered == collapsed.casefold()
        and all(
            unicodedata.normalize(form, lowered) == lowered
            for form in ("NFC", "NFD", "NFKC", "NFKD")
        )
    )


@lru_cache(maxsize=1)
def empty_list_hash() -> str:
    """Hash the empty section, which most sections are."""
    return snapshot_hash([])


def snapshot_hash(payload: object) -> str:
    """Hash a section of the graph snapshot, hex (PROTOCOL.md, snapshot_sha256)."""
    return hashlib.sha256(canonical_form({"payload": payload})).hexdigest()
