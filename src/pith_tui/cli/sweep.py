"""``pith-tui cache verify``: everything held, verified from its bytes; can be ended and resumed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple, TextIO

from pith_tui.cli import codes
from pith_tui.cli.context import narrate
from pith_tui.cli.progress import Progress
from pith_tui.errors import UsageError
from pith_tui.output.as_json import to_line, to_text
from pith_tui.protocol.report import Verdict
from pith_tui.sources import archive
from pith_tui.sources.cache import Cache
from pith_tui.sources.keyring import load_keys
from pith_tui.sources.paths import config_dir
from pith_tui.sources.query import Query
from pith_tui.sources.sweep import DAMAGED, Swept, equivocations, sweep

_SHOWN = 20
"""Records that are not verified and are named on stdout; a report names them all."""


class _Tally(NamedTuple):
    """The sum so far; ``after`` is the number of the last record that is in it."""

    after: int
    verdicts: Counter[str]
    checks: Counter[str]


def sweep_archive(cache: Cache, query: Query, options: argparse.Namespace) -> int:
    """Verify what a filter finds; the exit code is that of the worst record."""
    tally = _Tally(0, Counter(), Counter())
    if options.resume:
        tally = _resumed(options.report, query)
    report = _open_report(options.report, resume=options.resume)
    last, total = archive.last_number(cache), archive.count(cache, query)
    progress = Progress("Verifying", total, before=tally.verdicts.total())
    named: list[str] = []
    complete = True
    results = sweep(
        cache.path,
        query,
        load_keys(config_dir()),
        after=tally.after,
        until=last,
        processes=options.jobs,
    )
    try:
        for swept in results:
            tally = _add(tally, swept, report, query, named)
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
        narrate(f"interrupted after {tally.verdicts.total():,} records; {again}")
        return codes.INTERRUPTED
    two_faced = _say_equivocations(cache)
    return codes.FAILED if two_faced else _code(tally.verdicts)


def _say_equivocations(cache: Cache) -> bool:
    """Sound the alarm over works that were signed twice: no honest service does that."""
    found = equivocations(cache, load_keys(config_dir()))
    for each in found:
        narrate(
            f"ALARM: {each.name} was signed with two different contents:"
            f" {', '.join(each.suffixes)}; `pith-tui cache show` each of them"
        )
    return bool(found)


def _add(
    tally: _Tally, swept: Swept, report: TextIO | None, query: Query, named: list[str]
) -> _Tally:
    tally = _Tally(swept.until, tally.verdicts + swept.verdicts, tally.checks + swept.checks)
    for each in swept.notable:
        if len(named) < _SHOWN:
            named.append(f"{each.suffix}  {each.verdict}  {', '.join(each.checks)}")
        if report is not None:
            report.write(to_line({**each._asdict(), "checks": list(each.checks)}))
    if report is not None:
        report.write(to_line({"sum": _sum_object(tally), "filter": list(query)}))
        report.flush()
    return tally


def _sum_object(tally: _Tally) -> dict[str, object]:
    return {
        "after": tally.after,
        "verdicts": dict(tally.verdicts),
        "checks": dict(tally.checks),
    }


def _open_report(path: str | None, *, resume: bool) -> TextIO | None:
    if path is None:
        return None
    try:
        return open(path, "a" if resume else "x", encoding="utf-8")
    except FileExistsError:
        raise UsageError(
            f"{path} is there already", "--resume goes on with it; or give a new name"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _resumed(path: str | None, query: Query) -> _Tally:
    """Read where a report ended; what stands behind its last sum is verified once more."""
    if path is None or not Path(path).exists():
        raise UsageError("there is no report to resume", "give the one of --report")
    found, end = None, 0
    with open(path, "r+b") as file:
        while line := file.readline():
            try:
                entry = json.loads(line)
            except ValueError:
                break  # the line that was being written when the program was ended
            if "sum" in entry:
                found, end = entry, file.tell()
        file.truncate(end)
    if found is None:
        return _Tally(0, Counter(), Counter())
    if found["filter"] != list(query):
        raise UsageError("that report is of another filter", "give the filter it began with")
    total = found["sum"]
    return _Tally(total["after"], Counter(total["verdicts"]), Counter(total["checks"]))


def _say(tally: _Tally, total: int, named: list[str], options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.write(to_text({**_sum_object(tally), "records": total}))
        return
    print(f"{tally.verdicts.total():,} of {total:,} records")
    for verdict, count in tally.verdicts.most_common():
        print(f"  {count:>10,}  {verdict}")
    if tally.checks:
        print("what stood in the way")
    for check, count in tally.checks.most_common():
        print(f"  {count:>10,}  {check}")
    for line in named:
        print(line)
    rest = tally.verdicts.total() - tally.verdicts[Verdict.VERIFIED.value] - len(named)
    if rest > 0:
        print(f"… and {rest:,} more: --report FILE names them all")


def _code(verdicts: Counter[str]) -> int:
    if verdicts[DAMAGED] or verdicts[Verdict.FAILED.value]:
        return codes.FAILED
    return codes.UNDECIDED if verdicts[Verdict.UNDECIDED.value] else codes.OK
