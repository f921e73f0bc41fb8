"""Every variation of the real record gets the verdict and conflicts of the rule."""

from __future__ import annotations

import pytest

from pith_tui.protocol.reading import read
from tests.variations import Variation, variations


@pytest.mark.shared
@pytest.mark.parametrize("case", variations(), ids=lambda case: case.name)
def test_variation_gets_the_expected_verdict(case: Variation) -> None:
    report = read(case.raw).report
    ended = {check.id: check.outcome.value for check in report.checks}
    assert (report.verdict.value, list(report.conflicts)) == (case.verdict, case.conflicts), ended


@pytest.mark.shared
def test_number_of_variations() -> None:
    assert len(variations()) == 78
