"""What a JSON object of the service is: a record, a bundle, or another kind of document.

A member added to a record turns none of its checks off: what has a ``record_type`` or a
``receipt`` is a record, whatever else it has (docs/verdict.md, What is a record).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from pith_tui.protocol.spellings import arxiv_id, pith_number


class DocumentKind(Enum):
    """The kinds of document that the service publishes."""

    RECORD = "record"
    BUNDLE = "bundle"
    PARTIAL = "partial record"
    STATE = "state"
    INTEGRITY = "integrity report"
    GRAPH = "graph response"
    MANIFEST = "mirror manifest"
    KEY = "signing key"


RECORDS = frozenset({DocumentKind.RECORD, DocumentKind.BUNDLE, DocumentKind.PARTIAL})
"""The kinds that are verified as records."""


class OtherDocument(NamedTuple):
    """A document that is no record: its kind, and the work or number it names, if any."""

    kind: DocumentKind
    subject: str | None


def kind_of(tree: Mapping[str, object]) -> DocumentKind | None:
    """Return the kind of a JSON object; None for one with nothing of the service in it."""
    if "record_type" in tree or "receipt" in tree:
        return DocumentKind.RECORD
    if "bundle_type" in tree:
        return DocumentKind.BUNDLE
    if "state_type" in tree:
        return DocumentKind.STATE
    schema = tree.get("schema")
    if isinstance(schema, str) and "integrity" in schema:
        return DocumentKind.INTEGRITY
    if "manifest_type" in tree:
        return DocumentKind.MANIFEST
    if _is_bare_graph(tree):
        return DocumentKind.GRAPH
    if "canonical_record" in tree or pith_number(tree.get("pith_number")):
        return DocumentKind.PARTIAL
    if "public_key_b64" in tree or "public_key_hex" in tree:
        return DocumentKind.KEY
    return None


def other_document(tree: Mapping[str, object], kind: DocumentKind) -> OtherDocument:
    """Describe a document that is no record by its kind and what it is about."""
    graph_source = tree.get("source")
    source = graph_source if isinstance(graph_source, dict) else {}
    for value in (tree.get("arxiv_id"), tree.get("pith_number"), source.get("id")):
        if arxiv_id(value) or pith_number(value):
            return OtherDocument(kind, str(value))
    return OtherDocument(kind, None)


def _is_bare_graph(tree: Mapping[str, object]) -> bool:
    """Return whether the members of ``graph_snapshot`` stand at the top, without a record's own."""
    if "canonical_record" in tree or "pith_number" in tree:
        return False
    sections = ("claims", "references", "integrity", "formal_canon", "author_claims")
    hashed = [
        name
        for name in sections
        if isinstance(section := tree.get(name), dict) and "snapshot_sha256" in section
    ]
    return bool(hashed) and ("source" in tree or "paper" in tree)
