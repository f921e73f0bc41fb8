"""More variations of each kind than in the vectors: honest and forged ones.

By docs/verdict.md and its three principles; each changes the complete real record.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Verdict
from tests.support import real_record

TREE: dict[str, Any] = json.loads(real_record())
TITLE: str = TREE["paper"]["title"]
EXCERPT: str = TREE["paper"]["abstract_excerpt"]
NUMBER: str = TREE["pith_number"]
SUFFIX = NUMBER[-26:]
DIGEST: str = TREE["canonical_sha256"]
SIGNATURE: str = TREE["receipt"]["signature_b64"]
CLAIMS_HASH: str = TREE["graph_snapshot"]["claims"]["snapshot_sha256"]
OTHER_HASH = "cd" * 32
GONE = object()

Changes = dict[str, object]


def changed(changes: Changes) -> CheckedRecord:
    """Change the real record: ``a.b`` by its path, ``a.+`` appends, ``both:x`` in both copies."""
    tree = copy.deepcopy(TREE)
    for path, value in changes.items():
        name = path.removeprefix("both:")
        starts = ("", "graph_snapshot.") if name != path else ("",)
        for start in starts:
            *steps, last = f"{start}{name}".split(".")
            node: Any = tree
            for step in steps:
                node = node[int(step) if step.isdigit() else step]
            if last == "+":
                node.append(value)
            elif value is GONE:
                del node[last]
            else:
                node[int(last) if last.isdigit() else last] = value
    return read(json.dumps(tree).encode())


def alias(kind: object, value: object) -> Changes:
    return {"aliases.+": {"alias_kind": kind, "alias_value": value, "created_at": None}}


GRAPH, KEY, STATUS, SNAPSHOTS = ["graph"], ["key"], ["status"], ["snapshots"]

VERIFIED: list[tuple[Changes, list[str]]] = [
    # Copies that the service filled, emptied or spelled otherwise
    ({"paper.headline": None}, []),
    ({"paper.headline": GONE}, []),
    ({"paper.headline": "later", "graph_snapshot.paper.headline": GONE}, []),
    ({"graph_snapshot.paper.reviewers": ["a"]}, []),
    ({"graph_snapshot.source": None}, []),
    ({"graph_snapshot.source": {}}, []),
    ({"source": None}, []),
    ({"both:source": "2503.11832"}, []),
    ({"both:paper.license": "https://creativecommons.org/licenses/by/4.0"}, []),
    ({"both:paper.license": 4}, []),
    ({"both:paper.primary_cat": " "}, []),
    ({"both:paper.primary_cat": ["cs.AI"]}, []),
    ({"both:paper.cross_cats": TREE["paper"]["cross_cats"] * 2}, []),
    ({"both:paper.cross_cats": []}, []),
    ({"both:paper.cross_cats": [None]}, []),
    ({"both:paper.cross_cats": "cs.LG"}, []),
    ({"both:paper.submitted_at": "2025-03-14T21:52:08.000+02:00"}, []),
    ({"both:paper.submitted_at": "2025-03-14T19:52:08z"}, []),
    ({"both:paper.submitted_at": "2025-03-14T19:52:08-00:00"}, []),
    ({"both:paper.submitted_at": "2025-03-14"}, []),
    ({"both:source.version": "v5"}, []),
    ({"both:source.version": 5.0}, []),
    ({"both:source.version": "five"}, []),
    ({"both:source.version": "\uff15"}, []),
    ({"both:source.id": "arXiv:2503.11832v5"}, []),
    ({"both:source.id": "https://arxiv.org/abs/2503.11832"}, []),
    ({"both:source.kind": "ARXIV"}, []),
    ({"both:source.kind": " "}, []),
    ({"both:paper.title": TITLE.upper()}, []),
    ({"both:paper.title": TITLE.replace(" ", "\u00a0\n ")}, []),
    ({"both:paper.title": 5}, []),
    ({"both:paper.title": "\u2003"}, []),
    # What nothing signed covers
    ({"both:paper.abstract_excerpt": "Another abstract"}, []),
    ({"paper.abstract_excerpt": "Another abstract"}, GRAPH),
    ({"paper.abstract_excerpt": EXCERPT[:20]}, []),
    ({"paper.authors_text": None}, []),
    ({"paper.authors_text": ""}, GRAPH),
    ({"events": "none yet"}, []),
    ({"links": None, "agent_actions": [1], "paper_claims": {"a": 2**70}}, []),
    ({"receipt.signed_at": "tomorrow", "created_at": 5, "updated_at": None}, []),
    ({"state_type": "x", "manifest_type": "y", "schema": "pith.integrity.v1"}, []),
    ({"record_type": GONE}, []),
    # Graphs of other versions and none
    ({"graph_snapshot.source.version": "v4"}, GRAPH),
    ({"graph_snapshot.source.version": 6}, GRAPH),
    ({"graph_snapshot.source": {"id": "2503.11832v4"}}, GRAPH),
    ({"graph_snapshot.source.version": 4, "graph_snapshot.paper.license": "other"}, GRAPH),
    ({"graph_snapshot": None}, []),
    ({"graph_snapshot": {}}, []),
    # Snapshots
    ({"graph_snapshot.claims.snapshot_sha256": f"sha256:{CLAIMS_HASH.upper()}"}, []),
    (
        {"graph_snapshot.claims.count": GONE, "graph_snapshot.claims.snapshot_sha256": OTHER_HASH},
        [],
    ),
    ({"graph_snapshot.claims.count": False}, []),
    ({"graph_snapshot.formal_canon.evidence_count": None}, []),
    (
        {
            "graph_snapshot.author_claims.count": 3,
            "graph_snapshot.author_claims.snapshot_sha256": OTHER_HASH,
        },
        [],
    ),
    (
        {
            "graph_snapshot.integrity.summary": None,
            "graph_snapshot.integrity.snapshot_sha256": OTHER_HASH,
        },
        [],
    ),
    ({"graph_snapshot.references.snapshot_sha256": OTHER_HASH}, SNAPSHOTS),
    ({"graph_snapshot.new_section": {"count": 3, "snapshot_sha256": OTHER_HASH}}, []),
    # What the service says of itself
    ({"verification_status.content_addressed": False}, []),
    ({"verification_status.pith_receipt": False}, []),
    ({"verification_status.graph_snapshot": False}, []),
    ({"verification_status.strong_author_claims": -1}, []),
    ({"verification_status.replication_records": 5}, STATUS),
    (
        {
            "verification_status.replication_records": 5,
            "event_summary": {"replication_record": 7},
        },
        [],
    ),
    ({"verification_status.citation_signatures": 1, "events": GONE}, []),
    ({"verification_status.weak_author_claims": 99}, []),
    # Receipt and key
    ({"receipt.kind": None, "receipt.algorithm": GONE, "receipt.signed_message": ""}, []),
    ({"receipt.algorithm": "ED25519", "receipt.kind": "Pith_Receipt"}, []),
    ({"receipt.key_id": GONE}, []),
    ({"receipt.public_key_fingerprint": None, "receipt.key_id": None}, []),
    ({"receipt.public_key_fingerprint": "rvfv5z2oi2j3zuo7erdebcynks"}, []),
    ({"receipt.public_key_fingerprint": "not one"}, []),
    ({"receipt.public_key_fingerprint": "00" * 16}, KEY),
    ({"receipt.key_id": "PITH-V1-2026-05"}, KEY),
    ({"receipt.canonical_sha256": DIGEST.upper()}, []),
    ({"receipt.canonical_sha256": DIGEST[:-1]}, []),
    # The number and its short form
    ({"pith_number": SUFFIX.lower()}, []),
    ({"pith_number": f"PITH:{SUFFIX}"}, []),
    ({"short_pith_number": None}, []),
    ({"short_pith_number": "pith:OFKR"}, []),
    ({"short_pith_number": f"pith:2025:{SUFFIX[:16].lower()}"}, []),
    ({"canonical_sha256": f"sha256:{DIGEST}"}, []),
    # Aliases
    (alias("DOI", "https://doi.org/10.48550/ARXIV.2503.11832"), []),
    (alias("doi", "10.48550/arxiv.2503.11832v3"), []),
    (alias("doi", "10.48550/something.else"), []),
    (alias("arxiv", "arXiv:2503.11832v5"), []),
    (alias("arxiv", "2503.11832v9"), []),
    (alias("arxiv", "1111.1111 "), []),
    (alias("arxiv ", "1111.1111"), []),
    (alias("pith_short_10", SUFFIX[:10]), []),
    (alias("pith_short_7", "AAAAAAA"), []),
    (alias("pith_short_8", "not base32"), []),
    (alias(None, None), []),
    ({"aliases.+": "2503.11832"}, []),
    ({"aliases": {"arxiv": "2503.11832"}}, []),
]

FAILED: list[tuple[Changes, list[str]]] = [
    ({"both:paper.license": "http://creativecommons.org/licenses/by-nc/4.0/"}, []),
    ({"both:paper.license": "CC BY 4.0"}, []),
    ({"both:paper.license": "http://creativecommons.org/licenses/by/4.0//"}, []),
    ({"both:paper.license": "HTTP://creativecommons.org/licenses/by/4.0/"}, []),
    ({"both:paper.primary_cat": "CS.AI"}, []),
    ({"both:paper.primary_cat": "cs.\u0410I"}, []),
    ({"both:paper.cross_cats": [*TREE["paper"]["cross_cats"], "math.NT"]}, []),
    ({"both:paper.cross_cats": ["math.NT"]}, []),
    ({"both:paper.submitted_at": "2025-03-14T19:52:08.0000000000001Z"}, []),
    ({"both:paper.submitted_at": "2025-03-14T19:52:08+01:00"}, []),
    ({"graph_snapshot.paper.submitted_at": "2024-03-14T19:52:08Z"}, []),
    (
        {
            "graph_snapshot.source.version": 4,
            "graph_snapshot.paper.submitted_at": "2024-03-14T19:52:08Z",
        },
        [],
    ),
    ({"both:source.version": "v6"}, []),
    ({"source.id": "2503.11832v4"}, []),
    ({"graph_snapshot.source.id": "2503.11833"}, []),
    ({"both:source.kind": "doi"}, []),
    ({"both:paper.title": f"{TITLE}."}, []),
    ({"both:paper.title": TITLE[:-5]}, []),
    ({"both:paper.title": TITLE.replace(" ", "")}, []),
    ({"both:paper.title": TITLE.replace("a", "\u0430", 1)}, []),
    ({"both:paper.title": f"\u200b{TITLE}"}, []),
    ({"both:paper.title": f"{TITLE}\ud800"}, []),
    ({"both:paper.title": f"{TITLE} {'é' * 70_000}"}, []),
    ({"receipt.canonical_sha256": OTHER_HASH}, []),
    ({"pith_number": f"pith:2025:{SUFFIX[:-1]}A"}, STATUS),
    ({"pith_number": f"pith:2026:{SUFFIX}"}, []),
    ({"short_pith_number": "pith:AAAAAAAA"}, []),
    ({"short_pith_number": "pith:2024:OFKRBFYV"}, []),
    ({"canonical_record.metadata.note": "added"}, STATUS),
    ({"canonical_record.metadata.title_canon_sha256": GONE}, STATUS),
    ({"bundle_type": "x", "paper.title": "Another title"}, []),
    (alias("ArXiv", "1111.1111v5"), []),
    (alias("doi", "doi:10.48550/arXiv.1111.1111"), []),
    (alias("arxiv_version", "1111.1111v5"), []),
    (alias("pith_short_8", "AAAAAAAA"), []),
    (alias("pith_short_12", f"pith:2024:{SUFFIX[:12]}"), []),
    ({"source_aliases": [{"alias_kind": "arxiv", "alias_value": "1111.1111"}]}, []),
]

OPEN: list[tuple[Changes, list[str]]] = [
    ({"receipt.algorithm": "ed25519ph"}, []),
    ({"receipt.signed_message": "canonical_sha256_hex"}, []),
    ({"receipt.kind": 5}, []),
    ({"receipt.signature_b64": f"{SIGNATURE}\n"}, []),
    ({"receipt.signature_b64": SIGNATURE.rstrip("=")}, []),
    ({"receipt.signature_b64": ""}, []),
    ({"receipt": {}}, []),
    ({"pith_number": None}, []),
    ({"pith_number": f"pith:2025:{SUFFIX[:16]}"}, []),
    ({"pith_number": f"pith:25:{SUFFIX}"}, []),
    ({"canonical_sha256": DIGEST[:-1]}, []),
    ({"canonical_record": None}, []),
    ({"record_type": None}, []),
    ({"record_type": 5}, []),
    ({"record_type": "pith_number_record_v2", "both:paper.title": "Another title"}, []),
    ({"receipt": GONE, "bundle_type": "x"}, []),
]


def judged(
    cases: list[tuple[Changes, list[str]]], verdict: Verdict
) -> list[tuple[Changes, list[str], Verdict]]:
    return [(changes, conflicts, verdict) for changes, conflicts in cases]


@pytest.mark.parametrize(
    ("changes", "conflicts", "verdict"),
    [
        *judged(VERIFIED, Verdict.VERIFIED),
        *judged(FAILED, Verdict.FAILED),
        *judged(OPEN, Verdict.UNDECIDED),
    ],
    ids=lambda value: json.dumps(value, default=lambda _: "gone")[:60],
)
def test_variation_gets_the_expected_verdict(
    changes: Changes, conflicts: list[str], verdict: Verdict
) -> None:
    result = changed(changes)
    ended = [(check.id, check.outcome.value) for check in result.report.checks]
    assert result.report.verdict is verdict, ended
    if verdict is Verdict.VERIFIED or conflicts:
        assert [*result.report.conflicts] == conflicts, ended
    if verdict is Verdict.UNDECIDED and not result.report.passed("record", "digest", "signature"):
        assert {Mark.SIGNED, Mark.PROVED}.isdisjoint(result.marks.values())
