"""Links and actions of a record: what each does; to be opened in the web browser or copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.links import count_stated_otherwise, link_rows, links_of, links_text
from pith_tui.output.rows import OpenLink
from pith_tui.tui.commands.links import LINKS
from pith_tui.tui.screens.base import PithScreen
from pith_tui.tui.system.web_browser import open_url
from pith_tui.tui.widgets.bars import KeyBar, StatusBar, TitleBar, VerdictBar
from pith_tui.tui.widgets.pane import Pane

_WORK = "links"


class LinksScreen(PithScreen[None]):
    """The list of links, below the verdict of the record."""

    GROUP = LINKS
    CSS = """
    LinksScreen Pane { height: 1fr; }
    LinksScreen #status { height: auto; max-height: 6; text-wrap: wrap; }
    """

    def __init__(self, record: FetchedRecord, findings: Sequence[Finding], now: datetime) -> None:
        """Make the screen for a record; ages are relative to ``now``."""
        super().__init__()
        self._record = record
        self._findings = findings
        self._now = now
        self._links = links_of(record.checked.record)

    def compose(self) -> ComposeResult:
        """Compose the verdict, list, status and keys."""
        yield VerdictBar(id="verdict")
        yield TitleBar(id="title")
        yield Pane("Links and actions", id="links")
        yield StatusBar(id="status")
        yield KeyBar(LINKS, id="keys")

    def on_mount(self) -> None:
        """List the links, and report whether the record states any of them differently."""
        checks = self._record.checked.report.checks
        self.query_one(VerdictBar).show(self._record, checks, self._now, self._findings)
        self.query_one(TitleBar).show_title(self._record.checked)
        pane = self.query_one(Pane)
        pane.show(link_rows(self._links))
        pane.focus()
        self.say(links_text(self._links), warning=count_stated_otherwise(self._links) > 0)

    @on(Pane.Opened)
    def open_row(self) -> None:
        """Open the link under the cursor."""
        self.action_browse()

    def action_browse(self) -> None:
        """Open the link under the cursor in the web browser."""
        row = self.query_one(Pane).current
        if row is None or not isinstance(row.action, OpenLink):
            key = self.key_for("link_copy")
            self.say(
                f"a URL that only the record states is not opened; {key} copies it", warning=True
            )
            return
        url = row.action.url
        if self.app.is_web:  # the web browser of this machine is not the visitor's
            self.app.open_url(url)
            self.say(f"handed to your web browser: {url}")
            return
        self.say(f"starting the web browser … {url}")
        self.run_worker(self._open(url), group=_WORK, exclusive=True)

    async def _open(self, url: str) -> None:
        done = await open_url(url)
        self.say(done.message, warning=done.failed)

    def action_copy(self) -> None:
        """Copy the URL under the cursor."""
        row = self.query_one(Pane).current
        if row is None or not row.copied:
            self.say("no URL to copy here", warning=True)
            return
        self.pith.copy_text(row.copied, self.say)
