"""The records that a verification of the archive found wanting, listed to choose one from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from pith_tui.errors import CacheError, NotARecordError
from pith_tui.output.rows import view_of
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.protocol.verification import verify
from pith_tui.sources.cache import Cache
from pith_tui.sources.library import Library
from pith_tui.tui.commands.archive import FOUND
from pith_tui.tui.widgets.bars import KeyBar, StatusBar
from pith_tui.tui.widgets.record_list import ListRow, Page, RecordList

if TYPE_CHECKING:
    from pith_tui.tui.app import PithApp

_OUTCOMES = {
    Verdict.VERIFIED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.UNDECIDED: Outcome.UNDECIDED,
}


class FoundScreen(Screen[str | None]):
    """A list of named records, each read and verified when it is shown; gives the chosen one."""

    app: PithApp
    GROUP = FOUND
    BINDINGS: ClassVar[list[BindingType]] = GROUP.bindings

    def __init__(self, library: Library, title: str, suffixes: Sequence[str], count: int) -> None:
        """List records by suffix; ``count`` is how many there are, named or not."""
        super().__init__()
        self._library = library
        self._title = title
        self._suffixes = suffixes
        self._count = count

    def compose(self) -> ComposeResult:
        """Lay out the list and a line of remarks."""
        records = RecordList(id="records", now=self._library.now)
        records.border_title = self._title
        yield records
        yield StatusBar(id="status")
        yield KeyBar(FOUND, id="keys")

    def on_mount(self) -> None:
        """Begin with the first."""
        records = self.query_one(RecordList)
        records.focus()
        assert self._library.cache is not None, "an archive was verified"
        records.show(_source(self._library.cache, self._suffixes, self._library.trusted))
        words = f"{self._count:,} record{'' if self._count == 1 else 's'}"
        if self._count > len(self._suffixes):
            words += f", of which the first {len(self._suffixes):,} are named here"
        self.query_one(StatusBar).say(f"{words}; each is verified anew as it is shown")

    @on(RecordList.Chosen)
    def choose(self, message: RecordList.Chosen) -> None:
        """Give the chosen record back."""
        self.dismiss(message.suffix)

    def action_leave(self) -> None:
        """Go back to the archive."""
        self.dismiss(None)


def _source(
    cache: Cache, suffixes: Sequence[str], trusted: Sequence[PublicKey]
) -> Callable[[Page], list[ListRow]]:
    def read(page: Page) -> list[ListRow]:
        if page.before is None:
            first = page.after or 0
            last = first + page.size
        else:
            last = min(page.before - 1, len(suffixes))
            first = max(last - page.size, 0)
        return [
            _row(cache, number, suffix, trusted)
            for number, suffix in enumerate(suffixes[first:last], first + 1)
        ]

    return read


def _row(cache: Cache, number: int, suffix: str, trusted: Sequence[PublicKey]) -> ListRow:
    """Read and verify one; what cannot be read says so in the place of a title."""
    try:
        held = cache.latest(suffix)
        if held is None:
            return _bad(number, suffix, "it was removed since")
        report = verify(held.raw, Identifier(Kind.PITH, suffix), trusted)
        view = view_of(Record(held.raw), report)
    except (CacheError, NotARecordError) as error:
        return _bad(number, suffix, str(error))
    record = view.record
    source = record.source if record.canonical_record is None else record.canonical_source
    metadata = ("canonical_record", "metadata")
    return ListRow(
        number,
        suffix,
        source.text,
        record.title or "",
        view.marks.get(("paper", "title")),
        record.text(*metadata, "primary_cat") or "",
        record.text(*metadata, "submitted_at") or "",
        held.checked_at,
        _OUTCOMES[report.verdict],
    )


def _bad(number: int, suffix: str, why: str) -> ListRow:
    return ListRow(number, suffix, suffix, why, None, "", "", None, Outcome.FAILED)
