"""``pith-tui cache verify``: everything held, verified from its bytes; can be ended and resumed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from pith_tui.cli import exit_codes
from pith_tui.cli.cache.common import asked_for, filter_argument, open_cache
from pith_tui.cli.context import message
from pith_tui.cli.parser import cache_option, json_option, strict_option
from pith_tui.cli.progress import Progress
from pith_tui.errors import UsageError
from pith_tui.operations.verify_all import find_equivocations, verify_all
from pith_tui.operations.verify_ranges import DAMAGED, MISDELIVERED, VerifyBatch
from pith_tui.output.as_json import to_line, to_text
from pith_tui.protocol.report import Verdict
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.query import Query
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import load_keys

_KIND = "pith-tui cache verify"
_LONGEST = 1 << 20
"""Bytes of a report's longest line."""
_SHOWN = 20
"""Records that are not verified and are named on stdout; a report names them all."""

DESCRIPTION = """\
Verify all stored records from their bytes. With --report, it can be interrupted and resumed."""


class _Tally(NamedTuple):
    """The sum so far; ``after`` is the number of the last record that is in it."""

    after: int
    verdicts: Counter[str]
    checks: Counter[str]
    notable: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache verify``."""
    cache_option(parser)
    filter_argument(parser)
    parser.add_argument("--all", action="store_true", help="verify everything (the default)")
    parser.add_argument("--report", metavar="FILE", help="write a report, one JSON object per line")
    parser.add_argument(
        "--resume", action="store_true", help="continue from the end of the report of --report"
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: one per CPU)")
    strict_option(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Verify the records that a filter matches."""
    with open_cache(options) as cache:
        return verify_cache(cache, asked_for(options), options)


def verify_cache(cache: Cache, query: Query, options: argparse.Namespace) -> int:
    """Verify what a filter finds; the exit code is that of the worst record."""
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("--jobs must be greater than 0")
    tally = _Tally(0, Counter(), Counter(), 0)
    report: TextIO | None
    if options.resume:
        report, tally = _resume(options.report, query)
    else:
        report = _open_report(options.report, query)
    last, total = records.last_number(cache), records.count_records(cache, query)
    progress = Progress("Verifying", total, before=tally.verdicts.total())
    named: list[str] = []
    complete = True
    results = verify_all(
        cache.path,
        query,
        load_keys(config_dir()),
        after=tally.after,
        until=last,
        processes=options.jobs,
    )
    try:
        for swept in results:
            tally = _add(tally, swept, report, named)
            progress.show(tally.verdicts.total())
    except KeyboardInterrupt:
        complete = False
    finally:
        results.close()
    progress.end()
    if report is not None:
        report.close()
    _say(tally, total, named, options)
    if not complete:
        again = "the same again with --resume goes on" if options.report else "--report can resume"
        message(f"interrupted after {tally.verdicts.total():,} records; {again}")
        return exit_codes.INTERRUPTED
    if tally.checks[MISDELIVERED]:
        many = tally.checks[MISDELIVERED]
        message(
            f"ALARM: {'one record was' if many == 1 else f'{many:,} records were'} sent by a server"
            " that was asked for another number; no honest service does that"
        )
    two_faced = _say_equivocations(cache)
    return exit_codes.FAILED if two_faced or tally.checks[MISDELIVERED] else _code(tally.verdicts)


def _say_equivocations(cache: Cache) -> bool:
    """Sound the alarm over works that were signed twice: no honest service does that."""
    found = find_equivocations(cache, load_keys(config_dir()))
    for each in found:
        message(
            f"ALARM: {each.name} was signed with two different contents:"
            f" {', '.join(each.suffixes)}; `pith-tui cache show` each of them"
        )
    return bool(found)


def _add(tally: _Tally, swept: VerifyBatch, report: TextIO | None, named: list[str]) -> _Tally:
    tally = _Tally(
        swept.until,
        tally.verdicts + swept.verdicts,
        tally.checks + swept.checks,
        tally.notable + len(swept.notable),
    )
    for each in swept.notable:
        if len(named) < _SHOWN:
            named.append(f"{each.suffix}  {each.verdict}  {', '.join(each.checks)}")
        if report is not None:
            report.write(to_line({**each._asdict(), "checks": list(each.checks)}))
    if report is not None:
        report.write(to_line({"sum": _sum_object(tally)}))
        report.flush()
    return tally


def _sum_object(tally: _Tally) -> dict[str, object]:
    return {
        "after": tally.after,
        "notable": tally.notable,
        "verdicts": dict(tally.verdicts),
        "checks": dict(tally.checks),
    }


def _open_report(path: str | None, query: Query) -> TextIO | None:
    """Begin a report; its first line says what it is, so that nothing else is ever resumed."""
    if path is None:
        return None
    try:
        report = open(path, "x", encoding="utf-8")  # noqa: SIM115 - closed by who asked for it
    except FileExistsError:
        raise UsageError(
            f"{path} already exists", "continue it with --resume, or give a new name"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    report.write(to_line({"report": _KIND, "filter": list(query)}))
    report.flush()
    return report


def _resume(path: str | None, query: Query) -> tuple[TextIO, _Tally]:
    """Go on where a report ended; what stands behind its last sum is verified once more.

    Raises UsageError for a file that is no report, which is left as it is, and for one of another
    filter.
    """
    if path is None or not Path(path).is_file():
        raise UsageError("there is no report to resume", "give the one of --report")
    with open(path, "r+b") as file:
        head = _entry(file.readline(_LONGEST))
        if head is None or head.get("report") != _KIND:
            raise UsageError(f"{path} is not a verification report", "give the one of --report")
        if head.get("filter") != json.loads(json.dumps(list(query))):
            raise UsageError("the report was made with another filter", "repeat that filter")
        tally, end = _Tally(0, Counter(), Counter(), 0), file.tell()
        # A line that cannot be read was being written when the program was ended.
        while (entry := _entry(file.readline(_LONGEST))) is not None:
            if "sum" in entry:
                total = entry["sum"]
                verdicts, checks = Counter(total["verdicts"]), Counter(total["checks"])
                tally = _Tally(total["after"], verdicts, checks, total["notable"])
                end = file.tell()
        file.truncate(end)
    return open(path, "a", encoding="utf-8"), tally


def _entry(line: bytes) -> dict[str, Any] | None:
    """Read a line of a report, None where it is none; a whole one ends with a line end."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _say(tally: _Tally, total: int, named: list[str], options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.write(to_text({**_sum_object(tally), "records": total}))
        return
    print(f"{tally.verdicts.total():,} of {total:,} records")
    for verdict, count in tally.verdicts.most_common():
        print(f"  {count:>10,}  {verdict}")
    if tally.checks:
        print("checks not passed")
    for check, count in tally.checks.most_common():
        print(f"  {count:>10,}  {check}")
    for line in named:
        print(line)
    rest = tally.notable - len(named)
    if rest > 0:
        where = "--report FILE names them all" if options.report is None else "the report has them"
        print(f"… and {rest:,} more: {where}")


def _code(verdicts: Counter[str]) -> int:
    if verdicts[DAMAGED] or verdicts[Verdict.FAILED.value]:
        return exit_codes.FAILED
    return exit_codes.UNDECIDED if verdicts[Verdict.UNDECIDED.value] else exit_codes.OK
