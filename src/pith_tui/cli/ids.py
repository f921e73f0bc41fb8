"""Identifiers as people give them to a command: one in a text, or a list of them in a file."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from pith_tui.cli.context import message
from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier, quoted
from pith_tui.protocol.pasted_text import identifier_in

_COMMENT = pattern(r"(?:\A|\s)#.*")
_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""What Windows writes besides UTF-8: PowerShell's ``>``, Notepad's "Unicode"."""


def read_id(text: str, notice: Callable[[str], None] = message) -> Identifier:
    """Return the identifier that a text names; the notice says which, if more stands in the text.

    Raises IdentifierError for none or several.
    """
    identifier = identifier_in(text, datetime.now(UTC).date())
    try:
        parse_identifier(text)
    except IdentifierError:
        notice(f"{quoted(text)} is read as {identifier.text}")
    return identifier


def lines_of_ids(raw: bytes, name: str) -> Iterator[tuple[str, str]]:
    """Return the lines of a list of ids that are not empty, each with its place: ``name:number``.

    A ``#`` at the beginning of a line or after white space begins a comment.  What is not UTF-8 or
    marked as UTF-16 is no id, and is refused as that.
    """
    encoding = _ENCODINGS.get(raw[:2], "utf-8-sig")
    for number, line in enumerate(raw.decode(encoding, "replace").splitlines(), 1):
        text = _COMMENT.sub("", line).strip()
        if text:
            yield f"{name}:{number}", text
