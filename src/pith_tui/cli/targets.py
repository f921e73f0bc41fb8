"""What a word of the command line means where an ID or a FILE may stand, and its bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pith_tui.cli import exit_codes
from pith_tui.cli.context import message
from pith_tui.cli.lookup import look_up
from pith_tui.errors import NotARecordError, PithError, UsageError
from pith_tui.lookup.service import FetchedRecord, Origin, RecordService
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.strict_json import MAX_SIZE

if TYPE_CHECKING:
    from pith_tui.protocol.reading import CheckedRecord


class Target(NamedTuple):
    """What one word of the command line means: an identifier, or a file (``-`` is stdin)."""

    text: str
    identifier: Identifier | None


def target_of(text: str) -> Target:
    """Tell an identifier from a file; raises UsageError for what is neither."""
    looks_like_path = os.sep in text or text.endswith(".json")
    if text == "-" or (looks_like_path and os.path.exists(text)):
        return Target(text, None)
    try:
        return Target(text, parse_identifier(text))
    except IdentifierError as error:
        if os.path.exists(text):
            return Target(text, None)
        hint = f"no file of that name is here either. {error.hint}"
        raise UsageError(str(error), hint) from None


def find_target(
    library: RecordService, target: Target, *, refresh: bool, asked: Identifier | None = None
) -> FetchedRecord:
    """Return the bytes of a target; raises as ``look_up`` does, and UsageError for a file."""
    if target.identifier is None:
        return _read(target.text, asked, library.trusted)
    return look_up(library, target.identifier, message, refresh=refresh)


def _read(path: str, asked: Identifier | None, trusted: Sequence[PublicKey]) -> FetchedRecord:
    """Read a file or standard input, one byte past what a record may have at the most."""
    try:
        if path == "-":
            raw, where = sys.stdin.buffer.read(MAX_SIZE + 1), "standard input"
        else:
            with open(path, "rb") as file:
                raw, where = file.read(MAX_SIZE + 1), f"file {path}"
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return FetchedRecord(read(raw, asked, trusted), Origin.FILE, where)


def read_target(
    library: RecordService, target: Target, *, refresh: bool
) -> tuple[FetchedRecord, CheckedRecord]:
    """Return the bytes of a target and the verified record in them.

    Raises as ``find_target`` does, and NotARecordError.
    """

    found = find_target(library, target, refresh=refresh)
    if found.checked.error is not None:
        raise found.checked.error
    return found, found.checked


def code_of(error: PithError) -> int:
    """Return the exit code where a target could not be read: bytes that are no record failed."""
    return exit_codes.FAILED if isinstance(error, NotARecordError) else exit_codes.exit_code(error)
