"""Pruning: the command line and the browser agree, and bookmarked records are kept."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from textual.widgets import Input

from pith_tui.cli import exit_codes, main
from pith_tui.errors import UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.operations.prune import PruneLimit, parse_limit
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.tui.screens.dialogs import ConfirmDialog
from pith_tui.tui.widgets.pane import Pane
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import user_state_path
from tests.browser import settle
from tests.registry.records import synthetic, wire
from tests.stored import KEY, NOW, TRUSTED, file_record, quiet

pytestmark = pytest.mark.usefixtures("idle_browsers")


async def listed_by_browser(cache: Cache, limit: str) -> list[str]:
    """Answer the browser's prompt with a limit; return what it would remove."""
    user_state = UserState(user_state_path(), notice=quiet)
    app = PithApp(RecordService(cache, None, TRUSTED, now=lambda: NOW), user_state=user_state)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press("p")
        app.screen.query_one(Input).value = limit
        await pilot.press("enter")
        await settle(pilot)
        if not isinstance(app.screen, ConfirmDialog):
            return []
        return [row.label for row in app.screen.query_one(Pane).rows]


@pytest.mark.parametrize("by", ["bytes", "count"])
async def test_command_line_and_browser_prune_the_same_records(
    cache: Cache, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    """The oldest record is bookmarked, and the limit is one byte or one record short."""
    suffixes = [
        file_record(cache, wire(synthetic(n, KEY)), NOW - timedelta(days=n)).suffix
        for n in range(4)
    ]
    with closing(UserState(user_state_path(), notice=quiet)) as user_state:
        user_state.bookmark(suffixes[3], "the oldest", NOW)
    total = sum(item.stored_bytes for item in records.select_for_pruning(cache, keep=0))
    option, limit, text, removed = {
        "bytes": ("--max-size", str(total - 1), f"{total - 1} bytes", [suffixes[2]]),
        "count": ("--keep", "2", "2 records", [suffixes[2]]),
    }[by]
    assert main(["cache", "prune", option, limit]) == exit_codes.OK
    by_command_line = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()]
    assert by_command_line == removed
    assert await listed_by_browser(cache, text) == removed


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("90 days", PruneLimit(before=NOW - timedelta(days=90))),
        ("1d", PruneLimit(before=NOW - timedelta(days=1))),
        (" 5000 records ", PruneLimit(keep=5000)),
        ("200M", PruneLimit(max_bytes=200 << 20)),
        ("1 GiB", PruneLimit(max_bytes=1 << 30)),
    ],
)
def test_limit_is_parsed(text: str, limit: PruneLimit) -> None:
    assert parse_limit(text, NOW) == limit


@pytest.mark.parametrize(
    "text", ["", "90", "-1 days", "١ days", "999999999999 days", "1e9 records"]
)
def test_invalid_limit_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_limit(text, NOW)
