"""What the archive screen has done in threads: each opens the cache for itself and can be stopped.

A connection of its own keeps a long job from making the reader of a record wait.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from pith_tui.errors import CacheError, NotARecordError, UsageError
from pith_tui.lookup.stored_versions import find_in_cache
from pith_tui.operations.export_records import export_lines_to, export_mirror
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.operations.import_records import ImportCounts, import_all
from pith_tui.operations.job import Findings, Job
from pith_tui.operations.verify_all import find_equivocations, verify_all
from pith_tui.operations.verify_ranges import verify_stored
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.pasted_text import identifier_in
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.store import records
from pith_tui.store.cache import Cache
from pith_tui.store.records import CacheInfo, PruneCandidate, StoredRecord
from pith_tui.tui.render.layout import shown
from pith_tui.user.files import resolve_path

MOST_SKIPPED = 200
"""Things that an import skipped and that are named; the others are counted."""
MOST_DOOMED = 500
"""Records named before they are removed; the others are counted."""
_TITLE = 200
_CHUNK = 500
_FIRST = 1000
"""Records among which verified ones are looked for, to be listed."""
_STEPS = 10_000
"""Steps of SQLite's machine between two looks at whether it is to stop."""

_T = TypeVar("_T")


def _open(path: Path) -> closing[Cache]:
    return closing(Cache.open(path, notice=lambda _: None))


def _until_stopped(things: Iterator[_T], job: Job) -> Iterator[_T]:
    for each in things:
        if job.stopped:
            return
        yield each


def describe(path: Path, job: Job, *, thorough: bool) -> CacheInfo:
    """Look at the archive.  Raises CacheError, also where the job is stopped before it is done."""
    with _open(path) as cache:
        with cache.reading() as connection:
            # Looking through a large file takes long, and whoever quits should not wait for it.
            connection.set_progress_handler(lambda: job.stopped, _STEPS)
        return records.cache_info(cache, thorough=thorough)


def begin_verification(path: Path, findings: Findings, at: datetime) -> None:
    """Make ready to verify everything that is held now."""
    with _open(path) as cache:
        findings.begin(until=records.last_number(cache), total=records.count_records(cache), at=at)


def verify_on(path: Path, trusted: Sequence[PublicKey], findings: Findings, job: Job) -> str:
    """Verify from where the findings end; says how it ended.  Raises CacheError."""
    job.total = findings.total
    results = verify_all(
        path, records.EVERYTHING, trusted, after=findings.after, until=findings.until
    )
    with closing(results):
        for swept in _until_stopped(results, job):
            findings.add(swept)
            job.done = findings.done
    if job.stopped:
        return f"stopped after {findings.done:,} records: u goes on"
    look_for_rivals(path, trusted, findings)
    return f"{findings.done:,} records verified in {job.seconds:.1f} seconds"


def first_verified(path: Path, trusted: Sequence[PublicKey]) -> list[str]:
    """Return the suffixes of those among the first records that verify now.  Raises CacheError."""
    with _open(path) as cache:
        found = [
            verify_stored(item, trusted) for item in islice(records.iter_records(cache), _FIRST)
        ]
    return [each.suffix for each in found if each.verdict == Verdict.VERIFIED.value]


def look_for_rivals(path: Path, trusted: Sequence[PublicKey], findings: Findings) -> str:
    """Look for works that were signed with two contents; says what was found."""
    with _open(path) as cache:
        findings.rivals = find_equivocations(cache, trusted)
    count = len(findings.rivals)
    if not count:
        return "no work was signed twice"
    return f"ALARM: {'one work was' if count == 1 else f'{count:,} works were'} signed twice"


class BroughtIn(NamedTuple):
    """What an import came to, and the first things that it skipped, each with the reason."""

    done: ImportCounts
    skipped: list[tuple[str, str]]


def bring_in(path: Path, source: str, now: datetime, job: Job) -> BroughtIn:
    """Keep the records of a file or directory.  Raises CacheError and UsageError."""
    where = resolve_path(source)
    if not (os.path.isfile(where) or os.path.isdir(where)):
        # Nor a pipe, which might never say anything, and a thread that waits cannot be stopped.
        raise UsageError(f"there is no file {where}", "give a file or a directory")
    skipped: list[tuple[str, str]] = []

    def skip(name: str, why: str) -> None:
        if len(skipped) < MOST_SKIPPED:
            skipped.append((name, why))

    def progress(count: int) -> None:
        job.done = count

    with _open(path) as cache:
        candidates = _until_stopped(iter_inputs([str(where)], io.BytesIO(), now), job)
        return BroughtIn(import_all(cache, candidates, skip, progress), skipped)


def take_out(
    path: Path, target: Path, now: datetime, job: Job, *, mirror: bool, overwrite: bool = False
) -> str:
    """Write everything into a file of lines or a directory; says how it ended.

    A file that is there is replaced only with ``overwrite``, once the new one is whole.  Raises
    CacheError and UsageError.
    """
    if target.resolve().parent == path.resolve().parent and target.name.startswith(path.name):
        raise UsageError(f"{target} is the archive's own file", "give another name")
    faults: list[str] = []

    def faulty(item: StoredRecord) -> None:
        faults.append(item.suffix)

    def progress(count: int) -> None:
        job.done = count
        if job.stopped:
            raise _StoppedError

    with _open(path) as cache:
        job.total = records.count_records(cache)
        try:
            if mirror:
                written = export_mirror(records.iter_records(cache), target, now, faulty, progress)
            else:
                written = export_lines_to(
                    records.iter_records(cache), target, faulty, progress, overwrite=overwrite
                )
        except _StoppedError:
            left = f"; what was written stays in {target}" if mirror else "; nothing was written"
            return f"stopped after {job.done:,} records{left}"
    damaged = f"; {len(faults):,} are damaged and left out" if faults else ""
    return f"{written:,} records written to {target}{damaged}"


class _StoppedError(Exception):
    """The job was asked to end while an export was at it."""


class Limit(NamedTuple):
    """What pruning leaves: what was checked since, so many records, or so many bytes."""

    before: datetime | None = None
    keep: int | None = None
    max_bytes: int | None = None


_LIMIT = re.compile(r"([0-9]{1,12})\s*(days?|d|records?|r|[kmg](?:i?b)?)\Z", re.ASCII)
_UNITS = {"k": 10, "m": 20, "g": 30}


def parse_limit(text: str, now: datetime) -> Limit:
    """Read ``90 days``, ``5000 records`` or ``200M``; raises UsageError for anything else."""
    found = _LIMIT.match(text.strip().lower())
    if found is None:
        raise UsageError(
            f"this is no limit: {text[:40]!r}", "give 90 days, 5000 records, 200M or 1G"
        )
    amount, unit = int(found[1]), found[2]
    if unit.startswith("d"):
        try:
            return Limit(before=now - timedelta(days=amount))
        except OverflowError:
            raise UsageError(f"{amount} days ago there was no archive") from None
    if unit.startswith("r"):
        return Limit(keep=amount)
    return Limit(max_bytes=amount << _UNITS[unit[0]])


def find_doomed(path: Path, limit: Limit, spared: Collection[str]) -> list[PruneCandidate]:
    """List what pruning would remove; removes nothing.  Raises CacheError."""
    with _open(path) as cache:
        candidates = records.select_for_pruning(cache, **limit._asdict())
    return [each for each in candidates if each.suffix not in spared]


def names_of(path: Path, candidates: Sequence[PruneCandidate]) -> dict[str, str]:
    """Return the claimed id and title of the first records by suffix; damaged ones have none.

    Raises CacheError where the archive cannot be opened.
    """
    names: dict[str, str] = {}
    with _open(path) as cache:
        for each in candidates[:MOST_DOOMED]:
            with contextlib.suppress(CacheError, NotARecordError):
                held = cache.latest(each.suffix)
                if held is not None:
                    record = Record(held.raw)
                    title = shown(record.title or "(no title)", limit=_TITLE)
                    names[each.suffix] = f"{record.source.text} · {title}"
    return names


def remove(path: Path, suffixes: Sequence[str], job: Job) -> str:
    """Remove records, some at a time; says how many.  Raises CacheError."""
    job.total = len(suffixes)
    with _open(path) as cache:
        for start in range(0, len(suffixes), _CHUNK):
            if job.stopped:
                break
            job.done += records.remove(cache, suffixes[start : start + _CHUNK])
        words = f"removed {job.done:,} record{'' if job.done == 1 else 's'}"
        try:
            if job.done >= _CHUNK:
                records.compact(cache)
        except CacheError as error:
            return f"{words}; their room was not given back: {error}"
    return words


def find_held(path: Path, text: str, today: date) -> list[str]:
    """Return the suffixes that an identifier names.

    Raises IdentifierError, CacheError, and NotFoundError where none is held.
    """
    with _open(path) as cache:
        return find_in_cache(cache, identifier_in(text, today), "the library lists what is")
