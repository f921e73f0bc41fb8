"""``pith-tui verify``: verify records by id, from files and from standard input."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_service, output_width
from pith_tui.cli.ids import Asked, read_id
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
from pith_tui.lookup.look_up import LookUpResult
from pith_tui.lookup.service import RecordService
from pith_tui.output.provenance import format_source
from pith_tui.protocol.identifiers import Identifier


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui verify``."""
    target_arguments(parser)
    parser.add_argument(
        "--as", dest="expected", metavar="ID", help="the record that FILE or - must contain"
    )
    source_options(parser)
    strict_option(parser)
    form = parser.add_mutually_exclusive_group()
    json_options(form)
    form.add_argument("--markdown", action="store_true", help="print the report as Markdown")
    form.add_argument("--brief", action="store_true", help="print one line per record")
    form.add_argument("--quiet", action="store_true", help="print messages only, no report")


def run(options: argparse.Namespace) -> int:
    """Verify each target; the exit code is that of the worst."""
    if options.expected is not None and options.file is not None:
        raise UsageError(
            "--as goes with the file of one record, not with a list", "leave out one of them"
        )
    expected = None if options.expected is None else read_id(options.expected)
    targets = asked_targets(options)
    output = json_output(options, "verify/1")
    with open_service(options, pace=target_pace(options, targets)) as service:
        codes = [
            _verify_one(service, asked, expected, options, output, first=index == 0)
            for index, asked in enumerate(targets)
        ]
    if output is not None:
        output.end()
    return exit_codes.worst(codes)


def _verify_one(
    service: RecordService,
    asked: Asked,
    expected: Identifier | None,
    options: argparse.Namespace,
    output: JsonOutput | None,
    *,
    first: bool,
) -> int:
    try:
        result = read_target(service, asked, options, expected)
    except PithError as error:
        report_error(output, asked.text, error, asked.place)
        return exit_codes.exit_code(error)
    if output is not None:
        from pith_tui.output.as_json import report_object

        output.add(report_object(result.shown, result.findings))
    elif options.brief:
        from pith_tui.output.brief import brief_line

        print(brief_line(result.shown.checked, asked.text))
    elif not options.quiet:
        separator = "" if first else "\n"
        where = format_source(result.shown, service.now())
        sys.stdout.write(separator + _text(result, asked.text, where, options))
    return result_code(result, options)


def _text(result: LookUpResult, name: str, where: str, options: argparse.Namespace) -> str:
    checked = result.shown.checked
    if options.markdown:
        from pith_tui.output.markdown import report_markdown

        return report_markdown(checked, name, where, result.findings)
    from pith_tui.output.plain import report_text

    return report_text(checked, name, where, output_width(), result.findings)
