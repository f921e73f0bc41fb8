"""A reading: bytes that were found, verified and marked, ready to be shown.

Nothing of Textual is imported here: the first reading is made in a thread of its own while
Textual is still being imported.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.protocol.catalog_entry import CatalogEntry
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Outcome, Report


class Reading(NamedTuple):
    """What was found and what verification made of it.

    ``view`` is None and ``fault`` says why where the bytes are no record.
    """

    found: FetchedRecord

    @property
    def report(self) -> Report:
        """What verification made of the bytes."""
        return self.found.checked.report

    @property
    def view(self) -> CheckedRecord | None:
        """The record; None where the bytes are none."""
        return None if self.fault is not None else self.found.checked

    @property
    def fault(self) -> NotARecordError | None:
        """Why the bytes are no record."""
        return self.found.checked.error

    @property
    def asked(self) -> Identifier | None:
        """What the bytes were verified as an answer to."""
        return self.report.asked

    @property
    def work(self) -> str | None:
        """The work and version by what is signed; None where nothing is."""
        if self.view is None:
            return None
        signed = self.view.marks.get(("canonical_record", "source", "id")) is Mark.SIGNED
        return self.view.record.canonical_source.text if signed else None

    @property
    def name(self) -> str:
        """What the record is called: as it was asked for, a bare number with the work it is of."""
        if self.asked is None:
            return self.work or "a record"
        if self.asked.kind is not Kind.PITH or self.work is None:
            return self.asked.text
        return f"{self.work}   {self.asked.text}"

    @property
    def is_answer(self) -> bool:
        """Whether it is the record that was asked for."""
        return self.report.check("asked").outcome is not Outcome.FAILED

    @property
    def catalog(self) -> CatalogEntry | None:
        """How the record is filed; None where nothing says which record it is."""
        return self.found.checked.catalog


def read_at_hand(library: RecordService, asked: Identifier) -> Reading | None:
    """Read what is at hand, None where nothing is; raises as ``Library.at_hand`` does."""
    found = library.find_local(asked)
    return None if found is None else Reading(found)


def begin_reading(library: RecordService, asked: Identifier) -> Future[Reading | None]:
    """Begin to read what is at hand, in a thread."""
    future: Future[Reading | None] = Future()

    def work() -> None:
        try:
            future.set_result(read_at_hand(library, asked))
        except BaseException as error:  # handed to whoever waits for the result
            future.set_exception(error)

    Thread(target=work, name="first-reading", daemon=True).start()
    return future
