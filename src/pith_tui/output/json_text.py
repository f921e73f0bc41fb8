"""Values as JSON text: ASCII only, so that it is safe on any terminal."""

from __future__ import annotations

import json


def to_text(value: object) -> str:
    """Write a value as indented JSON with a final newline."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def to_line(value: object) -> str:
    """Write a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=True) + "\n"
