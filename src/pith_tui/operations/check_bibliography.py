"""Check a bibliography: look every id up, and compare the titles with what the records prove.

What is stored is taken first, whatever its age, in ``find_stored``; what is left in ``to_ask`` is
asked for by ``ask_servers``, through ``fetch_many``, and lands in the cache: an interrupted check
resumes when it is started again.  Then ``results`` compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from pith_tui.errors import NotFoundError, PithError
from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.look_up import LookUp, LookUpResult
from pith_tui.lookup.service import Notice, Origin, RecordService
from pith_tui.operations.bibliography.arxiv_ids import (
    EntryIds,
    ImpossibleId,
    NamedId,
    arxiv_ids,
)
from pith_tui.operations.bibliography.comparison import (
    WORST_FIRST,
    Reason,
    RecordFacts,
    Result,
    compare_entry,
    record_facts,
)
from pith_tui.operations.bibliography.entries import Entry
from pith_tui.operations.bibliography.reading import SourceFile
from pith_tui.operations.bibliography.remarks import Remark, RemarkKind, remarks_on
from pith_tui.operations.bibliography.same_title import (
    highest_version,
    record_with_title,
    version_with_title,
)
from pith_tui.operations.fetch_many import Fetched, FetchPlan, fetch_many
from pith_tui.protocol.identifiers import Identifier, Kind, arxiv_month

MOST_UNREACHABLE = 8
"""Look-ups in a row that no server answers, after which no more are started."""


class IdResult(NamedTuple):
    """One id of an entry: where it stands, and the result of comparing the entry with its record.

    ``version`` is the one that the entry names; ``written`` the entry's title as it was read;
    ``impossible`` says why a text can be no id; ``error`` why there is no record; ``findings`` are
    alarms and notices about the record.
    """

    id: str
    version: int | None
    where: tuple[str, ...]
    result: Result
    reason: Reason | None = None
    written: str | None = None
    facts: RecordFacts | None = None
    impossible: str | None = None
    error: PithError | None = None
    remarks: tuple[Remark, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        """The id as people write it, with the version that the entry names."""
        return self.id if self.version is None else f"{self.id}v{self.version}"


class EntryResult(NamedTuple):
    """One entry of a file, and the results of its ids; ``result`` is the worst of them."""

    file: str
    entry: Entry
    ids: tuple[IdResult, ...]
    result: Result
    names_arxiv: bool


class _Checked(NamedTuple):
    """An entry with the ids in it, before anything is looked up."""

    file: str
    entry: Entry
    ids: EntryIds


class _Ended(NamedTuple):
    """The result of looking an id up."""

    facts: RecordFacts | None
    error: PithError | None = None
    findings: tuple[Finding, ...] = ()


def _ended(result: LookUpResult) -> _Ended:
    return _Ended(record_facts(result.shown), result.error, result.findings)


class BibliographyCheck:
    """One check of some files of references; the steps are called in their order."""

    def __init__(
        self, service: RecordService, files: Sequence[SourceFile], *, refresh: bool = False
    ) -> None:
        """Find the ids in the files; with ``refresh`` what is stored is asked for as well."""
        self.files = files
        self._service = service
        self._refresh = refresh
        self._entries = [
            _Checked(file.name, entry, arxiv_ids(entry))
            for file in files
            for entry in file.bibliography.entries
        ]
        self.identifiers = self._identifiers()
        self._ended: dict[Identifier, _Ended] = {}
        self._unreachable_in_row = 0
        self._stopped = False

    def _identifiers(self) -> list[Identifier]:
        """List what is to be looked up, each once, in the order of the files."""
        wanted: dict[Identifier, None] = {}
        for checked in self._entries:
            for named in checked.ids.ids:
                if not self._is_future(named.id):
                    wanted[_identifier(checked.entry, checked.ids, named)] = None
        return list(wanted)

    def _is_future(self, arxiv_id: str) -> bool:
        now = self._service.now()
        return arxiv_month(arxiv_id) > (now.year, now.month)

    def find_stored(self, done: Callable[[int], None] = lambda _: None) -> None:
        """Take what is in the cache, offline the samples too; ``done`` is called with their number.

        Reads and verifies, so it belongs in a thread where something waits for events.
        """
        for number, identifier in enumerate(self.identifiers, 1):
            if self._stopped:
                return
            work = LookUp(self._service, identifier, refresh=False, notice=lambda _: None)
            record = work.find_stored()
            if work.cache_error is not None:
                self._ended[identifier] = _Ended(None, work.cache_error)
            if record is not None and (self._service.offline or record.origin is Origin.CACHE):
                self._ended[identifier] = _ended(work.result())
            done(number)

    @property
    def stored(self) -> int:
        """How many of the ids have a record in the cache."""
        return sum(ended.facts is not None for ended in self._ended.values())

    @property
    def to_ask(self) -> list[Identifier]:
        """The ids that servers are to be asked for."""
        if self._service.offline:
            return []
        if self._refresh:
            return self.identifiers
        return [name for name in self.identifiers if not self._is_settled(name)]

    def _is_settled(self, identifier: Identifier) -> bool:
        """Return whether there is a record, or a server said that there is none."""
        ended = self._ended.get(identifier)
        return ended is not None and (
            ended.facts is not None or isinstance(ended.error, NotFoundError)
        )

    def stop(self) -> None:
        """Begin no further look-up; callable from any thread."""
        self._stopped = True

    async def ask_servers(
        self,
        notice: Notice,
        done: Callable[[Identifier], None] = lambda _: None,
        *,
        rate: float,
        jobs: int,
    ) -> None:
        """Ask for what is left, at a rate a second; ``done`` is called with each that ended."""

        def add(fetched: Fetched) -> None:
            self._take(fetched)
            done(fetched.identifier)

        self._unreachable_in_row = 0
        plan = FetchPlan(rate, jobs, timedelta(0), self._refresh)
        await fetch_many(self._service, self._until_stopped(self.to_ask), plan, add, notice)

    def _until_stopped(self, identifiers: list[Identifier]) -> Iterator[Identifier]:
        for identifier in identifiers:
            if self._stopped or self._unreachable_in_row >= MOST_UNREACHABLE:
                return
            yield identifier

    def _take(self, fetched: Fetched) -> None:
        """Keep the result of one look-up: the stored record if no server responds."""
        is_missing = isinstance(fetched.error, NotFoundError)
        if fetched.error is None or is_missing:
            self._unreachable_in_row = 0
        else:
            self._unreachable_in_row += 1
        self._ended[fetched.identifier] = (
            _Ended(None, fetched.error) if fetched.result is None else _ended(fetched.result)
        )

    @property
    def entries(self) -> int:
        """How many entries the files have."""
        return len(self._entries)

    def results(self) -> Iterator[EntryResult]:
        """Compare every entry with the records of its ids, in the order of the files.

        Reads the cache, for other versions and other records with the title of an entry.
        """
        return map(self._entry_result, self._entries)

    def _entry_result(self, checked: _Checked) -> EntryResult:
        ids = [self._id_result(checked, named) for named in checked.ids.ids]
        ids += [_impossible(checked.entry, text) for text in checked.ids.impossible]
        result = min(
            (compared.result for compared in ids), key=WORST_FIRST.index, default=Result.NO_ID
        )
        return EntryResult(checked.file, checked.entry, tuple(ids), result, checked.ids.names_arxiv)

    def _id_result(self, checked: _Checked, named: NamedId) -> IdResult:
        entry = checked.entry
        identifier = _identifier(entry, checked.ids, named)
        place = (named.id, identifier.version, named.where)
        written = entry.value("title")
        if self._is_future(named.id):
            return IdResult(*place, Result.IMPOSSIBLE, written=written)
        ended = self._ended.get(identifier)
        if ended is None or ended.facts is None:
            error = None if ended is None else ended.error
            result, reason = self._without_record(error)
            return IdResult(*place, result, reason, written, error=error)
        match = compare_entry(entry, ended.facts)
        remarks: list[Remark] = []
        if match.result in (Result.SAME, Result.PART, Result.OTHER):
            remarks = self._remarks(entry, identifier, ended.facts, match.result)
        return IdResult(
            *place, match.result, match.reason, match.written, ended.facts, None, ended.error,
            tuple(remarks), ended.findings,
        )  # fmt: skip

    def _without_record(self, error: PithError | None) -> tuple[Result, Reason | None]:
        if isinstance(error, NotFoundError):
            return Result.NO_RECORD, None
        if self._service.offline:
            return Result.NOT_CHECKED, Reason.NOT_STORED
        reason = Reason.NOT_ASKED if error is None else Reason.NOT_REACHED
        return Result.NOT_CHECKED, reason

    def _remarks(
        self, entry: Entry, identifier: Identifier, facts: RecordFacts, result: Result
    ) -> list[Remark]:
        highest = None
        if identifier.version is not None:
            highest = highest_version(self._service, identifier)
        remarks = remarks_on(entry, facts, identifier.version, highest)
        if result is Result.SAME:
            return remarks
        if identifier.version is None and facts.version is not None:
            remarks.append(Remark(RemarkKind.NO_VERSION, (f"v{facts.version}",)))
        other = version_with_title(self._service, entry, identifier)
        if other is not None:
            remarks.append(Remark(RemarkKind.STORED_VERSION, (other,)))
        elif result is Result.OTHER and (other := record_with_title(self._service, entry)):
            remarks.append(Remark(RemarkKind.OTHER_RECORD, (other,)))
        return remarks


def _identifier(entry: Entry, ids: EntryIds, named: NamedId) -> Identifier:
    """Return what is looked up for an id: of the version that the entry names, if it names one."""
    if named.versions:
        return Identifier(Kind.ARXIV, named.id, max(named.versions))
    written = (entry.value("version") or "").strip(" {}").lower().removeprefix("v")
    if len(ids.ids) == 1 and written.isascii() and written.isdecimal() and 0 < int(written) < 1000:
        return Identifier(Kind.ARXIV, named.id, int(written))
    return Identifier(Kind.ARXIV, named.id)


def _impossible(entry: Entry, text: ImpossibleId) -> IdResult:
    return IdResult(
        text.text, None, text.where, Result.IMPOSSIBLE, written=entry.value("title"),
        impossible=text.reason,
    )  # fmt: skip
