"""What the checks share: the record, what was asked, the digest, and how earlier checks ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from pith_tui.protocol.canonical import canonical_digest, suffix_of
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Part, combine

_HEX_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class CheckResult(NamedTuple):
    """How a check ended, before it is numbered and named."""

    outcome: Outcome
    sentence: str
    claimed: str | None = None
    computed: str | None = None
    parts: tuple[Part, ...] = ()


class CheckContext:
    """One record under verification.

    ``digest`` is recomputed from the canonical record; ``stated`` is the digest that the record
    states.  Only the first is evidence; the second serves where the canonical record is not at
    hand, and whatever rests on it says so.  ``key`` is the trusted key that the receipt names,
    set by the check of the key.
    """

    def __init__(
        self, record: Record, asked: Identifier | None, trusted: tuple[PublicKey, ...]
    ) -> None:
        self.record = record
        self.asked = asked
        self.trusted = trusted
        canonical = record.canonical_record
        self.digest = None if canonical is None else canonical_digest(canonical)
        self.stated = claimed_digest(record)
        self.key: PublicKey | None = None
        self.outcomes: dict[str, Outcome] = {}

    @property
    def effective_digest(self) -> bytes | None:
        """The recomputed digest, else the stated one."""
        return self.digest or self.stated

    @cached_property
    def effective_suffix(self) -> str | None:
        """The Pith Number's suffix by the best digest."""
        digest = self.effective_digest
        return None if digest is None else suffix_of(digest)

    @property
    def metadata(self) -> Mapping[str, object]:
        """``canonical_record.metadata``: what the signature covers beside the source."""
        return self.record.mapping("canonical_record", "metadata")

    @property
    def submitted_year(self) -> str | None:
        """The year of the first version's submission, four digits."""
        submitted = self.record.text("canonical_record", "metadata", "submitted_at")
        found = re.match(r"([0-9]{4})-[0-9]{2}-[0-9]{2}", submitted) if submitted else None
        return found.group(1) if found else None


def claimed_digest(record: Record) -> bytes | None:
    """Read ``canonical_sha256``: 64 lower-case hex digits, else None."""
    stated = record.text("canonical_sha256")
    return bytes.fromhex(stated) if stated and _HEX_DIGEST.match(stated) else None


def not_present(sentence: str) -> CheckResult:
    """Say that the record has nothing to check."""
    return CheckResult(Outcome.ABSENT, sentence)


def combine_parts(parts: list[Part], words: Mapping[Outcome, str]) -> CheckResult:
    """Make a finding of comparisons; for FAILED and UNDECIDED the parts concerned are named."""
    outcome = combine(tuple(parts))
    concerned = [part.name for part in parts if part.outcome is outcome]
    sentence = words[outcome]
    if outcome is Outcome.FAILED or outcome is Outcome.UNDECIDED:
        sentence = f"{sentence}: {', '.join(concerned)}."
    return CheckResult(outcome, sentence, parts=tuple(parts))
