"""``pith-tui cite``: records as BibTeX, LaTeX or plain text."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_service
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
from pith_tui.errors import PithError
from pith_tui.lookup.service import RecordService
from pith_tui.output.cite import FORMATS, citation_object
from pith_tui.output.provenance import source_object
from pith_tui.output.safe import safe

EPILOG = """\
examples:
  pith-tui cite 2503.11832 hep-th/9901001 >> paper.bib
  pith-tui cite 2503.11832 --format latex

A record lists its authors in alphabetical order, and its signature does not cover them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cite``."""
    target_arguments(parser)
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="bibtex",
        help="; ".join(f"{name}: {form.name}, {form.summary}" for name, form in FORMATS.items())
        + " (default: bibtex)",
    )
    source_options(parser)
    strict_option(parser)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Cite each record; the exit code is that of the worst."""
    targets = asked_targets(options)
    output = json_output(options, "cite/1")
    with open_service(options, pace=target_pace(options, targets)) as service:
        codes = [
            _cite_one(service, asked, options, output, first=index == 0)
            for index, asked in enumerate(targets)
        ]
    if output is not None:
        output.end()
    return exit_codes.worst(codes)


def _cite_one(
    service: RecordService,
    asked: Asked,
    options: argparse.Namespace,
    output: JsonOutput | None,
    *,
    first: bool,
) -> int:
    try:
        result = read_target(service, asked, options)
        checked = result.shown.checked
        if checked.error is not None:
            raise checked.error
    except PithError as error:
        report_error(output, asked.text, error, asked.place)
        return exit_codes.exit_code(error)
    if output is not None:
        output.add(citation_object(checked, options.format, source_object(result.shown)))
    else:
        citation = FORMATS[options.format].write(checked)
        separator = "" if first else "\n"
        sys.stdout.write(separator + safe(citation, lines=True, limit=len(citation)))
    return result_code(result, options)
