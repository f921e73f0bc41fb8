"""Public keys: how one may be added, what it is called, and what it has signed.

``cryptography`` accepts small-order points as keys, under which anyone can sign; so a key is only
made by PublicKey, which refuses every encoding that is not a canonical point of prime order.  Keys
are pinned here or added by the user; none comes from the network.
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


class KeyRefusedError(UsageError):
    """These bytes must not be used as a public key."""


def decode_base64(text: str, length: int) -> bytes | None:
    """Decode standard base64 strictly: one spelling for each value (RFC 4648, section 3.5).

    Returns None unless the text decodes to ``length`` bytes and encoding gives it back.
    """
    try:
        decoded = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    again = binascii.b2a_base64(decoded, newline=False).decode("ascii")
    return decoded if len(decoded) == length and again == text else None


class PublicKey:
    """An Ed25519 public key that may be trusted: a canonical point of prime order.

    Raises KeyRefusedError for any other 32 bytes, and for any other number of bytes.
    """

    def __init__(self, key_id: str, raw: bytes) -> None:
        # Imported here: only a key that a user adds has to be examined.
        from pith_tui.protocol.curve import weakness

        reason = weakness(raw)
        if reason is not None:
            raise KeyRefusedError(reason)
        self.key_id = key_id
        self.raw = raw

    @classmethod
    def pinned(cls, key_id: str, encoded: str) -> PublicKey:
        """Return a key of the program's own source, which a test has examined once for all.

        Examining it takes as long as verifying ten records.
        """
        key = cls.__new__(cls)
        key.key_id, key.raw = key_id, base64.b64decode(encoded)
        return key

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
        verifier, invalid = self._verifier
        try:
            verifier.verify(signature, message)
        except invalid:
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
    def _verifier(self) -> tuple[Ed25519PublicKey, type[Exception]]:
        """What verifies a signature, and what it raises for one that is not valid."""
        # Imported here: the heaviest import of the protocol, and not every command verifies.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        return Ed25519PublicKey.from_public_bytes(self.raw), InvalidSignature


PINNED = PublicKey.pinned("pith-v1-2026-05", "stVStoiQhXFxp4s2pdzPNoqVNBMojDU/fJ2db5S3CbM=")
"""The service's key, as the mirror manifest published it (docs/protocol.md, Receipt)."""

PINNED_KEYS = (PINNED,)
"""The keys that are pinned in the program; any other trusted key is one that a user added."""
