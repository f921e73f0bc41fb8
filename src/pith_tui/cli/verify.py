"""``pith-tui verify``: every check of records by id, of files and of standard input."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NamedTuple

from pith_tui.cli import codes
from pith_tui.cli.context import narrate, narrate_error, open_library, output_width
from pith_tui.cli.lookup import look_up
from pith_tui.errors import PithError, UsageError
from pith_tui.output.provenance import came_from, source_object
from pith_tui.protocol import verification
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.report import Report
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sources.library import Found, Library, Origin


class _Target(NamedTuple):
    """What one word of the command line means: an identifier, or a file (``-`` is stdin)."""

    text: str
    identifier: Identifier | None


def verify(options: argparse.Namespace) -> int:
    """Verify each target; the exit code is that of the worst."""
    targets = [_target(text) for text in options.targets]
    asked = None if options.asked is None else parse_identifier(options.asked)
    if asked is not None and any(target.identifier is not None for target in targets):
        raise UsageError(
            "--as goes with a FILE or -, and an ID asks for itself", "leave out --as or the ID"
        )
    with open_library(options) as library:
        results = [_verify_one(library, target, asked, options) for target in targets]
    if options.json:
        from pith_tui.output.as_json import to_text

        objects = [result for _, result in results if result is not None]
        sys.stdout.write(to_text(objects[0] if len(targets) == len(objects) == 1 else objects))
    return codes.worst(code for code, _ in results)


def _target(text: str) -> _Target:
    looks_like_path = os.sep in text or text.endswith(".json")
    if text == "-" or (looks_like_path and os.path.exists(text)):
        return _Target(text, None)
    try:
        return _Target(text, parse_identifier(text))
    except IdentifierError as error:
        if os.path.exists(text):
            return _Target(text, None)
        advice = f"no file of that name is here either. {error.advice}"
        raise UsageError(str(error), advice) from None


def _verify_one(
    library: Library, target: _Target, asked: Identifier | None, options: argparse.Namespace
) -> tuple[int, dict[str, object] | None]:
    try:
        if target.identifier is None:
            found = _read(target.text)
        else:
            asked = target.identifier
            found = look_up(library, target.identifier, narrate, refresh=options.refresh)
    except PithError as error:
        narrate_error(error)
        return codes.of_error(error), None
    report = verification.verify(found.raw, asked, library.trusted)
    code = codes.of_verdict(report.verdict)
    if options.json:
        from pith_tui.output.as_json import report_object

        return code, report_object(report, source_object(found))
    _print(
        report,
        target.text,
        came_from(found, library.now()),
        first=target.text is options.targets[0],
    )
    return code, None


def _print(report: Report, name: str, where: str, *, first: bool) -> None:
    from pith_tui.output.plain import report_text

    separator = "" if first else "\n"
    sys.stdout.write(separator + report_text(report, name, where, output_width()))


def _read(path: str) -> Found:
    """Read a file or standard input, one byte past what a record may have at the most."""
    try:
        if path == "-":
            return Found(sys.stdin.buffer.read(MAX_SIZE + 1), Origin.FILE, "standard input")
        with open(path, "rb") as file:
            return Found(file.read(MAX_SIZE + 1), Origin.FILE, f"file {path}")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
