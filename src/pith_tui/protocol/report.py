"""What a verification found: outcomes, checks and the one rule that makes a verdict of them.

A check ends with an outcome, a reason and values; its texts are made in ``output``.  Nothing
here has a truth value: ``if report:`` is how a client shows trust that nobody proved.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, NoReturn

from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.strict_json import Path


class _NoTruth(Enum):
    # Members are single, so identity will do; Enum's own hash is a call of Python each time.
    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value: compare it")


class Outcome(_NoTruth):
    """How a check, or one part of it, ended."""

    PASSED = "passed"
    FAILED = "failed"
    """Something signed is contradicted."""
    CONFLICT = "conflict"
    """Things that are only claimed contradict each other; nothing signed is contradicted."""
    UNDECIDED = "undecided"
    """Neither shown nor disproved; the reason says why."""
    ABSENT = "absent"
    """The record has nothing to check."""


PASSED, FAILED, CONFLICT, UNDECIDED, ABSENT = Outcome
"""The outcomes without their class: in Python 3.11 to read a member off an Enum takes as long as a
call, and each part of each check reads one (benchmarks/NOTES.md)."""


class Verdict(_NoTruth):
    """What the checks come to together."""

    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    UNDECIDED = "UNDECIDED"


class Reason(Enum):
    """Why a part ended as it did; ``output.check_text`` has the words."""

    __hash__ = object.__hash__

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_SHOWN = "not shown"
    NOT_STATED = "not stated"
    UNREADABLE = "unreadable"
    NOT_SIGNED = "not signed"
    NOT_IN_RESPONSE = "not in this response"
    OTHER_WORK = "another work"
    OTHER_VERSION = "another version"
    OTHER_NUMBER = "another number"
    OTHER_DOI = "another DOI"
    NO_RULE = "no rule known"
    NEWER_RULES = "newer rules"
    """The signed schema version is another than 1.0, whose rules this program knows."""
    NO_CANONICAL_RECORD = "no canonical record"
    NOT_CANONICAL = "not canonical"
    """The canonical record holds what RFC 8785 cannot serialise."""
    NO_DIGEST = "no digest"
    READ = "read"
    BYTE_ORDER_MARK = "byte order mark"
    TWO_READINGS = "two readings"
    NOT_A_RECORD = "not a record"
    TOO_LARGE = "too large"
    NOT_TRIED = "not tried"
    NOBODY_ASKED = "no id asked for"
    NOT_DERIVABLE = "not derivable"
    BY_STATEMENT = "by its own statement"
    """It agrees with what the record states, which nothing here recomputed."""
    BEGINS_SO = "prefix matches"
    """A short form: a search key, which can fit other records too."""
    KEY_UNKNOWN = "unknown key"
    KEY_DISAGREES = "key disagrees"
    SIGNED = "signed"
    SIGNED_STATED_DIGEST = "stated digest signed"
    NOT_SIGNED_BY_KEY = "not signed by that key"
    NO_SIGNATURE = "no signature"
    NO_TRUSTED_KEY = "no trusted key"
    RECEIPT_UNKNOWN = "unknown receipt"
    HASH_AGREES = "hash agrees"
    HASH_AGREES_OTHERWISE = "hash agrees in another reading"
    HASH_DIFFERS = "hash differs"
    CASE_OF_MATHEMATICS = "case of mathematics"
    """The hash agrees; the case of letters in formulas, which has a meaning, is not covered."""
    LONE_SURROGATE = "lone surrogate"
    NOT_WHOLE = "incomplete"
    EXCERPT = "excerpt"
    MORE_SAID = "states more"
    LESS_SAID = "states less"


AGREES, HASH_AGREES = Reason.AGREES, Reason.HASH_AGREES
"""The reasons of most parts, read off their class once, as the outcomes are."""

Values = tuple[tuple[str, object], ...]
"""The values of a comparison by what they are: ``(("signed", …), ("shown", …))``."""


class Part(NamedTuple):
    """One comparison.

    ``path`` is where the value stands that was judged, empty where it is the record as a whole;
    ``proves`` are the paths that it proves where it passed, given that the canonical record is
    signed.
    """

    path: Path
    outcome: Outcome
    reason: Reason
    values: Values = ()
    proves: tuple[Path, ...] = ()


class Check(NamedTuple):
    """One check as done.

    ``required`` says whether a verdict of VERIFIED needs this check to have passed.  ``reason`` is
    that of the part that decided, or of the check as a whole where it has no parts.
    """

    id: str
    required: bool
    outcome: Outcome
    reason: Reason
    parts: tuple[Part, ...] = ()

    @property
    def deciding(self) -> tuple[Part, ...]:
        """The parts that ended as the check did."""
        return tuple(part for part in self.parts if part.outcome is self.outcome)

    @property
    def values(self) -> Values:
        """The values of a check of one part; a check of several has them part by part."""
        return self.parts[0].values if len(self.parts) == 1 else ()


class Report:
    """Every check of one record in their order, what was asked for, and the key that signed.

    ``signer`` is None unless the check of the signature passed.
    """

    __slots__ = ("asked", "checks", "signer", "verdict")

    def __init__(
        self,
        checks: tuple[Check, ...],
        asked: Identifier | None,
        signer: PublicKey | None = None,
    ) -> None:
        self.checks = checks
        self.asked = asked
        self.signer = signer
        self.verdict = verdict_of(checks)

    def __bool__(self) -> NoReturn:
        raise TypeError("a Report has no truth value: compare its verdict")

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The ids of the checks that ended in conflict; they never change the verdict."""
        return tuple([check.id for check in self.checks if check.outcome is CONFLICT])

    def check(self, check_id: str) -> Check:
        """Return the check of that id; raises KeyError for one that there is not."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)

    def passed(self, *check_ids: str) -> bool:
        """Return whether all of these checks passed."""
        return all(self.check(check_id).outcome is PASSED for check_id in check_ids)

    def count(self, outcome: Outcome) -> int:
        """Count the checks that ended so."""
        return sum(check.outcome is outcome for check in self.checks)


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """Return FAILED if any check failed; else VERIFIED if all required ones passed; else UNDECIDED.

    That is the one total rule (docs/verdict.md, Outcomes and verdict).
    """
    others = [check for check in checks if check.outcome is not PASSED]
    if any(check.outcome is FAILED for check in others):
        return Verdict.FAILED
    if not checks or any(check.required for check in others):
        return Verdict.UNDECIDED
    return Verdict.VERIFIED


_RANKS = {
    FAILED: 0,
    CONFLICT: 1,
    UNDECIDED: 2,
    PASSED: 3,
    ABSENT: 4,
}
"""Outcomes, the worst first."""


def worst(parts: tuple[Part, ...]) -> Part | None:
    """Return the first of the worst parts, which decides a check; None where there are none."""
    for part in parts:
        if part.outcome is not PASSED:
            return min(parts, key=_rank)
    return parts[0] if parts else None


def _rank(part: Part) -> int:
    return _RANKS[part.outcome]
