"""What an import reads: single records, lines, compressed, directories, tars, caches, a stream.

Whatever the size of what is read, at most one record and a line of it are in memory.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from pith_tui.errors import CacheError, UsageError
from pith_tui.operations.byte_streams import BLOCK, PrefixedStream, read_fully
from pith_tui.operations.tar_members import tar_members
from pith_tui.protocol.strict_json import MAX_SIZE

_RECORDS = (".json", ".jsonl", ".ndjson", ".gz")
_TARS = (".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")
_READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError)
_NOT_RECORDS = ("pith-mirrors.json", "pith-signing-key.json")
"""Files of a mirror that are not records, and are not meant to be."""
_SQLITE = b"SQLite format 3\0"
_MAX_LAYERS = 4
"""How often one thing may be packed, compressed or in a tar; each layer takes memory and time."""
_MAX_NAME = 300
"""Characters of a name; one in an archive may have any number."""


class InputRecord(NamedTuple):
    """Bytes that may be a record, or the ``error`` for which there are none.

    ``name`` says where they are, ``time`` when the file was last changed.
    """

    name: str
    raw: bytes
    time: datetime
    error: str = ""


def iter_inputs(paths: Sequence[str], stdin: BinaryIO, now: datetime) -> Iterator[InputRecord]:
    """Read files, directories and ``-``; raises UsageError for a path that does not exist.

    All paths are checked before the first is read.
    """
    for text in paths:
        # An empty path would be the current directory, which nobody has named.
        if text != "-" and not (text and Path(text).exists()):
            raise UsageError(f"there is no file {text!r}", "give a file, a directory or -")
    return (item._replace(name=_label(item.name)) for item in _walk_paths(paths, stdin, now))


def _label(name: str) -> str:
    """Return a name that can be stored: of UTF-8, and of limited length."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _MAX_NAME else f"{text[:_MAX_NAME]}…"


def _walk_paths(paths: Sequence[str], stdin: BinaryIO, now: datetime) -> Iterator[InputRecord]:
    for text in paths:
        if text == "-":
            yield from _guarded(_in_stream(stdin, "standard input", now), "standard input", now)
        elif Path(text).is_dir():
            yield from _walk_directory(Path(text), now)
        else:
            yield from _in_file(Path(text))


def _walk_directory(directory: Path, now: datetime) -> Iterator[InputRecord]:
    """Read what is below a directory; a folder that cannot be read is an input with an error."""
    errors: list[OSError] = []
    for folder, folders, names in os.walk(directory, onerror=errors.append):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if not name.endswith((*_RECORDS, *_TARS)) or name in _NOT_RECORDS:
                continue
            if _is_blocking_device(path):
                yield InputRecord(
                    str(path), b"", now, "is a pipe or device; it is read only if you name it"
                )
            else:
                yield from _in_file(path)
    for error in errors:
        yield InputRecord(str(error.filename), b"", now, f"cannot be read: {error.strerror}")


def _is_blocking_device(path: Path) -> bool:
    """Return whether a path is a pipe, socket or device, which might never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # reading it will fail, and say why
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _in_file(path: Path) -> Iterator[InputRecord]:
    time = datetime.fromtimestamp(0, UTC)
    try:
        time = _modification_time(path)
        with path.open("rb") as file:
            stream = cast(BinaryIO, file)
            if file.seekable() and file.peek(len(_SQLITE)).startswith(_SQLITE):
                yield from _in_cache(path, time)
                return
            inputs = _in_stream(stream, str(path), time, is_tar=path.name.endswith(_TARS))
            yield from _guarded(inputs, str(path), time)
    except OSError as error:
        yield InputRecord(str(path), b"", time, f"cannot be read: {error.strerror or error}")


def _modification_time(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):  # of a year that there is not
        return datetime.fromtimestamp(0, UTC)


def _in_cache(path: Path, time: datetime) -> Iterator[InputRecord]:
    """Read another cache, such as one that was damaged and moved aside.

    Anybody may have made it, so the origins that it states are not adopted.
    """
    from pith_tui.store.recovery import iter_recoverable  # rarely needed

    try:
        for response in iter_recoverable(path):
            yield InputRecord(f"{path}/{response.suffix}", response.raw, response.checked_at)
    except CacheError as error:
        yield InputRecord(str(path), b"", time, str(error))


def _guarded(inputs: Iterator[InputRecord], name: str, time: datetime) -> Iterator[InputRecord]:
    """Yield the inputs, and as a last one with an error what ends the reading."""
    try:
        yield from inputs
    except _READ_ERRORS as error:
        yield InputRecord(name, b"", time, f"cannot be read: {error}")


def _in_tar(stream: BinaryIO, name: str, time: datetime, layer: int) -> Iterator[InputRecord]:
    if layer == _MAX_LAYERS:
        yield _too_deep(name, time)
        return
    for member in tar_members(stream):
        last = member.path.rpartition("/")[2]
        if last.endswith(_RECORDS) and last not in _NOT_RECORDS:
            yield from _in_stream(member.content, f"{name}/{member.path}", time, layer + 1)


def _in_stream(
    stream: BinaryIO, name: str, time: datetime, layer: int = 0, *, is_tar: bool = False
) -> Iterator[InputRecord]:
    """Read one record, lines with one each, or a tar of such; compressed or not."""
    start = read_fully(stream, 2)
    if start == b"\x1f\x8b":
        if layer == _MAX_LAYERS:
            yield _too_deep(name, time)
            return
        unpacked = gzip.GzipFile(fileobj=cast(BinaryIO, PrefixedStream(start, stream)))
        inputs = _in_stream(cast(BinaryIO, unpacked), name, time, layer + 1, is_tar=is_tar)
        yield from _guarded(inputs, name, time)
        return
    if not is_tar:
        start += read_fully(stream, MAX_SIZE + 1 - len(start))
    again = PrefixedStream(start, stream)
    if is_tar or start[_TAR_MAGIC] == b"ustar":
        yield from _in_tar(cast(BinaryIO, again), name, time, layer)
    elif len(start) > MAX_SIZE or _is_lines(start):
        yield from _lines(io.BufferedReader(again, BLOCK), name, time)
    elif start.strip():
        yield InputRecord(name, start, time)


_TAR_MAGIC = slice(257, 262)  # of a header as POSIX has it (pax and ustar) and GNU too


def _too_deep(name: str, time: datetime) -> InputRecord:
    return InputRecord(name, b"", time, f"is compressed or packed more than {_MAX_LAYERS} times")


_RECORD_LINE = re.compile(rb'^(?:\xef\xbb\xbf)?\{"[^\n]*\}[ \t\r\f\v]*$', re.MULTILINE)


def _is_lines(text: bytes) -> bool:
    """Return whether these are lines with a record each, not one record over several lines.

    A record written over several lines has no line that is an object by itself, except ``{}``.
    """
    return b"\n" in text.rstrip() and _RECORD_LINE.search(text) is not None


def _lines(reader: io.BufferedReader, name: str, time: datetime) -> Iterator[InputRecord]:
    number = 0
    while True:
        number += _skip_blank_lines(reader)
        line = reader.readline(MAX_SIZE + 2)
        if not line:
            return
        number += 1
        place = f"{name}:{number}"
        if len(line) > MAX_SIZE + 1:
            while line and not line.endswith(b"\n"):
                line = reader.readline(BLOCK)
            yield InputRecord(place, b"", time, f"longer than the {MAX_SIZE:,} bytes of a record")
        elif line.strip():
            yield InputRecord(place, line.rstrip(b"\r\n"), time)


def _skip_blank_lines(reader: io.BufferedReader) -> int:
    """Pass the blank lines that come next, a block at a time; return how many they were."""
    count = 0
    while block := reader.peek():
        blank = block[: len(block) - len(block.lstrip())]
        end = blank.rfind(b"\n") + 1
        reader.read(end)
        count += blank.count(b"\n")
        if end < len(block):
            break
    return count
