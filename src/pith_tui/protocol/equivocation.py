"""Alarms: two answers of which no honest service can have sent both.

The number of a record is the digest of what is signed, so an honest server cannot change that
under the same number; and an honest service signs one content for a version.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from pith_tui.protocol.canonical import canonical_digest
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import read
from pith_tui.protocol.record import Record


class Equivocation(Enum):
    """What two answers show, in words."""

    SIGNED_TWICE = "two different contents were signed for this version"
    """The signer equivocates: both are signed by trusted keys, and only one can be honest."""
    SAME_NUMBER_DIFFERENT_CONTENT = "what is signed was changed under the same number"
    """Whoever sent them is wrong or lies: a number names one content."""


def detect_equivocation(
    one: bytes, other: bytes, trusted: Sequence[PublicKey], asked: Identifier | None = None
) -> Equivocation | None:
    """Return what is alarming about two answers to one question, None where nothing is.

    Answers belong to the same number where it was ``asked`` for in full, or both claim it.
    """
    first, second = read(one, None, trusted).record, read(other, None, trusted).record
    if not _differ_in_content(first, second):
        return None
    if first.canonical_source == second.canonical_source and all(
        read(raw, None, trusted).report.passed("signature") for raw in (one, other)
    ):
        return Equivocation.SIGNED_TWICE
    by_number = asked is not None and asked.kind is Kind.PITH and asked.is_full
    same_claim = first.pith_number is not None and first.pith_number == second.pith_number
    return Equivocation.SAME_NUMBER_DIFFERENT_CONTENT if by_number or same_claim else None


def _differ_in_content(first: Record, second: Record) -> bool:
    if first.canonical_record is None or second.canonical_record is None:
        return False
    return canonical_digest(first.canonical_record) != canonical_digest(second.canonical_record)
