"""``pith-tui cache repair``."""

from __future__ import annotations

import argparse

from pith_tui.cli import exit_codes
from pith_tui.cli.context import chosen_cache, message
from pith_tui.cli.parser import cache_option
from pith_tui.store.cache import Cache

DESCRIPTION = "Set a damaged cache file aside and build a new one from what can be read of it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache repair``."""
    cache_option(parser)


def run(options: argparse.Namespace) -> int:
    """Repair the cache."""
    Cache.repair(chosen_cache(options.cache), notice=message).close()
    return exit_codes.OK
