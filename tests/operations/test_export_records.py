"""Exporting: what remains when it is stopped, and what is never overwritten."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from pith_tui.errors import UsageError
from pith_tui.operations.export_records import export_file, export_lines, export_mirror
from pith_tui.operations.job import Job
from pith_tui.store.cache import Cache
from tests.registry.records import synthetic, wire
from tests.stored import KEY, NOW, TRUSTED, WatchedJob, damage, file_record


@pytest.fixture
def filled(cache: Cache) -> Cache:
    for number in range(5):
        file_record(cache, wire(synthetic(number, KEY)))
    return cache


def stopping_at(count: int) -> WatchedJob:
    def watch(done: int) -> None:
        if done == count:
            job.stop()

    job = WatchedJob(watch)
    return job


def test_stopped_export_leaves_no_file(filled: Cache, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    result = export_file(filled, folder / "lines.jsonl", TRUSTED, stopping_at(3))
    assert (result.written, result.complete) == (3, False)
    assert list(folder.iterdir()) == []


def test_stopped_export_replaces_no_file(filled: Cache, tmp_path: Path) -> None:
    target = tmp_path / "lines.jsonl"
    target.write_text("dear")
    assert not export_file(filled, target, TRUSTED, stopping_at(3), overwrite=True).complete
    assert target.read_text() == "dear"


def test_stopped_mirror_has_no_manifest(filled: Cache, tmp_path: Path) -> None:
    result = export_mirror(filled, tmp_path / "site", NOW, TRUSTED, stopping_at(3))
    assert not result.complete
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["pith"]
    assert len(list((tmp_path / "site" / "pith").iterdir())) == 3


def test_damaged_records_are_left_out_and_their_errors_returned(filled: Cache) -> None:
    torn = [file_record(filled, wire(synthetic(n, KEY))).suffix for n in range(50, 80)]
    for suffix in torn:
        damage(filled, suffix)
    out, job = io.BytesIO(), Job("Exporting")
    result = export_lines(filled, out, TRUSTED, job)
    assert (result.written, result.damaged, len(result.errors)) == (5, 30, 20)
    assert len(out.getvalue().splitlines()) == 5
    assert (job.done, job.total) == (35, 35)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", ".repairing"])
@pytest.mark.parametrize("mirror", [False, True])
def test_export_to_the_file_of_the_cache_is_refused(
    filled: Cache, ending: str, mirror: bool
) -> None:
    target = Path(f"{filled.path}{ending}")

    def export(now: datetime = NOW) -> object:
        if mirror:
            return export_mirror(filled, target, now, TRUSTED, Job("Exporting"))
        return export_file(filled, target, TRUSTED, Job("Exporting"), overwrite=True)

    with pytest.raises(UsageError, match="own file"):
        export()
    assert filled.count() == 5
