"""``pith-tui cache info``: arguments and run."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import open_cache
from pith_tui.cli.json_output import json_options, json_output
from pith_tui.cli.parser import cache_option
from pith_tui.operations.cache_info import describe_cache
from pith_tui.operations.job import Job
from pith_tui.output.cache_info import cache_info_rows
from pith_tui.output.safe import safe
from pith_tui.store.cache import Cache


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache info``."""
    cache_option(parser)
    parser.add_argument("--thorough", action="store_true", help="check the whole file for damage")
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Describe the cache."""
    with open_cache(options) as cache:
        return _info(cache, options)


def _info(cache: Cache, options: argparse.Namespace) -> int:
    info = describe_cache(cache, Job("Checking"), thorough=options.thorough)
    output = json_output(options, "cache-info/1")
    if output is not None:
        times = {
            name: None if time is None else time.isoformat()
            for name, time in (("oldest", info.oldest), ("newest", info.newest))
        }
        output.add({"path": str(cache.path), **info._asdict(), **times})
        output.end()
    else:
        now = datetime.now(UTC)
        for row in cache_info_rows(info, cache.path, now, readonly=cache.readonly):
            print(f"{row.label:10} {safe(row.text)}")
    return exit_codes.OK if info.damage is None else exit_codes.USAGE
