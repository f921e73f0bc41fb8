"""Archives and lines made to cost memory or time: limited, and reported in a sentence."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from pith_tui.operations import import_inputs
from pith_tui.operations.import_inputs import InputRecord, iter_inputs
from pith_tui.operations.tar_members import MAX_HEADERS
from tests.registry.records import SigningKey, synthetic, wire
from tests.stored import NOW

KEY = SigningKey()
RECORDS = [wire(synthetic(number, KEY)) for number in range(3)]


def header(kind: bytes, size: int, name: str = "x.json") -> bytearray:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return bytearray(info.tobuf(tarfile.GNU_FORMAT))


def checksummed(block: bytearray) -> bytes:
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def sparse_header() -> bytes:
    block = header(tarfile.GNUTYPE_SPARSE, 0)
    block[482] = 1  # more of the map follows
    return checksummed(block)


def pax(text: bytes) -> bytes:
    return bytes(header(tarfile.XHDTYPE, len(text))) + text.ljust(-(-len(text) // 512) * 512, b"\0")


def pax_record(name: str, value: str) -> bytes:
    body = f" {name}={value}\n"
    size = len(body) + 1
    while len(f"{size}{body}") != size:
        size += 1
    return f"{size}{body}".encode()


SPARSE_MAP = pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0")
STARTS: dict[str, tuple[bytes, bytes]] = {
    "a long name": (bytes(header(tarfile.GNUTYPE_LONGNAME, 600 << 20)), b"a"),
    "a long link": (bytes(header(tarfile.GNUTYPE_LONGLINK, 600 << 20)), b"a"),
    "a pax header": (bytes(header(tarfile.XHDTYPE, 600 << 20)), b"1"),
    "a global pax header": (bytes(header(tarfile.XGLTYPE, 600 << 20)), b"1"),
    "an old map of a sparse file": (sparse_header(), b"7777777\0" * 63 + b"\1" * 8),
    "a new map of a sparse file": (
        pax(SPARSE_MAP) + bytes(header(tarfile.REGTYPE, 600 << 20)),
        b"9999999\n",
    ),
    "headers without end": (b"", bytes(header(tarfile.XGLTYPE, 0))),
}
"""What an archive begins with, and what it goes on with for as long as it is read."""


class Endless(io.RawIOBase):
    """A stream with a given start and an endless rest, which counts the bytes read."""

    def __init__(self, start: bytes, rest: bytes, size: int) -> None:
        self._start = start
        self._rest = rest
        self._left = size
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while len(self._start) < min(len(buffer), 1 << 16):
            self._start += self._rest * 128
        piece = self._start[: min(len(buffer), self._left)]
        self._start = self._start[len(piece) :]
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        self.read_bytes += len(piece)
        return len(piece)


def plain(start: bytes, rest: bytes) -> bytes:
    return start + rest * ((8 << 20) // len(rest))


def compressed(start: bytes, rest: bytes) -> bytes:
    return gzip.compress(plain(start, rest), 1)


def nested(start: bytes, rest: bytes) -> bytes:
    inner = compressed(start, rest)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo("inner.json.gz")
        member.size = len(inner)
        tar.addfile(member, io.BytesIO(inner))
    return packed.getvalue()


def read_all(stream: io.RawIOBase | io.BytesIO) -> list[InputRecord]:
    return list(iter_inputs(["-"], stream, NOW))  # type: ignore[arg-type]


def peak_of(read: Callable[[], list[InputRecord]]) -> tuple[list[InputRecord], int]:
    tracemalloc.start()
    try:
        return read(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit records to 64 KiB, so that reading one is negligible in measurements."""
    monkeypatch.setattr(import_inputs, "MAX_SIZE", 1 << 16)


@pytest.mark.usefixtures("small_records")
@pytest.mark.parametrize("kind", STARTS)
def test_tar_headers_are_bounded_before_reading(kind: str) -> None:
    stream = Endless(*STARTS[kind], 1 << 30)
    inputs, peak = peak_of(lambda: read_all(stream))
    assert [item.error for item in inputs] == [
        f"cannot be read: the headers of a member have over {MAX_HEADERS:,} bytes"
    ]
    assert stream.read_bytes < 1 << 20
    assert peak < 2 << 20


@pytest.mark.usefixtures("small_records")
@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("packing", [plain, compressed, nested])
def test_compressed_tar_headers_are_bounded(
    kind: str, packing: Callable[[bytes, bytes], bytes]
) -> None:
    packed = packing(*STARTS[kind])
    inputs, peak = peak_of(lambda: read_all(io.BytesIO(packed)))
    assert ["the headers of a member" in item.error for item in inputs] == [True]
    assert peak < 4 << 20


def tar_with_long_names(*names: str, form: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as tar:
        for name, raw in zip(names, RECORDS, strict=False):
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return packed.getvalue()


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_member_names_of_maximum_path_length_are_read(form: int) -> None:
    names = [f"{'d' * 200}/" * 20 + f"{n}.json" for n in range(3)]
    inputs = read_all(io.BytesIO(tar_with_long_names(*names, form=form)))
    assert [item.raw for item in inputs] == RECORDS
    assert all(len(item.name) < 400 for item in inputs)


def test_member_name_that_is_not_text_is_replaced() -> None:
    packed = tar_with_long_names("a\udcff.json", form=tarfile.GNU_FORMAT)
    assert read_all(io.BytesIO(packed))[0].name.encode() == b"standard input/a?.json"


@pytest.mark.usefixtures("small_records")
def test_global_tar_headers_are_not_accumulated() -> None:
    packed = b"".join(
        bytes(header(tarfile.XGLTYPE, len(text := pax_record(f"k{n}", "v" * 8_000))))
        + text.ljust(-(-len(text) // 512) * 512, b"\0")
        + bytes(header(tarfile.REGTYPE, 0))
        for n in range(1500)
    )
    inputs, peak = peak_of(lambda: read_all(io.BytesIO(packed)))
    assert inputs == []
    assert peak < len(packed) // 3


@pytest.mark.parametrize("place", [512, 700])
def test_damaged_header_is_reported_after_the_sound_members(place: int) -> None:
    packed = bytearray(tar_with_long_names("a.json", "b.json", form=tarfile.GNU_FORMAT))
    second = next(n for n in range(512, len(packed), 512) if packed[n : n + 6] == b"b.json")
    packed[second + 150] ^= 1
    inputs = read_all(io.BytesIO(packed))
    assert inputs[0].raw == RECORDS[0]
    assert inputs[1].error.startswith("cannot be read: a header is damaged")
    assert len(inputs) == 2
    inputs = read_all(io.BytesIO(packed[: second + place - 512]))
    assert inputs[0].raw == RECORDS[0]


def test_nested_archives_are_limited() -> None:
    packed = tar_with_long_names("a.json")
    for _ in range(50):
        outer = io.BytesIO()
        with tarfile.open(fileobj=outer, mode="w") as tar:
            member = tarfile.TarInfo("inner.json")
            member.size = len(packed)
            tar.addfile(member, io.BytesIO(packed))
        packed = outer.getvalue()
    assert ["times" in item.error for item in read_all(io.BytesIO(packed))] == [True]


def test_xz_with_a_huge_dictionary_is_refused() -> None:
    packed = lzma.compress(
        tar_with_long_names("a.json"),
        filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 20}],
    )
    assert read_tar(packed)[0].raw == RECORDS[0]
    # The size of the dictionary stands in the block header (xz file format, 5.3.1).
    position = packed.index(b"\x21\x01") + 2
    greedy = bytearray(packed)
    greedy[position] = 40  # 4 GiB
    size = (greedy[12] + 1) * 4
    greedy[12 + size - 4 : 12 + size] = zlib.crc32(greedy[12 : 12 + size - 4]).to_bytes(4, "little")
    error = read_tar(bytes(greedy))[0].error
    assert "emory" in error


def read_tar(packed: bytes) -> list[InputRecord]:
    return list(
        import_inputs._guarded(import_inputs._in_tar(io.BytesIO(packed), "x", NOW, 0), "x", NOW)
    )


def test_blank_lines_are_skipped_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    reader = io.BufferedReader

    class Counting(reader):  # type: ignore[misc, valid-type]
        def readline(self, size: int | None = -1) -> bytes:
            nonlocal calls
            calls += 1
            return bytes(super().readline(size))

    monkeypatch.setattr(io, "BufferedReader", Counting)
    lines = b"\n" * (20 << 20) + RECORDS[0] + b"\n" + b" \r\n" * (4 << 20) + RECORDS[1]
    inputs = read_all(io.BytesIO(lines))
    assert [item.raw for item in inputs] == RECORDS[:2]
    assert inputs[0].name == f"standard input:{(20 << 20) + 1}"
    assert inputs[1].name == f"standard input:{(24 << 20) + 2}"
    assert calls < 400  # one for a line that a block cuts


def test_leading_blanks_of_a_line_are_kept() -> None:
    lines = RECORDS[2] + b"\n  \n  " + RECORDS[0] + b"\n\t" + RECORDS[1]
    assert [item.raw for item in read_all(io.BytesIO(lines))] == [
        RECORDS[2],
        b"  " + RECORDS[0],
        b"\t" + RECORDS[1],
    ]


@pytest.mark.parametrize("text", [b"x\n", b"\n", b'{"a":1\n', b" }\n"])
def test_line_detection_uses_bounded_memory(text: bytes) -> None:
    whole = text * ((4 << 20) // len(text))
    tracemalloc.start()
    try:
        assert not import_inputs._is_lines(whole)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(whole)
    finally:
        tracemalloc.stop()
