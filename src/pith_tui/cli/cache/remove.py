"""``pith-tui cache remove``: arguments and run."""

from __future__ import annotations

import argparse

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import YES_HELP, open_cache
from pith_tui.cli.context import message
from pith_tui.cli.ids import read_id
from pith_tui.cli.json_output import json_options, json_output
from pith_tui.cli.parser import ID_HELP, cache_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import PithError
from pith_tui.operations.list_records import find_stored
from pith_tui.operations.remove import remove_records
from pith_tui.output.cache_text import count_records_text, remove_text
from pith_tui.output.safe import safe
from pith_tui.store.cache import Cache


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache remove``."""
    cache_option(parser)
    parser.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    parser.add_argument("--yes", action="store_true", help=YES_HELP)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Remove records, or show which would be removed."""
    with open_cache(options) as cache:
        return _remove(cache, options)


def _remove(cache: Cache, options: argparse.Namespace) -> int:
    output = json_output(options, "cache-remove/1")
    named: dict[str, None] = {}  # an id given twice, in any spelling, is one record
    for text in options.ids:
        try:
            named.update(dict.fromkeys(find_stored(cache, read_id(text))))
        except PithError as error:
            if output is not None:
                output.add_error(text, error)
                output.end()
            raise
    suffixes = list(named)
    if output is None:
        for suffix in suffixes:
            print(safe(suffix))
    if options.yes:
        progress = Progress("Removing")
        result = remove_records(cache, suffixes, progress)
        progress.end()
        message(remove_text(result))
    else:
        message(f"would remove {count_records_text(len(suffixes))}; --yes applies")
    if output is not None:
        for suffix in suffixes:
            output.add({"suffix": suffix, "removed": options.yes})
        output.end()
    return exit_codes.OK
