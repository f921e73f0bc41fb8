from __future__ import annotations

import pytest

from tests import idle


@pytest.fixture(autouse=True)
def _idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.pilot.wait_for_idle", idle.wait_for_idle)
    monkeypatch.setattr("textual.app.wait_for_idle", idle.wait_for_idle)
