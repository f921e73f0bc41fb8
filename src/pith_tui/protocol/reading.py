"""The one way from bytes to anything shown: a record read, verified and marked, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest
from pith_tui.protocol.catalog_entry import CatalogEntry, catalog_entry
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.marks import Mark, marks
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Report
from pith_tui.protocol.strict_json import Path
from pith_tui.protocol.verification import refuse, verify


class ShownTitle(NamedTuple):
    """A title as raw TeX, and how far it can be believed."""

    text: str
    mark: Mark


class CheckedRecord:
    """Bytes as they were received, the record in them, and what verification made of it.

    Where the bytes cannot be read as a record, ``record`` says nothing, the first check of
    ``report`` has failed and ``error`` says why; else ``error`` is None.
    """

    def __init__(
        self, raw: bytes, record: Record, report: Report, error: NotARecordError | None
    ) -> None:
        self.raw = raw
        self.record = record
        self.report = report
        self.error = error

    @cached_property
    def marks(self) -> Mapping[Path, Mark]:
        """The mark of every leaf of the record, in its order."""
        return marks(self.record, self.report)

    @cached_property
    def title(self) -> ShownTitle | None:
        """The title to show and cite: the record's own, else a proved one of its graph.

        Where the hash proves another spelling than the received one, that spelling is the title.
        """
        own = self._proved_title("title")
        if own is not None:
            return own
        text = self.record.title
        if text is None or not text.strip():
            return self._proved_title("graph")
        return ShownTitle(text, self.marks.get(("paper", "title"), Mark.CLAIMED))

    def _proved_title(self, check_id: str) -> ShownTitle | None:
        for part in self.report.check(check_id).parts:
            if part.path[-1:] == ("title",) and self.marks.get(part.path) is Mark.PROVED:
                proved = dict(part.values).get("proved text", self.record.value_at(*part.path))
                return ShownTitle(str(proved), Mark.PROVED)
        return None

    @cached_property
    def digest(self) -> bytes | None:
        """The digest recomputed from the canonical record; None if it cannot be computed."""
        canonical = self.record.canonical_record
        try:
            return None if canonical is None else canonical_digest(canonical)
        except NotCanonicalError:
            return None

    @cached_property
    def catalog(self) -> CatalogEntry | None:
        """What the record is found by; None where nothing says which record it is."""
        return catalog_entry(self.record)


def read(
    raw: bytes, asked: Identifier | None = None, trusted: Sequence[PublicKey] = (PINNED,)
) -> CheckedRecord:
    """Read and verify the bytes of a record against what was asked for, trusting these keys.

    Never raises for anything in ``raw``: bytes that are no record make a report whose first check
    failed.
    """
    try:
        record = Record(raw)
    except NotARecordError as error:
        return CheckedRecord(raw, Record.unreadable(raw), refuse(error, asked), error)
    return CheckedRecord(raw, record, verify(record, asked, trusted), None)
