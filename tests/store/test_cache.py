"""The cache: the exact bytes or an error, whatever happens to the file."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import CacheError
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.store import schema
from pith_tui.store.cache import Cache
from pith_tui.store.compression import pack, unpack
from tests.registry.records import Paper, build, synthetic, wire
from tests.stored import KEY, NOW, file_record, quiet
from tests.support import REAL_SUFFIX, real_record
from tests.unprivileged import run_where_read_only


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "cache.sqlite3"


def test_exact_bytes_are_read_back(path: Path) -> None:
    with_space = real_record() + b"\n  "
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, with_space, etag='"e"')
    with closing(Cache.open(path, notice=quiet)) as cache:
        response = cache.latest(REAL_SUFFIX)
        assert response is not None
        assert response.raw == with_space
        assert (response.fetched_at, response.checked_at, response.etag) == (NOW, NOW, '"e"')
        assert cache.count() == 1


@given(st.binary(max_size=3000))
def test_any_bytes_survive_the_codec(raw: bytes) -> None:
    codec, stored = pack(raw)
    assert unpack(codec, stored, len(raw) + 1) == raw
    assert len(stored) <= len(raw)


def test_stored_record_takes_a_third_of_its_size() -> None:
    _, stored = pack(real_record())
    assert len(stored) < len(real_record()) / 3


def test_every_distinct_response_is_kept(path: Path) -> None:
    later = real_record().replace(b'"updated_at":"2026-06', b'"updated_at":"2026-07')
    with closing(Cache.open(path, notice=quiet)) as cache:
        catalog = file_record(cache, real_record())
        hour = timedelta(hours=1)
        assert cache.store(later, catalog, origin="o", etag=None, received_at=NOW + hour) is True
        assert (
            cache.store(later, catalog, origin="o", etag=None, received_at=NOW + 2 * hour) is False
        )
        history = cache.history(REAL_SUFFIX)
        assert [response.raw for response in history] == [later, real_record()]
        assert history[0].fetched_at == NOW + hour
        assert history[0].checked_at == NOW + 2 * hour
        # A server that sends the older bytes again makes them the latest again.
        cache.store(real_record(), catalog, origin="o", etag=None, received_at=NOW + 3 * hour)
        latest = cache.latest(REAL_SUFFIX)
        assert latest is not None
        assert latest.raw == real_record()


def test_records_are_found_by_every_name(path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        suffixes = [
            file_record(cache, wire(build(Paper(arxiv="2401.00007", version=v), KEY))).suffix
            for v in (1, 10, 2)
        ]
        file_record(cache, real_record())
        first, tenth, second = suffixes
        for text, expected in (
            ("2401.00007", [tenth, second, first]),
            ("2401.00007v2", [second]),
            ("2401.00007v3", []),
            ("10.48550/arXiv.2401.00007", [tenth, second, first]),
            ("10.1000/other", []),
            (first, [first]),
            (first[:8], [first]),
            (REAL_SUFFIX[:16], [REAL_SUFFIX]),
            ("pith:AAAAAAAA", []),
        ):
            assert cache.find(parse_identifier(text)) == expected, text


def test_claimed_alias_finds_nothing(path: Path) -> None:
    tree = build(Paper(arxiv="2401.00008"), KEY)
    tree["aliases"][0]["alias_value"] = tree["source"]["id"] = "2503.11832"
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, wire(tree))
        assert cache.find(parse_identifier("2503.11832")) == []


def test_file_is_private_to_the_user(path: Path) -> None:
    Cache.open(path, notice=quiet).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def _store_many(path: Path, first: int) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        for number in range(first, first + 25):
            file_record(cache, wire(synthetic(number, KEY)))


def test_concurrent_processes_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_store_many, args=(path, n * 20)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == 85  # 0 to 84; the ranges overlap


_KILLED = """
import sys
from pathlib import Path
from tests.stored import KEY, file_record, quiet
from tests.registry.records import synthetic, wire
from pith_tui.store.cache import Cache
cache = Cache.open(Path(sys.argv[1]), notice=quiet)
for number in range(100000):
    file_record(cache, wire(synthetic(number, KEY)))
    print(number, flush=True)
"""


def test_killed_writer_loses_nothing_stored(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert child.stdout is not None
    for _ in range(20):
        last = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() >= last + 1
        for number in range(last + 1):
            raw = wire(synthetic(number, KEY))
            catalog = catalog_entry(Record(raw))
            assert catalog is not None
            response = cache.latest(catalog.suffix)
            assert response is not None
            assert response.raw == raw


@pytest.mark.parametrize(
    "garbage", [b"this is no database" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_damaged_file_is_moved_aside_with_one_notice(path: Path, garbage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(garbage)
    notices: list[str] = []
    with closing(Cache.open(path, notice=notices.append)) as cache:
        file_record(cache, real_record())
    assert len(notices) == 1
    aside = [p for p in path.parent.iterdir() if ".damaged-" in p.name]
    assert len(aside) == 1
    assert aside[0].read_bytes() == garbage
    assert str(aside[0]) in notices[0]
    Cache.open(path, notice=quiet).close()


def test_empty_file_is_a_new_cache(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with closing(Cache.open(path, notice=quiet)) as cache:
        assert cache.count() == 0


def test_changed_bytes_are_never_returned_as_valid(path: Path, tmp_path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        records = [wire(synthetic(n, KEY)) for n in range(12)]
        suffixes = [file_record(cache, raw).suffix for raw in records]
    whole = path.read_bytes()
    rng = random.Random(7)
    outcomes = {"right": 0, "refused": 0, "gone": 0}
    for trial in range(120):
        broken = bytearray(whole)
        for _ in range(8):
            broken[rng.randrange(100, len(broken))] ^= 1 << rng.randrange(8)
        copy = tmp_path / f"copy{trial}.sqlite3"
        copy.write_bytes(broken)
        try:
            cache = Cache.open(copy, notice=lambda _: None)
        except CacheError:
            outcomes["refused"] += 1
            continue
        with closing(cache):
            for suffix, raw in zip(suffixes, records, strict=True):
                try:
                    response = cache.latest(suffix)
                except CacheError:
                    outcomes["refused"] += 1
                    continue
                assert response is None or response.raw == raw
                outcomes["gone" if response is None else "right"] += 1
    assert all(outcomes.values()), outcomes


def test_database_of_another_program_is_unchanged(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CacheError, match="not a cache of this program"):
        Cache.open(path, notice=quiet)
    assert path.read_bytes() == before


def test_newer_schema_is_refused(path: Path) -> None:
    Cache.open(path, notice=quiet).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CacheError, match="newer version") as caught:
        Cache.open(path, notice=quiet)
    assert "update" in caught.value.hint


def test_older_schema_is_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())

    def add_column(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE record ADD COLUMN note TEXT")

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE record ADD COLUMN other TEXT")
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, add_column, fail))
    with pytest.raises(KeyboardInterrupt):
        Cache.open(path, notice=quiet)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(record)")]
    connection.close()
    assert "note" not in columns
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:3])
    with closing(Cache.open(path, notice=quiet)) as cache:
        response = cache.latest(REAL_SUFFIX)
        assert response is not None
        assert response.raw == real_record()


def test_read_only_directory_opens_for_reading(path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
    done = run_where_read_only(
        path,
        # pathlib imports the last one when it first makes a URI.
        "from pathlib import Path; from pith_tui.store.cache import Cache; import urllib.parse",
        "cache = Cache.open(Path(sys.argv[1]), notice=print)\n"
        "print(cache.readonly, len(cache.latest(sys.argv[2]).raw))",
        REAL_SUFFIX,
    )
    assert done.stdout.split() == ["True", str(len(real_record()))], done.stderr


def test_full_disk_is_reported_and_loses_nothing(path: Path) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
        # SQLite's own limit gives the very error that a full disk does.
        pages = cache._connection.execute("PRAGMA page_count").fetchone()[0]
        cache._connection.execute(f"PRAGMA max_page_count = {pages}")

        def fill() -> None:
            for number in range(200):
                file_record(cache, wire(synthetic(number, KEY)))

        with pytest.raises(CacheError, match="disk is full"):
            fill()
        response = cache.latest(REAL_SUFFIX)
        assert response is not None
        assert response.raw == real_record()


def test_path_below_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match="cannot be created at"):
        Cache.open(tmp_path / "file" / "cache.sqlite3", notice=quiet)


def test_changed_index_never_leads_to_another_record(path: Path, tmp_path: Path) -> None:
    # Sound bytes under the wrong name would pass a digest of the bytes alone.
    with closing(Cache.open(path, notice=quiet)) as cache:
        records = {file_record(cache, raw).suffix: raw for raw in _generated(12)}
    whole, copy = path.read_bytes(), tmp_path / "copy.sqlite3"
    refused = 0
    for suffix in list(records)[:2]:
        starts = [n for n in range(len(whole)) if whole.startswith(suffix.encode(), n)]
        for place in [start + step for start in starts for step in (-3, -2, -1, 26, 27)]:
            for bit in range(8):
                broken = bytearray(whole)
                broken[place] ^= 1 << bit
                copy.write_bytes(broken)
                refused += _refusals(copy, records)
    assert refused


def _refusals(path: Path, records: dict[str, bytes]) -> int:
    refused = 0
    with closing(Cache.open(path, notice=lambda _: None)) as cache:
        for suffix, raw in records.items():
            try:
                response = cache.latest(suffix)
            except CacheError:
                refused += 1
                continue
            assert response is None or (response.suffix, response.raw) == (suffix, raw)
    return refused


def _generated(number: int) -> list[bytes]:
    return [wire(synthetic(n, KEY)) for n in range(number)]


def _open_and_store(paths: list[Path], number: int, start: Barrier, notices: Queue[str]) -> None:
    raw = wire(synthetic(number, KEY))
    for path in paths:
        start.wait(60)
        with closing(Cache.open(path, notice=notices.put)) as cache:
            file_record(cache, raw)
    notices.put("")


@pytest.mark.parametrize("garbage", [b"", b"this is no database" * 1000])
def test_several_processes_can_create_one_cache(path: Path, garbage: bytes) -> None:
    path.parent.mkdir()
    context = multiprocessing.get_context("spawn")
    files = [path.with_name(f"{trial}.sqlite3") for trial in range(2)]
    for file in files:
        if garbage:
            file.write_bytes(garbage)
    start, notices = context.Barrier(4), context.Queue()
    openers = [
        context.Process(target=_open_and_store, args=(files, n, start, notices)) for n in range(4)
    ]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(60)
    assert [opener.exitcode for opener in openers] == [0] * 4
    for file in files:
        with closing(Cache.open(file, notice=quiet)) as cache:
            assert cache.count() == 4
    aside = [list(path.parent.glob(f"{file.name}.damaged-*")) for file in files]
    assert [len(paths) for paths in aside] == [bool(garbage)] * 2
    assert all(item.read_bytes() == garbage for paths in aside for item in paths)
    texts = [notices.get(timeout=10) for _ in range(4 + 2 * bool(garbage))]
    assert sum(bool(text) for text in texts) == 2 * bool(garbage)


def _spoil_version(version: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")

    return spoil


def _spoil_schema(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE answer", b"CREATE TABLE \xe3nswer"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "spoil", [_cut, _spoil_schema, _spoil_version(0), _spoil_version(-1), _spoil_version(-99)]
)
def test_damaged_cache_is_moved_aside_unchanged(path: Path, spoil: Callable[[Path], None]) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        for raw in _generated(12):
            file_record(cache, raw)
    spoil(path)
    before, notices = path.read_bytes(), list[str]()
    with closing(Cache.open(path, notice=notices.append)) as cache:
        # What a wrong version hides is all there still; a torn file or schema gives nothing back.
        assert cache.count() in (0, 12)
    aside = [item for item in path.parent.iterdir() if ".damaged-" in item.name]
    assert [item.read_bytes() for item in aside] == [before]
    assert len(notices) == 1


def test_missing_table_is_reported_with_a_hint(path: Path) -> None:
    Cache.open(path, notice=quiet).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE answer")
    with (
        closing(Cache.open(path, notice=quiet)) as cache,
        pytest.raises(CacheError, match="not as they should be") as caught,
    ):
        cache.latest(REAL_SUFFIX)
    assert "move it away" in caught.value.hint


def test_oversized_record_is_not_stored(path: Path) -> None:
    catalog = catalog_entry(Record(real_record()))
    assert catalog is not None
    with closing(Cache.open(path, notice=quiet)) as cache:
        with pytest.raises(CacheError, match="more than a record has"):
            cache.store(b" " * (MAX_SIZE + 1), catalog, origin="o", etag=None, received_at=NOW)
        longest = real_record().ljust(MAX_SIZE)
        cache.store(longest, catalog, origin="o", etag=None, received_at=NOW)
        response = cache.latest(REAL_SUFFIX)
        assert response is not None
        assert response.raw == longest


def test_interrupted_repair_leaves_the_damaged_file_in_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        for number in range(5):
            file_record(cache, wire(synthetic(number, KEY)))
    whole = path.read_bytes()

    def killed(self: Cache, damaged: Path) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Cache, "_recover_from", killed)
        with pytest.raises(KeyboardInterrupt):
            Cache.repair(path, notice=quiet)
    assert path.read_bytes() == whole
    notices: list[str] = []
    with closing(Cache.repair(path, notice=notices.append)) as cache:
        assert cache.count() == 5
    assert "5 responses" in notices[0]
    assert sorted(p.name for p in path.parent.glob("cache*")) == [
        path.name,
        *(p.name for p in path.parent.glob("cache*damaged*")),
    ]
