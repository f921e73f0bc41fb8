"""The first look-up in the cache, started in a thread while Textual is still being imported.

Nothing of Textual is imported here.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread

from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.protocol.identifiers import Identifier


def load_in_background(service: RecordService, asked: Identifier) -> Future[FetchedRecord | None]:
    """Start to find, read and verify what is stored locally, in a thread.

    The future raises what ``RecordService.find_local`` raises.
    """
    future: Future[FetchedRecord | None] = Future()

    def load() -> None:
        try:
            record = service.find_local(asked)
            if record is not None and record.checked.error is None:
                _ = record.checked.marks  # made when first asked for, which would be at the screen
            future.set_result(record)
        except BaseException as error:  # handed to whoever waits for the result
            future.set_exception(error)

    Thread(target=load, name="first-record", daemon=True).start()
    return future
