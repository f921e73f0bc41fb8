"""In the tests of the browser no pilot waits longer than it must."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _idle_browsers(idle_browsers: None) -> None:
    del idle_browsers
