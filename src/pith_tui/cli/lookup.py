"""One look-up for commands that print: the stored record, refreshed if possible."""

from __future__ import annotations

from collections.abc import Callable

from pith_tui.cli import exit_codes
from pith_tui.cli.context import message
from pith_tui.lookup.look_up import LookUp, LookUpResult
from pith_tui.lookup.service import RecordService
from pith_tui.output.lookup_text import fallback_text, not_kept_message, result_messages
from pith_tui.protocol.identifiers import Identifier


def look_up(
    service: RecordService,
    identifier: Identifier,
    *,
    refresh: bool,
    notice: Callable[[str], None] = message,
) -> LookUpResult:
    """Look up a record; ``notice`` is called with each notice, which goes to stderr by default.

    Raises NotFoundError or UnreachableError if there is nothing to show.
    """
    work = LookUp(service, identifier, refresh=refresh, notice=notice)
    work.find_stored()
    if work.cache_error is not None:
        notice(f"{work.cache_error}; {work.cache_error.hint}")
    if not service.offline:
        import asyncio

        asyncio.run(work.ask_servers())
    result = work.result()
    if result.error is not None:
        notice(fallback_text(result.error, result.shown, service.now()))
    for text in (*result_messages(result), not_kept_message(result)):
        if text is not None:
            notice(text)
    return result


def exit_code_of(result: LookUpResult, *, refresh: bool, strict: bool) -> int:
    """Return the exit code of a look-up, from the record, the findings and the request."""
    codes = [exit_codes.of_record(result.shown.checked, strict=strict)]
    if result.alarms or (strict and result.findings):
        codes.append(exit_codes.ATTENTION)
    if refresh and result.error is not None:
        # The copy that could not be refreshed was reported nevertheless.
        codes.append(exit_codes.exit_code(result.error))
    return exit_codes.worst(codes)
