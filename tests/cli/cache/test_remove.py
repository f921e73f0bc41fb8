"""``pith-tui cache remove``."""

from __future__ import annotations

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store.cache import Cache
from tests.stored import file_record
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


def test_removal_needs_yes(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record())
    assert main(["cache", "remove", "2503.11832"]) == exit_codes.OK
    assert "--yes" in capsys.readouterr().err
    assert cache.count() == 1
    assert main(["cache", "remove", "2503.11832", "--yes"]) == exit_codes.OK
    assert cache.count() == 0
    assert main(["cache", "remove", "2503.11832", "--yes"]) == exit_codes.NOT_FOUND
