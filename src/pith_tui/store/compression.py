"""How the bytes of a response are stored: compressed where that pays, exact in any case.

Records are alike, and a record alone is too short for a compressor to learn from; so deflate is
given the parts that every record has as its dictionary (RFC 1950, FDICT).
"""

from __future__ import annotations

import zlib

RAW, DEFLATE_1 = 0, 1
"""Codec numbers as stored; a number never changes its meaning, so old rows stay readable."""

_LEVEL = 6

# Deflate reaches back 32 KiB and finds near matches cheaper, so what is most common stands last.
_DICTIONARY_1 = (
    b'"events":[],"event_summary":{},"paper_claims":[],"inbound_citations":{"count":0,'
    b'"internal_anchor_count":0,"sample":[]},"formal_canon":{"evidence_count":0,"sample":[],'
    b'"anchors":[]},"links":{"html":"https://pith.science/pith/","json":"https://pith.science/pith/'
    b'.json","graph_json":"https://pith.science/api/pith-number//graph.json","events_json":'
    b'"https://pith.science/api/pith-number//events.json","paper":"https://pith.science/paper/"},'
    b'"agent_actions":{"view_html":"https://pith.science/pith/","download_json":'
    b'"https://pith.science/pith/.json","view_paper":"https://pith.science/paper/","resolve_alias":'
    b'"https://pith.science/api/pith-number/resolve?arxiv=&json=true","fetch_graph":'
    b'"https://pith.science/api/pith-number//graph.json","fetch_events":'
    b'"https://pith.science/api/pith-number//events.json","actions":{"anchor_timestamp":'
    b'"https://pith.science/pith//action/timestamp_anchor","attest_storage":'
    b'"https://pith.science/pith//action/storage_attestation","attest_author":'
    b'"https://pith.science/pith//action/author_attestation","sign_citation":'
    b'"https://pith.science/pith//action/citation_signature","submit_replication":'
    b'"https://pith.science/pith//action/replication_record"}},"created_at":"2026-","updated_at":'
    b'"2026-+00:00"}"aliases":[{"alias_kind":"arxiv","alias_value":"","created_at":"2026-+00:00"},'
    b'{"alias_kind":"arxiv_version","alias_value":"","created_at":"2026-+00:00"},{"alias_kind":'
    b'"doi","alias_value":"10.48550/arxiv.","created_at":"2026-+00:00"},{"alias_kind":'
    b'"pith_short_12","alias_value":"","created_at":"2026-+00:00"},{"alias_kind":"pith_short_16",'
    b'"alias_value":"","created_at":"2026-+00:00"},{"alias_kind":"pith_short_8","alias_value":"",'
    b'"created_at":"2026-+00:00"}],"claims":{"count":0,"items":[],"snapshot_sha256":'
    b'"258153158e38e3291e3d48162225fcdb2d5a3ed65a07baac614ab91432fd4f57"},"verdict":{"id":null,'
    b'"model_set":{},"created_at":null,"strongest_claim":"","one_line_summary":"",'
    b'"pipeline_version":null,"weakest_assumption":"","pith_extraction_headline":""},"integrity":'
    b'{"clean":true,"summary":{"advisory":0,"critical":0,"by_detector":{},"informational":0},'
    b'"endpoint":"/pith//integrity.json","findings":[],"available":true,"detectors_run":[],'
    b'"snapshot_sha256":"c28c3603d3b5d939e8dc4c7e95fa8dfce3d595e45f758748cecf8e644a296938"},'
    b'"references":{"count":0,"sample":[],"resolved_work":0,"snapshot_sha256":'
    b'"258153158e38e3291e3d48162225fcdb2d5a3ed65a07baac614ab91432fd4f57","internal_anchors":0},'
    b'"formal_canon":{"evidence_count":0,"snapshot_sha256":"25815315"},"author_claims":{"count":0,'
    b'"strong_count":0,"snapshot_sha256":"25815315"},"builder_version":'
    b'"pith-number-builder-2026-05-17-v1"},"receipt":{"kind":"pith_receipt","key_id":'
    b'"pith-v1-2026-05","algorithm":"ed25519","signed_at":"2026-","signature_b64":"==",'
    b'"signed_message":"canonical_sha256_bytes","builder_version":'
    b'"pith-number-builder-2026-05-17-v1","receipt_version":"0.3","canonical_sha256":"",'
    b'"last_reissued_at":"2026-","signature_status":"signed_v1","first_computed_at":"2026-",'
    b'"public_key_fingerprint":"8d4b5ee74e4693bcd1df2446408b0d54"},"graph_snapshot":{'
    b'"verification_status":{"content_addressed":true,"pith_receipt":true,"author_attested":false,'
    b'"weak_author_claims":0,"strong_author_claims":0,"externally_anchored":false,'
    b'"storage_verified":false,"citation_signatures":0,"replication_records":0,"graph_snapshot":'
    b'true,"references_resolved":false,"formal_links_present":false},"canonical_record":{"source":'
    b'{"id":"","kind":"arxiv","version":1},"metadata":{"license":"","primary_cat":"cs.",'
    b'"submitted_at":"20","cross_cats_sorted":[],"title_canon_sha256":"","abstract_canon_sha256":'
    b'""},"schema_version":"1.0"},"license":"http://arxiv.org/licenses/nonexclusive-distrib/1.0/",'
    b'"license":"http://creativecommons.org/licenses/by/4.0/"{"record_type":"pith_number_record",'
    b'"schema_url":"https://pith.science/schemas/pith-number/v1.json","pith_number":"pith:20:",'
    b'"short_pith_number":"pith:","schema_version":"1.0","canonical_sha256":"","source":{"kind":'
    b'"arxiv","id":"","version":1},"attestation_state":"computed","paper":{"title":"","license":'
    b'"http://","headline":"","cross_cats":["cs."],"primary_cat":"","authors_text":"",'
    b'"submitted_at":"20Z","abstract_excerpt":"'
)


def pack(raw: bytes) -> tuple[int, bytes]:
    """Return a codec number and the bytes to store."""
    compressor = zlib.compressobj(_LEVEL, zdict=_DICTIONARY_1)
    packed = compressor.compress(raw) + compressor.flush()
    return (DEFLATE_1, packed) if len(packed) < len(raw) else (RAW, raw)


def unpack(codec: int, stored: bytes, limit: int) -> bytes:
    """Return at most ``limit`` bytes; raises ValueError for an unknown codec or damaged data."""
    if codec == RAW:
        return stored
    if codec != DEFLATE_1:
        raise ValueError(f"codec {codec} is not known")
    decompressor = zlib.decompressobj(zdict=_DICTIONARY_1)
    try:
        return decompressor.decompress(stored, limit)
    except zlib.error as error:
        raise ValueError(str(error)) from None
