"""What a verification found: outcomes, checks and the one rule that makes a verdict of them.

Nothing here has a truth value: ``if report:`` is how a client shows trust that nobody proved.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, NoReturn

from pith_tui.protocol.identifiers import Identifier

CHECK_COUNT = 16
"""How many checks every report lists, whatever the record."""


class _NoTruth(Enum):
    # Members are single, so identity will do; Enum's own hash is a call of Python each time.
    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value: compare it")


class Outcome(_NoTruth):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    """Tried, and cannot be decided; the sentence says why."""
    ABSENT = "absent"
    """The record has nothing to check."""


class Verdict(_NoTruth):
    """What the checks come to together."""

    VERIFIED = "VERIFIED"
    FAILED = "FAILED"
    UNDECIDED = "UNDECIDED"


class Part(NamedTuple):
    """One comparison of a check that makes several."""

    name: str
    outcome: Outcome
    claimed: str | None = None
    computed: str | None = None
    note: str = ""


class Check(NamedTuple):
    """One check as done: what was claimed, what was computed, and what that means.

    ``sentence`` holds plain words and may quote the record: it is made safe where it is shown.
    ``required`` says whether a verdict of VERIFIED needs this check to have passed.
    """

    number: int
    id: str
    name: str
    required: bool
    outcome: Outcome
    sentence: str
    claimed: str | None = None
    computed: str | None = None
    parts: tuple[Part, ...] = ()


class Report(NamedTuple):
    """Every check of one record, in their order, and what was asked for."""

    checks: tuple[Check, ...]
    asked: Identifier | None

    def __bool__(self) -> NoReturn:
        raise TypeError("a Report has no truth value: compare its verdict")

    @property
    def verdict(self) -> Verdict:
        """FAILED if any check failed; else VERIFIED if all required ones passed; else UNDECIDED."""
        return verdict_of(self.checks)

    def check(self, check_id: str) -> Check:
        """Return the check of that id; raises KeyError for one that there is not."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)

    def count(self, outcome: Outcome) -> int:
        """Count the checks that ended so."""
        return sum(check.outcome is outcome for check in self.checks)


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """Apply the one total rule (DESIGN.md); a list that is not complete is UNDECIDED at best."""
    if any(check.outcome is Outcome.FAILED for check in checks):
        return Verdict.FAILED
    if len(checks) < CHECK_COUNT:
        return Verdict.UNDECIDED
    if all(check.outcome is Outcome.PASSED for check in checks if check.required):
        return Verdict.VERIFIED
    return Verdict.UNDECIDED


def combine(parts: tuple[Part, ...]) -> Outcome:
    """Make one outcome of several: the worst that is there, ABSENT where nothing is."""
    outcomes = [part.outcome for part in parts]
    for outcome in (Outcome.FAILED, Outcome.UNDECIDED, Outcome.PASSED):
        if outcome in outcomes:
            return outcome
    return Outcome.ABSENT
