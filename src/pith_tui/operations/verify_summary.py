"""The summary of a verification of the cache: added to batch by batch, shown while it grows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from pith_tui.operations.verify_ranges import Problem, VerifyBatch
from pith_tui.protocol.equivocation import Equivocation
from pith_tui.protocol.report import Verdict

MAX_NAMED = 10_000
"""Records named for one group of a summary; the others are only counted."""
MAX_EXAMPLES = 20
"""Problems that a summary keeps as a whole."""


class Group(NamedTuple):
    """A group of records of a summary: its kind, and the id of a verdict or check in it."""

    kind: str
    id: str = ""


def verdict_group(verdict: str) -> Group:
    """Return the group of a verdict, or of DAMAGED."""
    return Group("verdict", verdict)


def check_group(check_id: str) -> Group:
    """Return the group of records for which a check stands in the way of VERIFIED."""
    return Group("check", check_id)


def conflict_group(check_id: str) -> Group:
    """Return the group of records for which a check ended in conflict."""
    return Group("conflict", check_id)


MISDELIVERED = Group("misdelivered")
"""The records that a server sent for another number than their own."""


class EquivocationCase(NamedTuple):
    """Two signed contents for one version of a work: its name, the records, what they show."""

    name: str
    suffixes: tuple[str, ...]
    kind: Equivocation


class VerifySummary:
    """The results of verifying the cache so far.

    ``after`` is the number of the last record in it, ``until`` that of the last one to verify,
    ``total`` their count.  ``outdated`` is true if the cache was changed since it was started.
    ``equivocations`` is None until they were looked for.  One thread adds, others read: what is
    read is replaced as a whole, never changed.
    """

    def __init__(self) -> None:
        self.begin(until=0, total=0, time=None)

    def begin(self, *, until: int, total: int, time: datetime | None) -> None:
        """Start over, for a verification started at a time; None if none was started."""
        self.until = until
        self.total = total
        self.begun_at = time
        self.after = 0
        self.outdated = False
        self.problems = 0
        self.verdicts: Counter[str] = Counter()
        self.groups: Counter[Group] = Counter()
        self.examples: tuple[Problem, ...] = ()
        self.equivocations: list[EquivocationCase] | None = None
        self._named: dict[Group, list[str]] = {}

    def restore(
        self, after: int, problems: int, verdicts: Counter[str], groups: Counter[Group]
    ) -> None:
        """Take over the counts of an earlier session, whose records are not named."""
        self.after, self.problems, self.verdicts, self.groups = after, problems, verdicts, groups

    @property
    def done(self) -> int:
        """How many records are in it."""
        return self.verdicts.total()

    @property
    def complete(self) -> bool:
        """Whether every record that was there at its beginning is in it."""
        return self.begun_at is not None and self.after >= self.until

    def add(self, batch: VerifyBatch) -> None:
        """Add the results of a range."""
        groups: Counter[Group] = Counter()
        for problem in batch.problems:
            for group in _groups_of(problem):
                groups[group] += 1
                named = self._named.setdefault(group, [])
                if len(named) < MAX_NAMED:
                    named.append(problem.suffix)
        self.verdicts = self.verdicts + batch.verdicts
        self.groups = self.groups + groups
        self.problems += len(batch.problems)
        self.examples = (*self.examples, *batch.problems)[:MAX_EXAMPLES]
        self.after = batch.until

    def named(self, group: Group) -> list[str]:
        """Return the suffixes of the first records of a group, at most ``MAX_NAMED``.

        Those that are verified are not named: they are most of the cache.
        """
        return list(self._named.get(group, ()))

    def count(self, group: Group) -> int:
        """Count the records of a group."""
        return self.verdicts[group.id] if group.kind == "verdict" else self.groups[group]

    def count_by_check(self, kind: str) -> dict[str, int]:
        """Count the records of the groups ``check`` or ``conflict`` by check, the most first."""
        return {group.id: count for group, count in self.groups.most_common() if group.kind == kind}

    @property
    def misdelivered(self) -> int:
        """How many records a server sent for another number."""
        return self.groups[MISDELIVERED]

    @property
    def alarms(self) -> list[EquivocationCase]:
        """The equivocations that no honest service can have caused."""
        return [case for case in self.equivocations or () if case.kind.is_alarm]

    @property
    def notices(self) -> list[EquivocationCase]:
        """The signed differences that an honest service can have caused."""
        return [case for case in self.equivocations or () if not case.kind.is_alarm]

    @property
    def has_alarm(self) -> bool:
        """Whether it contains what no honest service does."""
        return bool(self.alarms) or self.misdelivered > 0


def _groups_of(problem: Problem) -> list[Group]:
    groups = [check_group(check_id) for check_id in problem.checks]
    groups += [conflict_group(check_id) for check_id in problem.conflicts]
    if problem.verdict != Verdict.VERIFIED.value:
        groups.append(verdict_group(problem.verdict))
    if problem.misdelivered:
        groups.append(MISDELIVERED)
    return groups
