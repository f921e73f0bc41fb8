"""State kept between starts: nothing is lost, and no error with it stops the program."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import CacheError
from pith_tui.store.cache import Cache
from pith_tui.user.bookmarks import MAX_RECENT, SavedRecord, UserState
from pith_tui.user.paths import data_dir, user_state_path
from tests.stored import NOW, quiet, suffix_of
from tests.support import REAL_SUFFIX
from tests.unprivileged import run_where_read_only

MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "places.sqlite3"


def test_data_directory_comes_from_the_environment_or_the_system(
    isolated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isolated_home in data_dir().parents
    monkeypatch.setenv("PITH_TUI_DATA", str(tmp_path / "kept"))
    assert user_state_path() == tmp_path / "kept" / "places.sqlite3"


def test_file_is_created_on_the_first_write(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        assert user_state.recent() == user_state.bookmarks() == []
        assert user_state.last() is None
        assert user_state.choice("theme") is None
        assert not user_state.is_bookmarked(REAL_SUFFIX)
        assert not path.parent.exists()
        user_state.choose("theme", "pith-light")
        assert path.stat().st_mode & 0o777 == 0o600


def test_state_survives_a_restart(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        assert user_state.bookmark(REAL_SUFFIX, "2503.11832", NOW)
        user_state.visit(REAL_SUFFIX, "2503.11832v5", NOW)
        user_state.visit(suffix_of(1), "hep-th/9901001", NOW + MINUTE)
        user_state.set_last("2503.11832")
        user_state.choose("theme", "pith-light")
    with closing(UserState(path, notice=quiet)) as user_state:
        assert user_state.bookmarks() == [SavedRecord(REAL_SUFFIX, "2503.11832", NOW)]
        assert user_state.is_bookmarked(REAL_SUFFIX)
        assert not user_state.is_bookmarked(suffix_of(1))
        assert [item.name for item in user_state.recent()] == ["hep-th/9901001", "2503.11832v5"]
        assert [item.name for item in user_state.recent(1)] == ["hep-th/9901001"]
        assert user_state.last() == "2503.11832"
        assert user_state.choice("theme") == "pith-light"
        assert user_state.unbookmark(REAL_SUFFIX)
        user_state.set_last(None)
        assert user_state.bookmarks() == []
        assert user_state.last() is None


def test_recent_records_are_distinct_and_limited(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        for number in range(MAX_RECENT + 5):
            user_state.visit(suffix_of(number), str(number), NOW + number * MINUTE)
        user_state.visit(suffix_of(100), "again", NOW + 9999 * MINUTE)
        recent = user_state.recent()
        assert len(recent) == len({item.suffix for item in recent}) == MAX_RECENT
        assert [item.name for item in recent[:2]] == ["again", str(MAX_RECENT + 4)]
        assert recent[-1].name == "5"


@given(name=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_stored_unchanged(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("names") / "places.sqlite3"
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.visit(REAL_SUFFIX, name, NOW)
        user_state.set_last(name)
        assert user_state.recent() == [SavedRecord(REAL_SUFFIX, name, NOW)]
        assert user_state.last() == name


def _keep(path: Path, first: int, start: Barrier) -> None:
    start.wait(30)
    with closing(UserState(path, notice=quiet)) as user_state:
        for number in range(first, first + 20):
            assert user_state.bookmark(suffix_of(number), str(number), NOW)
            user_state.visit(suffix_of(number), str(number), NOW)


def test_concurrent_processes_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    writers = [context.Process(target=_keep, args=(path, n * 15, start)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 3
    with closing(UserState(path, notice=quiet)) as user_state:
        assert (
            len(user_state.bookmarks()) == len(user_state.recent()) == 50
        )  # 0 to 49; they overlap


def test_threads_can_share_one_user_state(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state, ThreadPoolExecutor(8) as pool:
        kept = pool.map(lambda n: user_state.bookmark(suffix_of(n), str(n), NOW), range(40))
        assert all(kept)
        assert len(user_state.bookmarks()) == 40


def test_non_database_file_is_moved_aside_with_one_notice(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)
    notices: list[str] = []
    with closing(UserState(path, notice=notices.append)) as user_state:
        assert user_state.bookmarks() == []
        assert user_state.bookmark(REAL_SUFFIX, "n", NOW)
    assert len(notices) == 1
    aside = next(item for item in path.parent.iterdir() if ".damaged-" in item.name)
    assert str(aside) in notices[0]
    assert aside.read_bytes() == b"this is no database" * 100
    with closing(UserState(path, notice=quiet)) as user_state:
        assert user_state.is_bookmarked(REAL_SUFFIX)


def test_readable_rows_of_a_damaged_file_are_recovered(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.bookmark(REAL_SUFFIX, "2503.11832", NOW)
        user_state.visit(suffix_of(1), "1", NOW)
        user_state.choose("theme", "pith-light")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = -1")
        connection.execute("INSERT INTO bookmark VALUES ('\x1b[2J', 'evil', 1)")
        connection.commit()
    notices: list[str] = []
    with closing(UserState(path, notice=notices.append)) as user_state:
        assert [item.name for item in user_state.bookmarks()] == ["2503.11832"]
        assert [item.name for item in user_state.recent()] == ["1"]
        assert user_state.choice("theme") == "pith-light"
    assert len(notices) == 1
    assert "with the 3 entries" in notices[0]


@pytest.mark.parametrize(
    "row",
    [
        ("'short'", "'n'", "1"),
        ("'\x1b[2JAAAAAAAAAAAAAAAAAAAAAA'", "'n'", "1"),
        (f"'{suffix_of(3)}'", "x'ff'", "1"),
        (f"'{suffix_of(3)}'", "'n'", "'soon'"),
        (f"'{suffix_of(3)}'", "'n'", "9223372036854775807"),
    ],
)
def test_invalid_rows_are_ignored(path: Path, row: tuple[str, ...]) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.bookmark(REAL_SUFFIX, "2503.11832", NOW)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"INSERT INTO bookmark VALUES ({', '.join(row)})")
            connection.commit()
        assert [item.name for item in user_state.bookmarks()] == ["2503.11832"]


def test_cache_and_bookmarks_files_are_not_confused(path: Path) -> None:
    Cache.open(path, notice=quiet).close()
    before, notices = path.read_bytes(), list[str]()
    with closing(UserState(path, notice=notices.append)) as user_state:
        assert user_state.bookmark(REAL_SUFFIX, "n", NOW) is False
        assert user_state.bookmarks() == []
    assert path.read_bytes() == before
    assert len(notices) == 1
    assert "not a bookmarks file" in notices[0]
    other = path.with_name("other.sqlite3")
    with closing(UserState(other, notice=quiet)) as user_state:
        user_state.choose("a", "b")
    with pytest.raises(CacheError, match="not a cache of this program"):
        Cache.open(other, notice=quiet)


def test_strict_mode_raises_instead_of_notifying(path: Path) -> None:
    Cache.open(path, notice=quiet).close()
    with (
        closing(UserState(path, notice=quiet, strict=True)) as user_state,
        pytest.raises(CacheError, match="not a bookmarks file"),
    ):
        user_state.bookmarks()


def test_read_only_directory_is_tolerated(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.bookmark(REAL_SUFFIX, "n", datetime.now(UTC))
    done = run_where_read_only(
        path,
        # pathlib imports the last one when it first makes a URI.
        "from datetime import UTC, datetime; from pathlib import Path\n"
        "from pith_tui.user.bookmarks import UserState; import urllib.parse",
        "for name in ('places.sqlite3', 'none.sqlite3'):\n"
        "    places = UserState(Path(sys.argv[1]).with_name(name), notice=print)\n"
        "    print(len(places.bookmarks()), places.bookmark('A' * 26, 'n', datetime.now(UTC)))\n"
        "    places.visit('A' * 26, 'n', datetime.now(UTC))\n"
        "    print(len(places.bookmarks()), places.last())",
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("history and bookmarks")] == [
        "1 False",
        "1 None",
        "0 False",
        "0 None",
    ], done.stderr
    assert sum(line.startswith("history and bookmarks are disabled") for line in lines) == 2


def test_file_locked_by_another_process_does_not_block(path: Path) -> None:
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.choose("theme", "pith-light")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        notices: list[str] = []
        begun = time.monotonic()
        with closing(UserState(path, notice=notices.append)) as user_state:
            assert user_state.last() is None
        assert time.monotonic() - begun < 4  # SQLite's own patience is 5 seconds
        assert len(notices) == 1
        assert "another process" in notices[0]
