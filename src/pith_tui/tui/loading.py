"""The first look-up in the cache, started in a thread before Textual is imported.

Nothing of Textual is imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.protocol.identifiers import Identifier


class EarlyLookUp(Thread):
    """The local part of a look-up, in a thread of its own.

    A ``concurrent.futures.Future`` would load ``logging`` and what that needs, which takes a
    twentieth of the time to the first frame.
    """

    def __init__(self, find: Callable[[], FetchedRecord | None]) -> None:
        """Start calling ``find``."""
        super().__init__(name="first-record", daemon=True)
        self._find = find
        self._record: FetchedRecord | None = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Find the record, or keep the error for whoever asks for the result."""
        try:
            self._record = self._find()
        except BaseException as error:
            self._error = error

    def poll(self, timeout: float = 0) -> FetchedRecord | None:
        """Return the record if it is found within some seconds; None for an error too."""
        self.join(timeout)
        return None if self.is_alive() else self._record

    def result(self) -> FetchedRecord | None:
        """Wait for the record; raises what the search for it raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._record


def load_in_background(service: RecordService, asked: Identifier) -> EarlyLookUp:
    """Start to find, read and verify the local record, in a thread."""

    def load() -> FetchedRecord | None:
        record = service.find_local(asked)
        if record is not None and record.checked.error is None:
            _ = record.checked.marks  # computed lazily: otherwise while the screen is drawn
        return record

    return EarlyLookUp(load)
