"""Equivocation: one signer, one work and version, two different signed contents.

The number of a record is the digest of what is signed, so an honest server cannot change that
under the same number; and an honest service signs one content for a version.
"""

from __future__ import annotations

from collections.abc import Sequence

from pith_tui.errors import NotARecordError
from pith_tui.protocol.canonical import canonical_digest
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome
from pith_tui.protocol.verification import verify


def equivocates(one: bytes, other: bytes, trusted: Sequence[PublicKey]) -> bool:
    """Tell whether both are signed by trusted keys, for one work and version, and differ in it."""
    try:
        first, second = Record(one), Record(other)
    except NotARecordError:
        return False
    if first.canonical_record is None or second.canonical_record is None:
        return False
    return (
        first.canonical_source == second.canonical_source
        and canonical_digest(first.canonical_record) != canonical_digest(second.canonical_record)
        and all(
            verify(raw, None, trusted).check("signature").outcome is Outcome.PASSED
            for raw in (one, other)
        )
    )
