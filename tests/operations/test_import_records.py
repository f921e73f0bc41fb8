"""Importing: every kind of input, and what an import may change of what is stored."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pith_tui.errors import UsageError
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.operations.import_records import import_all
from pith_tui.operations.job import Job
from pith_tui.protocol.report import Verdict
from pith_tui.store import records
from pith_tui.store.cache import Cache
from tests.registry.records import Paper, build, synthetic, wire
from tests.stored import KEY, NOW, TRUSTED, file_record, find_titles, quiet, verify
from tests.support import REAL_SUFFIX, partial_records, real_record

Captured = pytest.CaptureFixture[str]


def import_paths(
    cache: Cache, *paths: str, stdin: bytes = b""
) -> tuple[tuple[int, ...], list[str]]:
    skipped: list[str] = []
    done = import_all(
        cache,
        iter_inputs(paths, io.BytesIO(stdin), NOW),
        Job("Importing"),
        lambda skip: skipped.append(f"{skip.name}: {skip.reason}"),
    )
    return (done.new, done.known, done.skipped), skipped


def test_every_kind_of_file_is_imported(cache: Cache, tmp_path: Path) -> None:
    records = [wire(synthetic(n, KEY)) for n in range(8)]
    folder = tmp_path / "files"
    (folder / "below").mkdir(parents=True)
    (folder / "one.json").write_bytes(records[0])
    (folder / "pretty.json").write_bytes(json.dumps(json.loads(records[1]), indent=2).encode())
    (folder / "below" / "lines.jsonl").write_bytes(b"\r\n\n".join(records[2:4]) + b"\n")
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(b"\n".join(records[4:6])))
    (folder / "note.txt").write_text("not looked at")
    with tarfile.open(folder / "some.tar.gz", "w:gz") as tar:
        for name, raw in (("a.json", records[6]), ("../b.json", records[7]), ("c.txt", b"x")):
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    assert import_paths(cache, str(folder)) == ((8, 0, 0), [])
    assert import_paths(cache, str(folder / "one.json"), "-", stdin=records[1] + b"\n") == (
        (1, 1, 0),  # as it stands on stdin it is spelled otherwise than in the pretty file
        [],
    )
    assert cache.count() == 8


def test_non_records_are_counted_named_and_skipped(cache: Cache, tmp_path: Path) -> None:
    lines = [b"{", real_record(), b"{}", b"[" * 2000, b'"x' + b"x" * (1 << 21) + b'"', b"\xff"]
    lines += [partial_records()[0]]
    (tmp_path / "mixed.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(real_record() * 3)[:-400])
    (tmp_path / "no.tar").write_bytes(b"no tar")
    done, skipped = import_paths(cache, str(tmp_path / "mixed.jsonl"))
    assert done == (2, 0, 5)
    assert [line.rpartition(".jsonl:")[2].partition(":")[0] for line in skipped] == list("13456")
    for name in ("torn.jsonl.gz", "no.tar"):
        assert import_paths(cache, str(tmp_path / name))[0][2] == 1
    with pytest.raises(UsageError):
        import_paths(cache, str(tmp_path / "nothing"))


def test_bundle_is_imported_and_its_receipt_verified(cache: Cache, tmp_path: Path) -> None:
    tree = build(Paper(), KEY)
    payload = {name: tree[name] for name in ("canonical_record", "canonical_sha256", "receipt")}
    created = {"event_type": "record_created", "target": "record", "payload": payload}
    bundle = {
        "bundle_type": "pith_open_graph_bundle",
        "pith_number": tree["pith_number"],
        "short_pith_number": tree["short_pith_number"],
        "canonical_record": tree["canonical_record"],
        "canonical_sha256": tree["canonical_sha256"],
        "source": tree["source"],
        "source_aliases": tree["aliases"],
        "events": [created],
    }
    (tmp_path / "bundle.json").write_bytes(wire(bundle))
    assert import_paths(cache, str(tmp_path / "bundle.json"))[0] == (1, 0, 0)
    raw = next(records.iter_records(cache)).response
    assert raw is not None
    report = verify(raw.raw, None, TRUSTED)
    assert report.verdict is Verdict.VERIFIED
    created["payload"]["receipt"]["signature_b64"] = "A" * 86 + "=="  # type: ignore[index]
    assert verify(wire(bundle), None, TRUSTED).verdict is Verdict.FAILED


def with_mtime(path: Path, moment: datetime) -> str:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return str(path)


def test_import_does_not_confirm_a_stored_response(cache: Cache, tmp_path: Path) -> None:
    old, new = wire(build(Paper(authors="Old"), KEY)), wire(build(Paper(authors="New"), KEY))
    week = timedelta(days=7)
    catalog = file_record(cache, old, NOW, '"old"')
    file_record(cache, new, NOW + week, '"new"')
    before = cache.history(catalog.suffix)
    file = tmp_path / "old.json"
    file.write_bytes(old)
    for moment in (NOW + 2 * week, datetime(2200, 1, 1, tzinfo=UTC)):
        assert import_paths(cache, with_mtime(file, moment))[0] == (0, 1, 0)
        assert cache.history(catalog.suffix) == before
    import_paths(cache, with_mtime(file, NOW - week))
    after = cache.history(catalog.suffix)
    assert after == [before[0], before[1]._replace(fetched_at=NOW - week)]


def test_imported_response_ranks_after_stored_ones(cache: Cache, tmp_path: Path) -> None:
    kept = wire(build(Paper(authors="Held"), KEY))
    suffix = file_record(cache, kept).suffix
    file = tmp_path / "other.json"
    for name in ("One", "Two"):
        file.write_bytes(wire(build(Paper(authors=name), KEY)))
        assert import_paths(cache, with_mtime(file, datetime(2200, 1, 1, tzinfo=UTC)))[0] == (
            1,
            0,
            0,
        )
    first, *others = cache.history(suffix)
    assert (first.raw, first.checked_at) == (kept, NOW)
    assert len(others) == 2
    assert all(other.checked_at < NOW and other.fetched_at < NOW for other in others)
    assert records.select_for_pruning(cache, before=NOW) == []
    assert find_titles(cache, "author:held") != []


def test_import_time_is_never_in_the_future(cache: Cache, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    file.write_bytes(real_record())
    import_paths(cache, with_mtime(file, datetime(2200, 1, 1, tzinfo=UTC)))
    kept = cache.latest(REAL_SUFFIX)
    assert kept is not None
    assert kept.checked_at <= datetime.now(UTC)
    other = tmp_path / "then.json"
    other.write_bytes(wire(synthetic(1, KEY)))
    import_paths(cache, with_mtime(other, NOW))
    last = records.last_number(cache)
    stored = records.records_at(cache, [last])
    assert [item.response.checked_at for item in stored if item.response] == [NOW]


def test_responses_of_another_cache_keep_their_order(cache: Cache, tmp_path: Path) -> None:
    with closing(Cache.open(tmp_path / "moved.sqlite3", notice=quiet)) as moved:
        for days, name in enumerate(("One", "Two", "Three")):
            raw = wire(build(Paper(authors=name), KEY))
            suffix = file_record(moved, raw, NOW + timedelta(days=days)).suffix
        expected = [kept.raw for kept in moved.history(suffix)]
        moved_path = str(moved.path)
    assert import_paths(cache, moved_path)[0] == (3, 0, 0)
    assert [kept.raw for kept in cache.history(suffix)] == expected
