"""A record: its bytes exactly as received, and read-only views of what they say.

Sections may be missing and members unknown: every view answers None for what is not there, and
``tree`` keeps everything, so that nothing is dropped.  A view says what the record *says*; what
of it is proved is for the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.protocol.strict_json import Path, parse, path_text

RECORD_TYPE = "pith_number_record"


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
    """Another name of the record; ``kind`` is one of the six of PROTOCOL.md, Identifier."""

    kind: str | None
    value: str | None
    created_at: str | None


class Record:
    """One record over its kept bytes."""

    __slots__ = ("_moved", "raw", "tree")

    def __init__(self, raw: bytes) -> None:
        """Read ``raw``; raises NotARecordError where it is no strict record."""
        tree = parse(raw)
        if not isinstance(tree, dict):
            raise NotARecordError("a record is a JSON object", "$")
        _check_shapes(tree)
        self.raw = raw
        self.tree: Mapping[str, object] = tree
        self._moved = _moved_in_bundle(tree) if "bundle_type" in tree else {}

    @classmethod
    def unreadable(cls, raw: bytes) -> Record:
        """Stand for bytes that are no record: they say nothing."""
        record = cls.__new__(cls)
        record.raw, record.tree, record._moved = raw, {}, {}
        return record

    def at(self, *path: str | int) -> object:
        """Return the value at a path, None where there is none."""
        value: object = self.tree
        if self._moved and path and path[0] in self._moved:
            path = (*self._moved[path[0]], *path[1:])
        for step in path:
            if type(value) is dict:
                value = value.get(step)
            elif type(value) is list and type(step) is int and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """Return the text at a path, None where there is none or it is no text."""
        value = self.at(*path)
        return value if isinstance(value, str) else None

    def integer(self, *path: str | int) -> int | None:
        """Return the integer at a path, None where there is none (true and false are none)."""
        value = self.at(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def mapping(self, *path: str | int) -> Mapping[str, object]:
        """Return the object at a path, an empty one where there is none."""
        value = self.at(*path)
        return value if isinstance(value, dict) else {}

    def sequence(self, *path: str | int) -> Sequence[object]:
        """Return the list at a path, an empty one where there is none."""
        value = self.at(*path)
        return value if isinstance(value, list) else []

    @property
    def canonical_record(self) -> Mapping[str, object] | None:
        """The part that the digest and so the signature covers."""
        value = self.tree.get("canonical_record")
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


def _moved_in_bundle(tree: dict[str, object]) -> dict[str | int, Path]:
    """Say where a bundle keeps what a record has on top (PROTOCOL.md, Bundle events)."""
    moved: dict[str | int, Path] = {"aliases": ("source_aliases",)}
    events = tree.get("events")
    for index, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict) and event.get("event_type") == "record_created":
            moved["receipt"] = ("events", index, "payload", "receipt")
            break
    return moved


def _alias(item: object) -> Alias:
    members = item if isinstance(item, dict) else {}
    values = (members.get(name) for name in ("alias_kind", "alias_value", "created_at"))
    return Alias(*(value if isinstance(value, str) else None for value in values))


# What the checks read must have the type they read; a section of another type would otherwise
# look like one that is absent. Null is how the service writes "nothing here".
_TEXTS: dict[tuple[str, ...], tuple[str, ...]] = {
    (): ("pith_number", "short_pith_number", "canonical_sha256"),
    ("canonical_record", "source"): ("kind", "id"),
    ("canonical_record", "metadata"): (
        "submitted_at",
        "title_canon_sha256",
        "abstract_canon_sha256",
    ),
    ("paper",): ("title", "abstract_excerpt"),
    ("receipt",): (
        "canonical_sha256",
        "algorithm",
        "signed_message",
        "key_id",
        "public_key_fingerprint",
        "signature_b64",
    ),
    ("source",): (),
    ("graph_snapshot",): (),
    ("verification_status",): (),
}
_OTHERS: tuple[tuple[tuple[str, ...], type, str], ...] = (
    (("canonical_record", "source", "version"), int, "an integer"),
    (("canonical_record", "metadata", "cross_cats_sorted"), list, "a list"),
    (("aliases",), list, "a list"),
)


def _check_shapes(tree: dict[str, object]) -> None:
    kind = tree.get("record_type")
    if kind is not None and kind != RECORD_TYPE:
        raise NotARecordError(f"the record_type is not {RECORD_TYPE}", "$.record_type")
    if not ({"canonical_record", "canonical_sha256", "pith_number"} & tree.keys()):
        raise NotARecordError("an object with nothing of a Pith Number record in it", "$")
    for path, names in _TEXTS.items():
        section = _section(tree, path)
        for name in names:
            value = section.get(name)
            if value is not None and type(value) is not str:
                raise NotARecordError("this should be a text", path_text((*path, name)))
    for path, expected, words in _OTHERS:
        value = _section(tree, path[:-1]).get(path[-1])
        if value is not None and type(value) is not expected:
            raise NotARecordError(f"this should be {words}", path_text(path))


def _section(tree: dict[str, object], path: tuple[str, ...]) -> dict[str, object]:
    """Return the object at a path, an empty one where there is none."""
    section = tree
    for depth, name in enumerate(path, 1):
        below = section.get(name)
        if below is None:
            return {}
        if type(below) is not dict:
            raise NotARecordError("this should be an object", path_text(path[:depth]))
        section = below
    return section
