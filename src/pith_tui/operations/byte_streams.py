"""Streams that an import reads through: one that is read again from its start, one unpacked."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO, Protocol

BLOCK = 1 << 16
"""Bytes that are read at a time."""


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Read exactly this many bytes, fewer only at the end: pipes return what they have."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class PrefixedStream(io.RawIOBase):
    """A stream whose first bytes, which were read already, are read once more."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = io.BytesIO(start)
        self._stream = stream

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, as ``io.RawIOBase`` asks."""
        size = self._start.readinto(buffer)
        if size or not len(buffer):
            return size
        self._start = io.BytesIO()  # of 16 MiB, perhaps
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Decompressor(Protocol):
    """What ``bz2`` and ``lzma`` decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the compressed stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether there is nothing left to unpack of what was given."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Decompress, up to this many bytes."""


class DecompressedStream(io.RawIOBase):
    """What is in a compressed stream, never more of it in memory than is asked for."""

    def __init__(self, stream: BinaryIO, make: Callable[[], Decompressor]) -> None:
        self._stream = stream
        self._make = make
        self._decompressor = make()

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, as ``io.RawIOBase`` asks; raises EOFError for a stream that is cut off."""
        while True:
            data = b""
            if self._decompressor.eof:
                data = self._decompressor.unused_data or self._stream.read(BLOCK)
                if not data:
                    return 0
                self._decompressor = self._make()
            elif self._decompressor.needs_input:
                data = self._stream.read(BLOCK)
                if not data:
                    raise EOFError("the compressed data is cut off")
            piece = self._decompressor.decompress(data, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
