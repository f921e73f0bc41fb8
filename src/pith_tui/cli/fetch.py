"""``pith-tui fetch``: many records into the cache, within a rate; run again, it goes on."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pith_tui.cli import exit_codes
from pith_tui.cli.context import error_message, message, open_library
from pith_tui.cli.lookup import alarm_over
from pith_tui.cli.parser import ID_HELP, source_options, strict_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import CacheError, NotFoundError, PithError, UsageError
from pith_tui.lookup.service import Origin, RecordService
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient


_MOST_HOURS = 1_000_000

DESCRIPTION = """\
Fetch many records into the cache at a limited rate.
Run it again to resume after an interruption."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui fetch``."""
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"{ID_HELP}; - for standard input")
    parser.add_argument("--file", metavar="FILE", help="read ids from a file, one per line")
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
        job = _Job(library, options, len(asked))
        job.refuse(refused)
        try:
            asyncio.run(job.run(asked))
        except KeyboardInterrupt:
            job.say()
            message("interrupted; the same again goes on with what is left")
            return exit_codes.INTERRUPTED
        job.say()
        return exit_codes.worst(job.codes)


def _asked(options: argparse.Namespace) -> tuple[list[Identifier], int]:
    """Read the ids; says which lines of a file or of stdin are none, and gives their number."""
    asked: list[Identifier] = []
    refused = 0
    for place, text in _texts(options):
        try:
            asked.append(parse_identifier(text))
        except IdentifierError as error:
            if not place:
                raise
            refused += 1
            message(f"{place}: {error}")
    return asked, refused


def _texts(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Return the ids of words, stdin and file, each with where it stands, a word with nothing."""
    for text in options.ids:
        if text == "-":
            yield from _lines(sys.stdin.buffer.read(), "standard input")
        else:
            yield "", text
    if options.file is not None:
        try:
            raw = Path(options.file).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{options.file} cannot be read: {error.strerror or error}", "give a file of ids"
            ) from None
        yield from _lines(raw, options.file)


def _lines(raw: bytes, name: str) -> Iterator[tuple[str, str]]:
    """Return the lines with their places; empty ones and those that begin with # are no ids."""
    # What is no UTF-8 is no id, and is refused as that.
    for number, line in enumerate(raw.decode("utf-8", "replace").split("\n"), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield f"{name}:{number}", text


class _Pace:
    """Lets one request start at a time, so many a second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        now = time.monotonic()
        mine = max(self._next, now)
        self._next = mine + self._gap
        await asyncio.sleep(mine - now)


class _Job:
    """One run over a list of ids."""

    def __init__(self, library: RecordService, options: argparse.Namespace, total: int) -> None:
        self._library = library
        self._options = options
        self._pace = _Pace(options.rate)
        self._progress = Progress("Fetching", total)
        self._ends: Counter[str] = Counter()
        self._done = 0
        self.codes: list[int] = []

    def refuse(self, number: int) -> None:
        """Count lines that were no ids."""
        if number:
            self._ends["refused"] += number
            self.codes.append(exit_codes.USAGE)

    async def run(self, asked: list[Identifier]) -> None:
        """Fetch them all, so many at a time."""
        left = iter(asked)
        remote = self._library.new_remote()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._options.jobs):
                    group.create_task(self._work(left, remote))
        finally:
            await remote.aclose()

    async def _work(self, left: Iterator[Identifier], remote: RegistryClient) -> None:
        for identifier in left:
            end, code = await self._one(identifier, remote)
            self._ends[end] += 1
            self.codes.append(code)
            self._done += 1
            self._progress.show(self._done)

    async def _one(self, identifier: Identifier, remote: RegistryClient) -> tuple[str, int]:
        library = self._library
        try:
            held = library.find_local(identifier)
        except CacheError as error:
            error_message(error)
            held = None
        except PithError as error:  # a short form that fits several records
            self._progress.end()
            error_message(error)
            return "refused", exit_codes.exit_code(error)
        before = held
        fresh = library.now() - timedelta(hours=self._options.fresh)
        if held is not None and held.origin is Origin.CACHE and not self._options.refresh:
            if held.checked_at is not None and held.checked_at > fresh:
                return "held and fresh", exit_codes.OK
        else:
            held = None
        await self._pace.turn()
        try:
            found = await library.fetch(identifier, held, self._notice, remote)
        except PithError as error:
            self._progress.end()
            error_message(error)
            missing = isinstance(error, NotFoundError)
            return "not found" if missing else "unreachable", exit_codes.exit_code(error)
        alarm = alarm_over(library, identifier, before, found)
        if alarm is not None:
            self._notice(f"ALARM: {identifier.text}: {alarm.value}; no honest service does that")
            return "ALARM", exit_codes.FAILED
        report = found.checked.report
        changed = "unchanged" if held is not None and held.raw == found.raw else "fetched"
        return f"{changed}, {report.verdict.value}", exit_codes.for_verdict(report.verdict)

    def _notice(self, text: str) -> None:
        self._progress.end()
        message(text)

    def say(self) -> None:
        """Say what came of it."""
        self._progress.end()
        for end, count in self._ends.most_common():
            print(f"{count:>8,}  {end}")
