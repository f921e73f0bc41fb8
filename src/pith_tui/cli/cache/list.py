"""``pith-tui cache list``: arguments and run."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import filter_argument, open_cache, parse_filter
from pith_tui.cli.context import message, output_width
from pith_tui.cli.json_output import json_options, json_output, report_error
from pith_tui.cli.parser import cache_option
from pith_tui.operations.list_records import list_records
from pith_tui.output.cache_text import evidence_text
from pith_tui.output.cells import hang
from pith_tui.output.safe import safe
from pith_tui.protocol.catalog_entry import CatalogEntry
from pith_tui.store.cache import Cache
from pith_tui.store.response_rows import StoredResponse
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache list``."""
    cache_option(parser)
    filter_argument(parser)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """List the records that a filter matches; failing ones are listed separately, on stderr."""
    with open_cache(options) as cache:
        return _list(cache, options)


def _list(cache: Cache, options: argparse.Namespace) -> int:
    codes = {exit_codes.OK}
    count = 0
    output = json_output(options, "cache-list/1")
    for record in list_records(cache, load_keys(config_dir()), parse_filter(options)):
        if record.is_evidence:
            codes.add(exit_codes.ATTENTION)
            message(evidence_text(record.suffix))
        elif record.response is not None and record.catalog is not None:
            if output is None:
                sys.stdout.write(_line(record.response, record.catalog))
            else:
                output.add(_object(record.response, record.catalog))
            count += 1
        elif record.error is not None:
            codes.add(exit_codes.exit_code(record.error))
            report_error(output, str(record.suffix), record.error)
    if output is not None:
        output.end()
    elif sys.stdout.isatty():
        message(f"{count:,} records")
    return exit_codes.worst(codes)


def _line(response: StoredResponse, catalog: CatalogEntry) -> str:
    name = f"{catalog.arxiv or '?'}v{catalog.version or '?'}"
    category = catalog.categories.partition(" ")[0]
    fields = (response.suffix, f"{response.checked_at:%Y-%m-%d}", name, category)
    width = output_width()
    if width is None:
        return "\t".join(safe(field) for field in (*fields, catalog.title)) + "\n"
    # On a terminal, which would continue a long title at column 0.
    lines = hang("  ".join(map(safe, fields)) + "  ", safe(catalog.title), width)
    return "\n".join(lines) + "\n"


def _object(response: StoredResponse, catalog: CatalogEntry) -> dict[str, object]:
    return {
        "suffix": response.suffix,
        "arxiv": catalog.arxiv,
        "version": catalog.version,
        "year": catalog.year,
        "title": catalog.title,
        "authors": catalog.authors,
        "categories": catalog.categories.split(),
        "fetched_at": response.fetched_at.isoformat(),
        "checked_at": response.checked_at.isoformat(),
        "origin": response.origin,
        "bytes": len(response.raw),
    }
