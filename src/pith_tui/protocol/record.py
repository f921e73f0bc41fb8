"""A record: its bytes exactly as received, and read-only views of what they say.

Sections may be missing and members unknown: every view returns None for what is not there, and
``tree`` keeps everything, so that nothing is dropped.  A view says what the record *says*; what
of it is proved is for the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest
from pith_tui.protocol.documents import (
    RECORDS,
    DocumentKind,
    OtherDocument,
    kind_of,
    other_document,
)
from pith_tui.protocol.spellings import hex_digest
from pith_tui.protocol.strict_json import Path, parse

RECORD_TYPE = "pith_number_record"


class OtherDocumentError(NotARecordError):
    """The bytes are another document of the service; ``document`` says which."""

    def __init__(self, document: OtherDocument) -> None:
        about = "" if document.subject is None else f" of {document.subject}"
        super().__init__(
            f"this is {_ARTICLES[document.kind]} {document.kind.value}{about}, not a record"
        )
        self.document = document


_ARTICLES = {kind: "an" if kind is DocumentKind.INTEGRITY else "a" for kind in DocumentKind}


class Source(NamedTuple):
    """Which work a record is about: kind (``arxiv`` in every record seen), id and version."""

    kind: str | None
    id: str | None
    version: int | None

    @property
    def text(self) -> str:
        """The source as people write it: ``2503.11832v5``."""
        return f"{self.id or '?'}{'' if self.version is None else f'v{self.version}'}"


class Alias(NamedTuple):
    """Another name of the record; ``kind`` is one of the six of docs/protocol.md, Identifier."""

    kind: str | None
    value: str | None
    created_at: str | None


class Record:
    """One record over its kept bytes.

    Members of another type than expected are kept like any other; views do not see them.
    """

    __slots__ = ("_bundle_paths", "kind", "raw", "tree")

    def __init__(self, raw: bytes) -> None:
        """Read ``raw``; raises NotARecordError, or a subclass that says why it is no record."""
        tree = parse(raw)
        if not isinstance(tree, dict):
            raise NotARecordError("it is not a JSON object")
        kind = kind_of(tree)
        if kind is None:
            raise NotARecordError("it has no member of a Pith Number record")
        if kind not in RECORDS:
            raise OtherDocumentError(other_document(tree, kind))
        self.raw = raw
        self.kind: DocumentKind | None = kind
        self.tree: Mapping[str, object] = tree
        self._bundle_paths = _paths_in_bundle(tree) if kind is DocumentKind.BUNDLE else {}

    @classmethod
    def unreadable(cls, raw: bytes) -> Record:
        """Return an empty record, for bytes that are not a record."""
        record = cls.__new__(cls)
        record.raw, record.kind, record.tree, record._bundle_paths = raw, None, {}, {}
        return record

    def place(self, *path: str | int) -> Path:
        """Return the actual path of a member, which differs in a bundle."""
        moved = self._bundle_paths.get(path[0]) if path else None
        return path if moved is None else (*moved, *path[1:])

    def value_at(self, *path: str | int) -> object:
        """Return the value at a path, None if absent."""
        value: object = self.tree
        for step in self.place(*path) if self._bundle_paths else path:
            if type(value) is dict:
                value = value.get(step)
            elif type(value) is list and type(step) is int and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """Return the text at a path, None if absent or not a text."""
        value = self.value_at(*path)
        return value if isinstance(value, str) else None

    def integer(self, *path: str | int) -> int | None:
        """Return the integer at a path, None if absent (true and false are not integers)."""
        value = self.value_at(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def mapping(self, *path: str | int) -> Mapping[str, object]:
        """Return the object at a path, an empty one if absent."""
        value = self.value_at(*path)
        return value if isinstance(value, dict) else {}

    def sequence(self, *path: str | int) -> Sequence[object]:
        """Return the list at a path, an empty one if absent."""
        value = self.value_at(*path)
        return value if isinstance(value, list) else []

    @property
    def canonical_record(self) -> Mapping[str, object] | None:
        """The part that the digest and so the signature covers."""
        value = self.value_at("canonical_record")
        return value if isinstance(value, dict) else None

    @property
    def canonical_source(self) -> Source:
        """The source as the canonical record states it."""
        return self._source("canonical_record", "source")

    @property
    def source(self) -> Source:
        """The source as the record's own, unsigned member states it."""
        return self._source("source")

    def _source(self, *path: str) -> Source:
        return Source(
            self.text(*path, "kind"), self.text(*path, "id"), self.integer(*path, "version")
        )

    @property
    def pith_number(self) -> str | None:
        """The record's own statement of its Pith Number."""
        return self.text("pith_number")

    @property
    def title(self) -> str | None:
        """The title as raw TeX."""
        return self.text("paper", "title")

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """The aliases in the order of the record; what is no object gives an alias of Nones."""
        return tuple(map(_alias, self.sequence("aliases")))

    def leaves(self) -> Iterator[tuple[Path, object]]:
        """Walk every leaf in the order of the text; empty lists and objects are leaves too."""
        stack: list[tuple[Path, object]] = [((), self.tree)]
        while stack:
            path, value = stack.pop()
            if isinstance(value, dict) and value:
                stack.extend(((*path, key), member) for key, member in reversed(value.items()))
            elif isinstance(value, list) and value:
                stack.extend(((*path, i), value[i]) for i in reversed(range(len(value))))
            else:
                yield path, value


def _paths_in_bundle(tree: dict[str, object]) -> dict[str | int, Path]:
    """Return where a bundle keeps what a record has on top (docs/protocol.md, Bundle).

    Of several ``record_created`` events the one over the bundle's own canonical record counts.
    """
    moved: dict[str | int, Path] = {"aliases": ("source_aliases",)}
    index = created_event(tree)
    if index is not None:
        payload: Path = ("events", index, "payload")
        moved["receipt"] = (*payload, "receipt")
        if not isinstance(tree.get("canonical_record"), dict):
            moved["canonical_record"] = (*payload, "canonical_record")
    return moved


def created_event(tree: Mapping[str, object]) -> int | None:
    """Return the index of the ``record_created`` event that counts; None if absent.

    Of several the one over the digest of the bundle's own canonical record counts.
    """
    events = tree.get("events")
    created = [
        (index, payload)
        for index, event in enumerate(events if isinstance(events, list) else [])
        if isinstance(event, dict)
        and event.get("event_type") == "record_created"
        and isinstance(payload := event.get("payload"), dict)
    ]
    own = _digest_of(tree.get("canonical_record"))
    for index, payload in created:
        copy = payload.get("canonical_record")
        digest = hex_digest(payload.get("canonical_sha256")) if copy is None else _digest_of(copy)
        if digest is not None and digest == own:
            return index
    return created[0][0] if created else None


def _digest_of(canonical: object) -> bytes | None:
    try:
        return canonical_digest(canonical) if isinstance(canonical, dict) else None
    except NotCanonicalError:
        return None


def _alias(item: object) -> Alias:
    members = item if isinstance(item, dict) else {}
    values = (members.get(name) for name in ("alias_kind", "alias_value", "created_at"))
    return Alias(*(value if isinstance(value, str) else None for value in values))
