"""``pith-tui fetch``: many records into the cache, within a rate; run again, it goes on."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from pith_tui.cli import exit_codes
from pith_tui.cli.context import error_message, message, open_library
from pith_tui.cli.ids import lines_of_ids, read_id
from pith_tui.cli.lookup import exit_code_of
from pith_tui.cli.parser import ID_HELP, source_options, strict_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import CacheError, UsageError
from pith_tui.operations.fetch_many import Fetched, FetchEnd, FetchPlan, fetch_many
from pith_tui.output.lookup_text import result_messages
from pith_tui.protocol.identifiers import Identifier, IdentifierError

_MOST_HOURS = 1_000_000

DESCRIPTION = """\
Fetch many records into the cache at a limited rate.
Run it again to resume after an interruption."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui fetch``."""
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"{ID_HELP}; - for standard input")
    parser.add_argument(
        "--file", metavar="FILE", help="read ids from a file, one per line; # begins a comment"
    )
    parser.add_argument(
        "--rate", type=float, default=2.0, metavar="N", help="requests per second (default: 2)"
    )
    parser.add_argument(
        "--jobs", type=int, default=4, metavar="N", help="requests at the same time (default: 4)"
    )
    parser.add_argument(
        "--fresh",
        type=float,
        default=24.0,
        metavar="HOURS",
        help="skip records checked within this many hours (default: 24)",
    )
    source_options(parser)
    strict_option(parser)


def run(options: argparse.Namespace) -> int:
    """Fetch every id; the exit code is that of the worst."""
    if options.offline or options.sample:
        raise UsageError("fetching asks servers", "leave out --offline and --sample")
    # Written so that nan, which is neither more nor less, is refused too.
    if not options.rate > 0 or options.jobs < 1:
        raise UsageError("--rate and --jobs must be greater than 0")
    if not 0 <= options.fresh <= _MOST_HOURS:
        raise UsageError(f"--fresh takes hours, at most {_MOST_HOURS:,}")
    asked, refused = _asked(options)
    if not asked:
        if refused:
            return exit_codes.USAGE
        raise UsageError("no ids were given", "give them as words, in a --file, or as - on stdin")
    with open_library(options) as library:
        summary = _Summary(options, len(asked))
        summary.refuse(refused)
        plan = FetchPlan(
            options.rate, options.jobs, timedelta(hours=options.fresh), options.refresh
        )
        try:
            asyncio.run(fetch_many(library, asked, plan, summary.add, summary.message))
        except KeyboardInterrupt:
            summary.print()
            message("interrupted; run the same command again to resume")
            return exit_codes.INTERRUPTED
        summary.print()
        return exit_codes.worst(summary.codes)


def _asked(options: argparse.Namespace) -> tuple[list[Identifier], int]:
    """Read the ids; says which lines of a file or of stdin are none, and gives their number."""
    asked: list[Identifier] = []
    refused = 0
    for place, text in _texts(options):
        try:
            asked.append(read_id(text, partial(_say_at, place)))
        except IdentifierError as error:
            if not place:
                raise
            refused += 1
            message(f"{place}: {error}")
    return list(dict.fromkeys(asked)), refused


def _say_at(place: str, text: str) -> None:
    message(f"{place}: {text}" if place else text)


def _texts(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Return the ids of words, stdin and file, each with where it stands, a word with nothing."""
    for text in options.ids:
        if text == "-":
            yield from lines_of_ids(sys.stdin.buffer.read(), "standard input")
        else:
            yield "", text
    if options.file is not None:
        try:
            raw = Path(options.file).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{options.file} cannot be read: {error.strerror or error}", "give a file of ids"
            ) from None
        yield from lines_of_ids(raw, options.file)


class _Summary:
    """What came of the look-ups so far."""

    def __init__(self, options: argparse.Namespace, total: int) -> None:
        self._options = options
        self._progress = Progress("Fetching", total)
        self._total = total
        self._ends: Counter[str] = Counter()
        self._ended = self._fetched = self._kept = 0
        self._not_kept: CacheError | None = None
        self.codes: list[int] = []

    def refuse(self, number: int) -> None:
        """Count lines that are no ids."""
        if number:
            self._ends["refused"] += number
            self.codes.append(exit_codes.USAGE)

    def add(self, fetched: Fetched) -> None:
        """Count one look-up, and say what is to be said of it."""
        self.codes.append(self._code(fetched))
        self._count(fetched)
        end = fetched.end.value
        if fetched.result is not None and fetched.end in (FetchEnd.FETCHED, FetchEnd.UNCHANGED):
            for text in result_messages(fetched.result):
                self.message(f"{fetched.identifier.text}: {text}")
            end = f"{end}, {fetched.result.shown.checked.report.verdict.value}"
        if fetched.not_kept is not None:
            end = f"{end}, not kept"
        if fetched.error is not None:
            self._progress.end()
            error_message(fetched.error)
        self._ends[end] += 1
        self._progress.update(self._ends.total())

    def _count(self, fetched: Fetched) -> None:
        self._ended += 1
        if fetched.end in (FetchEnd.FETCHED, FetchEnd.UNCHANGED):
            self._fetched += 1
            self._kept += fetched.not_kept is None
        if fetched.not_kept is not None:
            self._not_kept = fetched.not_kept
            self.codes.append(exit_codes.exit_code(fetched.not_kept))

    def _code(self, fetched: Fetched) -> int:
        if fetched.error is not None:
            return exit_codes.exit_code(fetched.error)
        if fetched.result is None or fetched.end is FetchEnd.FRESH:
            return exit_codes.OK
        return exit_code_of(fetched.result, refresh=False, strict=self._options.strict)

    def message(self, text: str) -> None:
        """Say something between two states of the progress."""
        self._progress.end()
        message(text)

    def print(self) -> None:
        """Print how many ended how."""
        self._progress.end()
        for end, count in self._ends.most_common():
            print(f"{count:>8,}  {end}")
        if self._not_kept is not None:
            left = self._total - self._ended
            text = f"{self._fetched:,} fetched, {self._kept:,} kept: {self._not_kept}"
            message(f"{text}; {left:,} were not asked for" if left else text)
            message(f"  {self._not_kept.hint}; run the same command again to resume")
