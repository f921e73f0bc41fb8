"""What the checks share: the record, what was asked, the digest, and how earlier checks ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest, suffix_of
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey, decode_base64
from pith_tui.protocol.record import RECORD_TYPE, Record
from pith_tui.protocol.report import ABSENT, FAILED, UNDECIDED, Outcome, Part, Reason, worst
from pith_tui.protocol.spellings import arxiv_id, hex_digest, instant, kind, version
from pith_tui.protocol.strict_json import Path
from pith_tui.protocol.text_hash import Reading, matching_reading

SCHEMA_VERSION = "1.0"
"""The signed schema version whose rules are known."""


CheckResult = tuple[Outcome, Reason, tuple[Part, ...]]
"""How a check ended, why, and its parts: a ``Check`` before it is named."""


class Step(NamedTuple):
    """A check in its place among the others; ``required`` where VERIFIED needs it to have passed.

    The ``STEPS`` of the modules of checks, one after the other, are all the checks there are.
    """

    id: str
    required: bool
    run: Callable[[CheckContext], CheckResult]


class Section(NamedTuple):
    """An object of the record, empty if the record has none, and where it stands."""

    path: Path
    members: Mapping[str, object]


class StatedSource(NamedTuple):
    """A source as far as it can be read; an id with a version in it is read as both."""

    kind: str | None
    id: str | None
    version: int | None


def read_source(members: Mapping[str, object]) -> StatedSource:
    """Read a source through the known spellings (docs/verdict.md, Spellings)."""
    read = arxiv_id(members.get("id"))
    number = version(members.get("version"))
    if read is not None and read.version is not None and number is None:
        number = read.version
    return StatedSource(kind(members.get("kind")), None if read is None else read.id, number)


class CheckContext:
    """One record under verification.

    ``digest`` is recomputed from the canonical record; ``claimed_digest`` is the one that the
    record states.  Only the first is evidence; the second is used if the first is absent, and
    whatever rests on it proves nothing.  ``signer`` and ``names_trusted_key`` are set by the check
    of the key, for that of the signature.
    """

    def __init__(
        self, record: Record, asked: Identifier | None, trusted: Sequence[PublicKey]
    ) -> None:
        self.record = record
        self.asked = asked
        self.trusted = tuple(trusted)
        self.canonical = record.canonical_record
        self.metadata = member(self.canonical, "metadata")
        """``canonical_record.metadata``: what the signature covers beside the source."""
        self.signed_source = member(self.canonical, "source")
        """``canonical_record.source`` as it is written."""
        self.paper = Section(("paper",), record.mapping("paper"))
        self.own_source = Section(("source",), record.mapping("source"))
        """The record's own ``source``, which is not signed."""
        self.graph = record.mapping("graph_snapshot")
        self.receipt = record.mapping("receipt")
        """The members of the receipt, wherever it stands."""
        self.receipt_path = record.place("receipt")
        self.is_known_type = record.tree.get("record_type", RECORD_TYPE) == RECORD_TYPE
        """Whether the record's type is the known one, or not stated as in partial records."""
        signed_schema = (self.canonical or {}).get("schema_version", SCHEMA_VERSION)
        self.has_newer_rules = signed_schema != SCHEMA_VERSION
        """Whether the signed schema version is one whose rules this program does not know."""
        self.title_digest = hex_digest(self.metadata.get("title_canon_sha256"))
        """The signed hash of the title; None where none can be read."""
        self.abstract_digest = hex_digest(self.metadata.get("abstract_canon_sha256"))
        """The signed hash of the abstract; None where none can be read."""
        self.is_canonical = True
        self.digest = self._recomputed()
        self.claimed_digest = hex_digest(record.value_at("canonical_sha256"))
        self.effective_digest = self.digest or self.claimed_digest
        """The recomputed digest, else the stated one."""
        effective = self.effective_digest
        self.effective_suffix = None if effective is None else suffix_of(effective)
        """The Pith Number's suffix by the effective digest."""
        stated = self.receipt.get("signature_b64")
        self.signature = decode_base64(stated, 64) if isinstance(stated, str) else None
        """The 64 bytes of the receipt's signature; None where they cannot be read."""
        self.source = read_source(self.signed_source)
        """The signed source, read through the known spellings."""
        self.signed_years = self._signed_years()
        """The year of the signed submission as it is written, and in UTC where that differs."""
        self.outcomes: dict[str, Outcome] = {}
        self._readings: dict[tuple[str, bytes], Reading | None] = {}
        self.signer: PublicKey | None = None
        self.names_trusted_key = False

    def _recomputed(self) -> bytes | None:
        if self.canonical is None:
            return None
        try:
            return canonical_digest(self.canonical)
        except NotCanonicalError:
            self.is_canonical = False
            return None

    def _signed_years(self) -> tuple[str, ...]:
        signed = self.metadata.get("submitted_at")
        read = instant(signed)
        if self.has_newer_rules or read is None or not isinstance(signed, str):
            return ()
        written, in_utc = signed[:4], read.year
        return (written,) if in_utc in (None, written) else (written, in_utc)

    def matching_reading(self, text: str, digest: bytes) -> Reading | None:
        """Return the reading of a text that has a hash; raises as ``text_hash`` does.

        The graph repeats the record's texts: each is hashed once.
        """
        wanted = (text, digest)
        if wanted not in self._readings:
            self._readings[wanted] = matching_reading(text, digest)
        return self._readings[wanted]


def member(members: Mapping[str, object] | None, name: str) -> Mapping[str, object]:
    """Return the object that is a member of another, an empty one if absent."""
    value = None if members is None else members.get(name)
    return value if isinstance(value, dict) else {}


def not_present(reason: Reason = Reason.NOT_STATED) -> CheckResult:
    """Return the result for a record that has nothing to check."""
    return ABSENT, reason, ()


def undecided(reason: Reason) -> CheckResult:
    """Return an undecided result, whatever the parts."""
    return UNDECIDED, reason, ()


def combine_parts(parts: Sequence[Part], absent: Reason = Reason.NOT_STATED) -> CheckResult:
    """Return the result of a check of parts: that of the worst, absent where there are none."""
    listed = tuple(parts)
    decider = worst(listed)
    if decider is None:
        return not_present(absent)
    return decider.outcome, decider.reason, listed


def single(part: Part) -> CheckResult:
    """Return the result of a check of one part."""
    return part.outcome, part.reason, (part,)


def soften(context: CheckContext, result: CheckResult) -> CheckResult:
    """Leave undecided what rests on members whose rules may be newer than this program.

    A record of an unknown type may be undecided there but does not fail; under a signed schema
    version of other rules nothing is decided (docs/verdict.md, What is a record).
    """
    outcome, _, judged = result
    if outcome is ABSENT:
        return result
    if context.has_newer_rules:
        return undecided(Reason.NEWER_RULES)
    if context.is_known_type:
        return result
    parts = [
        part._replace(outcome=UNDECIDED) if part.outcome is FAILED else part for part in judged
    ]
    return combine_parts(parts) if parts else result
