"""The verdict's two lines: what it covers and what not, what is wrong, or what is missing.

They stand under the verdict wherever one is shown.  They quote only signed values of the record,
and no free text: so nothing in them can pass for the program's own words.  Each is written in
several lengths, and the longest that fits is taken: cut by its end, a line could say something
else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pith_tui.output.cells import cell_width, cut
from pith_tui.output.check_text import (
    CHECK_NAMES,
    check_name,
    check_number,
    check_sentence,
    place_label,
)
from pith_tui.output.licences import licence_name
from pith_tui.output.safe import safe
from pith_tui.patterns import pattern
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Outcome, Reason, Report, Verdict

_MAX_NAMED = 3
_CATEGORY = pattern(r"[a-z]{2,8}(?:-[a-z]{2,8})?(?:\.[A-Za-z]{2,4}(?:-[a-z]{2,8})?)?\Z", re.ASCII)
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", re.ASCII)


def verdict_lines(checked: CheckedRecord, width: int | None = None) -> tuple[str, str]:
    """Return the two lines that stand under the verdict of a record, safe to be shown.

    With a ``width`` in cells each is written so short that it fits; without one, in full.
    """
    report = checked.report
    if report.verdict is Verdict.VERIFIED:
        lines = _covered(checked), _not_covered(checked)
    elif report.verdict is Verdict.FAILED:
        lines = _wrong(report), _where(report)
    else:
        lines = _missing(report), _to_do(report)
    return _fitting(lines[0], width), _fitting(lines[1], width)


def _fitting(candidates: Iterator[str], width: int | None) -> str:
    """Return the first of the candidates, the longest first, that fits; else the last one cut."""
    line = ""
    for candidate in candidates:
        line = safe(candidate)
        if width is None or cell_width(line) <= width:
            return line
    return line if width is None else cut(line, width)


# VERIFIED


class _Covered(NamedTuple):
    """Something that the verdict covers, in full and in short; ``rank`` 0 is the last to go."""

    full: str
    short: str
    rank: int


def _covered(checked: CheckedRecord) -> Iterator[str]:
    covered = list(_all_covered(checked))
    yield f"covers: {', '.join(item.full for item in covered)}"
    yield f"covers: {', '.join(item.short for item in covered)}"
    for rank in range(max(item.rank for item in covered), 0, -1):
        covered = [item for item in covered if item.rank < rank]
        yield f"covers: {', '.join(item.short for item in covered)}, …"


def _all_covered(checked: CheckedRecord) -> Iterator[_Covered]:
    record = checked.record
    metadata, version = record.mapping("canonical_record", "metadata"), record.canonical_source
    yield _Covered("id", "id", 0)
    if version.version is not None:
        yield _Covered(f"version {version.version}", f"v{version.version}", 0)
    submitted = metadata.get("submitted_at")
    if isinstance(submitted, str) and _DAY.match(submitted):
        yield _Covered(f"submitted {submitted[:10]}", submitted[:10], 2)
    if (categories := _categories(metadata)) is not None:
        yield categories
    licence = metadata.get("license")
    if isinstance(licence, str):
        yield _Covered(licence_name(licence), licence_name(licence), 3)
    if checked.title is not None and checked.title.mark is Mark.PROVED:
        yield _Covered("title", "title", 1)
    if checked.marks.get(("paper", "abstract_excerpt")) is Mark.PROVED:
        yield _Covered("abstract", "abstract", 1)


def _categories(metadata: Mapping[str, object]) -> _Covered | None:
    """Name the signed categories, where they look like some; other texts are not quoted."""
    cross = metadata.get("cross_cats_sorted")
    listed = [metadata.get("primary_cat"), *(cross if isinstance(cross, list) else [])]
    names = list(dict.fromkeys(name for name in listed if isinstance(name, str)))
    if not names:
        return None
    if not all(map(_CATEGORY.match, names)):
        return _Covered("categories", "categories", 4)
    more = len(names) - 1
    short = f"{names[0]} +{more}" if more else names[0]
    full = " ".join(names) if len(names) <= _MAX_CATEGORIES else short
    return _Covered(full, short, 4)


_MAX_CATEGORIES = 6


def _not_covered(checked: CheckedRecord) -> Iterator[str]:
    missing = []
    if checked.title is not None and checked.title.mark is not Mark.PROVED:
        missing.append("title")
    missing.append("authors")
    excerpt = checked.marks.get(("paper", "abstract_excerpt")) is not Mark.PROVED
    full = [*missing, *(["abstract (excerpt)"] if excerpt else []), "citations", "claims"]
    short = [*missing, *(["abstract"] if excerpt else [])]
    for conflict in _before_a_line(checked.report):
        yield f"{conflict}not: {', '.join(full)}"
        yield f"{conflict}not: {', '.join([*short, 'citations', 'claims'])}"
        yield f"{conflict}not: {', '.join([*short, 'citations', '…'])}"
        yield f"{conflict}not: {', '.join([*short, '…'])}"
        yield f"{conflict}not: {', '.join([*missing, '…'])}"


def _conflicts(report: Report) -> Iterator[str]:
    """Yield the texts about conflicts: their names, then their number; empty for none."""
    if not report.conflicts:
        yield ""
        return
    count = len(report.conflicts)
    yield f"conflict: {', '.join(CHECK_NAMES[check] for check in report.conflicts)}"
    yield f"{count} conflict{'' if count == 1 else 's'}"


def _before_a_line(report: Report) -> Iterator[str]:
    """Yield the same to be followed by the rest of a line."""
    return (f"{conflict} · " if conflict else "" for conflict in _conflicts(report))


# FAILED


def _wrong(report: Report) -> Iterator[str]:
    first = _failed(report)[0]
    yield f"{check_name(first)}: {check_sentence(first, report)}"
    yield f"{check_name(first)}: {_WRONG[first.id]}"
    yield f"{check_number(first.id)} {_WRONG[first.id]}"


_WRONG = {
    "record": "the bytes have two readings",
    "asked": "not the record asked for",
    "digest": "the content was changed",
    "copies": "a copy is of another digest",
    "number": "not the number of this content",
    "year": "not the year of submission",
    "signature": "not signed by the key it names",
    "title": "not the title that was signed",
    "paper": "a value is not the signed one",
    "aliases": "an alias names another record",
    "graph": "the graph shows another value",
}
"""What is wrong in a few words, by the check that failed; no other check can fail."""


def _where(report: Report) -> Iterator[str]:
    first, *others = _failed(report)
    names = [CHECK_NAMES[check.id] for check in others]
    also = f"also failed: {', '.join(names)}" if names else ""
    count = f"{len(names)} more failed" if names else ""
    labels = _places(first)
    for conflict in _conflicts(report):
        for places in (labels[:_MAX_NAMED], labels[:1]):
            more = len(labels) - len(places)
            rest = f" and {more} more" if more > 0 else ""
            where = f"at {', '.join(places)}{rest}" if places else ""
            yield _joined(where, also, conflict)
            yield _joined(where, count, conflict)


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts)) or "no other check failed"


def _failed(report: Report) -> list[Check]:
    return [check for check in report.checks if check.outcome is Outcome.FAILED]


def _places(check: Check) -> list[str]:
    return list(dict.fromkeys(place_label(part.path) for part in check.deciding if part.path))


# UNDECIDED


class _Lack(NamedTuple):
    """What a required check lacks, in a few words, and what to do about it, long and short."""

    text: str
    to_do: str
    in_short: str


_ONLINE = ("look the record up on a server, which sends the whole record", "look it up on a server")
_NEWER = "try a newer version of pith-tui, which may know"
_UPDATE = "try a newer pith-tui"
_COMPARE = (
    "compare it with a copy from another server or an earlier date",
    "compare with another copy",
)
_LACKS = {
    Reason.NO_CANONICAL_RECORD: _Lack("no canonical record", *_ONLINE),
    Reason.BY_STATEMENT: _Lack("only by its own statement", *_ONLINE),
    Reason.NOT_STATED: _Lack("not stated", *_ONLINE),
    Reason.NO_DIGEST: _Lack("there is no digest", *_ONLINE),
    Reason.NO_SIGNATURE: _Lack(
        "no signature",
        "look it up again later; the service may not have signed it yet",
        "look it up again later",
    ),
    Reason.NO_TRUSTED_KEY: _Lack(
        "no trusted key signed it",
        "if you have the key from its owner, add it with `pith-tui keys add`",
        "add its key: `pith-tui keys add`",
    ),
    Reason.RECEIPT_UNKNOWN: _Lack("kind of receipt unknown", f"{_NEWER} this kind", _UPDATE),
    Reason.NO_RULE: _Lack("type of record unknown", f"{_NEWER} this type", _UPDATE),
    Reason.NEWER_RULES: _Lack("rules not known", f"{_NEWER} these rules", _UPDATE),
    Reason.NOT_DERIVABLE: _Lack(
        "nothing signed says so", "ask for it by arXiv id or Pith Number", "ask by its arXiv id"
    ),
    Reason.TOO_LARGE: _Lack(
        "too large to check", "do not rely on it: nothing in it was checked", "do not rely on it"
    ),
    Reason.NOT_A_RECORD: _Lack(
        "not a record", "check the file or the URL that it came from", "check its origin"
    ),
}
_UNREADABLE = _Lack("cannot be read", *_COMPARE)


def _waiting(report: Report) -> Check:
    return next(c for c in report.checks if c.required and c.outcome is not Outcome.PASSED)


def _missing(report: Report) -> Iterator[str]:
    check = _waiting(report)
    lack = _LACKS.get(check.reason, _UNREADABLE)
    yield f"{check_name(check)}: {check_sentence(check, report)}"
    yield f"{check_name(check)}: {lack.text}"


def _to_do(report: Report) -> Iterator[str]:
    lack = _LACKS.get(_waiting(report).reason, _UNREADABLE)
    for conflict in _before_a_line(report):
        yield f"{conflict}what to do: {lack.to_do}"
        yield f"{conflict}what to do: {lack.in_short}"
    yield f"what to do: {lack.in_short}"
