"""Hostile cache files, and damage that SQLite does not detect."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import CacheError
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.sqlite.connection import MAX_VALUE, connect
from pith_tui.sqlite.file import to_micros
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.recovery import iter_recoverable
from tests.registry.records import SigningKey, synthetic, wire
from tests.stored import NOW, file_record, quiet
from tests.support import real_record
from tests.unprivileged import run_where_read_only

KEY = SigningKey()
RECORDS = [wire(synthetic(number, KEY)) for number in range(6)]
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
VIEWS = {
    "endless": f"CREATE VIEW answer AS {ENDLESS} SELECT x AS id, 1 AS record, x'' AS sha256,"
    " 0 AS codec, x'' AS stored, '' AS origin, '' AS etag, 0 AS fetched_at, 0 AS checked_at FROM n",
    "blob": "CREATE VIEW answer AS SELECT 1 AS id, 1 AS record, x'' AS sha256, 0 AS codec,"
    " zeroblob(900000000) AS stored, '' AS origin, '' AS etag, 0 AS fetched_at, 0 AS checked_at",
}
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Make a cache with six records, to be damaged."""
    path = tmp_path / "hostile.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        for raw in RECORDS:
            file_record(cache, raw)
    return path


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize("view", VIEWS)
def test_views_in_place_of_tables_are_refused(
    hostile: Path, tmp_path: Path, capsys: Captured, view: str
) -> None:
    spoil(hostile, "DROP TABLE answer", VIEWS[view])
    before = hostile.read_bytes()
    mine = str(tmp_path / "mine.sqlite3")
    assert main(["cache", "import", str(hostile), "--cache", mine]) != exit_codes.OK
    assert "has a view, trigger or virtual table" in capsys.readouterr().err
    for command in ("info", "list", "verify", "repair"):
        assert main(["cache", command, "--cache", str(hostile)]) == exit_codes.USAGE, command
        assert "drop it with the sqlite3 tool" in capsys.readouterr().err
    assert hostile.read_bytes() == before
    assert [member.name for member in tmp_path.glob("hostile*")] == [hostile.name]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM answer; END",
        "CREATE VIEW other AS SELECT 1",
        "CREATE VIRTUAL TABLE other USING fts5 (x)",
        "CREATE VIRTUAL TABLE other USING rtree (i, a, b)",
    ],
)
def test_schema_with_active_objects_is_refused(hostile: Path, statement: str) -> None:
    spoil(hostile, statement)
    with pytest.raises(CacheError, match="did not create"):
        Cache.open(hostile, notice=quiet)


def test_response_with_a_huge_id_does_not_hang(hostile: Path, tmp_path: Path) -> None:
    spoil(hostile, "UPDATE answer SET id = 1 << 40 WHERE id = 3")
    assert len(list(iter_recoverable(hostile))) == 6
    mine = tmp_path / "mine.sqlite3"
    assert main(["cache", "import", str(hostile), "--cache", str(mine)]) == exit_codes.OK
    assert main(["cache", "repair", "--cache", str(hostile)]) == exit_codes.OK
    for path in (mine, hostile):
        with closing(Cache.open(path, notice=quiet)) as cache:
            assert cache.count() == 6


def test_bad_pages_between_distant_ids_lose_only_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        for number in range(60):
            file_record(cache, wire(synthetic(number, KEY)))
    far = (f"UPDATE answer SET id = {number} << 40 WHERE id = {number}" for number in range(20, 61))
    spoil(path, *far)
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'answer'"
        ).fetchone()[0]
    pages = _children(path.read_bytes()[(root - 1) * size : root * size])
    broken = bytearray(path.read_bytes())
    for _, page in pages[len(pages) // 2 :][:2]:
        broken[(page - 1) * size : (page - 1) * size + 8] = b"\xff" * 8
    path.write_bytes(broken)
    assert 50 <= len(list(iter_recoverable(path))) < 60


@pytest.mark.parametrize("table", ["answer", "record"])
def test_cyclic_pages_do_not_hang(tmp_path: Path, capsys: Captured, table: str) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        for number in range(120):
            file_record(cache, wire(synthetic(number, KEY)))
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()[0]
    looped = bytearray(path.read_bytes())
    start = (root - 1) * size
    children = _children(bytes(looped[start : start + size]))
    for place, _ in children:
        looped[start + place : start + place + 4] = children[0][1].to_bytes(4, "big")
    path.write_bytes(looped)
    assert len(list(iter_recoverable(path))) < 120
    for command in ("list", "verify", "export", "info"):
        code = main(["cache", command, "--cache", str(path)])
        assert code in (exit_codes.USAGE, exit_codes.FAILED, exit_codes.UNDECIDED), command
    assert main(["cache", "repair", "--cache", str(path)]) == exit_codes.OK
    assert "was damaged" in capsys.readouterr().err


def _children(page: bytes) -> list[tuple[int, int]]:
    """Return the offsets of an interior page's child pointers, and the child pages.

    See https://www.sqlite.org/fileformat2.html, 1.6.
    """
    assert page[0] == 5, "the table is too small for an interior page"
    count = int.from_bytes(page[3:5], "big")
    cells = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(count)]
    return [(cell, int.from_bytes(page[cell : cell + 4], "big")) for cell in cells]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stored", "zeroblob(20000000)"),
        ("stored", "CAST(zeroblob(20000000) AS TEXT)"),
        ("stored", "7"),
        ("sha256", "'text'"),
        ("codec", "'text'"),
        ("codec", "1 << 40"),
        ("origin", "zeroblob(9)"),
        ("origin", "CAST(zeroblob(100000) AS TEXT)"),
        ("etag", "x'07'"),
        ("fetched_at", "'yesterday'"),
        ("checked_at", "9223372036854775807"),
        ("fetched_at", "-9223372036854775807"),
    ],
)
def test_value_of_wrong_type_or_size_damages_only_its_record(
    hostile: Path, column: str, value: str
) -> None:
    spoil(hostile, f"UPDATE answer SET {column} = {value} WHERE id = 2")
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        items = list(records.iter_records(cache))
        assert [item.number for item in items if item.response is None] == [2]
        assert len(items) == 6
        records.cache_info(cache, thorough=True)
        assert records.select_for_pruning(cache, before=NOW + timedelta(days=1))
    assert len(list(iter_recoverable(hostile))) == 5


def test_invalid_utf8_text_affects_no_other_record(hostile: Path) -> None:
    spoil(hostile, "UPDATE answer SET origin = CAST(x'ff41' AS TEXT) WHERE id = 2")
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        origins = [item.response.origin for item in records.iter_records(cache) if item.response]
        assert origins[1] == "\ufffdA"
        assert len(origins) == 6


def test_oversized_value_is_damage_and_can_be_repaired(hostile: Path, capsys: Captured) -> None:
    too_long = f"CAST(zeroblob({MAX_VALUE + 1}) AS TEXT)"
    spoil(hostile, f"UPDATE answer SET origin = {too_long} WHERE id = 2")
    assert main(["cache", "list", "--cache", str(hostile)]) == exit_codes.USAGE
    err = capsys.readouterr().err
    assert "longer than any record" in err
    assert "cache repair" in err
    assert main(["cache", "repair", "--cache", str(hostile)]) == exit_codes.OK
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        assert cache.count() == 5


@pytest.mark.parametrize(
    "micros", [-(1 << 62), 1 << 62, to_micros(NOW) * 1000], ids=["before", "after", "nanoseconds"]
)
def test_impossible_times_are_damage_and_do_not_crash(
    hostile: Path, capsys: Captured, micros: int
) -> None:
    spoil(
        hostile,
        f"UPDATE answer SET fetched_at = {micros}, checked_at = {micros} WHERE id = 2",
        f"UPDATE record SET checked_at = {micros} WHERE id = 2",
    )
    cache = ["--cache", str(hostile)]
    assert main(["cache", "info", *cache]) == exit_codes.USAGE
    assert "responses with impossible times: 1" in capsys.readouterr().out
    assert main(["cache", "info", "--json", *cache]) == exit_codes.USAGE
    assert main(["cache", "prune", "--keep", "0", *cache]) == exit_codes.OK
    assert main(["cache", "list", *cache]) != exit_codes.CRASHED


ESCAPE = "OFKRBFYV\x1b[2JVERIFIED"


def test_invalid_suffix_is_never_shown(hostile: Path, capsys: Captured) -> None:
    with closing(sqlite3.connect(hostile)) as connection:
        for record_id, suffix in ((1, ESCAPE), (2, f"{'A' * 25}\u202e"), (3, "A" * 26 + "\x07")):
            connection.execute("UPDATE record SET suffix = ? WHERE id = ?", (suffix, record_id))
        connection.commit()
    cache = ["--cache", str(hostile)]
    for command in (
        ["list"],
        ["list", "--json"],
        ["verify"],
        ["verify", "--json"],
        ["prune", "--keep", "0"],
        ["prune", "--older-than", "0", "--yes"],
        ["remove", "OFKRBFYV"],
        ["show", "AAAAAAAA"],
        ["export"],
    ):
        main(["cache", *command, *cache])
        captured = capsys.readouterr()
        for text in (captured.out, captured.err):
            assert not set(text) & set("\x1b\x07\u202e"), command
            assert "VERIFIED" not in text.replace("UNVERIFIED", ""), command
    with closing(Cache.open(hostile, notice=quiet)) as opened:
        with pytest.raises(CacheError, match="damaged number for record 1"):
            opened.find(parse_identifier("OFKRBFYV"))
        assert records.group_by_work(opened) == []


def test_hostile_work_name_is_ignored(hostile: Path) -> None:
    spoil(hostile, "UPDATE record SET arxiv = char(27) || '[2J', version = 1")
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        assert records.group_by_work(cache) == []
    spoil(hostile, "UPDATE record SET arxiv = '2401.00001', version = 1 WHERE id < 3")
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        assert [work.name for work in records.group_by_work(cache)] == ["2401.00001v1"]


def test_records_are_read_in_bounded_chunks(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    chunk: Callable[..., list[tuple[object, ...]]] = records._chunk

    def count(*arguments: object) -> list[tuple[object, ...]]:
        rows = chunk(*arguments)
        sizes.append(len(rows))
        return rows

    monkeypatch.setattr(records, "_chunk", count)
    monkeypatch.setattr(records, "_CHUNK_BYTES", 1)
    with closing(Cache.open(hostile, notice=quiet)) as cache:
        assert len(list(records.iter_records(cache))) == 6
    assert sizes == [1] * 6 + [0]


@pytest.mark.parametrize("shown", [True, False], ids=["cache", "any statement"])
def test_ctrl_c_interrupts_sqlite(hostile: Path, shown: bool) -> None:
    """The statement never ends, as a crafted tree of pages could cause in a count."""
    code = (
        "import sys; from pathlib import Path; from pith_tui.store.cache import Cache\n"
        "from pith_tui.store import records; from pith_tui.sqlite.connection import connect\n"
        f"endless = '{ENDLESS} SELECT count(*) FROM n'\n"
        "print('ready', flush=True)\n"
        "if sys.argv[2] == 'True':\n"
        "    with Cache.open(Path(sys.argv[1]), notice=print).reading() as c: c.execute(endless)\n"
        "else:\n"
        "    c = connect(Path(sys.argv[1]))\n"
        "    try: c.execute(endless)\n"
        "    finally: c.raise_caught()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(hostile), str(shown)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert err.splitlines()[-1] == b"KeyboardInterrupt"


def test_schema_is_untrusted_and_value_size_is_limited(hostile: Path) -> None:
    with closing(connect(hostile)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) == MAX_VALUE
        with pytest.raises(sqlite3.DataError):
            connection.execute("SELECT zeroblob(900000000)").fetchone()


def test_leftover_journal_in_a_read_only_directory_is_an_error_with_a_hint(
    tmp_path: Path, hostile: Path, isolated_home: Path
) -> None:
    """A killed program leaves one; SQLite cannot read it without writing."""
    path = tmp_path / "place" / "cache.sqlite3"
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
        files = {name: Path(f"{path}{name}").read_bytes() for name in ("", "-wal")}
    for name, content in files.items():
        Path(f"{path}{name}").write_bytes(content)
    for folder in (isolated_home, isolated_home.parent):
        folder.chmod(0o755)
    done = run_where_read_only(
        path,
        "from pith_tui.cli import main\n"
        "main(['cache', 'list', '--cache', sys.argv[2]])  # so that all is imported",
        "sys.exit(main(['cache', 'list', '--cache', sys.argv[1]]))",
        str(hostile),
    )
    assert done.returncode == exit_codes.USAGE
    assert "its directory is read-only" in done.stderr
    assert "cache.sqlite3-wal" in done.stderr
    assert "copy both files to a directory you can write to" in done.stderr
