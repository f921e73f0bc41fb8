"""``pith-tui cache show``: the stored responses of one record, and what each changed."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import found_suffixes, open_cache
from pith_tui.cli.context import message, output_width
from pith_tui.cli.parser import ID_HELP, cache_option, json_option
from pith_tui.output.as_json import to_text
from pith_tui.output.cells import hang
from pith_tui.output.changes import change_object, changes
from pith_tui.output.history import HistoryEntry, format_time, steps_of
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import safe
from pith_tui.output.wording import MARK_SIGNS, verdict_words
from pith_tui.store.cache import Cache
from pith_tui.store.responses import ResponseRow, iter_responses
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache show``."""
    cache_option(parser)
    parser.add_argument("id", metavar="ID", help=ID_HELP)
    parser.add_argument(
        "--history", action="store_true", help="show every distinct response and what it changed"
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Show the latest response, or all."""
    with open_cache(options) as cache:
        return _show(cache, options)


def _show(cache: Cache, options: argparse.Namespace) -> int:
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


def history_text(answers: Iterable[ResponseRow], now: datetime) -> Iterator[str]:
    """Write the answers, the latest first, each with its difference to the one before it."""
    for step in steps_of(answers, load_keys(config_dir())):
        yield "\n".join(_lines(step, now)) + "\n\n"


def _lines(step: HistoryEntry, now: datetime) -> Iterator[str]:
    held = step.answer.held
    if held is None or step.verdict is None:
        yield f"✗ DAMAGED  {safe(str(step.answer.fault))}"
        return
    if step.alarm is not None:
        yield step.alarm
    yield f"{held.suffix}  {verdict_words(step.verdict)}"
    yield f"  fetched  {format_time(held.fetched_at, now)}"
    yield f"  checked  {format_time(held.checked_at, now)}"
    yield f"  from     {safe(held.origin)}"
    yield f"  bytes    {len(held.raw):,}"
    if step.before is not None:
        yield "  changed since the answer before:"
        for row in step.changed:
            if row.style is not Style.HEADING:
                head = f"    {_mark(row)}{safe(row.label)}  "
                yield from hang(head, safe(row.text), output_width())


def _mark(row: Row) -> str:
    return "" if row.mark is None else f"{MARK_SIGNS[row.mark]} {row.mark.value:8} "


def history_objects(answers: Iterable[ResponseRow]) -> list[dict[str, object]]:
    """Return the same as JSON objects; ``changed`` is null where nothing is held from before."""
    trusted = load_keys(config_dir())
    objects: list[dict[str, object]] = []
    for step in steps_of(answers, trusted):
        held = step.answer.held
        if held is None or step.checked is None:
            objects.append({"verdict": "DAMAGED", "fault": str(step.answer.fault)})
            continue
        changed = None
        if step.before is not None:
            changed = [change_object(each) for each in changes(step.before, step.checked)]
        objects.append(
            {
                "suffix": held.suffix,
                "verdict": step.checked.report.verdict.value,
                "fetched_at": held.fetched_at.isoformat(),
                "checked_at": held.checked_at.isoformat(),
                "origin": held.origin,
                "bytes": len(held.raw),
                "alarm": step.alarm,
                "changed": changed,
            }
        )
    return objects
