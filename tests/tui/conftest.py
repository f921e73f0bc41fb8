"""Fixtures of the browser's tests: pilots wait no longer than necessary."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _idle_browsers(idle_browsers: None) -> None:
    del idle_browsers
