"""Identifiers as people give them to a command: one within a text, or a list in a file."""

from __future__ import annotations

import argparse
import codecs
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pith_tui.cli.context import message
from pith_tui.errors import UsageError
from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier, quoted
from pith_tui.protocol.pasted_text import identifier_in

_COMMENT = pattern(r"(?:\A|\s)#.*")
_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""What Windows writes besides UTF-8: PowerShell's ``>``, Notepad's "Unicode"."""
_BIBLIOGRAPHIES = (".bib", ".bbl")


class Asked(NamedTuple):
    """What a command was asked for, and its position in a list as ``name:number``.

    The position is empty for an argument of the command line.
    """

    text: str
    place: str = ""

    def message(self, text: str) -> None:
        """Print a message to stderr that begins with the position in the list."""
        message(f"{self.place}: {text}" if self.place else text)


def list_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--file``."""
    parser.add_argument(
        "--file",
        metavar="FILE",
        help="read ids from a file (- for standard input), one per line; # begins a comment",
    )


def require_asked(asked: list[Asked]) -> list[Asked]:
    """Return what was asked for.  Raises UsageError if nothing was."""
    if not asked:
        raise UsageError("no ids were given", "give them as arguments, or in a file with --file")
    return asked


def listed_ids(path: str) -> Iterator[Asked]:
    """Yield the ids of a list in a file, or in standard input for ``-``.

    Raises UsageError for a file that cannot be read.
    """
    if path == "-":
        yield from lines_of_ids(sys.stdin.buffer.read(), "standard input")
        return
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}", "give a file of ids"
        ) from None
    yield from lines_of_ids(raw, path)


def refuse_second_reading(arguments: list[str], file: str | None) -> None:
    """Raise UsageError if standard input is named twice: it can be read only once."""
    if [*arguments, file].count("-") > 1:
        raise UsageError("standard input can be read only once", "give - only once")


def refuse_bibliography(text: str) -> None:
    """Raise UsageError for the name of a bibliography: another command reads those."""
    if text.lower().endswith(_BIBLIOGRAPHIES):
        raise UsageError(
            f"{text} is a bibliography, not a record", f"check its titles: pith-tui check {text}"
        )


def read_id(text: str, notice: Callable[[str], None] = message) -> Identifier:
    """Return the identifier that a text names; a notice names it if the text contains more.

    Raises IdentifierError for none or several.
    """
    identifier = identifier_in(text, datetime.now(UTC).date())
    try:
        parse_identifier(text)
    except IdentifierError:
        notice(f"{quoted(text)} is read as {identifier.text}")
    return identifier


def lines_of_ids(raw: bytes, name: str) -> Iterator[Asked]:
    """Yield the non-empty lines of a list of ids, each with its position.

    A ``#`` at the start of a line or after white space starts a comment.  Bytes that are neither
    UTF-8 nor marked as UTF-16 become text that is refused as an id later.
    """
    encoding = _ENCODINGS.get(raw[:2], "utf-8-sig")
    for number, line in enumerate(raw.decode(encoding, "replace").splitlines(), 1):
        text = _COMMENT.sub("", line).strip()
        if text:
            yield Asked(text, f"{name}:{number}")
