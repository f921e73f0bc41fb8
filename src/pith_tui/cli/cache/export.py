"""``pith-tui cache export``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import asked_for, filter_argument, open_cache
from pith_tui.cli.context import error_message, message
from pith_tui.cli.parser import cache_option
from pith_tui.store import records
from pith_tui.store.cache import Cache


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
    from pathlib import Path

    from pith_tui.cli.progress import Progress
    from pith_tui.operations.export_records import export_lines, export_lines_to, export_mirror

    query = asked_for(options)
    progress = Progress("Exporting", records.count_records(cache, query))
    faults = 0

    def faulty(item: records.StoredRecord) -> None:
        nonlocal faults
        faults += 1
        progress.end()
        if item.fault is not None:
            error_message(item.fault)

    matching = records.iter_records(cache, query)
    if options.mirror is not None:
        root, now = Path(options.mirror), datetime.now(UTC)
        written = export_mirror(matching, root, now, faulty, progress.show)
    elif options.output is not None:
        written = export_lines_to(matching, Path(options.output), faulty, progress.show)
    else:
        written = export_lines(matching, sys.stdout.buffer, faulty, progress.show)
    progress.end()
    message(f"{written:,} records written")
    return exit_codes.FAILED if faults else exit_codes.OK
