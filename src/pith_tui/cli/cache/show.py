"""``pith-tui cache show``: arguments and run."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import open_cache
from pith_tui.cli.context import message, output_width
from pith_tui.cli.ids import read_id
from pith_tui.cli.json_output import JsonOutput, json_options, json_output
from pith_tui.cli.parser import ID_HELP, cache_option
from pith_tui.operations.list_records import find_stored
from pith_tui.output.changes import change_object, changes
from pith_tui.output.history import HistoryEntry, history_text, steps_of
from pith_tui.store.cache import Cache
from pith_tui.store.responses import iter_responses
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache show``."""
    cache_option(parser)
    parser.add_argument("id", metavar="ID", help=ID_HELP)
    parser.add_argument(
        "--history", action="store_true", help="show every distinct response and what it changed"
    )
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Show the latest response, or all."""
    with open_cache(options) as cache:
        return _show(cache, options)


def _show(cache: Cache, options: argparse.Namespace) -> int:
    suffixes = find_stored(cache, read_id(options.id))
    codes = {exit_codes.OK}
    limit = None if options.history else 1
    responses = itertools.islice(iter_responses(cache, suffixes[0]), limit)

    def steps() -> Iterator[HistoryEntry]:
        for step in steps_of(responses, load_keys(config_dir())):
            if step.stored.error is not None:
                codes.add(exit_codes.exit_code(step.stored.error))
            if step.equivocation is not None and step.equivocation.is_alarm:
                codes.add(exit_codes.ATTENTION)
            yield step

    output = json_output(options, "cache-show/1")
    if output is not None:
        for step in steps():
            _add_step(output, suffixes[0], step)
        output.end()
    else:
        now = datetime.now(UTC)
        width = output_width()
        sys.stdout.writelines(history_text(step, now, width) for step in steps())
    for other in suffixes[1:]:
        message(f"{options.id} also names {other}")
    return exit_codes.worst(codes)


def _add_step(output: JsonOutput, suffix: str, step: HistoryEntry) -> None:
    """Print a response as JSON; ``changed`` is null if there is none before it."""
    response = step.stored.response
    if step.stored.error is not None:
        output.add_error(suffix, step.stored.error)
    if response is None or step.checked is None:
        return
    changed = None
    if step.before is not None:
        changed = [change_object(change) for change in changes(step.before, step.checked)]
    output.add(
        {
            "suffix": response.suffix,
            "verdict": step.checked.report.verdict.value,
            "fetched_at": response.fetched_at.isoformat(),
            "checked_at": response.checked_at.isoformat(),
            "origin": response.origin,
            "bytes": len(response.raw),
            "alarm": step.alarm,
            "changed": changed,
        }
    )
