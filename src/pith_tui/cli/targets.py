"""Command-line arguments that may be an ID or a FILE, and reading the record they mean."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pith_tui.cli.ids import (
    Asked,
    list_option,
    listed_ids,
    read_id,
    refuse_bibliography,
    refuse_second_reading,
    require_asked,
)
from pith_tui.cli.lookup import exit_code_of, look_up
from pith_tui.cli.parser import TARGET_HELP, rate_option
from pith_tui.errors import NotARecordError, TwoReadingsError, UsageError
from pith_tui.lookup.look_up import LookUpResult, local_result
from pith_tui.lookup.service import FetchedRecord, Origin, RecordService
from pith_tui.output.lookup_text import result_messages
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.reading import read
from pith_tui.protocol.strict_json import MAX_SIZE

if TYPE_CHECKING:
    from pith_tui.lookup.pace import Pace

_GZIP = b"\x1f\x8b"
_CUT_OFF = "the compressed data is damaged or cut off"


class Target(NamedTuple):
    """The meaning of one argument: an identifier, or a file (``-`` is stdin)."""

    text: str
    identifier: Identifier | None


def target_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the records that a command is about, as arguments and as a list of ids."""
    parser.add_argument("targets", nargs="*", metavar="ID|FILE|-", help=TARGET_HELP)
    list_option(parser)
    rate_option(parser, " where there are several ids")


def target_pace(options: argparse.Namespace, targets: list[Asked]) -> Pace | None:
    """Return the pace of requests for several targets, set by ``--rate``."""
    if len(targets) < 2 or options.offline or options.sample:
        return None
    from pith_tui.lookup.pace import Pace  # imports asyncio, so only if a server is asked

    return Pace(options.rate)


def asked_targets(options: argparse.Namespace) -> list[Asked]:
    """Return the arguments, then the ids of the list.  Raises UsageError if there are none."""
    refuse_second_reading(options.targets, options.file)
    listed = () if options.file is None else listed_ids(options.file)
    return require_asked([*map(Asked, options.targets), *listed])


def target_of(text: str) -> Target:
    """Return whether a text is an identifier or a file.  Raises UsageError if it is neither."""
    refuse_bibliography(text)
    looks_like_path = os.sep in text or text.endswith(".json")
    if text == "-" or (os.path.exists(text) and (looks_like_path or not _is_id(text))):
        return Target(text, None)
    try:
        return Target(text, read_id(text))
    except IdentifierError as error:
        hint = f"there is no file of that name either. {error.hint}"
        raise UsageError(str(error), hint) from None


def _is_id(text: str) -> bool:
    """Return whether a text is an id and nothing else; a name such as ``2503.11832.pdf`` is not."""
    try:
        parse_identifier(text)
    except IdentifierError:
        return False
    return True


def read_target(
    service: RecordService,
    asked: Asked,
    options: argparse.Namespace,
    expected: Identifier | None = None,
) -> LookUpResult:
    """Return the record that was asked for, and the notices about it.

    An argument may be a file, whose record must be the ``expected`` one; a line of a list is always
    an id.  Raises as ``look_up`` does, UsageError for what is neither an identifier nor a file that
    can be read, and NotARecordError for bytes that are not a record.
    """
    if asked.place:
        target = Target(asked.text, read_id(asked.text, asked.message))
    else:
        target = target_of(asked.text)
    if target.identifier is not None:
        if expected is not None:
            raise UsageError(
                f"--as goes with a FILE or -; {target.text} is already an id",
                "leave out one of them",
            )
        return look_up(service, target.identifier, refresh=options.refresh, notice=asked.message)
    raw, where = _read_bytes(target.text)
    checked = read(raw, expected, service.trusted)
    if checked.error is not None and not isinstance(checked.error, TwoReadingsError):
        raise _named(checked.error, target.text)
    result = local_result(service, FetchedRecord(checked, Origin.FILE, where))
    for text in result_messages(result):
        asked.message(text)
    return result


def _named(error: NotARecordError, path: str) -> NotARecordError:
    """Return the error with the name of the file and the statement that it is not a record."""
    name = "standard input" if path == "-" else path
    what = f"not a record: {error}" if type(error) is NotARecordError else str(error)
    error.args = (f"{name}: {what}",)
    return error


def _read_bytes(path: str) -> tuple[bytes, str]:
    """Read a file or standard input, at most one byte more than a record may have."""
    try:
        if path == "-":
            return _unpacked(sys.stdin.buffer, path), "standard input"
        with open(path, "rb") as file:
            return _unpacked(file, path), f"file {path}"
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None


def _unpacked(file: BinaryIO, path: str) -> bytes:
    """Read at most one byte more than a record may have, decompressing gzip.

    Raises OSError, and NotARecordError for compressed bytes that are damaged.
    """
    raw = file.read(MAX_SIZE + 1)
    if not raw.startswith(_GZIP):
        return raw
    import gzip
    import io
    import zlib

    try:
        return gzip.GzipFile(fileobj=io.BytesIO(raw)).read(MAX_SIZE + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        first = zlib.decompressobj(zlib.MAX_WBITS | 16)
        with contextlib.suppress(zlib.error):
            first.decompress(raw, MAX_SIZE + 1)
        after = len(first.unused_data)
        reason = f"{after:,} bytes follow the compressed data" if after else _CUT_OFF
        raise _named(NotARecordError(reason, hint="get the file again"), path) from None


def result_code(result: LookUpResult, options: argparse.Namespace) -> int:
    """Return the exit code of a target."""
    return exit_code_of(result, refresh=options.refresh, strict=options.strict)
