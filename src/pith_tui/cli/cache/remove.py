"""``pith-tui cache remove``."""

from __future__ import annotations

import argparse

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import YES_HELP, found_suffixes, open_cache
from pith_tui.cli.context import message
from pith_tui.cli.parser import ID_HELP, cache_option
from pith_tui.store import records
from pith_tui.store.cache import Cache


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache remove``."""
    cache_option(parser)
    parser.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    parser.add_argument("--yes", action="store_true", help=YES_HELP)


def run(options: argparse.Namespace) -> int:
    """Remove records, or show which would be removed."""
    with open_cache(options) as cache:
        return _remove(cache, options)


def _remove(cache: Cache, options: argparse.Namespace) -> int:
    suffixes = [suffix for text in options.ids for suffix in found_suffixes(cache, text)]
    for suffix in suffixes:
        print(suffix)
    if not options.yes:
        message(f"would remove {len(suffixes)} records; --yes applies")
        return exit_codes.OK
    message(f"removed {records.remove(cache, suffixes)} records")
    return exit_codes.OK
