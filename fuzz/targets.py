"""What is fuzzed, and what must hold of any input: one function of bytes for each target.

No atheris here, so that a test can run every target over its seeds.  A target raises where
something does not hold.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pith_tui.errors import NotARecordError
from pith_tui.lookup.samples import sample_records
from pith_tui.lookup.service import FetchedRecord, Origin
from pith_tui.operations.import_inputs import iter_inputs
from pith_tui.output.as_json import record_object
from pith_tui.output.cells import cell_width
from pith_tui.output.cite import FORMATS
from pith_tui.output.json_text import to_text
from pith_tui.output.markdown import report_markdown
from pith_tui.output.plain import record_text, report_text
from pith_tui.protocol.canonical import canonical_digest
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.strict_json import WrittenNumber, parse

_EPOCH = datetime.fromtimestamp(0, UTC)
_WIDTH = 80
_COMPLETE = sample_records()[0]
_SIGNED = frozenset(
    canonical_digest(checked.record.canonical_record)
    for checked in map(read, sample_records())
    if checked.report.passed("digest", "signature")
)
"""The digests of the canonical records that the service's key signed among the samples."""


def parse_bytes(data: bytes) -> None:
    """Read as strict JSON: what is accepted, the standard library reads as the same value."""
    try:
        value = parse(data)
    except NotARecordError:
        return
    assert _plain(value) == _plain(json.loads(data.decode("utf-8-sig")))


def _plain(value: object) -> object:
    """Return a value with its numbers as doubles, as which two readers may compare them."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, WrittenNumber):
        return _double(value.text)
    return _double(str(value)) if type(value) in (int, float) else value


def _double(text: str) -> object:
    number = float(text)
    return str(number) if math.isinf(number) else number


def verify_bytes(data: bytes) -> None:
    """Verify any bytes, and the real record with edits: nothing is believed that was not signed."""
    for raw in (data, edited(data)):
        check_belief(read(raw))


def check_belief(checked: CheckedRecord) -> None:
    """Check what holds of every record without the service's key to sign another one.

    No input can hold a signature by the service's key that is not in a sample.
    """
    strong = {path for path, mark in checked.marks.items() if mark in (Mark.SIGNED, Mark.PROVED)}
    canonical = checked.record.canonical_record
    assert not strong or canonical is not None, "a mark without a canonical record"
    if strong or checked.report.verdict is Verdict.VERIFIED:
        assert canonical is not None
        assert canonical_digest(canonical) in _SIGNED, "a canonical record that nobody signed"
    title = checked.title
    if title is not None and title.mark is Mark.PROVED:
        signed = checked.record.text("canonical_record", "metadata", "title_canon_sha256")
        folded = " ".join(title.text.split()).lower().encode()
        assert hashlib.sha256(folded).hexdigest() == signed, "another title than was signed"


def render_bytes(data: bytes) -> None:
    """Write the edited record in every form: nothing in it can act on a terminal."""
    checked = read(edited(data))
    for width in (None, _WIDTH):
        for text in (report_text(checked, "x", "y", width), record_text(checked, "y", width)):
            for line in text.splitlines():
                assert line.isprintable(), line
                assert width is None or cell_width(line) <= width, line
    markdown = report_markdown(checked, "x", "y")
    assert all(line.isprintable() for line in markdown.splitlines())
    assert to_text(record_object(FetchedRecord(checked, Origin.FILE, "x"))).isascii()
    for form in FORMATS.values():
        assert all(line.isprintable() for line in form.write(checked).splitlines())


def import_bytes(data: bytes) -> None:
    """Read as what an import is given: every record in it, or the reason why there is none."""
    for item in iter_inputs(["-"], io.BytesIO(data), _EPOCH):
        if item.error:
            continue
        try:
            catalog = catalog_entry(Record(item.raw))
        except NotARecordError:
            continue
        assert catalog is None or len(catalog.suffix) == 26


def edited(data: bytes) -> bytes:
    """Return the complete sample with edits: lines of a place (two bytes) and a value or text."""
    tree = json.loads(_COMPLETE)
    for line in data.split(b"\n")[:8]:
        if len(line) > 1:
            _edit(tree, int.from_bytes(line[:2], "big"), _value(line[2:]))
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _value(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text.decode("utf-8", "replace")


def _edit(tree: Any, place: int, value: object) -> None:
    holders = list(_holders(tree))
    holder, key = holders[(place >> 2) % len(holders)]
    kind = place & 3
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[value if isinstance(value, str) else json.dumps(value)] = holder.pop(key)
    elif kind == 2 and isinstance(holder, list):
        holder.insert(key, value)
    elif isinstance(holder[key], str) and isinstance(value, str) and kind == 2:
        holder[key] += value
    else:
        holder[key] = value


def _holders(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each list or object with a key of it."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _holders(value[key])


def _record_seeds() -> list[bytes]:
    return sample_records()[:8]


def _edit_seeds() -> list[bytes]:
    return [
        b'\0\x03"x"',
        b"\0\x01verdict",
        "\0\x2b\u2713 VERIFIED\n\1\x03\u202e\u6f22".encode(),
        b'\0\x53[1, {"a": null}]\n\0\x55true',
    ]


def _import_seeds() -> list[bytes]:
    two = b"\n".join(sample_records()[1:3])
    return [_COMPLETE, two, gzip.compress(two, mtime=0), b"[" * 300, b""]


class Target:
    """A function to fuzz, and the inputs to begin with."""

    def __init__(self, run: Callable[[bytes], None], seeds: Callable[[], list[bytes]]) -> None:
        self.run = run
        self.seeds = seeds


TARGETS: Mapping[str, Target] = {
    "parse": Target(parse_bytes, _record_seeds),
    "verify": Target(verify_bytes, lambda: [*_record_seeds(), *_edit_seeds()]),
    "render": Target(render_bytes, _edit_seeds),
    "import": Target(import_bytes, _import_seeds),
}
"""Every target by its name on the command line."""
