"""``pith-tui cache import``: arguments and run."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import open_cache
from pith_tui.cli.context import message
from pith_tui.cli.json_output import json_options, json_output
from pith_tui.cli.parser import cache_option
from pith_tui.errors import CacheError
from pith_tui.store.cache import Cache

EPILOG = "The exit code is 6 if anything was skipped."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache import``."""
    cache_option(parser)
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a record, a bundle, lines of records, a directory or a tar archive, each optionally"
        " compressed with gzip; - for standard input",
    )
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Import the records of files."""
    with open_cache(options, create=True) as cache:
        return _import(cache, options)


def _import(cache: Cache, options: argparse.Namespace) -> int:
    from pith_tui.cli.progress import Progress
    from pith_tui.operations.import_inputs import iter_inputs
    from pith_tui.operations.import_records import SkippedInput, import_all
    from pith_tui.output.cache_text import import_text

    progress = Progress("Importing")

    def report_skipped(skipped: SkippedInput) -> None:
        progress.end()
        message(f"skipped {skipped.name}: {skipped.reason}")

    inputs = iter_inputs(options.paths, sys.stdin.buffer, datetime.now(UTC))
    try:
        result = import_all(cache, inputs, progress, report_skipped)
    except (CacheError, KeyboardInterrupt):
        progress.end()
        message("not finished; what was stored so far stays. Repeat the command to import the rest")
        raise
    progress.end()
    output = json_output(options, "cache-import/1")
    if output is None:
        print(import_text(result))
    else:
        skipped = [one._asdict() for one in result.first_skipped]
        output.add({**result._asdict(), "first_skipped": skipped})
        output.end()
    if result.new:
        message("nothing has been verified yet; `pith-tui cache verify` does that")
    return exit_codes.ATTENTION if result.skipped else exit_codes.OK
