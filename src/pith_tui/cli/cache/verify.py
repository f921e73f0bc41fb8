"""``pith-tui cache verify``: arguments and run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import filter_argument, open_cache, parse_filter
from pith_tui.cli.context import message
from pith_tui.cli.json_output import json_options, json_output
from pith_tui.cli.parser import cache_option, strict_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import UsageError
from pith_tui.operations.verify_all import begin_verification, verify_all
from pith_tui.operations.verify_ranges import DAMAGED, VerifyBatch
from pith_tui.operations.verify_report import VerifyReport, sums
from pith_tui.operations.verify_summary import VerifySummary
from pith_tui.output.cache_text import (
    equivocation_case_text,
    equivocation_object,
    misdelivered_text,
    problem_text,
)
from pith_tui.output.safe import safe
from pith_tui.protocol.report import Verdict
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys

DESCRIPTION = """\
Verify all stored records from their bytes, and look for versions that were signed twice.
With --report, it can be interrupted and resumed."""
EPILOG = """\
exit codes:
  1  a record is FAILED
  2  stored bytes are damaged, so that record cannot be checked
  6  an alarm: a version was signed twice, or a server sent a record for another number;
     with --strict, also a conflict, or another licence or other categories for a version
  3  a record is UNDECIDED"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache verify``."""
    cache_option(parser)
    filter_argument(parser)
    parser.add_argument("--all", action="store_true", help="verify everything (the default)")
    parser.add_argument("--report", metavar="FILE", help="write a report, one JSON object per line")
    parser.add_argument(
        "--resume", action="store_true", help="continue the report that --report names"
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: one per CPU)")
    strict_option(parser)
    json_options(parser.add_mutually_exclusive_group())


def run(options: argparse.Namespace) -> int:
    """Verify the records that a filter matches."""
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("--jobs must be greater than 0", "leave it out for one per CPU")
    with open_cache(options) as cache:
        return _verify(cache, parse_filter(options), options)


def _verify(cache: Cache, query: Query, options: argparse.Namespace) -> int:
    summary = VerifySummary()
    begin_verification(cache, summary, datetime.now(UTC), query)
    report = _open_report(options, query, summary)
    progress = Progress("Verifying", before=summary.done)

    def write(batch: VerifyBatch) -> None:
        if report is not None:
            report.add(batch, summary)

    interrupted = False
    try:
        verify_all(
            cache,
            load_keys(config_dir()),
            summary,
            progress,
            query=query,
            processes=options.jobs,
            on_batch=write,
        )
    except KeyboardInterrupt:
        interrupted = True
    finally:
        progress.end()
        if report is not None:
            report.close()
    _print(summary, options)
    if interrupted:
        hint = "repeat it with --resume" if options.report else "with --report, it can be resumed"
        message(f"interrupted after {summary.done:,} records; {hint}")
        return exit_codes.INTERRUPTED
    return exit_codes.worst(_codes(summary, strict=options.strict))


def _open_report(
    options: argparse.Namespace, query: Query, summary: VerifySummary
) -> VerifyReport | None:
    if options.resume:
        if options.report is None:
            raise UsageError("there is no report to resume", "name it with --report")
        return VerifyReport.resume(Path(options.report), query, summary)
    return None if options.report is None else VerifyReport.create(Path(options.report), query)


def _print(summary: VerifySummary, options: argparse.Namespace) -> None:
    output = json_output(options, "cache-verify/1")
    if output is not None:
        cases = summary.equivocations  # None if equivocation was not checked
        objects = None if cases is None else [equivocation_object(case) for case in cases]
        output.add({**sums(summary), "equivocations": objects, "records": summary.total})
        output.end()
    else:
        for line in _lines(summary, options.report):
            print(safe(line))
    if summary.misdelivered:
        message(f"ALARM: {misdelivered_text(summary.misdelivered)}")
    for case in (*summary.alarms, *summary.notices):
        message(equivocation_case_text(case))


def _lines(summary: VerifySummary, report: str | None) -> Iterator[str]:
    yield f"{summary.done:,} of {summary.total:,} records"
    yield from _counts(dict(summary.verdicts.most_common()))
    for heading, kind in (("checks not passed", "check"), ("conflicts", "conflict")):
        if counts := summary.count_by_check(kind):
            yield heading
            yield from _counts(counts)
    yield from map(problem_text, summary.examples)
    left = summary.problems - len(summary.examples)
    if left > 0:
        where = "--report FILE names them all" if report is None else "the report names them all"
        yield f"… and {left:,} more: {where}"


def _counts(counts: dict[str, int]) -> Iterator[str]:
    for name, count in counts.items():
        yield f"  {count:>10,}  {name}"


def _codes(summary: VerifySummary, *, strict: bool) -> Iterator[int]:
    """Yield the exit codes that apply (docs/cli.md, Exit codes)."""
    yield exit_codes.OK
    if summary.verdicts[Verdict.FAILED.value]:
        yield exit_codes.FAILED
    if summary.verdicts[DAMAGED]:
        yield exit_codes.USAGE
    if summary.verdicts[Verdict.UNDECIDED.value]:
        yield exit_codes.UNDECIDED
    if summary.has_alarm or (strict and (summary.notices or summary.count_by_check("conflict"))):
        yield exit_codes.ATTENTION
