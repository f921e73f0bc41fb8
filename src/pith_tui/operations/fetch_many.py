"""Fetch many records into the cache at a limited rate and concurrency.

A second run resumes, since records checked recently are skipped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from pith_tui.errors import CacheError, NotFoundError, PithError, UnreachableError
from pith_tui.lookup.look_up import LookUp, LookUpResult
from pith_tui.lookup.pace import Pace
from pith_tui.lookup.service import FetchedRecord, Notice, Origin, RecordService
from pith_tui.protocol.identifiers import Identifier

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient


_MAX_LOST = 10


class FetchPlan(NamedTuple):
    """How to fetch: requests a second, look-ups at a time, and what counts as fresh.

    With ``refresh`` every record is asked for as a whole, however fresh it is.
    """

    rate: float
    jobs: int
    fresh: timedelta
    refresh: bool


class FetchEnd(Enum):
    """How one look-up of many ended."""

    FRESH = "stored and fresh"
    UNCHANGED = "unchanged"
    FETCHED = "fetched"
    NOT_FOUND = "not found"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


class Fetched(NamedTuple):
    """One look-up of many: its end, and its result or the error that it ended with.

    ``not_kept`` says why what a server sent or confirmed is not in the cache.
    """

    identifier: Identifier
    end: FetchEnd
    result: LookUpResult | None
    error: PithError | None
    not_kept: CacheError | None = None


async def fetch_many(
    service: RecordService,
    identifiers: Iterable[Identifier],
    plan: FetchPlan,
    done: Callable[[Fetched], None],
    notice: Notice,
) -> None:
    """Look every identifier up; ``done`` is called with each as it ends, in no particular order.

    Each identifier is taken when its look-up begins, so that an iterator may end the work early.
    Cancelling the task ends it; what was fetched by then is kept.  If ``_MAX_LOST`` records in a
    row cannot be stored, the rest are not requested: every response would be lost.
    """
    left = iter(identifiers)
    lost = 0

    def note(fetched: Fetched) -> bool:
        nonlocal lost
        done(fetched)
        if fetched.end in (FetchEnd.FETCHED, FetchEnd.UNCHANGED):
            lost = 0 if fetched.not_kept is None else lost + 1
        return lost < _MAX_LOST

    client = service.new_remote()
    client.before_request = Pace(plan.rate).turn
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(plan.jobs):
                group.create_task(_work(service, client, left, plan, note, notice))
    finally:
        await client.aclose()


async def _work(
    service: RecordService,
    client: RegistryClient,
    left: Iterator[Identifier],
    plan: FetchPlan,
    goes_on: Callable[[Fetched], bool],
    notice: Notice,
) -> None:
    for identifier in left:
        if not goes_on(await _fetch_one(service, client, identifier, plan, notice)):
            return


async def _fetch_one(
    service: RecordService,
    client: RegistryClient,
    identifier: Identifier,
    plan: FetchPlan,
    notice: Notice,
) -> Fetched:
    work = LookUp(service, identifier, refresh=plan.refresh, notice=notice)
    try:
        await asyncio.to_thread(work.find_stored)
    except PithError as error:  # a short form that fits several records
        return Fetched(identifier, FetchEnd.REFUSED, None, error)
    if work.cache_error is not None:
        notice(f"{work.cache_error}; {work.cache_error.hint}")
    if not plan.refresh and _is_fresh(service, work, plan.fresh):
        return Fetched(identifier, FetchEnd.FRESH, work.result(), None)
    try:
        await work.ask_servers(client)
        result = work.result()
    except NotFoundError as error:
        return Fetched(identifier, FetchEnd.NOT_FOUND, None, error)
    except UnreachableError as error:
        return Fetched(identifier, FetchEnd.UNREACHABLE, None, error)
    if result.fetched is None:
        missing = isinstance(result.error, NotFoundError)
        end = FetchEnd.NOT_FOUND if missing else FetchEnd.UNREACHABLE
        return Fetched(identifier, end, result, result.error)
    stored = result.stored
    was_cached = stored is not None and stored.origin is Origin.CACHE
    unchanged = was_cached and not result.is_changed
    end = FetchEnd.UNCHANGED if unchanged else FetchEnd.FETCHED
    return Fetched(identifier, end, result, None, _not_kept(service, result.fetched))


def _not_kept(service: RecordService, fetched: FetchedRecord) -> CacheError | None:
    if service.cache is None:
        return CacheError("there is no cache to keep it in", "name one with --cache")
    if service.cache.readonly:
        kind = service.cache.kind
        return CacheError(f"the {kind.name} {service.cache.path} cannot be written", kind.elsewhere)
    return fetched.not_kept


def _is_fresh(service: RecordService, work: LookUp, fresh: timedelta) -> bool:
    """Return whether the stored copy was checked lately; a time of the future is never fresh."""
    stored = work.stored
    if stored is None or stored.origin is not Origin.CACHE or stored.checked_at is None:
        return False
    now = service.now()
    return now - fresh < stored.checked_at <= now
