"""The summary of a verification."""

from __future__ import annotations

from collections import Counter

from pith_tui.operations.verify_ranges import Problem, VerifyBatch
from pith_tui.operations.verify_summary import (
    MAX_EXAMPLES,
    MAX_NAMED,
    VerifySummary,
    check_group,
    conflict_group,
    verdict_group,
)
from tests.stored import NOW


def test_named_problems_are_limited_and_the_rest_counted() -> None:
    summary = VerifySummary()
    summary.begin(until=99, total=99, time=NOW)
    some = tuple(Problem(f"{n}", "FAILED", ("signature",), ("status",)) for n in range(MAX_NAMED))
    for until in (1, 2):
        summary.add(VerifyBatch(until, Counter(FAILED=len(some)), some))
    for group in (verdict_group("FAILED"), check_group("signature"), conflict_group("status")):
        assert summary.count(group) == 2 * MAX_NAMED
        assert summary.named(group) == [problem.suffix for problem in some]
    assert summary.problems == 2 * MAX_NAMED
    assert summary.examples == some[:MAX_EXAMPLES]
    assert not summary.complete
