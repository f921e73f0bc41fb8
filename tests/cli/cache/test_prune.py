"""``pith-tui cache prune``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import user_state_path
from tests.registry.records import synthetic, wire
from tests.stored import KEY, NOW, file_record, quiet
from tests.support import REAL_SUFFIX, real_record

Captured = pytest.CaptureFixture[str]


def test_pruning_is_a_dry_run_without_yes(cache: Cache, capsys: Captured) -> None:
    for number in range(6):
        file_record(cache, wire(synthetic(number, KEY)), NOW - timedelta(days=number))
    before = records.select_for_pruning(cache, before=NOW - timedelta(days=3, hours=1))
    assert [record.checked_at for record in before] == [NOW - timedelta(days=n) for n in (5, 4)]
    assert len(records.select_for_pruning(cache, keep=4)) == 2
    size = sum(record.stored_bytes for record in records.select_for_pruning(cache, keep=0))
    assert 0 < len(records.select_for_pruning(cache, max_bytes=size // 2)) < 6
    assert main(["cache", "prune", "--keep", "4"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "would remove 2 records" in err
    assert cache.count() == 6
    assert main(["cache", "prune", "--keep", "4", "--yes"]) == exit_codes.OK
    assert cache.count() == 4
    assert main(["cache", "prune"]) == exit_codes.USAGE
    assert main(["cache", "prune", "--max-size", "lots"]) == exit_codes.USAGE


def test_pruning_keeps_bookmarked_records(cache: Cache, capsys: Captured) -> None:
    suffixes = [
        file_record(cache, wire(synthetic(n, KEY)), NOW - timedelta(days=n)).suffix
        for n in range(6)
    ]
    with closing(UserState(user_state_path(), notice=quiet)) as user_state:
        user_state.bookmark(suffixes[5], "the oldest", NOW)
        user_state.bookmark(REAL_SUFFIX, "not held", NOW)
    sizes = {
        record.suffix: record.stored_bytes for record in records.select_for_pruning(cache, keep=0)
    }
    limit = sizes[suffixes[5]] + sizes[suffixes[0]] + sizes[suffixes[1]]
    over = records.select_for_pruning(cache, max_bytes=limit, protected={suffixes[5]})
    assert [record.suffix for record in over] == [suffixes[4], suffixes[3], suffixes[2]]
    assert main(["cache", "prune", "--keep", "2"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert suffixes[5] not in out
    assert "would remove 3 records" in err
    assert "keeping 1 bookmarked" in err
    assert main(["cache", "prune", "--keep", "2", "--yes"]) == exit_codes.OK
    assert "keeping 1 bookmarked" in capsys.readouterr().err
    assert {item.suffix for item in records.iter_records(cache)} == {*suffixes[:2], suffixes[5]}
    assert main(["cache", "prune", "--keep", "2"]) == exit_codes.OK
    assert "nothing to remove, keeping 1 bookmarked" in capsys.readouterr().err
    assert main(["cache", "prune", "--keep", "2", "--bookmarks-too", "--yes"]) == exit_codes.OK
    assert "bookmarked" not in capsys.readouterr().err
    assert {item.suffix for item in records.iter_records(cache)} == set(suffixes[:2])


def test_unreadable_bookmarks_prevent_pruning(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record())
    arguments = ["cache", "prune", "--keep", "0", "--yes"]
    path = user_state_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 500)
    assert main(arguments) == exit_codes.USAGE
    assert "nothing was pruned" in capsys.readouterr().err
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    assert main(arguments) == exit_codes.USAGE
    assert "not a bookmarks file" in capsys.readouterr().err
    assert cache.count() == 1
    assert main([*arguments, "--bookmarks-too"]) == exit_codes.OK
    assert cache.count() == 0


@pytest.mark.parametrize(
    "limit", [["--older-than", age] for age in ("nan", "inf", "1e300", "-1")] + [["--keep", "-1"]]
)
def test_invalid_limit_prunes_nothing(cache: Cache, capsys: Captured, limit: list[str]) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=400))
    assert main(["cache", "prune", "=".join(limit), "--yes"]) == exit_codes.USAGE
    assert "give" in capsys.readouterr().err
    assert cache.count() == 1
