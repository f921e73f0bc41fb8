"""``pith-tui check``: compare the titles of a reference list with signed records."""

from __future__ import annotations

import argparse
import asyncio
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import message, open_service
from pith_tui.cli.json_output import JsonOutput, json_options, json_output, report_error
from pith_tui.cli.parser import rate_option, source_options
from pith_tui.cli.progress import Progress
from pith_tui.errors import PithError, UnreachableError
from pith_tui.lookup import JOBS
from pith_tui.lookup.service import RecordService
from pith_tui.operations.bibliography.comparison import Reason, Result
from pith_tui.operations.bibliography.reading import (
    MAX_SIZE,
    Format,
    SourceFile,
    read_source,
)
from pith_tui.operations.bibliography.remarks import COUNTED
from pith_tui.operations.check_bibliography import (
    BibliographyCheck,
    EntryResult,
    IdResult,
)
from pith_tui.output.check_plan import plan_line

DESCRIPTION = """\
Check the titles of a reference list against the signed records of the cited ids.
Run it again to resume after an interruption: what was fetched is in the cache."""

EPILOG = """\
examples:
  pith-tui check refs.bib
  pith-tui check paper.bbl --offline          only with what is in the cache
  pdftotext paper.pdf - | pith-tui check -    the references of a PDF
  pith-tui check refs.bib --suggest           a diff of single fields; writes no file

A title that differs is a remark, not an accusation: an honest list may give the title of an
older version or leave out a subtitle.  docs/check.md says how titles are compared.

The exit code is 0 if every entry that can be checked has the title of its record or a part of
it, 6 for another title or an impossible id, 3 if nothing can be checked, otherwise as for other
commands."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui check``."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help=".bib, .bbl, .tex, .md, .txt; - for standard input"
    )
    parser.add_argument(
        "--from",
        dest="form",
        choices=[form.value for form in Format],
        help="the format of the files (default: detected from their content)",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also list entries with the same title and entries without an id",
    )
    rate_option(parser)
    parser.add_argument(
        "--strict",
        action="store_true",
        help="also exit with code 6 for remarks: year, first author, newer version, findings",
    )
    source_options(parser)
    form = parser.add_mutually_exclusive_group()
    json_options(form)
    form.add_argument(
        "--suggest",
        action="store_true",
        help="print a diff of single fields where the titles agree",
    )


def run(options: argparse.Namespace) -> int:
    """Check every file; the exit code is that of the worst entry."""
    form = None if options.form is None else Format(options.form)
    output = json_output(options, "check/1")
    files, codes = _read_files(options.files, form, output)
    if not files:
        if output is not None:
            output.end()
        return exit_codes.worst(codes)
    with open_service(options) as service:
        check = BibliographyCheck(service, files, refresh=options.refresh)
        try:
            _look_up(check, service, options.rate)
            results = _compare(check)
        except KeyboardInterrupt:
            message("interrupted; run the same command again to resume")
            return exit_codes.INTERRUPTED
    _print(results, files, options, output)
    return exit_codes.worst([*codes, *_codes(results, options)])


def _read_files(
    names: list[str], form: Format | None, output: JsonOutput | None
) -> tuple[list[SourceFile], list[int]]:
    """Read each file once; report unreadable ones and return their exit codes."""
    files, codes = [], []
    for name in dict.fromkeys(names):
        try:
            if name == "-":
                raw = sys.stdin.buffer.read(MAX_SIZE + 1)
                files.append(SourceFile("stdin", raw, form))
            else:
                files.append(read_source(name, form))
        except PithError as error:
            report_error(output, name, error)
            codes.append(exit_codes.exit_code(error))
    return files, codes


def _look_up(check: BibliographyCheck, service: RecordService, rate: float) -> None:
    """Use the stored records, announce the requests, and make them."""
    progress = Progress("Reading the cache", len(check.identifiers))
    check.find_stored(progress.update)
    progress.end()
    to_ask = check.to_ask
    servers: tuple[str, ...] = ()
    if to_ask:
        servers = service.new_remote().servers
    message(plan_line(len(check.identifiers), check.stored, len(to_ask), servers, rate))
    if not to_ask:
        return
    progress = Progress("Asking", len(to_ask))
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        progress.update(done)

    def notice(text: str) -> None:
        progress.end()
        message(text)

    try:
        asyncio.run(check.ask_servers(notice, count, rate=rate, jobs=JOBS))
    finally:
        progress.end()
    if done < len(to_ask):
        left = f"{len(to_ask) - done:,} of {len(to_ask):,} ids"
        message(f"no server could be reached: {left} were not asked for")
        message("  run the same command again to resume")


def _compare(check: BibliographyCheck) -> list[EntryResult]:
    progress = Progress("Comparing", check.entries)
    results = []
    for result in check.results():
        results.append(result)
        progress.update(len(results))
    progress.end()
    return results


def _print(
    results: list[EntryResult],
    files: list[SourceFile],
    options: argparse.Namespace,
    output: JsonOutput | None,
) -> None:
    from pith_tui.output import check_report

    if output is not None:
        for file in files:
            output.add(check_report.file_object(file, results))
        output.end()
        return
    if options.suggest:
        from pith_tui.output.check_suggestions import suggested_diff

        for file in files:
            sys.stdout.write(suggested_diff(file, results))
        for line in check_report.other_record_lines(results):
            message(line)
        return
    for line in check_report.report_lines(
        results, files, everything=options.all, strict=options.strict
    ):
        print(line)
    if not any(result.ids for result in results):
        message(check_report.nothing_checked(results))


def _codes(results: list[EntryResult], options: argparse.Namespace) -> list[int]:
    checked = [compared for result in results for compared in result.ids]
    if not checked:
        return [exit_codes.UNDECIDED]
    codes = [_code(compared, strict=options.strict) for compared in checked]
    if options.refresh and any(
        isinstance(compared.error, UnreachableError) for compared in checked
    ):
        codes.append(exit_codes.UNREACHABLE)  # the stored record was compared nevertheless
    return codes


_BY_RESULT = {
    Result.FAILED: exit_codes.FAILED,
    Result.IMPOSSIBLE: exit_codes.ATTENTION,
    Result.OTHER: exit_codes.ATTENTION,
    Result.NO_RECORD: exit_codes.NOT_FOUND,
    Result.PART: exit_codes.OK,
    Result.SAME: exit_codes.OK,
}
_BY_REASON = {
    Reason.NOT_REACHED: exit_codes.UNREACHABLE,
    Reason.NOT_ASKED: exit_codes.UNREACHABLE,
    Reason.NOT_STORED: exit_codes.NOT_FOUND,
}


def _code(result: IdResult, *, strict: bool) -> int:
    if result.reason is not None:
        code = _BY_REASON.get(result.reason, exit_codes.UNDECIDED)
    else:
        code = _BY_RESULT[result.result]
    needs_attention = any(finding.kind.is_alarm for finding in result.findings) or (
        strict and (result.findings or any(remark.kind in COUNTED for remark in result.remarks))
    )
    return exit_codes.worst((code, exit_codes.ATTENTION)) if needs_attention else code
