"""One look-up: what is stored first, then what the servers send, and what the two show together.

Every interface of the program uses this one: the browser shows what is stored while the servers are
asked, a command waits for the end, ``fetch`` runs many of them.  No text is made here but that of
errors and of the client's notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pith_tui.errors import CacheError, NotFoundError, PithError, UnreachableError
from pith_tui.lookup.equivocation import Finding, find_equivocation
from pith_tui.lookup.service import FetchedRecord, Notice, RecordService, best
from pith_tui.protocol.equivocation import detect_equivocation
from pith_tui.protocol.identifiers import Identifier

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient


class LookUpResult(NamedTuple):
    """The result of a look-up.

    ``shown`` is the record to show: the best of what was sent, or what is stored where that is
    better or no server answered.  ``fetched`` is the best that a server sent, None where none
    sent anything; ``others`` are what further servers sent, and ``error`` says why none answered.
    """

    shown: FetchedRecord
    stored: FetchedRecord | None
    fetched: FetchedRecord | None
    others: tuple[FetchedRecord, ...]
    findings: tuple[Finding, ...]
    error: PithError | None

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings that no honest service can explain."""
        return tuple(finding for finding in self.findings if finding.kind.is_alarm)

    @property
    def is_changed(self) -> bool:
        """Whether a server sent other bytes than are stored."""
        if self.stored is None or self.fetched is None:
            return False
        return self.stored.raw != self.fetched.raw


class LookUp:
    """The look-up of one identifier; the steps are called in their order.

    ``find_stored`` reads files and belongs in a thread where something waits for events;
    ``ask_servers`` is skipped where the service is offline.  With ``refresh`` the servers are
    asked for the whole record, not whether it has changed.
    """

    def __init__(
        self, service: RecordService, identifier: Identifier, *, refresh: bool, notice: Notice
    ) -> None:
        self._service = service
        self._identifier = identifier
        self._refresh = refresh
        self._notice = notice
        self.stored: FetchedRecord | None = None
        self.cache_error: CacheError | None = None
        self._fetched: list[FetchedRecord] = []
        self._error: PithError | None = None

    def find_stored(self) -> FetchedRecord | None:
        """Return the record from the cache, else from the samples; None if there is none.

        Raises UsageError for a short form that fits several records.  A damaged cache is no
        reason to end: ``cache_error`` then says what is wrong.
        """
        try:
            self.stored = self._service.find_local(self._identifier)
        except CacheError as error:
            self.cache_error = error
        return self.stored

    def use_stored(self, record: FetchedRecord | None) -> FetchedRecord | None:
        """Take what was found in the cache already, instead of ``find_stored``."""
        self.stored = record
        return record

    async def ask_servers(self, client: RegistryClient | None = None) -> None:
        """Ask the servers, one after the other until one sends a record that verifies."""
        known = None if self._refresh else self.stored
        try:
            self._fetched = await self._service.fetch_all(
                self._identifier, known, self._notice, client
            )
        except (NotFoundError, UnreachableError) as error:
            self._error = error

    def result(self) -> LookUpResult:
        """Return the result; raises NotFoundError or UnreachableError for nothing at all."""
        fetched = best(self._fetched)
        shown = best([record for record in (fetched, self.stored) if record is not None])
        if shown is None:
            raise self._missing()
        others = tuple(record for record in self._fetched if record is not fetched)
        return LookUpResult(shown, self.stored, fetched, others, self._findings(shown), self._error)

    def _missing(self) -> PithError:
        """Return why there is no record, and which versions of the work are stored instead."""
        from pith_tui.lookup.stored_versions import name_stored_versions, stored_versions

        error = self._error or self._service.not_stored(self._identifier)
        versions = stored_versions(self._service.cache, self._identifier)
        return name_stored_versions(error, self._identifier, versions)

    def _findings(self, shown: FetchedRecord) -> tuple[Finding, ...]:
        """Compare what is known of the record: stored, sent by each server, under other numbers."""
        findings = []
        for other in (self.stored, *self._fetched):
            if other is None or other.checked is shown.checked:
                continue
            kind = detect_equivocation(other.checked, shown.checked, self._identifier)
            if kind is not None and other.checked.catalog is not None:
                findings.append(Finding(kind, other.checked.catalog.suffix))
        if self._service.cache is not None:
            finding = find_equivocation(self._service.cache, shown.checked, self._service.trusted)
            if finding is not None:
                findings.append(finding)
        return tuple(dict.fromkeys(findings))


def local_result(service: RecordService, record: FetchedRecord) -> LookUpResult:
    """Return the result for a record that was not looked up, such as one in a file."""
    findings: tuple[Finding, ...] = ()
    if service.cache is not None:
        finding = find_equivocation(service.cache, record.checked, service.trusted)
        findings = () if finding is None else (finding,)
    return LookUpResult(record, None, None, (), findings, None)
