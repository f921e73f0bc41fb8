"""The verdict's two lines: what it covers and what not, what is wrong, or what is missing.

They stand under the verdict wherever one is shown.  Of the record they quote only what is signed,
and of texts nothing at all: so nothing in them can pass for the program's own words.
"""

from __future__ import annotations

from pith_tui.output.check_text import CHECK_NAMES, check_name, check_sentence, place_label
from pith_tui.output.licences import licence_name
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Outcome, Reason, Report, Verdict

_WHAT_TO_DO = {
    Reason.NO_CANONICAL_RECORD: "look the record up on a server, which sends it whole",
    Reason.NO_SIGNATURE: "the service may not have signed it yet: look it up again later",
    Reason.NO_TRUSTED_KEY: "if you have the key from its owner, add it with `pith-tui keys add`",
    Reason.RECEIPT_UNKNOWN: "a newer version of pith-tui may know this kind of receipt",
    Reason.NO_RULE: "a newer version of pith-tui may know this kind of record",
    Reason.NEWER_RULES: "a newer version of pith-tui may know these rules",
    Reason.NOT_STATED: "look the record up on a server, which sends it whole",
    Reason.NOT_DERIVABLE: "ask for it by arXiv id or Pith Number",
    Reason.TOO_LARGE: "nothing in it was checked",
    Reason.NOT_A_RECORD: "check the file or the address that it came from",
}
_OTHERWISE = "compare it with a copy from another server or an earlier day"
_MOST_NAMED = 3


def verdict_lines(checked: CheckedRecord) -> tuple[str, str]:
    """Return the two lines that stand under the verdict of a record."""
    report = checked.report
    if report.verdict is Verdict.VERIFIED:
        return _covered(checked), _not_covered(checked)
    if report.verdict is Verdict.FAILED:
        return _wrong(report)
    return _missing(report)


def _covered(checked: CheckedRecord) -> str:
    record = checked.record
    metadata = record.mapping("canonical_record", "metadata")
    source = record.canonical_source
    covered = ["id"]
    if source.version is not None:
        covered.append(f"version {source.version}")
    submitted = metadata.get("submitted_at")
    if isinstance(submitted, str) and submitted[:10].replace("-", "").isdecimal():
        covered.append(f"submitted {submitted[:10]}")
    if "primary_cat" in metadata:
        covered.append("categories")
    licence = metadata.get("license")
    if isinstance(licence, str):
        covered.append(licence_name(licence))
    if checked.title is not None and checked.title.mark is Mark.PROVED:
        covered.append("title")
    if checked.marks.get(("paper", "abstract_excerpt")) is Mark.PROVED:
        covered.append("abstract")
    return f"covers: {', '.join(covered)}"


def _not_covered(checked: CheckedRecord) -> str:
    missing = []
    if checked.title is not None and checked.title.mark is not Mark.PROVED:
        missing.append("title")
    missing.append("authors")
    if checked.marks.get(("paper", "abstract_excerpt")) is not Mark.PROVED:
        missing.append("abstract (excerpt)")
    missing += ["citations", "claims"]
    return _with_conflicts(checked.report, f"not covered: {', '.join(missing)}")


def _wrong(report: Report) -> tuple[str, str]:
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    first = failed[0]
    second = f"at {_places(first)}" if any(part.path for part in first.deciding) else ""
    others = ", ".join(CHECK_NAMES[check.id] for check in failed[1:])
    if others:
        second = f"{second}; also failed: {others}" if second else f"also failed: {others}"
    return f"{check_name(first)}: {check_sentence(first, report)}", second or "nothing else failed"


def _places(check: Check) -> str:
    labels = list(dict.fromkeys(place_label(part.path) for part in check.deciding if part.path))
    more = len(labels) - _MOST_NAMED
    return ", ".join(labels[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _missing(report: Report) -> tuple[str, str]:
    waiting = [c for c in report.checks if c.required and c.outcome is not Outcome.PASSED]
    first = waiting[0]
    hint = _WHAT_TO_DO.get(first.reason, _OTHERWISE)
    second = _with_conflicts(report, f"what to do: {hint}")
    return f"{check_name(first)}: {check_sentence(first, report)}", second


def _with_conflicts(report: Report, line: str) -> str:
    if not report.conflicts:
        return line
    return f"{line}; conflict: {', '.join(CHECK_NAMES[each] for each in report.conflicts)}"
