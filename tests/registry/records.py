"""Records as the service builds them, signed by a test key.

Written from the protocol's description with rfc8785 and cryptography alone, not with the code
under test, so that the two check each other.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, NamedTuple

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Json = dict[str, Any]

SITE = "https://pith.science"
EMPTY_LIST_HASH = "258153158e38e3291e3d48162225fcdb2d5a3ed65a07baac614ab91432fd4f57"
BUILT = "2026-06-02T01:03:30.833663+00:00"
BUILDER = "pith-number-builder-2026-05-17-v1"


class SigningKey:
    """An Ed25519 key made from a seed, with the names that records use for it."""

    def __init__(self, key_id: str = "test-key-1", seed: bytes = b"\x07" * 32) -> None:
        self.key_id = key_id
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.raw = self._private.public_key().public_bytes_raw()

    @property
    def public_b64(self) -> str:
        return base64.b64encode(self.raw).decode()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()[:32]

    @property
    def fingerprint_b32(self) -> str:
        return base64.b32encode(hashlib.sha256(self.raw).digest()).decode()[:26]

    def sign(self, digest: bytes) -> str:
        return base64.b64encode(self._private.sign(digest)).decode()


class Paper(NamedTuple):
    """The values that a record is built from."""

    arxiv: str = "2401.00001"
    version: int = 1
    title: str = "On the Testing of Terminal Programs"
    abstract: str = "We test terminal programs, and find that most of them can be tested."
    authors: str = "Ada Lovelace, Alan Turing"
    primary: str = "cs.SE"
    cross: tuple[str, ...] = ("cs.HC",)
    license: str = "http://creativecommons.org/licenses/by/4.0/"
    submitted: str = "2024-01-01T10:00:00Z"
    built: str = BUILT
    abstract_sha256: str = ""  # where ``abstract`` is only the beginning of it


def text_hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).lower().encode()).hexdigest()


def snapshot_hash(payload: object) -> str:
    return hashlib.sha256(rfc8785.dumps({"payload": payload})).hexdigest()  # type: ignore[dict-item]


def digest_of(record: Json) -> bytes:
    return hashlib.sha256(rfc8785.dumps(record["canonical_record"])).digest()


def suffix_of(record: Json) -> str:
    return base64.b32encode(digest_of(record)).decode()[:26]


def wire(record: Json) -> bytes:
    """Serialise a record as the service does: compact, keys in their order, UTF-8."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


def build(paper: Paper, key: SigningKey) -> Json:
    """Build a complete record and sign it."""
    canonical = _canonical(paper)
    record: Json = {"canonical_record": canonical}
    digest, suffix = digest_of(record).hex(), suffix_of(record)
    source = {"kind": "arxiv", "id": paper.arxiv, "version": paper.version}
    shown = _paper(paper)
    return {
        "record_type": "pith_number_record",
        "schema_url": f"{SITE}/schemas/pith-number/v1.json",
        "pith_number": f"pith:{paper.submitted[:4]}:{suffix}",
        "short_pith_number": f"pith:{suffix[:8]}",
        "schema_version": "1.0",
        "canonical_sha256": digest,
        "source": source,
        "attestation_state": "computed",
        "paper": shown,
        "verification_status": dict(_STATUS),
        "canonical_record": canonical,
        "receipt": _receipt(digest, key),
        "graph_snapshot": _graph(shown, source, paper.arxiv),
        "aliases": _aliases(paper, suffix),
        "events": [],
        "event_summary": {},
        "paper_claims": [],
        "inbound_citations": {"count": 0, "internal_anchor_count": 0, "sample": []},
        "formal_canon": {"evidence_count": 0, "sample": [], "anchors": []},
        **_links(paper.arxiv, suffix),
        "created_at": paper.built,
        "updated_at": paper.built,
    }


def resign(record: Json, key: SigningKey) -> Json:
    """Recompute every digest, number and alias of a changed record, and sign it anew."""
    digest, suffix = digest_of(record).hex(), suffix_of(record)
    canonical = record["canonical_record"]
    year = canonical["metadata"]["submitted_at"][:4]
    record["canonical_sha256"] = digest
    record["pith_number"] = f"pith:{year}:{suffix}"
    record["short_pith_number"] = f"pith:{suffix[:8]}"
    record["receipt"]["canonical_sha256"] = digest
    record["receipt"]["signature_b64"] = key.sign(bytes.fromhex(digest))
    for alias in record["aliases"]:
        kind, _, length = alias["alias_kind"].rpartition("_")
        if kind == "pith_short":
            alias["alias_value"] = suffix[: int(length)]
    return record


_STATUS: Json = {
    "content_addressed": True,
    "pith_receipt": True,
    "author_attested": False,
    "weak_author_claims": 0,
    "strong_author_claims": 0,
    "externally_anchored": False,
    "storage_verified": False,
    "citation_signatures": 0,
    "replication_records": 0,
    "graph_snapshot": True,
    "references_resolved": False,
    "formal_links_present": False,
}


def _canonical(paper: Paper) -> Json:
    return {
        "source": {"id": paper.arxiv, "kind": "arxiv", "version": paper.version},
        "metadata": {
            "license": paper.license,
            "primary_cat": paper.primary,
            "submitted_at": paper.submitted,
            "cross_cats_sorted": sorted(paper.cross),
            "title_canon_sha256": text_hash(paper.title),
            "abstract_canon_sha256": paper.abstract_sha256 or text_hash(paper.abstract),
        },
        "schema_version": "1.0",
    }


def _paper(paper: Paper) -> Json:
    return {
        "title": paper.title,
        "license": paper.license,
        "headline": "",
        "cross_cats": list(paper.cross),
        "primary_cat": paper.primary,
        "authors_text": paper.authors,
        "submitted_at": paper.submitted,
        "abstract_excerpt": paper.abstract[:600],
    }


def _receipt(digest: str, key: SigningKey) -> Json:
    return {
        "kind": "pith_receipt",
        "key_id": key.key_id,
        "algorithm": "ed25519",
        "signed_at": "2026-06-02T01:03:30.834149Z",
        "signature_b64": key.sign(bytes.fromhex(digest)),
        "signed_message": "canonical_sha256_bytes",
        "builder_version": BUILDER,
        "receipt_version": "0.3",
        "canonical_sha256": digest,
        "last_reissued_at": "2026-06-02T01:03:30.833592Z",
        "signature_status": "signed_v1",
        "first_computed_at": "2026-06-02T01:03:30.833592Z",
        "public_key_fingerprint": key.fingerprint,
    }


def _graph(paper: Json, source: Json, arxiv: str) -> Json:
    return {
        "paper": dict(paper),
        "claims": {"count": 0, "items": [], "snapshot_sha256": EMPTY_LIST_HASH},
        "source": {"id": source["id"], "kind": source["kind"], "version": source["version"]},
        "verdict": {
            "id": None,
            "model_set": {},
            "created_at": None,
            "strongest_claim": "",
            "one_line_summary": "",
            "pipeline_version": None,
            "weakest_assumption": "",
            "pith_extraction_headline": "",
        },
        "integrity": {
            "clean": True,
            "summary": {"advisory": 0, "critical": 0, "by_detector": {}, "informational": 0},
            "endpoint": f"/pith/{arxiv}/integrity.json",
            "findings": [],
            "available": True,
            "detectors_run": [],
            "snapshot_sha256": snapshot_hash({"detectors": [], "findings": []}),
        },
        "references": {
            "count": 0,
            "sample": [],
            "resolved_work": 0,
            "snapshot_sha256": EMPTY_LIST_HASH,
            "internal_anchors": 0,
        },
        "formal_canon": {"evidence_count": 0, "snapshot_sha256": EMPTY_LIST_HASH},
        "author_claims": {"count": 0, "strong_count": 0, "snapshot_sha256": EMPTY_LIST_HASH},
        "builder_version": BUILDER,
    }


def _aliases(paper: Paper, suffix: str) -> list[Json]:
    values = {
        "arxiv": paper.arxiv,
        "arxiv_version": f"{paper.arxiv}v{paper.version}",
        "doi": f"10.48550/arxiv.{paper.arxiv}",
        "pith_short_12": suffix[:12],
        "pith_short_16": suffix[:16],
        "pith_short_8": suffix[:8],
    }
    return [
        {"alias_kind": kind, "alias_value": value, "created_at": paper.built}
        for kind, value in values.items()
    ]


def _links(arxiv: str, suffix: str) -> Json:
    page, api = f"{SITE}/pith/{suffix}", f"{SITE}/api/pith-number/{suffix}"
    paper = f"{SITE}/paper/{suffix[:8]}"
    actions = {
        "anchor_timestamp": "timestamp_anchor",
        "attest_storage": "storage_attestation",
        "attest_author": "author_attestation",
        "sign_citation": "citation_signature",
        "submit_replication": "replication_record",
    }
    return {
        "links": {
            "html": page,
            "json": f"{page}.json",
            "graph_json": f"{api}/graph.json",
            "events_json": f"{api}/events.json",
            "paper": paper,
        },
        "agent_actions": {
            "view_html": page,
            "download_json": f"{page}.json",
            "view_paper": paper,
            "resolve_alias": f"{SITE}/api/pith-number/resolve?arxiv={arxiv}&json=true",
            "fetch_graph": f"{api}/graph.json",
            "fetch_events": f"{api}/events.json",
            "actions": {name: f"{page}/action/{form}" for name, form in actions.items()},
        },
    }


_WORDS = "signed records terminal graph metadata canonical spectral sparse random quantum".split()
_TITLES = (
    "A {} Approach to {} Problems",
    r"On the Erd\H{{o}}s--R\'enyi Model of {} {}",
    "Why {} Needs {}: a Survey",
    r"$\psi$-Expansions of {} in {} Space",
)
_AUTHORS = (
    "Ada Lovelace, Alan Turing",
    r"Kurt G\"odel, Paul Erd\H{o}s",
    "Søren Kierkegaard, 李明",
    r"Torbj{\o}rn Fr\'ed\'erick",
)
_ARCHIVES = ("hep-th", "math", "astro-ph", "cond-mat", "quant-ph", "gr-qc")
_CATEGORIES = ("cs.AI", "math.LO", "hep-th", "stat.ML", "physics.soc-ph")


def synthetic(number: int, key: SigningKey) -> Json:
    """Build the n-th generated record: the same for the same number, varied from one to another."""
    first = _WORDS[number % len(_WORDS)].title()
    second = _WORDS[(number // len(_WORDS)) % len(_WORDS)].title()
    sentence = f"Paper number {number} looks at {first.lower()} {second.lower()} structures. "
    year, month = 16 + number // 1_200_000, 1 + number // 100_000 % 12
    arxiv, day = f"{year:02}{month:02}.{number % 100_000:05}", 1 + number % 28
    if number % 17 == 5:
        arxiv = _old_style(number)
        year, month = -1, int(arxiv[-5:-3])
    paper = Paper(
        arxiv=arxiv,
        version=1 + number % 4,
        title=_TITLES[number % len(_TITLES)].format(first, second),
        abstract=sentence * (1 + number % 12),
        authors=_AUTHORS[number % len(_AUTHORS)],
        primary=_CATEGORIES[number % len(_CATEGORIES)],
        cross=("cs.LG",) if number % 3 else (),
        license="" if number % 5 == 0 else Paper().license,
        submitted=f"{2000 + year}-{month:02}-{day:02}T10:00:00Z",
    )
    return build(paper, key)


def _old_style(number: int) -> str:
    """Return an old-style id of 1999, distinct for each number below 72,000."""
    thousands = number // 1000
    archive = _ARCHIVES[thousands // 12 % len(_ARCHIVES)]
    return f"{archive}/99{1 + thousands % 12:02}{number % 1000:03}"
