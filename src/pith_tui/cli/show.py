"""``pith-tui show``: a record in plain text or JSON, every field marked."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import error_message, open_library, output_width
from pith_tui.cli.ids import read_id
from pith_tui.cli.lookup import exit_code_of, look_up
from pith_tui.cli.parser import ID_HELP, json_option, source_options, strict_option
from pith_tui.errors import PithError, UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.output.provenance import format_source
from pith_tui.protocol.identifiers import Identifier


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui show``."""
    parser.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    source_options(parser)
    strict_option(parser)
    form = parser.add_mutually_exclusive_group()
    json_option(form)
    form.add_argument("--raw", action="store_true", help="print one record's bytes as received")


def run(options: argparse.Namespace) -> int:
    """Show each record; the exit code is that of the worst."""
    asked = [read_id(text) for text in options.ids]
    if options.raw and len(asked) > 1:
        raise UsageError("--raw gives the bytes of one record", "give one ID at a time")
    with open_library(options) as library:
        return exit_codes.worst([_show_one(library, identifier, options) for identifier in asked])


def _show_one(service: RecordService, identifier: Identifier, options: argparse.Namespace) -> int:
    try:
        result = look_up(service, identifier, refresh=options.refresh)
        record = result.shown
        if options.raw:
            _write_bytes(record.raw)
    except PithError as error:
        error_message(error)
        return exit_codes.exit_code(error)
    if options.json:
        from pith_tui.output.as_json import record_object, to_text

        sys.stdout.write(to_text(record_object(record, result.findings)))
    elif not options.raw:
        from pith_tui.output.plain import record_text

        where = format_source(record, service.now())
        sys.stdout.write(record_text(record.checked, where, output_width()))
    return exit_code_of(result, refresh=options.refresh, strict=options.strict)


def _write_bytes(raw: bytes) -> None:
    """Write the bytes as received, but not to a terminal that something in them could act on."""
    if sys.stdout.isatty():
        lines = raw.decode("utf-8", "replace").splitlines()
        if not all(line.replace("\t", " ").isprintable() for line in lines):
            raise UsageError(
                "these bytes hold what could act on a terminal, so they are not written to one",
                "redirect them to a file, or leave out --raw",
            )
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
