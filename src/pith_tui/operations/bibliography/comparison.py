"""What one entry says of one id, beside what the record of that id proves."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.operations.bibliography.entries import Entry
from pith_tui.operations.bibliography.text_titles import (
    is_part,
    nearest,
    states_title,
    title_passages,
)
from pith_tui.operations.bibliography.titles import (
    Comparison,
    compare_titles,
    written_forms,
)
from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.spellings import hex_digest
from pith_tui.protocol.text_hash import UnreadableTextError, matching_reading


class Result(Enum):
    """The result of checking an entry, or one id of it; the worst first."""

    FAILED = "record failed"
    IMPOSSIBLE = "impossible id"
    OTHER = "other title"
    NO_RECORD = "no record"
    NOT_CHECKED = "not checked"
    PART = "part of the title"
    NO_ID = "no id"
    SAME = "same title"


WORST_FIRST = tuple(Result)


class Reason(Enum):
    """Why an id was not checked."""

    NOT_REACHED = "not reached"
    """No server could say; the error says why."""
    NOT_ASKED = "not asked"
    """The asking ended before its turn: no server had answered for a while, or it was cancelled."""
    NOT_STORED = "not stored"
    NOT_PROVED = "title not proved"
    """The record is not VERIFIED, or its title is only claimed."""
    NO_TITLE_IN_RECORD = "no title in the record"
    """The record shows no title, and its signed hash is of none of the entry's readings."""
    NO_TITLE_IN_ENTRY = "no title in the entry"
    UNREADABLE_TITLE = "title not readable"
    """The entry's title holds bytes that are not UTF-8, and so could not be compared."""


class RecordFacts(NamedTuple):
    """What is kept of a record that was looked up and verified: bytes and tree may be large.

    ``title_hash`` is the signed one, None where it is not signed; ``findings`` are the numbers of
    integrity findings by severity, as the record claims them, the worst first.
    """

    verdict: Verdict
    suffix: str | None
    number: str | None
    digest: str | None
    key_id: str | None
    version: int | None
    first_year: int | None
    title: str | None
    is_title_proved: bool
    title_hash: bytes | None
    authors: str | None
    findings: tuple[tuple[str, int], ...]
    origin: Origin
    where: str
    checked_at: datetime | None


_SEVERITIES = ("critical", "advisory", "informational")


def record_facts(fetched: FetchedRecord) -> RecordFacts:
    """Take from a record what a check needs, each value as far as it is signed or proved."""
    checked = fetched.checked
    record, catalog, report = checked.record, checked.catalog, checked.report
    metadata = ("canonical_record", "metadata")
    hash_path = record.place(*metadata, "title_canon_sha256")
    is_hash_signed = checked.marks.get(hash_path) is Mark.SIGNED
    year = None if catalog is None else catalog.year
    number = None
    if catalog is not None and year is not None:
        number = f"pith:{year:04}:{catalog.suffix}"
    return RecordFacts(
        report.verdict,
        None if catalog is None else catalog.suffix,
        number,
        _digest_of(record),
        None if report.signer is None else report.signer.key_id,
        None if catalog is None else catalog.version,
        year,
        None if checked.title is None else checked.title.text,
        checked.title is not None and checked.title.mark is Mark.PROVED,
        hex_digest(record.value_at(*metadata, "title_canon_sha256")) if is_hash_signed else None,
        record.text("paper", "authors_text"),
        tuple(
            (severity, count)
            for severity in _SEVERITIES
            if (count := record.integer("graph_snapshot", "integrity", "summary", severity))
        ),
        fetched.origin,
        fetched.where,
        fetched.checked_at,
    )


def _digest_of(record: Record) -> str | None:
    try:
        canonical = record.canonical_record
        return None if canonical is None else canonical_digest(canonical).hex()
    except NotCanonicalError:
        return None


class TitleMatch(NamedTuple):
    """The result of comparing an entry with a record, and the entry's title as it was read."""

    result: Result
    reason: Reason | None
    written: str | None


def compare_entry(entry: Entry, facts: RecordFacts) -> TitleMatch:
    """Compare an entry's title with the proved one of a record."""
    written = entry.value("title")
    if facts.verdict is Verdict.FAILED:
        return TitleMatch(Result.FAILED, None, written)
    if facts.verdict is not Verdict.VERIFIED:
        return TitleMatch(Result.NOT_CHECKED, Reason.NOT_PROVED, written)
    if "text" in (field.name for field in entry.fields):
        return _compare_text(entry, facts)
    if not written:
        return TitleMatch(Result.NOT_CHECKED, Reason.NO_TITLE_IN_ENTRY, None)
    if not facts.is_title_proved or facts.title is None:
        return _compare_hash((written,), facts)
    return _readable(_RESULTS[compare_titles(written, facts.title)], written)


_RESULTS = {
    Comparison.SAME: Result.SAME,
    Comparison.PART: Result.PART,
    Comparison.OTHER: Result.OTHER,
}


def _compare_text(entry: Entry, facts: RecordFacts) -> TitleMatch:
    passages = title_passages(entry)
    if not facts.is_title_proved or facts.title is None:
        return _compare_hash(passages, facts)
    if states_title(entry, facts.title):
        return TitleMatch(Result.SAME, None, facts.title)
    if not passages:
        return TitleMatch(Result.NOT_CHECKED, Reason.NO_TITLE_IN_ENTRY, None)
    result = Result.PART if is_part(passages, facts.title) else Result.OTHER
    return _readable(result, nearest(passages, facts.title))


def _readable(result: Result, written: str) -> TitleMatch:
    """Return a comparison, but no difference that a byte of another encoding may explain."""
    if result is Result.OTHER and "\ufffd" in written:
        return TitleMatch(Result.NOT_CHECKED, Reason.UNREADABLE_TITLE, written)
    return TitleMatch(result, None, written)


def _compare_hash(titles: tuple[str, ...], facts: RecordFacts) -> TitleMatch:
    """Compare with the signed hash alone: it can show that a title is the one, not how it differs.

    A record need not show its title; the hash of it is signed all the same.
    """
    written = titles[0] if titles else None
    if facts.title_hash is None or facts.title is not None:
        return TitleMatch(Result.NOT_CHECKED, Reason.NOT_PROVED, written)
    for title in titles:
        for form in written_forms(title):
            try:
                if matching_reading(form, facts.title_hash) is not None:
                    return TitleMatch(Result.SAME, None, title)
            except UnreadableTextError:
                continue
    return TitleMatch(Result.NOT_CHECKED, Reason.NO_TITLE_IN_RECORD, written)
