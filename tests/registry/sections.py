"""The sections of a record that are empty in the real one, filled with plausible entries.

What the service puts in them has not been seen (docs/protocol.md, Record JSON): the shapes are
made up, so a test may rely on their being shown and counted, never on the names of their keys.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import rfc8785

from tests.registry.records import Json, SigningKey, snapshot_hash, wire

_WHEN = "2026-06-03T09:00:00Z"
_RELATIONS = ("supports", "refutes", "extends", "uses_method", "depends_on", "compares", "cites")
_DETECTORS = ("doi_compliance", "doi_title_agreement", "claim_evidence", "external_links")


class Sections(NamedTuple):
    """The entries of the sections; an empty tuple leaves a section unchanged."""

    claims: tuple[Json, ...] = ()
    references: tuple[Json, ...] = ()
    citations: tuple[Json, ...] = ()
    events: tuple[Json, ...] = ()
    formal_canon: tuple[Json, ...] = ()
    findings: tuple[Json, ...] = ()


def plausible(number: int) -> Sections:
    """Make up the sections of the n-th paper: the same for the same number."""
    several = range(1 + number % 3)
    return Sections(
        claims=tuple(_claim(number, i) for i in several),
        references=tuple(_reference(number, i) for i in range(2 + number % 4)),
        citations=tuple(_citation(number, i) for i in several),
        events=tuple(_event(number, i) for i in several),
        formal_canon=({"theorem": f"Paper{number}.main", "prover": "Lean 4", "status": "stated"},),
        findings=(_finding(number),) if number % 2 else (),
    )


def fill(record: Json, sections: Sections) -> Json:
    """Put entries into a record's sections, with their counts and hashes.

    Nothing of it is signed, so the receipt stays as it is.  The hash of a list is taken by the
    rule for the empty one; that it holds for others as well has not been seen.
    """
    graph, status = record["graph_snapshot"], record["verification_status"]
    if sections.claims:
        items = list(sections.claims)
        hashed = snapshot_hash(items)
        graph["claims"] = {"count": len(items), "items": items, "snapshot_sha256": hashed}
        record["paper_claims"] = [dict(claim) for claim in items]
    if sections.references:
        _fill_references(record, list(sections.references))
    if sections.citations:
        sample = list(sections.citations)
        cited = {"count": len(sample) + 7, "internal_anchor_count": len(sample), "sample": sample}
        record["inbound_citations"] = cited
    if sections.events:
        record["events"] = list(sections.events)
        for event in sections.events:
            kind = event["event_type"]
            record["event_summary"][kind] = record["event_summary"].get(kind, 0) + 1
        status["citation_signatures"] = record["event_summary"].get("citation_signature", 0)
    if sections.formal_canon:
        _fill_formal_canon(record, list(sections.formal_canon))
    if sections.findings:
        _fill_integrity(graph["integrity"], list(sections.findings))
    return record


def integrity_report(record: Json, key: SigningKey) -> Json:
    """Build the answer of ``/pith/{ARXIV}/integrity.json``, with a signed event if it has findings.

    How the service makes ``payload_sha256`` is unknown; here it is the hash of the payload's bytes.
    """
    arxiv, integrity = record["source"]["id"], record["graph_snapshot"]["integrity"]
    events = []
    for number, finding in enumerate(integrity["findings"]):
        payload = {"arxiv_id": arxiv, "finding": finding}
        hashed = hashlib.sha256(rfc8785.dumps(payload))
        events.append(
            {
                "event_id": 864 + number,
                "event_type": "pith.integrity.v1",
                "payload_sha256": hashed.hexdigest(),
                "signature_b64": key.sign(hashed.digest()),
                "signing_key_id": key.key_id,
                "created_at": _WHEN,
                "payload": payload,
            }
        )
    return {
        "schema": "https://pith.science/schemas/pith-integrity/v1.json",
        "pith_number": arxiv,  # so it is: the service puts the arXiv id here
        "arxiv_id": arxiv,
        "integrity": integrity,
        "events": events,
    }


def bundle(record: Json) -> Json:
    """Build the answer of ``/pith/{SUFFIX}/bundle.json``."""
    names = ("pith_number", "short_pith_number", "canonical_record", "canonical_sha256", "source")
    created = {
        "event_type": "record_created",
        "subject_pith_number": record["pith_number"],
        "target": "record",
        "payload": {k: record[k] for k in ("canonical_record", "canonical_sha256", "receipt")},
    }
    return {
        "bundle_type": "pith_open_graph_bundle",
        "bundle_version": "1.0",
        **{name: record[name] for name in names},
        "source_aliases": record["aliases"],
        "events": [created, *record["events"]],
    }


def state(record: Json, key: SigningKey) -> Json:
    """Build the answer of ``/pith/{SUFFIX}/state.json``, as far as it was seen."""
    signer = {
        "key_id": key.key_id,
        "public_key_fingerprint": key.fingerprint,
        "signer_id": "pith.science",
        "signer_type": "pith_registry",
    }
    snapshot = {
        "event_id": hashlib.sha256(wire(record["graph_snapshot"])).hexdigest(),
        "target": "graph",
        "created_at": record["created_at"],
        "signer": signer,
        "payload": record["graph_snapshot"],
    }
    count = 1 + len(record["events"])
    return {
        "state_type": "pith_open_graph_state",
        "state_version": "1.0",
        "pith_number": record["pith_number"],
        "merge_version": "pith-open-graph-merge-v1",
        "event_count": count,
        "valid_event_count": count,
        "invalid_event_count": 0,
        "equivocation_count": 0,
        "current": {
            "canonical_record": record["canonical_record"],
            "source_aliases": record["aliases"],
            "graph_snapshots": [snapshot],
        },
    }


def _fill_references(record: Json, references: list[Json]) -> None:
    resolved = sum(1 for reference in references if reference.get("resolved"))
    record["graph_snapshot"]["references"] = {
        "count": len(references) + 20,  # the record prints a sample of them
        "sample": references,
        "resolved_work": resolved,
        "snapshot_sha256": snapshot_hash([*references, "and twenty more"]),
        "internal_anchors": resolved,
    }
    record["verification_status"]["references_resolved"] = resolved > 0


def _fill_formal_canon(record: Json, evidence: list[Json]) -> None:
    anchors = [f"formal:{item['theorem']}" for item in evidence if "theorem" in item]
    record["formal_canon"] = {
        "evidence_count": len(evidence),
        "sample": evidence,
        "anchors": anchors,
    }
    record["graph_snapshot"]["formal_canon"] = {
        "evidence_count": len(evidence),
        "snapshot_sha256": snapshot_hash(evidence),
    }
    record["verification_status"]["formal_links_present"] = True


def _fill_integrity(integrity: Json, findings: list[Json]) -> None:
    severities = ("critical", "advisory", "informational")
    count = {s: sum(f["severity"] == s for f in findings) for s in severities}
    detectors: list[Json] = []
    by_detector: Json = {}
    for name in dict.fromkeys(finding["detector"] for finding in findings):
        mine = [finding for finding in findings if finding["detector"] == name]
        by_detector[name] = {"total": len(mine)}
        by_detector[name].update({s: sum(f["severity"] == s for f in mine) for s in severities})
        run = {"name": name, "version": "1.0.0", "status": "completed", "ran_at": _WHEN}
        detectors.append({**run, "findings_count": len(mine)})
    integrity["clean"] = False
    integrity["summary"] = {**count, "by_detector": by_detector}
    integrity["findings"] = findings
    integrity["detectors_run"] = detectors
    integrity["snapshot_sha256"] = snapshot_hash({"detectors": detectors, "findings": findings})


def _claim(number: int, index: int) -> Json:
    return {
        "claim_id": f"c{number}-{index}",
        "text": rf"The $\epsilon$-gap of structure {number} is at least {index + 1}.",
        "strength": "strong" if index == 0 else "weak",
    }


def _reference(number: int, index: int) -> Json:
    return {
        "index": index + 1,
        "title": f"Earlier Work {number + index}",
        "doi": f"10.1000/test.{number}.{index}",
        "resolved": index % 2 == 0,
    }


def _citation(number: int, index: int) -> Json:
    relation = _RELATIONS[(number + index) % len(_RELATIONS)]
    return {"arxiv_id": f"2501.{number % 10_000:05}", "relation": relation, "note": "siehe §2"}


def _event(number: int, index: int) -> Json:
    kind = ("citation_signature", "timestamp_anchor", "storage_attestation")[(number + index) % 3]
    return {"event_id": number * 10 + index, "event_type": kind, "created_at": _WHEN}


def _finding(number: int) -> Json:
    return {
        "detector": _DETECTORS[number % len(_DETECTORS)],
        "finding_type": "unresolvable_identifier",
        "severity": ("advisory", "critical", "informational")[number % 3],
        "verdict_class": "incontrovertible",
        "note": "A DOI in the bibliography does not resolve.",
        "detected_doi": f"10.1000/nowhere.{number}",
        "detected_arxiv_id": None,
        "ref_index": number % 30,
        "audited_at": _WHEN,
    }
