"""``pith-tui verify``: every check of records by id, of files and of standard input."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import error_message, open_library, output_width
from pith_tui.cli.ids import read_id
from pith_tui.cli.parser import TARGET_HELP, json_option, source_options, strict_option
from pith_tui.cli.targets import Target, read_target, result_code, target_of
from pith_tui.errors import PithError, UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.output.provenance import format_source
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.reading import CheckedRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui verify``."""
    parser.add_argument("targets", nargs="+", metavar="ID|FILE|-", help=TARGET_HELP)
    parser.add_argument(
        "--as", dest="asked", metavar="ID", help="the record that a FILE or - must be"
    )
    source_options(parser)
    strict_option(parser)
    form = parser.add_mutually_exclusive_group()
    json_option(form)
    form.add_argument("--markdown", action="store_true", help="print the report as Markdown")


def run(options: argparse.Namespace) -> int:
    """Verify each target; the exit code is that of the worst."""
    targets = [target_of(text) for text in options.targets]
    asked = None if options.asked is None else read_id(options.asked)
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
    return exit_codes.worst(code for code, _ in results)


def _verify_one(
    service: RecordService, target: Target, asked: Identifier | None, options: argparse.Namespace
) -> tuple[int, dict[str, object] | None]:
    try:
        result = read_target(service, target, options, asked)
    except PithError as error:
        error_message(error)
        return exit_codes.exit_code(error), None
    code = result_code(result, options)
    if options.json:
        from pith_tui.output.as_json import report_object

        return code, report_object(result.shown, result.findings)
    separator = "" if target.text is options.targets[0] else "\n"
    where = format_source(result.shown, service.now())
    sys.stdout.write(separator + _text(result.shown.checked, target.text, where, options))
    return code, None


def _text(checked: CheckedRecord, name: str, where: str, options: argparse.Namespace) -> str:
    if options.markdown:
        from pith_tui.output.markdown import report_markdown

        return report_markdown(checked, name, where)
    from pith_tui.output.plain import report_text

    return report_text(checked, name, where, output_width())
