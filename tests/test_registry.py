"""The test registry: its record of the real paper equals the real record."""

from __future__ import annotations

import base64
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.registry.sections import fill, plausible
from tests.registry.server import Fault, Registry
from tests.support import ROOT, real_record


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(SigningKey()) as running:
        yield running


@pytest.fixture
def client(registry: Registry) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=registry.url, trust_env=False) as opened:
        yield opened


def test_builder_reproduces_the_real_record_except_for_the_signature() -> None:
    real = json.loads(real_record())
    canonical, shown = real["canonical_record"], real["paper"]
    paper = Paper(
        arxiv=canonical["source"]["id"],
        version=canonical["source"]["version"],
        title=shown["title"],
        abstract=shown["abstract_excerpt"],
        authors=shown["authors_text"],
        primary=canonical["metadata"]["primary_cat"],
        cross=tuple(canonical["metadata"]["cross_cats_sorted"]),
        license=canonical["metadata"]["license"],
        submitted=canonical["metadata"]["submitted_at"],
        # The whole abstract is not in the record; its hash is.
        abstract_sha256=canonical["metadata"]["abstract_canon_sha256"],
    )
    built = build(paper, SigningKey())
    for name in ("signature_b64", "key_id", "public_key_fingerprint"):
        built["receipt"][name] = real["receipt"][name]
    assert wire(built) == real_record()


def test_registry_serves_records_with_etags(tmp_path) -> None:  # type: ignore[no-untyped-def]
    key = SigningKey()
    with Registry(key) as registry, httpx.Client(base_url=registry.url, trust_env=False) as client:
        suffix = registry.add(synthetic(1, key))
        first = client.get(f"/pith/{suffix}.json")
        assert first.content == registry.records[suffix]
        again = client.get(f"/pith/{suffix}.json", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert client.get(f"/pith/{suffix}").text.startswith("<html>")
        ld = client.get(f"/pith/{suffix}", headers={"Accept": "application/ld+json"})
        assert ld.content == first.content
        assert client.get(f"/pith/{suffix}/bundle.json").json()["events"][0]["target"] == "record"
        assert client.get("/pith-signing-key.json").json()["key_id"] == key.key_id
        assert client.get("/pith/AAAAAAAAAAAAAAAAAAAAAAAAAA.json").status_code == 404


def test_registry_serves_the_other_documents_of_the_protocol(
    client: httpx.Client, registry: Registry
) -> None:
    suffix = registry.add(fill(synthetic(1, registry.key), plausible(1)))
    record = json.loads(registry.records[suffix])
    same = client.get(f"/.well-known/pith/{suffix}/bundle.json")
    assert same.content == client.get(f"/pith/{suffix}/bundle.json").content
    state = client.get(f"/pith/{suffix}/state.json").json()
    assert state["current"]["canonical_record"] == record["canonical_record"]
    report = client.get(f"/pith/{record['source']['id']}/integrity.json").json()
    assert report["integrity"] == record["graph_snapshot"]["integrity"]
    event = report["events"][0]
    public = Ed25519PublicKey.from_public_bytes(registry.key.raw)
    public.verify(base64.b64decode(event["signature_b64"]), bytes.fromhex(event["payload_sha256"]))
    manifest = client.get("/pith-mirrors.json").json()
    assert manifest["mirrors"][0]["public_key"] == client.get("/pith-signing-key.json").json()
    assert client.get("/nowhere").status_code == 404
    assert client.post(f"/pith/{suffix}.json").status_code == 405
    assert client.head(f"/pith/{suffix}.json").content == b""
    assert [request.method for request in registry.requests][-3:] == ["GET", "POST", "HEAD"]


def test_resolve_answers_in_every_form_of_the_protocol(
    client: httpx.Client, registry: Registry
) -> None:
    record = synthetic(5, registry.key)  # an old-style id
    suffix = registry.add(record)
    arxiv = record["source"]["id"]
    resolve = "/api/pith-number/resolve"
    for asked in (
        {"arxiv": arxiv},
        {"arxiv": f"{arxiv}v{record['source']['version']}"},
        {"doi": f"10.48550/arXiv.{arxiv}"},
    ):
        registry.resolve_style = "record"
        assert client.get(resolve, params=asked).content == registry.records[suffix]
        registry.resolve_style = "object"
        assert client.get(resolve, params=asked).json()["pith_number"] == record["pith_number"]
        registry.resolve_style = "redirect"
        assert client.get(resolve, params=asked).headers["location"] == f"/pith/{suffix}"
    assert client.get(resolve, params={"arxiv": "2401.99999"}).status_code == 404


def test_faults_occur_the_requested_number_of_times(
    client: httpx.Client, registry: Registry
) -> None:
    suffix = registry.add(synthetic(1, registry.key))
    path = f"/pith/{suffix}.json"
    registry.fail("/pith/", Fault(429, {"Retry-After": "7"}), times=2)
    responses = [client.get(path) for _ in range(3)]
    assert [response.status_code for response in responses] == [429, 429, 200]
    assert responses[0].headers["retry-after"] == "7"
    registry.fail("/pith/", Fault(302, {"Location": "file:///etc/passwd"}))
    assert client.get(path).headers["location"] == "file:///etc/passwd"
    registry.fail("/pith/", Fault("endless", size=3 << 20))
    assert len(client.get(path).content) == 3 << 20
    registry.fail("/pith/", Fault("bomb", size=4 << 20, layers=2))
    assert len(client.get(path).content) == 4 << 20


@pytest.mark.parametrize("kind", ["truncated", "garbage", "reset"])
def test_broken_response_is_a_transport_error(
    kind: str, client: httpx.Client, registry: Registry
) -> None:
    registry.fail("/pith/", Fault(kind))
    with pytest.raises(httpx.TransportError):
        client.get("/pith/AAAAAAAA.json")


def test_stalled_response_continues_when_released(client: httpx.Client, registry: Registry) -> None:
    suffix = registry.add(synthetic(1, registry.key))
    registry.released.set()
    registry.fail("/pith/", Fault("stall"))
    assert client.get(f"/pith/{suffix}.json").content == registry.records[suffix]
    registry.fail("/pith/", Fault("drip", body=b"0123456789"))
    assert client.get(f"/pith/{suffix}.json").content == b"0123456789"


@pytest.mark.parametrize("kind", ["stall", "headers", "drip", "none"])
@pytest.mark.parametrize("tls", [False, True])
def test_registry_closes_without_waiting_for_clients(kind: str, tls: bool, tmp_path: Path) -> None:
    with Registry(SigningKey(), tls_dir=tmp_path if tls else None) as registry:
        address = ("127.0.0.1", int(registry.url.rpartition(":")[2]))
        silent = socket.create_connection(address)
        speaking = socket.create_connection(address)
        if kind != "none":
            registry.fail("/", Fault(kind))
            if registry.ca_pem:
                context = ssl.create_default_context(cafile=registry.ca_pem)
                speaking = context.wrap_socket(speaking, server_hostname="127.0.0.1")
            speaking.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert registry.stalled.wait(60)
        before = set(threading.enumerate())
    for thread in before - {threading.main_thread()}:
        thread.join(60)
        assert not thread.is_alive()
    silent.close()
    speaking.close()


def test_https_requires_trust_in_the_test_authority(tmp_path: Path) -> None:
    with Registry(SigningKey(), tls_dir=tmp_path) as registry:
        suffix = registry.add(synthetic(1, registry.key))
        context = ssl.create_default_context(cafile=registry.ca_pem)
        with httpx.Client(base_url=registry.url, trust_env=False, verify=context) as client:
            assert client.get(f"/pith/{suffix}.json").content == registry.records[suffix]
        with pytest.raises(httpx.ConnectError):
            httpx.get(registry.url, trust_env=False)


@pytest.mark.parametrize("tls", [False, True])
def test_registry_command_starts_and_stops_on_ctrl_c(tls: bool) -> None:
    command = [sys.executable, "-m", "tests.registry", "--port", "0", "--count", "3"]
    started = subprocess.Popen(
        command + ["--tls"] * tls, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    lines = []
    for line in started.stdout:
        lines.append(line.decode())
        if line.startswith(b"try: "):
            break
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=10)
    assert (started.returncode, errors) == (0, b"")
    assert lines[0].startswith(f"serving 4 records at {'https' if tls else 'http'}://127.0.0.1:")
    assert SigningKey().public_b64 in "".join(lines)


def test_filling_sections_keeps_signed_members() -> None:
    key = SigningKey()
    for number in range(6):
        plain, full = synthetic(number, key), fill(synthetic(number, key), plausible(number))
        assert list(plain) == list(full)
        for name in ("canonical_record", "receipt", "pith_number", "paper", "aliases"):
            assert plain[name] == full[name]
        for name in ("events", "event_summary", "paper_claims", "formal_canon"):
            assert plain[name] != full[name]
        assert full["graph_snapshot"]["claims"]["count"] == len(full["paper_claims"])
        assert wire(full) == wire(fill(synthetic(number, key), plausible(number)))


def test_generated_papers_have_distinct_ids() -> None:
    key = SigningKey()
    old = [synthetic(n, key)["source"]["id"] for n in range(5, 40_000, 17 * 5)]
    assert len(set(old)) == len(old)


def test_generated_records_are_distinct_and_reproducible() -> None:
    key = SigningKey()
    some = [wire(synthetic(n, key)) for n in range(50)]
    assert len(set(some)) == 50
    assert some == [wire(synthetic(n, key)) for n in range(50)]
