"""What two signed contents show of who signed or sent them (docs/verdict.md, Beside the verdict).

The number of a record is derived from what is signed, so an honest server cannot change that
under the same number; and an honest signer signs one content for a version of a work.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PINNED_KEYS, PublicKey
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.spellings import arxiv_id, hex_digest, instant, kind, pith_number, version

_IDENTIFYING: tuple[tuple[str, Callable[[object], object]], ...] = (
    ("title_canon_sha256", hex_digest),
    ("abstract_canon_sha256", hex_digest),
    ("submitted_at", instant),
)
"""The signed values of which an honest service has one for a version, and how they are read."""


class Equivocation(Enum):
    """What two contents show together; ``output.lookup_text`` has the words."""

    SIGNED_TWICE = "signed twice"
    """One owner's keys signed two titles, abstracts or times for one version of a work."""
    SAME_NUMBER_DIFFERENT_CONTENT = "same number, different content"
    """A number names one content, so the sender is wrong or lies."""
    OTHER_SIGNED_DETAILS = "other signed details"
    """Another licence or other categories: arXiv changes these without a new version."""

    @property
    def is_alarm(self) -> bool:
        """Whether no honest service can have sent both; else it is a notice."""
        return self is not Equivocation.OTHER_SIGNED_DETAILS


def detect_equivocation(
    one: CheckedRecord, other: CheckedRecord, asked: Identifier | None = None
) -> Equivocation | None:
    """Return what two responses show together, None where both can be honest.

    Responses belong to the same number where it was ``asked`` for in full, or both claim it.
    """
    if None in (one.digest, other.digest) or one.digest == other.digest:
        return None
    if _same_number(one, other, asked):
        return Equivocation.SAME_NUMBER_DIFFERENT_CONTENT
    if not _same_version_and_owner(one, other):
        return None
    first, second = (
        checked.record.mapping("canonical_record", "metadata") for checked in (one, other)
    )
    if any(_is_other(read, first.get(name), second.get(name)) for name, read in _IDENTIFYING):
        return Equivocation.SIGNED_TWICE
    return Equivocation.OTHER_SIGNED_DETAILS


def _is_other(read: Callable[[object], object], one: object, other: object) -> bool:
    """Return whether two texts spell two values; what cannot be read shows nothing of anybody."""
    values = read(one), read(other)
    return None not in values and values[0] != values[1]


def _same_number(one: CheckedRecord, other: CheckedRecord, asked: Identifier | None) -> bool:
    if asked is not None and asked.kind is Kind.PITH and asked.is_full:
        return True
    claimed = [pith_number(checked.record.pith_number) for checked in (one, other)]
    return None not in claimed and claimed[0] == claimed[1]


def _same_version_and_owner(one: CheckedRecord, other: CheckedRecord) -> bool:
    if _work(one) != _work(other):
        return False
    if not all(checked.report.passed("record", "digest", "signature") for checked in (one, other)):
        return False
    return _owner(one.report.signer) == _owner(other.report.signer)


def _work(checked: CheckedRecord) -> tuple[object, object, object]:
    """Return the kind, id and version that are signed, read through the known spellings."""
    source = checked.record.mapping("canonical_record", "source")
    read = arxiv_id(source.get("id"))
    if read is None:
        return kind(source.get("kind")), source.get("id"), version(source.get("version"))
    return kind(source.get("kind")), read.id, version(source.get("version")) or read.version


def _owner(key: PublicKey | None) -> bytes | None:
    """Return what tells the owner of a key: all keys of the program are the service's."""
    if key is None or any(key.raw == own.raw for own in PINNED_KEYS):
        return None
    return key.raw
