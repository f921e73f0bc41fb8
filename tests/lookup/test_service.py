"""The record service: local records first, then the servers; only bytes are stored."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pith_tui.errors import NotFoundError, UnreachableError, UsageError
from pith_tui.lookup.client import RegistryClient
from pith_tui.lookup.samples import Sample, find_samples, sample_records
from pith_tui.lookup.service import Origin, RecordService
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache
from tests.registry.records import Json, Paper, build, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, NOW, TRUSTED, file_record, quiet, verify
from tests.support import REAL_SUFFIX, partial_records, real_record

ARXIV = parse_identifier("2401.00001")
REAL = parse_identifier("2503.11832")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as opened:
        yield opened


def record_service(
    cache: Cache | None, registry: Registry | None = None, now: datetime = NOW
) -> RecordService:
    remote = None if registry is None else lambda: RegistryClient([registry.url], deadline=60)
    return RecordService(cache, remote, TRUSTED, now=lambda: now)


def record(**changes: object) -> Json:
    return build(Paper(**changes), KEY)  # type: ignore[arg-type]


def test_samples_are_found_locally_with_their_origin(cache: Cache) -> None:
    for text in ("2503.11832", REAL_SUFFIX, REAL_SUFFIX[:8], "10.48550/arXiv.2503.11832"):
        record = record_service(cache).find_local(parse_identifier(text))
        assert record is not None
        assert (record.raw, record.origin) == (real_record(), Origin.SAMPLE)
    assert record_service(cache).find_local(parse_identifier("2503.11832v4")) is None
    assert (
        record_service(cache).find_local(parse_identifier("1412.8318")) is not None
    )  # has no canonical


def test_every_sample_is_found_by_its_pith_number() -> None:
    assert len(sample_records()) == 66
    for raw in (real_record(), *partial_records()):
        number = raw.split(b'"pith_number":"')[1].split(b'"')[0].decode()
        assert find_samples(parse_identifier(number)) == [Sample(number[-26:], raw)]
        catalog = read(raw).catalog
        assert catalog is not None
        assert catalog.suffix == number[-26:]


def test_cache_takes_precedence_over_samples(cache: Cache) -> None:
    file_record(cache, real_record(), etag='"e"')
    record = record_service(cache).find_local(REAL)
    assert record is not None
    assert (record.origin, record.etag, record.checked_at) == (
        Origin.CACHE,
        '"e"',
        datetime(2026, 6, 10, 12, 0, tzinfo=UTC),
    )


async def test_fetched_record_is_stored_and_confirmed_by_etag(
    cache: Cache, registry: Registry
) -> None:
    registry.resolve_style = "object"
    suffix = registry.add(record())
    first = (await record_service(cache, registry).fetch_all(ARXIV, None, quiet))[0]
    assert (first.origin, first.checked_at) == (Origin.LIVE, NOW)
    response = record_service(cache).find_local(ARXIV)
    assert response is not None
    assert (response.raw, response.origin) == (first.raw, Origin.CACHE)
    later = NOW + timedelta(days=3)
    again = (await record_service(cache, registry, later).fetch_all(ARXIV, response, quiet))[0]
    assert registry.requests[-1].headers["if-none-match"] == response.etag
    assert (again.raw, again.origin, again.checked_at) == (first.raw, Origin.LIVE, later)
    latest = cache.latest(suffix)
    assert latest is not None
    assert (latest.fetched_at, latest.checked_at) == (NOW, later)
    assert len(cache.history(suffix)) == 1


async def test_changed_response_is_stored_with_the_first(cache: Cache, registry: Registry) -> None:
    suffix = registry.add(record())
    response = (await record_service(cache, registry).fetch_all(ARXIV, None, quiet))[0]
    registry.add(record(built="2026-07-01T00:00:00Z"))
    changed = (await record_service(cache, registry).fetch_all(ARXIV, response, quiet))[0]
    assert changed.raw != response.raw
    assert len(cache.history(suffix)) == 2


async def test_sample_is_not_confirmed_by_etag(cache: Cache, registry: Registry) -> None:
    registry.add(real_record())
    sample = record_service(cache).find_local(REAL)
    record = (await record_service(cache, registry).fetch_all(REAL, sample, quiet))[0]
    assert record.origin is Origin.LIVE
    assert all("if-none-match" not in request.headers for request in registry.requests)


async def test_offline_opens_no_socket(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    service = record_service(cache)
    assert service.offline

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert service.find_local(REAL) is not None
    with pytest.raises(NotFoundError, match="neither in the cache nor among the samples") as caught:
        (await service.fetch_all(ARXIV, None, quiet))[0]
    assert "--offline" in caught.value.hint


async def test_unreachable_server_without_local_record_is_an_error(
    cache: Cache, registry: Registry
) -> None:
    registry.fail("/", Fault(500), times=5)
    with pytest.raises(UnreachableError):
        (await record_service(cache, registry).fetch_all(ARXIV, None, quiet))[0]


def test_ambiguous_short_form_is_refused(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "OFKRBFYVAAAAAAAAAAAAAAAAAA"
    file_record(cache, real_record())
    monkeypatch.setattr(cache, "find", lambda _: [REAL_SUFFIX, other])
    with pytest.raises(UsageError, match="fits 2 records") as caught:
        record_service(cache).find_local(parse_identifier("OFKRBFYV"))
    assert other in caught.value.hint


def test_short_form_of_a_stored_record_and_a_sample_is_refused(cache: Cache) -> None:
    tree = record()
    suffix = file_record(cache, wire(tree)).suffix
    service = record_service(cache)
    assert service.find_local(parse_identifier(suffix[:8])) is not None
    # No two real records share eight characters, so the sample is made to.
    raw = real_record()
    original = service._samples
    sample = Sample(REAL_SUFFIX, raw)
    service._samples = lambda identifier: [sample] if original(identifier) == [] else []
    with pytest.raises(UsageError, match="fits 2 records"):
        service.find_local(parse_identifier(suffix[:8]))


def test_forged_record_does_not_hide_the_genuine_one(cache: Cache) -> None:
    genuine = wire(record())
    forged = record(title="Forged")
    forged["receipt"]["signature_b64"] = record()["receipt"]["signature_b64"]
    file_record(cache, genuine, NOW)
    file_record(cache, wire(forged), NOW + timedelta(days=1))
    result = record_service(cache).find_local(ARXIV)
    assert result is not None
    assert result.raw == genuine
    assert verify(result.raw, ARXIV, TRUSTED).verdict is Verdict.VERIFIED


def test_failing_response_does_not_hide_a_verified_one(cache: Cache) -> None:
    genuine = wire(record())
    forged = genuine.replace(b"On the Testing", b"On the Forging")
    suffix = file_record(cache, genuine, NOW).suffix
    assert file_record(cache, forged, NOW + timedelta(days=1)).suffix == suffix
    for name in ("2401.00001", suffix, suffix[:8]):
        result = record_service(cache).find_local(parse_identifier(name))
        assert result is not None
        assert (result.raw, result.origin, result.checked_at) == (genuine, Origin.CACHE, NOW)
    only = real_record().replace(b"Safety Mirage", b"Total Safety")
    file_record(cache, only)
    result = record_service(cache).find_local(REAL)
    assert result is not None
    assert (result.raw, result.origin) == (real_record(), Origin.SAMPLE)


async def test_confirmed_response_becomes_the_latest(cache: Cache, registry: Registry) -> None:
    suffix = registry.add(record())
    (await record_service(cache, registry).fetch_all(parse_identifier(suffix), None, quiet))[0]
    forged = wire(record()).replace(b"On the Testing", b"On the Forging")
    file_record(cache, forged, NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    service = record_service(cache, registry, now=later)
    asked = parse_identifier(suffix)
    result = (await service.fetch_all(asked, service.find_local(asked), quiet))[0]
    assert registry.requests[-1].headers.get("if-none-match")
    response = cache.latest(suffix)
    assert response is not None
    assert (response.raw, response.checked_at) == (result.raw, later)


def test_highest_version_is_found_when_none_is_given(cache: Cache) -> None:
    for version in (2, 10, 1):
        file_record(cache, wire(record(version=version)))
    result = record_service(cache).find_local(ARXIV)
    assert result is not None
    assert b'"version":10' in result.raw


async def test_response_that_is_not_a_record_is_returned_and_not_stored(
    cache: Cache, registry: Registry
) -> None:
    raw = b'{"canonical_record":{},"canonical_record":{}}'
    registry.fail("/api", Fault(200, {}, raw))
    record = (await record_service(cache, registry).fetch_all(ARXIV, None, quiet))[0]
    assert record.raw == raw
    assert verify(record.raw, ARXIV).verdict is Verdict.FAILED
    assert cache.count() == 0


async def test_samples_only_asks_no_server(cache: Cache, registry: Registry) -> None:
    service = RecordService(
        cache, lambda: RegistryClient([registry.url]), TRUSTED, samples_only=True
    )
    file_record(cache, wire(record()))
    assert service.offline
    assert service.find_local(ARXIV) is None
    assert service.find_local(REAL) is not None
