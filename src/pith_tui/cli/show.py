"""``pith-tui show``: a record in plain text or JSON, every field marked."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_service, output_width
from pith_tui.cli.ids import Asked
from pith_tui.cli.json_output import JsonOutput, json_options, json_output, report_error
from pith_tui.cli.parser import source_options, strict_option
from pith_tui.cli.targets import (
    asked_targets,
    read_target,
    result_code,
    target_arguments,
    target_pace,
)
from pith_tui.errors import PithError, UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.output.provenance import format_source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui show``."""
    target_arguments(parser)
    source_options(parser)
    strict_option(parser)
    form = parser.add_mutually_exclusive_group()
    json_options(form)
    form.add_argument(
        "--raw", action="store_true", help="print the bytes of one record as received"
    )


def run(options: argparse.Namespace) -> int:
    """Show each record; the exit code is that of the worst."""
    targets = asked_targets(options)
    if options.raw and len(targets) > 1:
        raise UsageError("--raw gives the bytes of one record", "give one ID or FILE at a time")
    output = json_output(options, "show/1")
    with open_service(options, pace=target_pace(options, targets)) as service:
        codes = [_show_one(service, asked, options, output) for asked in targets]
    if output is not None:
        output.end()
    return exit_codes.worst(codes)


def _show_one(
    service: RecordService, asked: Asked, options: argparse.Namespace, output: JsonOutput | None
) -> int:
    try:
        result = read_target(service, asked, options)
        record = result.shown
        if options.raw:
            _write_bytes(record.raw)
    except PithError as error:
        report_error(output, asked.text, error, asked.place)
        return exit_codes.exit_code(error)
    if output is not None:
        from pith_tui.output.as_json import record_object

        output.add(record_object(record, result.findings))
    elif not options.raw:
        from pith_tui.output.plain import record_text

        where = format_source(record, service.now())
        sys.stdout.write(record_text(record.checked, where, output_width(), result.findings))
    return result_code(result, options)


def _write_bytes(raw: bytes) -> None:
    """Write the bytes as received.

    Raises UsageError if standard output is a terminal that they could act on.
    """
    if sys.stdout.isatty():
        lines = raw.decode("utf-8", "replace").splitlines()
        if not all(line.replace("\t", " ").isprintable() for line in lines):
            raise UsageError(
                "these bytes contain characters that could act on a terminal; they are not shown",
                "redirect them to a file, or leave out --raw",
            )
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
