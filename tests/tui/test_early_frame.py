"""Which records are painted before Textual is imported."""

from __future__ import annotations

import pytest

from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.tui import early_frame
from pith_tui.tui.loading import EarlyLookUp, load_in_background
from pith_tui.user.settings import Settings
from tests.browser import record_service
from tests.stored import put


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a terminal of 120 columns with exact colours."""
    monkeypatch.setattr(early_frame, "terminal_size", lambda _: (120, 40))
    monkeypatch.setenv("COLORTERM", "truecolor")


def frame(cache: Cache, asked: str, look_up: EarlyLookUp | None = None) -> str | None:
    service = record_service(cache)
    first = look_up or load_in_background(service, parse_identifier(asked))
    return early_frame.early_frame(first, service, Settings(), None, read_only=False)


def test_verified_record_is_painted(cache: Cache) -> None:
    assert "VERIFIED" in (frame(cache, put(cache)) or "")


def test_record_that_raises_an_alarm_is_not_painted_without_it(cache: Cache) -> None:
    suffix = put(cache)
    put(cache, title="The Other Face")
    assert frame(cache, suffix) is None


def test_large_record_is_left_to_textual(cache: Cache) -> None:
    assert frame(cache, put(cache, authors="x" * 70_000)) is None


def test_failed_look_up_is_left_to_textual(cache: Cache) -> None:
    def fail() -> None:
        raise OSError("unreadable")

    assert frame(cache, "2401.00001", EarlyLookUp(fail)) is None


def test_record_that_is_not_stored_is_left_to_textual(cache: Cache) -> None:
    assert frame(cache, "2401.99999") is None
