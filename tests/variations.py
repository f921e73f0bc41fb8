"""The variations of the complete real record: JSON Patches with the expected result."""

from __future__ import annotations

import copy
import json
from typing import Any, NamedTuple

from tests.support import VECTORS, real_record

_FILE = VECTORS / "variations" / "cases.json"
_MANY = "@5000"


class Variation(NamedTuple):
    """One variation: its bytes, the verdict expected, and the checks that end in conflict."""

    name: str
    raw: bytes
    verdict: str
    conflicts: list[str]


def variations() -> list[Variation]:
    """Return every variation, or none if the vectors are missing."""
    if not _FILE.exists():
        return []
    tree = json.loads(real_record())
    return [
        Variation(
            case["name"],
            json.dumps(patched(tree, case["patch"]), separators=(",", ":")).encode(),
            case["expect"],
            case["conflicts"],
        )
        for case in json.loads(_FILE.read_text("utf-8"))
    ]


def patched(tree: Any, patch: list[dict[str, Any]]) -> Any:
    """Apply a JSON Patch (RFC 6902) of additions, removals and replacements."""
    tree = copy.deepcopy(tree)
    for operation in patch:
        steps = [s.replace("~1", "/").replace("~0", "~") for s in operation["path"][1:].split("/")]
        parent = tree
        for step in steps[:-1]:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        _apply(parent, steps[-1], operation)
    return tree


def _apply(parent: Any, step: str, operation: dict[str, Any]) -> None:
    if operation["op"] == "remove":
        del parent[int(step) if isinstance(parent, list) else step]
        return
    value = _expanded(operation["value"])
    if isinstance(parent, list):
        if operation["op"] == "replace":
            parent[int(step)] = value
        else:
            parent.insert(len(parent) if step == "-" else int(step), value)
    else:
        parent[step] = value


def _expanded(value: Any) -> Any:
    if value == _MANY:
        return [{"arxiv_id": f"2503.{n:05}", "title": "x" * 190} for n in range(5000)]
    if isinstance(value, dict):
        return {name: _expanded(member) for name, member in value.items()}
    return value
