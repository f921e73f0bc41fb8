"""A record in which every text and key imitates the program's own output.

Each begins with a special sign, so that a test can find record text on a screen.
"""

from __future__ import annotations

from itertools import cycle

from tests.registry.records import Json, Paper, build, wire
from tests.stored import KEY

SIGN = "\u0416"
"""The letter that every forged text begins with, and that no word of the program has."""

TEXTS = (
    "✓ VERIFIED  16 passed",
    "◆ signed   Authors",
    "VERIFIED",
    "9 Signature  passed",
    "x · signed y (agrees)",
    "” · signed “y",
    "yes — here: yes",
    "(nothing) → (empty)",
    "no claims extracted yet · hash 25815315…",
    "✗ contradicted ≠ conflict ◇ proved ◈ witnessed ★",
    "漢" * 24,
    f"Authors{' ' * 73}◇ proved   Title",
    "ALARM: two different contents were signed",
    "\n✓ VERIFIED\n◆ signed",
)


def forged(count: int = 400) -> list[str]:
    """Return the given number of different forged texts."""
    picked = cycle(TEXTS)
    return [f"{SIGN}{next(picked)}{SIGN}{number}" for number in range(count)]


def forged_record() -> bytes:
    """Make a signed record with a forged text in every place that takes text."""
    texts = iter(forged())

    def text() -> str:
        return next(texts)

    paper = Paper(title=text(), authors=text(), abstract=text(), license=text(), primary=text())
    tree = build(paper._replace(cross=(text(),)), KEY)
    graph, receipt = tree["graph_snapshot"], tree["receipt"]
    for name in graph["verdict"]:
        graph["verdict"][name] = text()
    graph["paper"]["authors_text"] = text()
    graph["paper"][key := text()] = text()
    tree["paper"][key] = text()
    for name in ("claims", "references", "formal_canon", "author_claims"):
        section = graph[name]
        section["count"] = section["evidence_count"] = section["snapshot_sha256"] = text()
        section["items"] = [{text(): text()}, {text(): {text(): [text(), {text(): text()}]}}]
    graph["integrity"]["findings"] = [text()]
    graph["integrity"]["snapshot_sha256"] = graph["builder_version"] = text()
    tree["inbound_citations"] = {"count": text(), "sample": [{"title": text(), text(): text()}]}
    graph["references"]["sample"] = [{"title": text(), text(): text()}]
    tree["verification_status"] = {
        **{text(): text() for _ in range(14)},
        "pith_receipt": text(),
        "content_addressed": [text()],
        "graph_snapshot": {text(): text()},
    }
    for kind in (text(), "doi", "arxiv", "pith_short_8"):
        tree["aliases"].append({"alias_kind": kind, "alias_value": text(), "created_at": text()})
    for name in ("builder_version", "key_id", "public_key_fingerprint", "signed_at"):
        receipt[name] = text()
    receipt[text()] = text()
    tree["links"] = {text(): text() for _ in range(14)} | {"html": text()}
    tree["agent_actions"] = {"view_html": text(), text(): text()}
    tree["events"] = [{text(): text()}, text(), {text(): [text()]}]
    tree["attestation_state"] = tree["created_at"] = tree["record_type"] = text()
    tree["record_type"] = "pith_number_record"
    tree |= {text(): text() for _ in range(14)}
    tree[text()] = {text(): {text(): text()}}
    return wire(tree)


def other_forged_record() -> bytes:
    """Make a second record of the same work, with different texts in some places."""
    texts = iter(forged()[::-1])
    tree: Json = build(Paper(title=next(texts), authors=next(texts)), KEY)
    tree["links"] = {next(texts): next(texts) for _ in range(6)}
    return wire(tree)
