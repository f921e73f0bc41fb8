"""Code shared by the cache commands: opening the cache, and filters."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator

from pith_tui.cli.context import chosen_cache, message
from pith_tui.errors import UsageError
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query, parse_query

YES_HELP = "remove the records; without this option, only show which would be removed"


def filter_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``FILTER``."""
    parser.add_argument(
        "filter", nargs="*", metavar="FILTER", help="a search, see `pith-tui cache --help`"
    )


@contextlib.contextmanager
def open_cache(options: argparse.Namespace, *, create: bool = False) -> Iterator[Cache]:
    """Open the cache that the options name.

    Raises UsageError for a file named by ``--cache`` that does not exist, unless ``create``.
    """
    path = chosen_cache(options.cache)
    if options.cache and not create and not os.path.exists(path):
        raise UsageError(f"there is no cache at {path}", "only `cache import` creates one")
    with contextlib.closing(Cache.open(path, notice=message)) as cache:
        yield cache


def parse_filter(options: argparse.Namespace) -> Query:
    """Return the query for FILTER."""
    return parse_query(" ".join(options.filter))
