"""``pith-tui compare``: two records field by field."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_service, output_width
from pith_tui.cli.ids import Asked
from pith_tui.cli.json_output import json_options, json_output, report_error
from pith_tui.cli.parser import TARGET_HELP, source_options, strict_option
from pith_tui.cli.targets import read_target, result_code
from pith_tui.errors import PithError, UsageError
from pith_tui.output import compare as comparing
from pith_tui.output.provenance import format_source
from pith_tui.protocol.reading import CheckedRecord

EPILOG = """\
examples:
  pith-tui compare 2503.11832 record.json
  pith-tui compare 2503.11832v4 2503.11832v5 --json

The exit code is that of the worse verdict; differences between two records are not a failure.
Two different signed contents for one version of a work are an alarm: the exit code is 6."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui compare``."""
    parser.add_argument("left", metavar="ID|FILE|-", help=TARGET_HELP)
    parser.add_argument("right", metavar="ID|FILE|-", help="the record to compare it with")
    parser.add_argument("--all", action="store_true", help="also list what is the same in both")
    source_options(parser)
    strict_option(parser)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Compare two records; the exit code is that of the worse verdict, or of the alarm."""
    if options.left == options.right == "-":
        raise UsageError("standard input is one record", "give an ID or a FILE for the other")
    views: list[CheckedRecord] = []
    names: list[str] = []
    ends = []
    output = json_output(options, "compare/1")
    with open_service(options) as service:
        for text in (options.left, options.right):
            try:
                result = read_target(service, Asked(text), options)
            except PithError as error:
                report_error(output, text, error)
                ends.append(exit_codes.exit_code(error))
                continue
            views.append(result.shown.checked)
            names.append(f"{text}, {format_source(result.shown, service.now())}")
            ends.append(result_code(result, options))
    if len(views) < 2:
        if output is not None:
            output.end()
        return exit_codes.worst(ends)
    left, right = views
    found_out = comparing.compare(left, right, with_same=options.all)
    alarm = found_out.equivocation
    if alarm is not None and (alarm.is_alarm or options.strict):
        ends.append(exit_codes.ATTENTION)
    if output is not None:
        output.add(comparing.compare_object(found_out, (left, right)))
        output.end()
    else:
        sides, called = (left, right), (names[0], names[1])
        sys.stdout.write(comparing.compare_text(found_out, sides, called, output_width()))
    return exit_codes.worst(ends)
