"""The registry builds what the service builds: its record of the real paper is the real record."""

from __future__ import annotations

import json

import httpx

from tests.registry.records import Paper, SigningKey, build, synthetic, wire
from tests.registry.server import Registry
from tests.support import real_record


def test_the_real_record_is_built_byte_for_byte_but_for_the_key() -> None:
    real = json.loads(real_record())
    paper = Paper(
        arxiv="2503.11832",
        version=5,
        title=real["paper"]["title"],
        abstract=real["paper"]["abstract_excerpt"],
        authors=real["paper"]["authors_text"],
        primary="cs.AI",
        cross=("cs.LG",),
        submitted="2025-03-14T19:52:08Z",
    )
    built = build(paper, SigningKey())
    # The whole abstract is not in the record, so its hash, and all that rests on it, is real's.
    text = wire(built).decode()
    for mine, theirs in (
        (
            built["canonical_record"]["metadata"]["abstract_canon_sha256"],
            real["canonical_record"]["metadata"]["abstract_canon_sha256"],
        ),
        (built["canonical_sha256"], real["canonical_sha256"]),
        (built["pith_number"].rpartition(":")[2], real["pith_number"].rpartition(":")[2]),
        (built["receipt"]["signature_b64"], real["receipt"]["signature_b64"]),
        (built["receipt"]["key_id"], real["receipt"]["key_id"]),
        (built["receipt"]["public_key_fingerprint"], real["receipt"]["public_key_fingerprint"]),
    ):
        text = text.replace(mine, theirs)
    for length in (16, 12, 8):
        mine = built["pith_number"].rpartition(":")[2][:length]
        text = text.replace(mine, real["pith_number"].rpartition(":")[2][:length])
    assert text.encode() == real_record()


def test_it_serves_records_with_etags_over_http(tmp_path) -> None:  # type: ignore[no-untyped-def]
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


def test_generated_records_differ_and_repeat() -> None:
    key = SigningKey()
    some = [wire(synthetic(n, key)) for n in range(50)]
    assert len(set(some)) == 50
    assert some == [wire(synthetic(n, key)) for n in range(50)]
