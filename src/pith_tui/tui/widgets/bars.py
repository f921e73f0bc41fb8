"""The one-line bars: verdict, title, tabs, status and keys.

The verdict has a bar of its own that contains only the program's words, so that no text of a
record can reach, push or paint over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.safe import safe
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Verdict, verdict_of
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.render.bar_text import (
    fitting_keys,
    key_room,
    key_spans,
    tab_spans,
    title_spans,
    verdict_bar_spans,
)


class Bar(Widget):
    """One line of styled text, rebuilt whenever its content changes."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._content = Content()

    def write(self, content: Content) -> None:
        """Replace the line."""
        self._content = content
        self.refresh()

    def render(self) -> Content:
        """Return the current line."""
        return self._content


class VerdictBar(Bar):
    """The verdict, how the checks ended, and where the bytes came from: nothing of the record."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._done: tuple[Check, ...] | None = None
        self._record: FetchedRecord | None = None
        self._now: datetime | None = None
        self._findings: Sequence[Finding] = ()

    def show(
        self,
        record: FetchedRecord,
        done: tuple[Check, ...],
        now: datetime,
        findings: Sequence[Finding] = (),
    ) -> None:
        """Show the verdict so far, and where the bytes came from.

        The most serious of the ``findings`` follows the verdict.
        """
        self._done, self._record, self._now, self._findings = done, record, now, findings
        verdict = verdict_of(done)
        for other in Verdict:
            self.set_class(verdict is other, other.value.lower())
        self._draw()

    def clear(self) -> None:
        """Show that no record is open."""
        self._done = None
        for other in Verdict:
            self.remove_class(other.value.lower())
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the text to the new width."""
        del event
        self._draw()

    def _draw(self) -> None:
        if self._done is None or self._record is None or self._now is None:
            self.write(Content.assemble((" no record open ", "dim")))
            return
        lines = verdict_bar_spans(
            self._record, self._done, self._now, self._findings, self.size.width
        )
        spans = [span for line in lines for span in (("\n", ""), *line)]
        self.write(Content.assemble(*spans[1:]))


class TitleBar(Bar):
    """The record's title and mark."""

    def clear(self) -> None:
        """Show no title."""
        self.write(Content())

    def show_title(
        self, checked: CheckedRecord, *, source: bool = False, starred: bool = False
    ) -> None:
        """Show the title of a record, or its id if it has none, and a star for a bookmark.

        With ``source`` the title is TeX source, else Unicode if the conversion is certain.
        """
        self.write(Content.assemble(*title_spans(checked, source=source, starred=starred)))


class StatusBar(Bar):
    """What the program is doing, or a message; may quote errors, so it is made safe."""

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a message; the last one stays."""
        self.set_class(warning, "warning")
        self.write(Content(safe(text)))
        self.refresh(layout=True)  # with several lines, it is as high as its text needs


class TabBar(Bar):
    """The names of the panes on a narrow screen, the open one marked."""

    class Chosen(Message):
        """Posted when a name is clicked."""

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__()

    def __init__(self, names: Sequence[str], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._names = tuple(names)
        self._spans: list[tuple[int, int]] = []
        self._open = 0

    def choose(self, index: int) -> None:
        """Mark a pane as the open one."""
        self._open = index
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Shorten the names if they do not fit."""
        del event
        self._draw()

    def _draw(self) -> None:
        spans = tab_spans(self._names, self._open, self.size.width)
        self._spans, start = [], 0
        for text, _ in spans:
            self._spans.append((start, start + len(text)))
            start += len(text)
        self.write(Content.assemble(*spans))

    def on_click(self, event: events.Click) -> None:
        """Post the name that was clicked."""
        for index, (start, end) in enumerate(self._spans):
            if start <= event.x < end:
                self.post_message(self.Chosen(index))


class KeyBar(Bar):
    """The footer: the keys of a group and what they do, as many as fit; they can be clicked."""

    def __init__(self, group: Group, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        commands = (*group.commands, *APP.commands)
        self._commands = [command for command in commands if command.footer]
        self._spans: list[tuple[int, int, str]] = []

    def on_resize(self, event: events.Resize) -> None:
        """Show as many keys as the new width holds; the way back, help and quit always stay."""
        del event
        read_only = pith_app(self).read_only
        own = (command for command in self._commands if not (read_only and command.writes))
        shown = fitting_keys(own, self._key, self.size.width)
        self._spans, start = [], 0
        for entry in shown:
            size = key_room(entry)
            self._spans.append((start, start + size, entry[1].action))
            start += size
        self.write(Content.assemble(*key_spans(shown)))

    def _key(self, command: Command) -> str:
        return command.key_names(pith_app(self).keys)[0]

    async def on_click(self, event: events.Click) -> None:
        """Run the clicked command."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action)
