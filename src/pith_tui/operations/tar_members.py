"""Tar archives read as a stream, whatever is in their headers: in bounded memory, forwards only.

``tarfile`` reads long names, pax headers and maps of sparse files whole, whatever size they state.
Here it reads through a stream that gives it no more than the headers of one member need.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from pith_tui.operations.byte_streams import (
    BLOCK,
    DecompressedStream,
    Decompressor,
    PrefixedStream,
    read_fully,
)

MAX_HEADERS = 1 << 14
"""Bytes of headers before one member: a path has 4,096 at most, and some attributes are added.

Python before 3.11.10 needs time with the square of a pax header (CVE-2024-6232): for 64 KiB nine
seconds, for these half a second.
"""
_MAX_XZ_MEMORY = 128 << 20
"""Bytes: ``xz -9`` needs 65 MiB to unpack; a file can ask for 4 GiB."""


class Member(NamedTuple):
    """A regular file in an archive: its path there, and its content, to be read at once."""

    path: str
    content: BinaryIO


def tar_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the regular files of an archive, which may be compressed with bzip2 or xz.

    Raises tarfile.TarError for an archive that is damaged or has headers that are too long, and
    whatever reading the stream raises.
    """
    source = _ForwardStream(_decompressed(stream))
    with _open(source) as archive:
        while (info := _next(archive)) is not None:
            content = archive.extractfile(info) if info.isreg() else None
            if content is not None:
                source.budget = None
                yield Member(info.name, cast(BinaryIO, content))
                source.budget = MAX_HEADERS
            # It keeps every member that it has passed and every global header, which would be a
            # gigabyte for a million records.
            archive.members = []  # type: ignore[attr-defined]
            archive.pax_headers = {}


def _open(source: _ForwardStream) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=source, mode="r:", tarinfo=_StrictInfo)  # type: ignore[call-overload, no-any-return]
    except ValueError as error:
        raise tarfile.ReadError(f"a header is damaged: {error}") from None


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return archive.next()
    except ValueError as error:  # of what should be a number in an extended header
        raise tarfile.ReadError(f"a header is damaged: {error}") from None


class _StrictInfo(tarfile.TarInfo):
    """A header; a damaged one in the middle of an archive is an error, not the archive's end."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> _StrictInfo:
        # Not in ``frombuf``, which newer versions of Python no longer call for this.
        try:
            return super().fromtarfile(archive)
        except (tarfile.EmptyHeaderError, tarfile.EOFHeaderError):  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"a header is damaged: {error}") from None


class _ForwardStream:
    """A stream that ``tarfile`` may take for a file, as it only goes forwards.

    ``budget`` is how many bytes of headers may still be read, None while the content of a member
    is; what is skipped does not count.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0
        self.budget: int | None = MAX_HEADERS

    def tell(self) -> int:
        """Return how many bytes have been passed."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Skip what is before an offset; raises tarfile.ReadError for one that was passed."""
        if whence != io.SEEK_SET or offset < self._position:
            raise tarfile.ReadError("its members are not one after the other")
        while self._position < offset:
            piece = self._stream.read(min(BLOCK, offset - self._position))
            if not piece:
                break
            self._position += len(piece)
        return self._position

    def read(self, size: int) -> bytes:
        """Read this many bytes, fewer only at the end; raises tarfile.ReadError over the budget."""
        if self.budget is not None:
            if size > self.budget:
                raise tarfile.ReadError(f"the headers of a member have over {MAX_HEADERS:,} bytes")
            self.budget -= size
        data = read_fully(self._stream, size)
        self._position += len(data)
        return data


def _decompressed(stream: BinaryIO) -> BinaryIO:
    start = read_fully(stream, 6)
    source = cast(BinaryIO, PrefixedStream(start, stream))
    if start.startswith(b"BZh"):
        return cast(BinaryIO, DecompressedStream(source, bz2.BZ2Decompressor))
    if start.startswith(b"\xfd7zXZ\0"):
        return cast(BinaryIO, DecompressedStream(source, _xz_decompressor))
    return source


def _xz_decompressor() -> Decompressor:
    return lzma.LZMADecompressor(memlimit=_MAX_XZ_MEMORY)
