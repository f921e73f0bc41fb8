"""Pruning and bookmarks: what a person marked stays, and is not lost for want of being read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from pith_tui.cli import codes, main
from pith_tui.sources import archive
from pith_tui.sources.cache import Cache
from pith_tui.sources.paths import cache_path, places_path
from pith_tui.sources.places import Places
from tests.registry.records import synthetic, wire
from tests.support import REAL_SUFFIX, real_record
from tests.test_cache import KEY, NOW, file_record, quiet

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def cache() -> Iterator[Cache]:
    with closing(Cache.open(cache_path(), notice=quiet)) as opened:
        yield opened


def test_pruning_keeps_what_is_bookmarked(cache: Cache, capsys: Captured) -> None:
    suffixes = [
        file_record(cache, wire(synthetic(n, KEY)), NOW - timedelta(days=n)).suffix
        for n in range(6)
    ]
    with closing(Places(places_path(), notice=quiet)) as places:
        places.bookmark(suffixes[5], "the oldest", NOW)
        places.bookmark(REAL_SUFFIX, "not held", NOW)
    sizes = {each.suffix: each.stored_bytes for each in archive.to_prune(cache, keep=0)}
    limit = sizes[suffixes[5]] + sizes[suffixes[0]] + sizes[suffixes[1]]
    over = archive.to_prune(cache, max_bytes=limit, spare={suffixes[5]})
    assert [each.suffix for each in over] == [suffixes[4], suffixes[3], suffixes[2]]
    assert main(["cache", "prune", "--keep", "2"]) == codes.OK
    out, err = capsys.readouterr()
    assert suffixes[5] not in out
    assert "would remove 3 records" in err
    assert "keeping 1 bookmarked" in err
    assert main(["cache", "prune", "--keep", "2", "--yes"]) == codes.OK
    assert "keeping 1 bookmarked" in capsys.readouterr().err
    assert {item.suffix for item in archive.items(cache)} == {*suffixes[:2], suffixes[5]}
    assert main(["cache", "prune", "--keep", "2", "--bookmarks-too", "--yes"]) == codes.OK
    assert "bookmarked" not in capsys.readouterr().err
    assert {item.suffix for item in archive.items(cache)} == set(suffixes[:2])


def test_without_knowing_the_bookmarks_nothing_is_pruned(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record())
    arguments = ["cache", "prune", "--keep", "0", "--yes"]
    path = places_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 500)
    assert main(arguments) == codes.USAGE
    assert "nothing was pruned" in capsys.readouterr().err
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    assert main(arguments) == codes.USAGE
    assert "not a places file" in capsys.readouterr().err
    assert cache.count() == 1
    assert main([*arguments, "--bookmarks-too"]) == codes.OK
    assert cache.count() == 0


@pytest.mark.parametrize(
    "limit", [["--older-than", each] for each in ("nan", "inf", "1e300", "-1")] + [["--keep", "-1"]]
)
def test_a_limit_that_is_none_prunes_nothing(
    cache: Cache, capsys: Captured, limit: list[str]
) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=400))
    assert main(["cache", "prune", "=".join(limit), "--yes"]) == codes.USAGE
    assert "give" in capsys.readouterr().err
    assert cache.count() == 1
