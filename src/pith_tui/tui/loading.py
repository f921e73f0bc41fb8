"""The first look-up in the cache, started in a thread while Textual is still being imported.

This module does not import Textual.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread

from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.protocol.identifiers import Identifier


def load_in_background(service: RecordService, asked: Identifier) -> Future[FetchedRecord | None]:
    """Start to find, read and verify the local record, in a thread.

    The future raises what ``RecordService.find_local`` raises.
    """
    future: Future[FetchedRecord | None] = Future()

    def load() -> None:
        try:
            record = service.find_local(asked)
            if record is not None and record.checked.error is None:
                _ = record.checked.marks  # computed lazily: otherwise while the screen is drawn
            future.set_result(record)
        except BaseException as error:  # passed on to whoever waits for the result
            future.set_exception(error)

    Thread(target=load, name="first-record", daemon=True).start()
    return future
