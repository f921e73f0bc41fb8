"""``pith-tui cache``: the commands that read and clear the archive."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from pith_tui.cli import exit_codes
from pith_tui.cli.context import chosen_cache, error_message, message
from pith_tui.errors import CacheError, NotFoundError, UsageError
from pith_tui.output.as_json import to_line, to_text
from pith_tui.output.cache_info import cache_info_rows
from pith_tui.output.safe import safe
from pith_tui.output.wording import size_of
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.record import Record
from pith_tui.store import records
from pith_tui.store.cache import Cache, StoredResponse
from pith_tui.store.query import Query, parse_query
from pith_tui.store.responses import ResponseRow, iter_responses
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import user_state_path


def run_cache(options: argparse.Namespace) -> int:
    """Run a command on the cache that the options name."""
    path = chosen_cache(options.cache)
    if options.command == "repair":
        Cache.repair(path, notice=message).close()
        return exit_codes.OK
    if options.cache and options.command != "import" and not os.path.exists(path):
        raise UsageError(f"there is no cache at {path}", "only an import makes one where none is")
    cache = Cache.open(path, notice=message)
    try:
        return _COMMANDS[options.command](cache, options)
    finally:
        cache.close()


def _info(cache: Cache, options: argparse.Namespace) -> int:
    found = records.cache_info(cache, thorough=options.thorough)
    if options.json:
        times = {
            name: None if moment is None else moment.isoformat()
            for name, moment in (("oldest", found.oldest), ("newest", found.newest))
        }
        sys.stdout.write(to_text({"path": str(cache.path), **found._asdict(), **times}))
    else:
        now = datetime.now(UTC)
        for row in cache_info_rows(found, cache.path, now, readonly=cache.readonly):
            print(f"{row.label:10} {safe(row.text)}")
    return exit_codes.OK if found.damage is None else exit_codes.FAILED


def asked_for(options: argparse.Namespace) -> Query:
    """Read the filter of a command."""
    return parse_query(" ".join(options.filter))


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
    fields = (held.suffix, f"{held.checked_at:%Y-%m-%d}", name, category, catalog.title)
    return "\t".join(safe(field) for field in fields) + "\n"


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


def found_suffixes(cache: Cache, text: str) -> list[str]:
    """Find the records that an identifier names; raises NotFoundError where none is held."""
    suffixes = cache.find(parse_identifier(text))
    if not suffixes:
        raise NotFoundError(f"{text} is not in the cache", "`pith-tui cache list` shows what is")
    return suffixes


def _show(cache: Cache, options: argparse.Namespace) -> int:
    from pith_tui.cli.history import history_objects, history_text

    suffixes = found_suffixes(cache, options.id)
    damaged = 0

    def answers() -> Iterator[ResponseRow]:
        nonlocal damaged
        for answer in itertools.islice(
            iter_responses(cache, suffixes[0]), None if options.history else 1
        ):
            damaged += answer.fault is not None
            yield answer

    if options.json:
        sys.stdout.write(to_text(history_objects(answers())))
    else:
        sys.stdout.writelines(history_text(answers(), datetime.now(UTC)))
    for other in suffixes[1:]:
        message(f"held as well for {options.id}: {other}")
    return exit_codes.FAILED if damaged else exit_codes.OK


def _remove(cache: Cache, options: argparse.Namespace) -> int:
    suffixes = [suffix for text in options.ids for suffix in found_suffixes(cache, text)]
    for suffix in suffixes:
        print(suffix)
    if not options.yes:
        message(f"would remove {len(suffixes)} records; --yes does it")
        return exit_codes.OK
    message(f"removed {records.remove(cache, suffixes)} records")
    return exit_codes.OK


def _prune(cache: Cache, options: argparse.Namespace) -> int:
    if options.older_than is None and options.keep is None and options.max_size is None:
        raise UsageError("nothing says what to prune", "give --older-than, --keep or --max-size")
    before = None if options.older_than is None else _days_ago(options.older_than)
    if options.keep is not None and options.keep < 0:
        raise UsageError(
            "--keep cannot be less than nothing", "give the number to keep, such as 1000"
        )
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
        message(f"would remove {len(candidates):,} records, {size}{keeping}; --yes does it")
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
    raise UsageError(f"--older-than takes days, and {days:g} are none", "give 90, or 0.5")


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
        raise UsageError(f"this is no size: {text[:40]!r}", "give 500K, 200M, 1G or bytes")
    return int(digits) << unit


def _import(cache: Cache, options: argparse.Namespace) -> int:
    from pith_tui.cli.progress import Progress
    from pith_tui.operations.import_records import import_all, iter_inputs

    progress = Progress("Importing")

    def skip(name: str, why: str) -> None:
        progress.end()
        message(f"skipped {name}: {why}")

    candidates = iter_inputs(options.paths, sys.stdin.buffer, datetime.now(UTC))
    try:
        done = import_all(cache, candidates, skip, progress.show)
    except (CacheError, KeyboardInterrupt):
        progress.end()
        message("ended before its end; what was kept by then stays, the same again goes on")
        raise
    progress.end()
    print(f"{done.new:,} new, {done.known:,} held already, {done.skipped:,} skipped")
    if done.new:
        message("nothing was verified yet; `pith-tui cache verify` does that")
    return exit_codes.FAILED if done.skipped else exit_codes.OK


def _export(cache: Cache, options: argparse.Namespace) -> int:
    from pathlib import Path

    from pith_tui.cli.progress import Progress
    from pith_tui.operations.export_records import export_lines, export_lines_to, export_mirror

    query = asked_for(options)
    progress = Progress("Exporting", records.count_records(cache, query))
    faults = 0

    def faulty(item: records.StoredRecord) -> None:
        nonlocal faults
        faults += 1
        progress.end()
        if item.fault is not None:
            error_message(item.fault)

    matching = records.iter_records(cache, query)
    if options.mirror is not None:
        root, now = Path(options.mirror), datetime.now(UTC)
        written = export_mirror(matching, root, now, faulty, progress.show)
    elif options.output is not None:
        written = export_lines_to(matching, Path(options.output), faulty, progress.show)
    else:
        written = export_lines(matching, sys.stdout.buffer, faulty, progress.show)
    progress.end()
    message(f"{written:,} records written")
    return exit_codes.FAILED if faults else exit_codes.OK


def _verify(cache: Cache, options: argparse.Namespace) -> int:
    from pith_tui.cli.verify_all import verify_cache

    return verify_cache(cache, asked_for(options), options)


_COMMANDS: dict[str, Callable[[Cache, argparse.Namespace], int]] = {
    "info": _info,
    "list": _list,
    "show": _show,
    "remove": _remove,
    "prune": _prune,
    "import": _import,
    "export": _export,
    "verify": _verify,
}
