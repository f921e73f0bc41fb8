"""``pith-tui fetch``: many records into the cache at a limited rate; run it again to resume."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from datetime import timedelta

from pith_tui.cli import exit_codes
from pith_tui.cli.context import message, open_service
from pith_tui.cli.ids import (
    Asked,
    list_option,
    listed_ids,
    read_id,
    refuse_second_reading,
    require_asked,
)
from pith_tui.cli.json_output import (
    JsonOutput,
    error_object,
    json_options,
    json_output,
    report_error,
)
from pith_tui.cli.lookup import exit_code_of
from pith_tui.cli.parser import ID_HELP, rate_option, source_options, strict_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import CacheError, UsageError
from pith_tui.lookup import JOBS
from pith_tui.lookup.look_up import LookUpResult
from pith_tui.operations.fetch_many import Fetched, FetchEnd, FetchPlan, fetch_many
from pith_tui.output.lookup_text import result_messages
from pith_tui.protocol.identifiers import Identifier, IdentifierError

_MAX_HOURS = 1_000_000

DESCRIPTION = """\
Fetch many records into the cache at a limited rate.
Run it again to resume after an interruption."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui fetch``."""
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"{ID_HELP}; - for standard input")
    list_option(parser)
    rate_option(parser)
    parser.add_argument(
        "--jobs",
        type=int,
        default=JOBS,
        metavar="N",
        help=f"requests at the same time (default: {JOBS})",
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
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Fetch every id; the exit code is that of the worst."""
    if options.offline or options.sample:
        raise UsageError("fetching asks servers", "leave out --offline and --sample")
    if options.jobs < 1:
        raise UsageError("--jobs must be greater than 0")
    if not 0 <= options.fresh <= _MAX_HOURS:
        raise UsageError(f"--fresh takes hours, at most {_MAX_HOURS:,}")
    asked = require_asked(_asked(options))
    output = json_output(options, "fetch/1")
    identifiers, refused = _read_ids(asked, output)
    if not identifiers:
        if output is not None:
            output.end()
        return exit_codes.USAGE
    with open_service(options) as service:
        summary = _Summary(options, len(identifiers), output)
        summary.refuse(refused)
        plan = FetchPlan(
            options.rate, options.jobs, timedelta(hours=options.fresh), options.refresh
        )
        try:
            asyncio.run(fetch_many(service, identifiers, plan, summary.add, summary.message))
        except KeyboardInterrupt:
            summary.print()
            message("interrupted; run the same command again to resume")
            return exit_codes.INTERRUPTED
        summary.print()
        return exit_codes.worst(summary.codes)


def _asked(options: argparse.Namespace) -> list[Asked]:
    """Return the arguments, with the ids of standard input for ``-``, then those of the list."""
    refuse_second_reading(options.ids, options.file)
    asked: list[Asked] = []
    for text in options.ids:
        asked += listed_ids(text) if text == "-" else [Asked(text)]
    return asked if options.file is None else [*asked, *listed_ids(options.file)]


def _read_ids(asked: list[Asked], output: JsonOutput | None) -> tuple[list[Identifier], int]:
    """Return each identifier once, and how many lines of a list were refused and reported.

    Raises IdentifierError for an invalid argument.
    """
    identifiers: dict[Identifier, None] = {}
    refused = 0
    for one in asked:
        try:
            identifiers[read_id(one.text, one.message)] = None
        except IdentifierError as error:
            if not one.place:
                if output is not None:
                    output.add_error(one.text, error)
                    output.end()
                raise
            refused += 1
            report_error(output, one.text, error, one.place)
    return list(identifiers), refused


class _Summary:
    """The results of the look-ups so far."""

    def __init__(self, options: argparse.Namespace, total: int, output: JsonOutput | None) -> None:
        self._options = options
        self._output = output
        self._progress = Progress("Fetching", total)
        self._total = total
        self._ends: Counter[str] = Counter()
        self._ended = self._fetched = self._kept = 0
        self._not_kept: CacheError | None = None
        self.codes: list[int] = []

    def refuse(self, number: int) -> None:
        """Count lines that are not ids."""
        if number:
            self._ends["refused"] += number
            self.codes.append(exit_codes.USAGE)

    def add(self, fetched: Fetched) -> None:
        """Count one look-up, and print its messages and its element."""
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
            report_error(self._output, fetched.identifier.text, fetched.error)
        elif self._output is not None and fetched.result is not None:
            self._output.add(_fetched_object(fetched, fetched.result))
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
        """Print a message between two updates of the progress line."""
        self._progress.end()
        message(text)

    def print(self) -> None:
        """Print the counts of the results, or the end of the JSON."""
        self._progress.end()
        if self._output is not None:
            self._output.end()
        else:
            for end, count in self._ends.most_common():
                print(f"{count:>8,}  {end}")
        if self._not_kept is not None:
            left = self._total - self._ended
            text = f"{self._fetched:,} fetched, {self._kept:,} kept: {self._not_kept}"
            message(f"{text}; {left:,} were not asked for" if left else text)
            message(f"  {self._not_kept.hint}; run the same command again to resume")


def _fetched_object(fetched: Fetched, result: LookUpResult) -> dict[str, object]:
    """Return the JSON object of a look-up that found a record."""
    checked, not_kept = result.shown.checked, fetched.not_kept
    return {
        "asked": fetched.identifier.text,
        "end": fetched.end.name.lower(),
        "verdict": checked.report.verdict.value,
        "suffix": None if checked.catalog is None else checked.catalog.suffix,
        "not_kept": None if not_kept is None else error_object(not_kept),
    }
