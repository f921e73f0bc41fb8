"""``pith-tui verify``: every check of records by id, of files and of standard input."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_library, output_width
from pith_tui.cli.ids import read_id
from pith_tui.cli.json_output import JsonOutput, json_options, json_output, report_error
from pith_tui.cli.parser import TARGET_HELP, source_options, strict_option
from pith_tui.cli.targets import read_target, result_code
from pith_tui.errors import PithError
from pith_tui.lookup.look_up import LookUpResult
from pith_tui.lookup.service import RecordService
from pith_tui.output.provenance import format_source
from pith_tui.protocol.identifiers import Identifier


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui verify``."""
    parser.add_argument("targets", nargs="+", metavar="ID|FILE|-", help=TARGET_HELP)
    parser.add_argument(
        "--as", dest="asked", metavar="ID", help="the record that a FILE or - must be"
    )
    source_options(parser)
    strict_option(parser)
    form = parser.add_mutually_exclusive_group()
    json_options(form)
    form.add_argument("--markdown", action="store_true", help="print the report as Markdown")
    form.add_argument("--brief", action="store_true", help="print one line per record")
    form.add_argument("--quiet", action="store_true", help="print no report: see the exit code")


def run(options: argparse.Namespace) -> int:
    """Verify each target; the exit code is that of the worst."""
    asked = None if options.asked is None else read_id(options.asked)
    output = json_output(options, "verify/1")
    with open_library(options) as service:
        codes = [_verify_one(service, text, asked, options, output) for text in options.targets]
    if output is not None:
        output.end()
    return exit_codes.worst(codes)


def _verify_one(
    service: RecordService,
    text: str,
    asked: Identifier | None,
    options: argparse.Namespace,
    output: JsonOutput | None,
) -> int:
    try:
        result = read_target(service, text, options, asked)
    except PithError as error:
        report_error(output, text, error)
        return exit_codes.exit_code(error)
    if output is not None:
        from pith_tui.output.as_json import report_object

        output.add(report_object(result.shown, result.findings))
    elif options.brief:
        from pith_tui.output.brief import brief_line

        print(brief_line(result.shown.checked, text))
    elif not options.quiet:
        separator = "" if text is options.targets[0] else "\n"
        where = format_source(result.shown, service.now())
        sys.stdout.write(separator + _text(result, text, where, options))
    return result_code(result, options)


def _text(result: LookUpResult, name: str, where: str, options: argparse.Namespace) -> str:
    checked = result.shown.checked
    if options.markdown:
        from pith_tui.output.markdown import report_markdown

        return report_markdown(checked, name, where, result.findings)
    from pith_tui.output.plain import report_text

    return report_text(checked, name, where, output_width(), result.findings)
