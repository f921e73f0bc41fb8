"""``pith-tui cache list``."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import asked_for, filter_argument, open_cache
from pith_tui.cli.context import message, output_width
from pith_tui.cli.parser import cache_option, json_option
from pith_tui.output.as_json import to_line
from pith_tui.output.cells import hang
from pith_tui.output.safe import safe
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.record import Record
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import StoredResponse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache list``."""
    cache_option(parser)
    filter_argument(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """List the records that a filter matches."""
    with open_cache(options) as cache:
        return _list(cache, options)


def _list(cache: Cache, options: argparse.Namespace) -> int:
    shown = damaged = 0
    for item in records.iter_records(cache, asked_for(options)):
        if item.held is None:
            damaged += 1
            message(str(item.fault))
            continue
        catalog = catalog_entry(Record(item.held.raw))
        assert catalog is not None, "the cache keeps only what can be filed"
        sys.stdout.write(
            _json_line(item.held, catalog) if options.json else _line(item.held, catalog)
        )
        shown += 1
    if sys.stdout.isatty():
        message(f"{shown:,} records")
    return exit_codes.FAILED if damaged else exit_codes.OK


def _line(held: StoredResponse, catalog: CatalogEntry) -> str:
    name = f"{catalog.arxiv or '?'}v{catalog.version or '?'}"
    category = catalog.categories.partition(" ")[0]
    fields = (held.suffix, f"{held.checked_at:%Y-%m-%d}", name, category)
    width = output_width()
    if width is None:
        return "\t".join(safe(field) for field in (*fields, catalog.title)) + "\n"
    # For people, whose terminal would go on with a long title at column 0.
    lines = hang("  ".join(map(safe, fields)) + "  ", safe(catalog.title), width)
    return "\n".join(lines) + "\n"


def _json_line(held: StoredResponse, catalog: CatalogEntry) -> str:
    return to_line(
        {
            "suffix": held.suffix,
            "arxiv": catalog.arxiv,
            "version": catalog.version,
            "year": catalog.year,
            "title": catalog.title,
            "authors": catalog.authors,
            "categories": catalog.categories.split(),
            "fetched_at": held.fetched_at.isoformat(),
            "checked_at": held.checked_at.isoformat(),
            "origin": held.origin,
            "bytes": len(held.raw),
        }
    )
