"""``pith-tui cite``: records as BibTeX, LaTeX or plain text."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import error_message, open_library
from pith_tui.cli.parser import TARGET_HELP, json_option, source_options, strict_option
from pith_tui.cli.targets import Target, read_target, result_code, target_of
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
    parser.add_argument("targets", nargs="+", metavar="ID|FILE|-", help=TARGET_HELP)
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="bibtex",
        help="; ".join(f"{name}: {form.name}, {form.summary}" for name, form in FORMATS.items())
        + " (default: bibtex)",
    )
    source_options(parser)
    strict_option(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Cite each record; the exit code is that of the worst."""
    targets = [target_of(text) for text in options.targets]
    found: list[dict[str, object] | str] = []
    with open_library(options) as library:
        ends = [_cite_one(library, target, options, found) for target in targets]
    if options.json:
        from pith_tui.output.as_json import to_text

        sys.stdout.write(to_text(found[0] if len(targets) == len(found) == 1 else found))
    else:
        sys.stdout.write("\n".join(map(str, found)))
    return exit_codes.worst(ends)


def _cite_one(
    library: RecordService,
    target: Target,
    options: argparse.Namespace,
    cited: list[dict[str, object] | str],
) -> int:
    try:
        result = read_target(library, target, options)
        view = result.shown.checked
        if view.error is not None:
            raise view.error
    except PithError as error:
        error_message(error)
        return exit_codes.exit_code(error)
    if options.json:
        cited.append(citation_object(view, options.format, source_object(result.shown)))
    else:
        text = FORMATS[options.format].write(view)
        cited.append(safe(text, lines=True, limit=len(text)))
    return result_code(result, options)
