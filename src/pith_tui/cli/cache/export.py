"""``pith-tui cache export``: arguments and run."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import filter_argument, open_cache, parse_filter
from pith_tui.cli.context import error_message, message
from pith_tui.cli.parser import cache_option
from pith_tui.store.cache import Cache
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache export``."""
    cache_option(parser)
    filter_argument(parser)
    parser.add_argument("--mirror", metavar="DIR", help="write a mirror into a new directory")
    parser.add_argument(
        "--output", metavar="FILE", help="write lines to a new file instead of standard output"
    )


def run(options: argparse.Namespace) -> int:
    """Export the records that a filter matches."""
    with open_cache(options) as cache:
        return _export(cache, options)


def _export(cache: Cache, options: argparse.Namespace) -> int:
    from pith_tui.cli.progress import Progress
    from pith_tui.operations.export_records import export_file, export_lines, export_mirror
    from pith_tui.output.cache_text import evidence_text, export_text
    from pith_tui.user.files import resolve_output_file, resolve_path

    query, trusted = parse_filter(options), load_keys(config_dir())
    progress = Progress("Exporting")
    try:
        if options.mirror is not None:
            root = resolve_path(options.mirror)
            result = export_mirror(cache, root, datetime.now(UTC), trusted, progress, query)
        elif options.output is not None:
            output = resolve_output_file(options.output)
            result = export_file(cache, output, trusted, progress, query)
        else:
            result = export_lines(cache, sys.stdout.buffer, trusted, progress, query)
    finally:
        progress.end()
    for error in result.errors:
        error_message(error)
    for suffix in result.failing:
        message(evidence_text(suffix))
    message(export_text(result))
    codes = [exit_codes.exit_code(error) for error in result.errors]
    return exit_codes.worst([*codes, exit_codes.ATTENTION] if result.failed else codes)
