"""What a word of the command line means where an ID or a FILE may stand, and its bytes."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NamedTuple

from pith_tui.cli.context import message
from pith_tui.cli.lookup import exit_code_of, look_up
from pith_tui.errors import TwoReadingsError, UsageError
from pith_tui.lookup.look_up import LookUpResult, local_result
from pith_tui.lookup.service import FetchedRecord, Origin, RecordService
from pith_tui.output.lookup_text import result_messages
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.protocol.strict_json import MAX_SIZE


class Target(NamedTuple):
    """What one word of the command line means: an identifier, or a file (``-`` is stdin)."""

    text: str
    identifier: Identifier | None


_BIBLIOGRAPHIES = (".bib", ".bbl")


def refuse_bibliography(text: str) -> None:
    """Raise UsageError for the name of a bibliography: another command reads those."""
    if text.lower().endswith(_BIBLIOGRAPHIES):
        raise UsageError(
            f"{text} is a bibliography, not a record", f"check its titles: pith-tui check {text}"
        )


def target_of(text: str) -> Target:
    """Tell an identifier from a file; raises UsageError for what is neither."""
    refuse_bibliography(text)
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


def read_target(
    service: RecordService,
    target: Target,
    options: argparse.Namespace,
    asked: Identifier | None = None,
) -> LookUpResult:
    """Return the record of a target, and what is to be said beside it.

    ``asked`` is what a file must be.  Raises as ``look_up`` does, UsageError for a file that
    cannot be read, and NotARecordError for bytes that are none.
    """
    if target.identifier is not None:
        return look_up(service, target.identifier, refresh=options.refresh)
    raw, where = _read_bytes(target.text)
    checked = read(raw, asked, service.trusted)
    if checked.error is not None and not isinstance(checked.error, TwoReadingsError):
        raise checked.error
    result = local_result(service, FetchedRecord(checked, Origin.FILE, where))
    for text in result_messages(result):
        message(text)
    return result


def _read_bytes(path: str) -> tuple[bytes, str]:
    """Read a file or standard input, one byte past what a record may have at the most."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_SIZE + 1), "standard input"
        with open(path, "rb") as file:
            return file.read(MAX_SIZE + 1), f"file {path}"
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def result_code(result: LookUpResult, options: argparse.Namespace) -> int:
    """Return the exit code of a target."""
    return exit_code_of(result, refresh=options.refresh, strict=options.strict)
