"""The choice among the stored responses of a record; the others are evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.errors import CacheError
from pith_tui.lookup.best_records import iter_best_records
from pith_tui.lookup.service import RecordService
from pith_tui.lookup.stored import best_stored
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier, Kind, parse_identifier
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from tests.registry.records import Json, Paper, build, wire
from tests.registry.sections import bundle, fill, integrity_report, plausible, state
from tests.stored import KEY, NOW, TRUSTED, file_record
from tests.support import real_record

ARXIV = parse_identifier("2401.00001")
Captured = pytest.CaptureFixture[str]
DOCUMENTS: dict[str, Callable[[Json], Json]] = {
    "record": lambda tree: tree,
    "bundle": bundle,
    "state": lambda tree: state(tree, KEY),
    "integrity": lambda tree: integrity_report(tree, KEY),
    "graph": lambda tree: tree["graph_snapshot"],
    "manifest": lambda tree: {"manifest_type": "pith_mirror_manifest", "mirrors": []},
}


def record(**changes: object) -> Json:
    return build(Paper(**changes), KEY)  # type: ignore[arg-type]


def without_receipt() -> bytes:
    """Return an undecided record, without its receipt."""
    tree = record()
    del tree["receipt"]
    return wire(tree)


def failing() -> bytes:
    tree = record()
    tree["receipt"]["signature_b64"] = "A" * 86 + "=="
    return wire(tree)


def catalog_of(raw: bytes) -> CatalogEntry:
    catalog = catalog_entry(Record(raw))
    assert catalog is not None
    return catalog


def older_version_stored(cache: Cache, document: Json, day: int) -> None:
    """Store a document as older versions did, which took it for a record."""
    moment = NOW + timedelta(days=day)
    catalog = catalog_of(wire(record()))
    cache.store(wire(document), catalog, origin="import:state.json", etag=None, received_at=moment)


def service(cache: Cache) -> RecordService:
    return RecordService(cache, None, TRUSTED)


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_best_verdict_is_chosen_in_any_order_of_arrival(
    cache: Cache, order: tuple[int, ...]
) -> None:
    raws = [wire(record()), without_receipt(), failing()]
    for day, index in enumerate(order):
        file_record(cache, raws[index], NOW + timedelta(days=day))
    local = service(cache).find_local(ARXIV)
    assert local is not None
    assert local.checked.report.verdict is Verdict.VERIFIED
    (only,) = iter_best_records(cache, TRUSTED)
    assert only.best is not None
    assert only.best.checked.report.verdict is Verdict.VERIFIED
    assert not only.best.is_evidence
    assert len(cache.history(catalog_of(raws[0]).suffix)) == 3


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_undecided_response_is_preferred_to_a_failing_one(cache: Cache, first: bool) -> None:
    file_record(cache, failing(), NOW + timedelta(days=-1 if first else 1))
    file_record(cache, without_receipt(), NOW)
    local = service(cache).find_local(ARXIV)
    assert local is not None
    assert local.raw == without_receipt()


def test_failing_version_does_not_hide_an_older_one(cache: Cache) -> None:
    forged = record(version=2)
    forged["receipt"]["signature_b64"] = "A" * 86 + "=="
    file_record(cache, wire(forged))
    file_record(cache, wire(record(version=1)))
    local = service(cache).find_local(ARXIV)
    assert local is not None
    assert local.checked.record.canonical_source.version == 1


def test_record_with_only_failing_responses_is_evidence(cache: Cache) -> None:
    file_record(cache, failing())
    file_record(cache, real_record())
    records = list(iter_best_records(cache, TRUSTED))
    assert [stored.best is not None and stored.best.is_evidence for stored in records] == [
        True,
        False,
    ]
    assert records[0].record.response is not None
    assert records[0].record.response.raw == failing()


@pytest.mark.parametrize("day", [-1, 1], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["state", "integrity", "manifest"])
def test_wrongly_stored_document_hides_no_record(cache: Cache, day: int, kind: str) -> None:
    tree = fill(record(), plausible(0))
    document = DOCUMENTS[kind](tree)
    # An undecided record too: neither is verified, but one is a record.
    for raw in (wire(record()), without_receipt()):
        file_record(cache, raw)
        older_version_stored(cache, document, day)
        local = service(cache).find_local(ARXIV)
        assert local is not None
        assert local.raw == raw
        with cache.writing() as connection:
            connection.execute("DELETE FROM answer")
            connection.execute("DELETE FROM record")


def test_stored_document_alone_is_not_a_record(cache: Cache, capsys: Captured) -> None:
    older_version_stored(cache, state(record(), KEY), 0)
    assert service(cache).find_local(ARXIV) is None
    (only,) = iter_best_records(cache, TRUSTED)
    assert only.best is not None
    assert only.best.is_evidence
    assert main(["verify", "--offline", "2401.00001"]) == exit_codes.NOT_FOUND
    assert "neither in the cache nor among the samples" in capsys.readouterr().err


@pytest.mark.parametrize("first", [True, False], ids=["latest", "older"])
def test_damaged_response_does_not_hide_a_sound_one(cache: Cache, first: bool) -> None:
    for day, raw in enumerate((wire(record()), wire(record(built="2026-07-01T00:00:00Z")))):
        file_record(cache, raw, NOW + timedelta(days=day))
    with cache.writing() as connection:
        connection.execute(
            "UPDATE answer SET stored = zeroblob(9) WHERE id = ?", (2 if first else 1,)
        )
    local = service(cache).find_local(ARXIV)
    assert local is not None
    assert local.checked.report.verdict is Verdict.VERIFIED
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = zeroblob(9)")
    with pytest.raises(CacheError, match="damaged bytes"):
        service(cache).find_local(ARXIV)
    assert [stored.best for stored in iter_best_records(cache, TRUSTED)] == [None]


def test_empty_cache_has_no_best_record(cache: Cache) -> None:
    suffix = catalog_of(real_record()).suffix
    assert best_stored(cache, suffix, Identifier(Kind.PITH, suffix), TRUSTED) is None
    assert list(iter_best_records(cache, TRUSTED, Query(None))) == []


SKIPPED = {
    "state": "this is a state of pith:",
    "integrity": "this is an integrity report of 1601.00003, not a record",
    "graph": "this is a graph response of 1601.00003, not a record",
    "manifest": "this is a mirror manifest, not a record",
}


@pytest.mark.parametrize("together", [True, False], ids=["one import", "two imports"])
@pytest.mark.parametrize("kind", ["bundle", "record"])
@pytest.mark.parametrize("other", SKIPPED)
@pytest.mark.parametrize("swapped", [False, True], ids=["record first", "record last"])
def test_imported_document_never_hides_a_record(
    path: Path,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    together: bool,
    kind: str,
    other: str,
    swapped: bool,
) -> None:
    monkeypatch.setattr("pith_tui.cli.context.load_keys", lambda directory: TRUSTED)
    tree = fill(record(arxiv="1601.00003"), plausible(0))
    names = [kind, other][:: -1 if swapped else 1]
    for name in names:
        (tmp_path / f"{name}.json").write_text(json.dumps(DOCUMENTS[name](tree)))
    files = [str(tmp_path / f"{name}.json") for name in names]
    for imported in [files] if together else [[file] for file in files]:
        main(["cache", "import", *imported])
    assert SKIPPED[other] in capsys.readouterr().err
    assert main(["verify", "--offline", "1601.00003"]) == exit_codes.OK
