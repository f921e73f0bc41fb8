"""``pith-tui cache prune``: arguments and run."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import YES_HELP, open_cache
from pith_tui.cli.context import message
from pith_tui.cli.json_output import json_options, json_output
from pith_tui.cli.parser import cache_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import UsageError
from pith_tui.operations.prune import (
    PruneLimit,
    bookmarked_suffixes,
    days_before,
    parse_size,
    select_for_pruning,
)
from pith_tui.operations.remove import remove_records
from pith_tui.output.cache_text import kept_text, prune_text, remove_text
from pith_tui.output.safe import safe
from pith_tui.store.cache import Cache
from pith_tui.store.records import PruneCandidate
from pith_tui.user.paths import user_state_path

DESCRIPTION = """\
Remove old records, or the oldest ones above a limit. Bookmarked records are kept."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache prune``."""
    cache_option(parser)
    parser.add_argument(
        "--older-than",
        type=float,
        metavar="DAYS",
        help="remove records that no server has confirmed within this many days",
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help="remove all but the N most recently checked records"
    )
    parser.add_argument(
        "--max-size", metavar="SIZE", help="remove the oldest above this size: 500K, 200M, 1G"
    )
    parser.add_argument(
        "--bookmarks-too", action="store_true", help="also remove bookmarked records"
    )
    parser.add_argument("--yes", action="store_true", help=YES_HELP)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Prune the cache, or show what would be removed."""
    with open_cache(options) as cache:
        return _prune(cache, options)


def _prune(cache: Cache, options: argparse.Namespace) -> int:
    protected = frozenset[str]()
    if not options.bookmarks_too:
        protected = bookmarked_suffixes(user_state_path())
    progress = Progress("Removing")
    plan = select_for_pruning(cache, _limit(options), protected, progress)
    output = json_output(options, "cache-prune/1")
    if output is None:
        for candidate in plan.candidates:
            date = f"{candidate.checked_at:%Y-%m-%d}"
            print(f"{safe(str(candidate.suffix))}\t{date}\t{candidate.stored_bytes}")
    if options.yes:
        result = remove_records(cache, plan.suffixes, progress)
        progress.end()
        message(f"{remove_text(result)}{kept_text(plan)}")
    elif plan.candidates:
        message(f"would remove {prune_text(plan)}; --yes applies")
    else:
        message(prune_text(plan))
    if output is not None:
        for candidate in plan.candidates:
            output.add({**_candidate_object(candidate), "removed": options.yes})
        output.end()
    return exit_codes.OK


def _candidate_object(candidate: PruneCandidate) -> dict[str, object]:
    return {
        "suffix": candidate.suffix,
        "checked_at": candidate.checked_at.isoformat(),
        "bytes": candidate.stored_bytes,
    }


def _limit(options: argparse.Namespace) -> PruneLimit:
    if options.older_than is None and options.keep is None and options.max_size is None:
        raise UsageError("no limit was given", "give --older-than, --keep or --max-size")
    if options.keep is not None and options.keep < 0:
        raise UsageError("--keep cannot be negative", "give the number to keep, such as 1000")
    now = datetime.now(UTC)
    return PruneLimit(
        None if options.older_than is None else days_before(options.older_than, now),
        options.keep,
        None if options.max_size is None else parse_size(options.max_size),
    )
