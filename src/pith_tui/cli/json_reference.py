"""The JSON reference ``docs/json.md``, generated from the JSON Schema in the package.

To regenerate it: ``python -m pith_tui.cli.json_reference > docs/json.md``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

_HEAD = """\
# JSON output

<!-- Generated: python -m pith_tui.cli.json_reference > docs/json.md -->

With `--json` every command that has data prints one JSON array, also for a single record; with
`--jsonl` it prints one object per line instead. The text is ASCII. Every element has a `schema`,
which says what it is and in which version; members may be added without a new version, so ignore
those you do not know. What was not available is an element too, with `asked` and `error`.

The JSON Schema of all elements comes with the program, as `json-output.schema.json` in
`pith_tui/data/`.
"""


def load_schema() -> dict[str, Any]:
    """Return the JSON Schema of every element."""
    text = (files("pith_tui.data") / "json-output.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def reference() -> str:
    """Return every element and its members as Markdown."""
    definitions: dict[str, Any] = load_schema()["$defs"]
    lines = [_HEAD]
    # First what commands print, then its parts.
    for name, definition in sorted(
        definitions.items(), key=lambda item: not item[0].endswith("-1")
    ):
        lines += [f"## {name}", "", definition["description"], "", "| member | type | meaning |"]
        lines += ["|---|---|---|", *_members(definition, ""), ""]
    return "\n".join(lines).rstrip() + "\n"


def _members(definition: Mapping[str, Any], above: str) -> Iterator[str]:
    for name, member in definition.get("properties", {}).items():
        yield f"| `{above}{name}` | {_type(member)} | {member.get('description', '')} |"
        inner = _inner(member)
        if inner is not None:
            yield from _members(inner, f"{above}{name}{'[]' if 'items' in member else ''}.")


def _inner(member: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the object in a member, or in its array or map; None for a reference."""
    for candidate in (
        member,
        member.get("items", {}),
        *member.get("anyOf", ()),
    ):
        if isinstance(candidate, dict) and "properties" in candidate:
            return candidate
    return None


def _type(member: Mapping[str, Any]) -> str:
    if "$ref" in member:
        name = str(member["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in member:
        return f"`{member['const']}`"
    if "enum" in member:
        return ", ".join(f"`{value}`" for value in member["enum"])
    if "anyOf" in member:
        return " or ".join(_type(choice) for choice in member["anyOf"])
    kinds = member.get("type", "any value")
    names = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    for keyword, joined in (("items", "of"), ("additionalProperties", "by name, of")):
        if isinstance(member.get(keyword), dict):
            return f"{names} {joined} {_type(member[keyword])}"
    return names


if __name__ == "__main__":
    sys.stdout.write(reference())
