"""Public keys: how one may enter, what it is called, and what it has signed.

``cryptography`` accepts small-order points as keys, under which anyone can sign; so a key enters
only by way of PublicKey, which refuses every encoding that is not a canonical point of prime
order.  Keys are pinned here or added by the user's own hand; none comes from the network.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from pith_tui.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
_IDENTITY: _Point = (0, 1, 1, 0)


class KeyRefusedError(UsageError):
    """These bytes must not be used as a public key."""


def decode_base64(text: str, length: int) -> bytes | None:
    """Decode standard base64 strictly: one spelling for each value (RFC 4648, section 3.5).

    Returns None unless the text decodes to ``length`` bytes and encoding gives it back.
    """
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(decoded) != length or base64.b64encode(decoded).decode("ascii") != text:
        return None
    return decoded


class PublicKey:
    """An Ed25519 public key that may be trusted: a canonical point of prime order.

    Raises KeyRefusedError for any other 32 bytes, and for any other number of bytes.
    """

    def __init__(self, key_id: str, raw: bytes) -> None:
        _refuse_weak(raw)
        self.key_id = key_id
        self.raw = raw

    @cached_property
    def fingerprint(self) -> str:
        """The first 16 bytes of SHA-256 of the raw key, in hex (docs/protocol.md, Receipt)."""
        return self._hash[:16].hex()

    @cached_property
    def fingerprint_base32(self) -> str:
        """The same hash's first 26 base32 characters (130 bits), as the manifest spells it."""
        return base64.b32encode(self._hash).decode("ascii")[:26]

    def has_fingerprint(self, claimed: str) -> bool:
        """Return whether a fingerprint is this key's: hex of 16 or 32 bytes in lower case, or 26
        characters of base32 in upper case, whose last two bits may stand or be cut."""
        return claimed in self._fingerprints

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Return whether the signature (64 bytes) over ``message`` is this key's (RFC 8032)."""
        from cryptography.exceptions import InvalidSignature

        try:
            self._verifier.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _fingerprints(self) -> frozenset[str]:
        cut = base64.b32encode(self._hash[:16]).decode("ascii")[:26]
        return frozenset((self.fingerprint, self._hash.hex(), self.fingerprint_base32, cut))

    @cached_property
    def _hash(self) -> bytes:
        return hashlib.sha256(self.raw).digest()

    @cached_property
    def _verifier(self) -> Ed25519PublicKey:
        # Imported here: the heaviest import of the protocol, and not every command verifies.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self.raw)


def _refuse_weak(raw: bytes) -> None:
    if len(raw) != 32:
        raise KeyRefusedError(f"a public key has 32 bytes, these are {len(raw)}")
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        raise KeyRefusedError("the key is no canonical encoding of a point")
    x = _recover_x(y, sign)
    if x is None:
        raise KeyRefusedError("the key is no point of the curve")
    point = (x, y, 1, x * y % _P)
    if _is_identity(_multiply(8, point)):
        raise KeyRefusedError("the key is a point of low order, under which anyone can sign")
    if not _is_identity(_multiply(_ORDER, point)):
        raise KeyRefusedError("the key is not a point of prime order")


def _recover_x(y: int, sign: int) -> int | None:
    """Solve the curve's equation for x (RFC 8032, 5.1.3); None where there is no such point."""
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if (x * x - square) % _P:
        return None
    if x == 0 and sign:
        return None
    return x if x & 1 == sign else _P - x


def _add(a: _Point, b: _Point) -> _Point:
    """Add two points in extended coordinates (RFC 8032, 5.1.4)."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % _P
    f = (a[1] + a[0]) * (b[1] + b[0]) % _P
    g = 2 * a[3] * b[3] * _D % _P
    h = 2 * a[2] * b[2] % _P
    left, down, up, right = f - e, h - g, h + g, f + e
    return left * down % _P, up * right % _P, down * up % _P, left * right % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    """Multiply by doubling and adding.  Not constant in time: nothing here is secret."""
    result = _IDENTITY
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _is_identity(point: _Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0


PINNED = PublicKey(
    "pith-v1-2026-05",
    base64.b64decode("stVStoiQhXFxp4s2pdzPNoqVNBMojDU/fJ2db5S3CbM="),
)
"""The service's key, as the mirror manifest published it (docs/protocol.md, Receipt)."""

PROGRAM_KEYS = (PINNED,)
"""The keys that are pinned in the program; any other trusted key is one that a user added."""
