"""JSON on standard output: one array of elements, or one line per element (docs/json.md).

The ``schema`` of an element names its type.  What was asked for but could not be printed is an
element too, with ``asked`` and ``error``, so that a script finds everything in one place.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from pith_tui.cli.context import error_message
from pith_tui.errors import PithError
from pith_tui.output.json_text import to_line, to_text


def json_options(parser: argparse._ActionsContainer) -> None:
    """Add ``--json`` and ``--jsonl`` to a group of options that exclude each other."""
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser.add_argument("--jsonl", action="store_true", help="print JSON, one object per line")


class JsonOutput:
    """The elements that a command prints; ``schema`` is that of each, without ``pith-tui/``."""

    def __init__(self, options: argparse.Namespace, schema: str) -> None:
        self._as_lines: bool = options.jsonl
        self._schema = f"pith-tui/{schema}"
        self._count = 0

    def add(self, members: Mapping[str, object]) -> None:
        """Print an element at once, so that a long array takes no memory."""
        element = {"schema": self._schema, **members}
        if self._as_lines:
            text = to_line(element)
        else:
            indented = to_text(element).rstrip().replace("\n", "\n  ")
            text = f"{',' if self._count else '['}\n  {indented}"
        self._count += 1
        sys.stdout.write(text)

    def add_error(self, asked: str, error: PithError) -> None:
        """Print an element for what failed, with the reason."""
        self.add({"asked": asked, "error": error_object(error)})

    def end(self) -> None:
        """Print the end of the array."""
        if not self._as_lines:
            sys.stdout.write("\n]\n" if self._count else "[]\n")


def error_object(error: PithError) -> dict[str, str]:
    """Return an error as the members of an object."""
    return {"code": error.code, "message": str(error), "hint": error.hint}


def json_output(options: argparse.Namespace, schema: str) -> JsonOutput | None:
    """Return the output for elements, or None if no JSON was asked for."""
    return JsonOutput(options, schema) if options.json or options.jsonl else None


def report_error(output: JsonOutput | None, asked: str, error: PithError, place: str = "") -> None:
    """Report what failed on stderr, and as an element if JSON was asked for.

    ``place`` is its position in a list.
    """
    error_message(error, place)
    if output is not None:
        output.add_error(asked, error)
