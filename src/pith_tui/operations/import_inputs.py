"""What an import reads: single records, lines, compressed, directories, tars, caches, a stream.

Whatever the size of what is read, at most one record and a line of it are in memory.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from pith_tui.errors import UsageError
from pith_tui.protocol.strict_json import MAX_SIZE

_RECORDS = (".json", ".jsonl", ".ndjson", ".gz")
_TARS = (".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")
_READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError)
_MIRRORS_OWN = ("pith-mirrors.json", "pith-signing-key.json")
"""Files of a mirror that are not records, and are not meant to be."""
_SQLITE = b"SQLite format 3\0"
_LAYERS = 3
"""How often one thing may be compressed over; each layer takes memory and time."""


class InputRecord(NamedTuple):
    """Bytes that may be a record, or why there are none; ``name`` says where they stand."""

    name: str
    raw: bytes
    at: datetime
    fault: str = ""


def iter_inputs(paths: Sequence[str], stdin: BinaryIO, now: datetime) -> Iterator[InputRecord]:
    """Read files, directories and ``-``; raises UsageError for a path that is not there.

    All paths are looked for before the first is read.
    """
    for text in paths:
        # An empty path would be the directory of the moment, which nobody has named.
        if text != "-" and not (text and Path(text).exists()):
            raise UsageError(f"there is no file {text!r}", "give a file, a directory or -")
    return _walk_paths(paths, stdin, now)


def _walk_paths(paths: Sequence[str], stdin: BinaryIO, now: datetime) -> Iterator[InputRecord]:
    for text in paths:
        if text == "-":
            yield from _guarded(_in_stream(stdin, "standard input", now), "standard input", now)
        elif Path(text).is_dir():
            yield from _walk_directory(Path(text), now)
        else:
            yield from _in_file(Path(text))


def _walk_directory(directory: Path, now: datetime) -> Iterator[InputRecord]:
    """Read what lies below a directory; what cannot be looked into is a candidate with a fault."""
    faults: list[OSError] = []
    for folder, folders, names in os.walk(directory, onerror=faults.append):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if not name.endswith((*_RECORDS, *_TARS)) or name in _MIRRORS_OWN:
                continue
            if _is_blocking_device(path):
                yield InputRecord(
                    str(path), b"", now, "is a pipe or device: name it to have it read"
                )
            else:
                yield from _in_file(path)
    for fault in faults:
        yield InputRecord(str(fault.filename), b"", now, f"cannot be read: {fault.strerror}")


def _is_blocking_device(path: Path) -> bool:
    """Tell a pipe, socket or device, which might never say anything or never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # and to be read in vain, so that it is said
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _in_file(path: Path) -> Iterator[InputRecord]:
    at = datetime.fromtimestamp(0, UTC)
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as file:
            stream = cast(BinaryIO, file)
            if file.seekable() and file.peek(len(_SQLITE)).startswith(_SQLITE):
                yield from _in_cache(path)
                return
            inside = _in_tar if path.name.endswith(_TARS) else _in_stream
            yield from _guarded(inside(stream, str(path), at), str(path), at)
    except OSError as error:
        yield InputRecord(str(path), b"", at, f"cannot be read: {error.strerror or error}")


def _in_cache(path: Path) -> Iterator[InputRecord]:
    """Read another cache, such as one that was damaged and moved aside; it may say what it likes.

    Its word for where its answers came from is not taken over.
    """
    from pith_tui.store.recovery import iter_recoverable  # for the few that need it

    for held in iter_recoverable(path):
        yield InputRecord(f"{path}/{held.suffix}", held.raw, held.checked_at)


def _guarded(candidates: Iterator[InputRecord], name: str, at: datetime) -> Iterator[InputRecord]:
    """Make a last candidate of what ends the reading."""
    try:
        yield from candidates
    except _READ_ERRORS as error:
        yield InputRecord(name, b"", at, f"cannot be read: {error}")


def _in_tar(stream: BinaryIO, name: str, at: datetime) -> Iterator[InputRecord]:
    with tarfile.open(fileobj=stream, mode="r|*") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            last = member.name.rpartition("/")[2]
            if file is not None and last.endswith(_RECORDS) and last not in _MIRRORS_OWN:
                yield from _in_stream(cast(BinaryIO, file), f"{name}/{member.name}", at)
            # It keeps every member that it has passed, a gigabyte of them for a million records.
            archive.members = []  # type: ignore[attr-defined]


def _in_stream(stream: BinaryIO, name: str, at: datetime, layer: int = 0) -> Iterator[InputRecord]:
    """Read one record, lines with one each, or a tar of such; compressed or not."""
    start = _read(stream, 2)
    if start == b"\x1f\x8b":
        if layer == _LAYERS:
            yield InputRecord(name, b"", at, f"is compressed more than {_LAYERS} times over")
            return
        unpacked = gzip.GzipFile(fileobj=cast(BinaryIO, _PrefixedStream(start, stream)))
        inside = _in_stream(cast(BinaryIO, unpacked), name, at, layer + 1)
        yield from _guarded(inside, name, at)
        return
    start += _read(stream, MAX_SIZE + 1 - len(start))
    if start[_TAR_MAGIC] == b"ustar":
        yield from _in_tar(cast(BinaryIO, _PrefixedStream(start, stream)), name, at)
    elif len(start) > MAX_SIZE or _is_lines(start):
        again = cast(io.RawIOBase, _PrefixedStream(start, stream))
        yield from _lines(io.BufferedReader(again, 1 << 16), name, at)
    elif start.strip():
        yield InputRecord(name, start, at)


_TAR_MAGIC = slice(257, 262)  # of a header as POSIX has it (pax and ustar) and GNU too


def _is_lines(text: bytes) -> bool:
    """Tell lines with a record each from one record that is written over several lines.

    A record written over several lines has no line that is an object by itself, but for ``{}``.
    """
    lines = text.splitlines()
    return len(lines) > 1 and any(
        line.startswith((b'{"', b'\xef\xbb\xbf{"')) and line.rstrip().endswith(b"}")
        for line in lines
    )


def _lines(reader: io.BufferedIOBase, name: str, at: datetime) -> Iterator[InputRecord]:
    number = 0
    while line := reader.readline(MAX_SIZE + 2):
        number += 1
        place = f"{name}:{number}"
        if len(line) > MAX_SIZE + 1:
            while line and not line.endswith(b"\n"):
                line = reader.readline(1 << 16)
            yield InputRecord(place, b"", at, f"longer than the {MAX_SIZE:,} bytes of a record")
        elif line.strip():
            yield InputRecord(place, line.rstrip(b"\r\n"), at)


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, fewer only at the end: pipes give what they have."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class _PrefixedStream(io.RawIOBase):
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
