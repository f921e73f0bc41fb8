"""Records out of files: single ones, lines, compressed, directories, tars, bundles, a stream.

Whatever the size of what is read, at most one record and a line of it are in memory.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from pith_tui.errors import NotARecordError, UsageError
from pith_tui.protocol.record import Record
from pith_tui.protocol.strict_json import MAX_SIZE
from pith_tui.sources.cache import Cache, Entry
from pith_tui.sources.filing import filing_of

_BATCH = 1000
_ENDINGS = (".json", ".jsonl", ".ndjson", ".gz", ".tar", ".tgz")
_READ_ERRORS = (OSError, EOFError, zlib.error, tarfile.TarError)


class Candidate(NamedTuple):
    """Bytes that may be a record, or why there are none; ``name`` says where they stand."""

    name: str
    raw: bytes
    at: datetime
    fault: str = ""


class Imported(NamedTuple):
    """What an import came to."""

    new: int
    known: int
    skipped: int


def import_all(
    cache: Cache,
    candidates: Iterator[Candidate],
    skipped: Callable[[str, str], None],
    progress: Callable[[int], None],
) -> Imported:
    """Keep every record among the candidates; ``skipped`` is told of each that is none, and why.

    ``progress`` is told now and then how many candidates were looked at.  Raises CacheError; what
    was kept by then stays.
    """
    new = faults = number = 0
    batch: list[Entry] = []
    for number, candidate in enumerate(candidates, 1):
        entry = _entry(candidate)
        if isinstance(entry, str):
            faults += 1
            skipped(candidate.name, entry)
        else:
            batch.append(entry)
        if len(batch) == _BATCH:
            new += cache.store_many(batch)
            batch = []
        if number % _BATCH == 0:
            progress(number)
    new += cache.store_many(batch) if batch else 0
    progress(number)
    return Imported(new, number - faults - new, faults)


def _entry(candidate: Candidate) -> Entry | str:
    if candidate.fault:
        return candidate.fault
    try:
        filing = filing_of(Record(candidate.raw))
    except NotARecordError as error:
        return str(error)
    if filing is None:
        return "nothing in it says which record it is"
    return Entry(candidate.raw, filing, f"import:{candidate.name}", None, candidate.at)


def candidates_in(paths: Sequence[str], stdin: BinaryIO, now: datetime) -> Iterator[Candidate]:
    """Read files, directories and ``-``; raises UsageError for a path that is not there."""
    for text in paths:
        if text == "-":
            yield from _in_stream(stdin, "standard input", now)
            continue
        path = Path(text)
        if path.is_dir():
            for below in _files_below(path):
                yield from _in_file(below)
        elif path.exists():
            yield from _in_file(path)
        else:
            raise UsageError(f"there is no file {text}", "give a file, a directory or -")


def _files_below(directory: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(directory):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(_ENDINGS))


def _in_file(path: Path) -> Iterator[Candidate]:
    at = datetime.fromtimestamp(0, UTC)
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if path.name.endswith((".tar", ".tgz", ".tar.gz")):
            yield from _in_tar(path, at)
        else:
            with path.open("rb") as file:
                yield from _in_stream(cast(BinaryIO, file), str(path), at)
    except _READ_ERRORS as error:
        yield Candidate(str(path), b"", at, f"cannot be read: {error}")


def _in_tar(path: Path, at: datetime) -> Iterator[Candidate]:
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            if file is not None and member.name.endswith(_ENDINGS[:4]):
                yield from _in_stream(cast(BinaryIO, file), f"{path}/{member.name}", at)


def _in_stream(stream: BinaryIO, name: str, at: datetime) -> Iterator[Candidate]:
    """Read one record, or lines with one each; compressed or not."""
    start = _read(stream, 2)
    if start == b"\x1f\x8b":
        unpacked = gzip.GzipFile(fileobj=cast(BinaryIO, _Again(start, stream)))
        try:
            yield from _in_stream(cast(BinaryIO, unpacked), name, at)
        except _READ_ERRORS as error:
            yield Candidate(name, b"", at, f"cannot be unpacked: {error}")
        return
    start += _read(stream, MAX_SIZE + 1 - len(start))
    if not start.strip():
        return
    if len(start) <= MAX_SIZE and not _is_lines(start):
        yield Candidate(name, start, at)
        return
    reader = io.BufferedReader(cast(io.RawIOBase, _Again(start, stream)), 1 << 16)
    yield from _lines(reader, name, at)


def _is_lines(text: bytes) -> bool:
    """Tell lines with a record each from one record that is written over several lines."""
    first, _, rest = text.strip().partition(b"\n")
    return bool(rest.strip()) and first.rstrip().endswith(b"}") and first.startswith(b"{")


def _lines(reader: io.BufferedIOBase, name: str, at: datetime) -> Iterator[Candidate]:
    number = 0
    while line := reader.readline(MAX_SIZE + 2):
        number += 1
        place = f"{name}:{number}"
        if len(line) > MAX_SIZE + 1:
            while line and not line.endswith(b"\n"):
                line = reader.readline(1 << 16)
            yield Candidate(place, b"", at, f"longer than the {MAX_SIZE:,} bytes of a record")
        elif line.strip():
            yield Candidate(place, line.rstrip(b"\r\n"), at)


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, fewer only at the end: pipes give what they have."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class _Again(io.RawIOBase):
    """A stream whose first bytes, already read, are given once more."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._stream = stream

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, as ``io.RawIOBase`` asks."""
        size = len(buffer)
        piece = self._start[:size] if self._start else self._stream.read(size)
        self._start = self._start[size:]
        buffer[: len(piece)] = piece
        return len(piece)
