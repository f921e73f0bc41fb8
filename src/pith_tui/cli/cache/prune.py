"""``pith-tui cache prune``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import YES_HELP, open_cache
from pith_tui.cli.context import message
from pith_tui.cli.parser import cache_option
from pith_tui.errors import CacheError, UsageError
from pith_tui.output.wording import size_of
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import user_state_path

DESCRIPTION = """\
Remove old records, or as many as it takes to meet a limit. Bookmarked records are kept."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache prune``."""
    cache_option(parser)
    parser.add_argument(
        "--older-than",
        type=float,
        metavar="DAYS",
        help="remove records that no server confirmed within this many days",
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help="remove all but the N records checked last"
    )
    parser.add_argument(
        "--max-size", metavar="SIZE", help="remove the oldest above this size: 500K, 200M, 1G"
    )
    parser.add_argument(
        "--bookmarks-too", action="store_true", help="remove bookmarked records as well"
    )
    parser.add_argument("--yes", action="store_true", help=YES_HELP)


def run(options: argparse.Namespace) -> int:
    """Prune the cache, or show what would be removed."""
    with open_cache(options) as cache:
        return _prune(cache, options)


def _prune(cache: Cache, options: argparse.Namespace) -> int:
    if options.older_than is None and options.keep is None and options.max_size is None:
        raise UsageError("no limit was given", "give --older-than, --keep or --max-size")
    before = None if options.older_than is None else _days_ago(options.older_than)
    if options.keep is not None and options.keep < 0:
        raise UsageError("--keep cannot be negative", "give the number to keep, such as 1000")
    limit = None if options.max_size is None else _bytes(options.max_size)
    protected = frozenset[str]() if options.bookmarks_too else _bookmarked()
    candidates = records.select_for_pruning(
        cache, before=before, keep=options.keep, max_bytes=limit, protected=protected
    )
    kept = sum(bool(cache.find(parse_identifier(suffix))) for suffix in protected)
    keeping = f", keeping {kept:,} bookmarked" if kept else ""
    size = size_of(sum(each.stored_bytes for each in candidates))
    for each in candidates:
        print(f"{each.suffix}\t{each.checked_at:%Y-%m-%d}\t{each.stored_bytes}")
    if not options.yes:
        message(f"would remove {len(candidates):,} records, {size}{keeping}; --yes applies")
        return exit_codes.OK
    for chunk in _chunks([each.suffix for each in candidates]):
        records.remove(cache, chunk)
    message(f"removed {len(candidates):,} records, {size}{keeping}")
    records.compact(cache)
    return exit_codes.OK


def _days_ago(days: float) -> datetime:
    now = datetime.now(UTC)
    if 0 <= days < (now - datetime(1970, 1, 1, tzinfo=UTC)).days:  # false for what is no number
        return now - timedelta(days=days)
    raise UsageError(f"invalid number of days: {days:g}", "give 90, or 0.5")


def _bookmarked() -> frozenset[str]:
    """Return the suffixes that are bookmarked; raises CacheError where that cannot be told.

    What cannot be read must not pass for no bookmarks: the records would be gone.
    """
    from contextlib import closing

    said: list[str] = []
    with closing(UserState(user_state_path(), notice=said.append, strict=True)) as user_state:
        suffixes = frozenset(place.suffix for place in user_state.bookmarks())
    if said:
        raise CacheError(
            f"{said[0]}; nothing was pruned",
            "see which bookmarks are left, then prune again; --bookmarks-too does not ask for them",
        )
    return suffixes


def _chunks(suffixes: list[str], size: int = 1000) -> Iterator[list[str]]:
    for start in range(0, len(suffixes), size):
        yield suffixes[start : start + size]


def _bytes(text: str) -> int:
    unit = {"K": 10, "M": 20, "G": 30}.get(text[-1:].upper(), 0)
    digits = text[:-1] if unit else text
    if not (digits.isascii() and digits.isdigit()):
        raise UsageError(f"invalid size: {text[:40]!r}", "give 500K, 200M, 1G or bytes")
    return int(digits) << unit
