"""The one-line bars: verdict, title, tabs, status and keys.

The verdict has a bar of its own that contains only the program's words, so that no text of a
record can reach, push or paint over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.look_alikes import mixed_scripts
from pith_tui.output.lookup_text import finding_texts, weightiest
from pith_tui.output.names import title_or_id
from pith_tui.output.provenance import format_source
from pith_tui.output.safe import safe
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import VERDICT_SIGNS, mark_text, signer_text, tally, tally_in_signs
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, Verdict, verdict_of
from pith_tui.protocol.verification import CHECK_IDS
from pith_tui.tui.app_protocol import pith_app
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Command, Group
from pith_tui.tui.render.layout import fit, shown

_SIGNER = 40
"""Maximum cells of a key's name, which a user may have made long."""
_NARROW = 60
"""Below this width the verdict bar counts with signs and names the source by one word."""


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
        verdict = verdict_of(self._done)
        badge = f" {VERDICT_SIGNS[verdict]} {verdict.value} "
        done, total = len(self._done), len(CHECK_IDS)
        if done < total:
            badge = f" verifying {done}/{total} "
        narrow = 0 < self.size.width < _NARROW
        counted = tally_in_signs(self._done) if narrow else tally(self._done)
        where = self._record.origin.value if narrow else format_source(self._record, self._now)
        tail = (f"  ·  {safe(where)}", "dim")
        room = self.size.width - 2
        signer = signer_text(self._record.checked.report, short=narrow) if done == total else ""
        by = (f" {fit(safe(signer), _SIGNER)} ·", "$warning") if signer else ""
        lines = verdict_lines(self._record.checked, room) if done == total else ("", "")
        self.write(
            Content.assemble(
                (badge, "bold reverse"),
                self._alarm(room - len(badge)),
                by,
                f" {counted}",
                tail,
                f"\n {lines[0]}",
                (f"\n {lines[1]}", "$foreground"),
            )
        )

    def _alarm(self, room: int) -> tuple[str, str] | str:
        """Show the most serious finding, in the longest text that fits."""
        finding = weightiest(self._findings)
        if finding is None:
            return ""
        texts = finding_texts(finding)
        text = next((text for text in texts if len(text) + 2 <= room), texts[-1])
        return f" {text} ", f"bold reverse {'$error' if finding.kind.is_alarm else '$warning'}"


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
        title = shown(title_or_id(checked), source=source)
        mark = None if checked.title is None else checked.title.mark
        contradicted = mark is Mark.CONTRADICTED
        sign = "" if mark is None else mark_text(mark, with_word=contradicted)
        colour = "bold $error" if contradicted else "$accent"
        star = ("★ ", "$warning") if starred else ""
        mixed = mixed_scripts("" if checked.title is None else checked.title.text)
        # Before the title, so that a long one cannot push it off the line.
        alike = ("(look-alike letters) ", "$warning") if mixed is not None else ""
        self.write(Content.assemble(star, (sign, colour), alike, (title, "bold")))


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
        names = [f" {n} {name} " for n, name in enumerate(self._names, 1)]
        if sum(map(len, names)) > self.size.width > 0:
            names = [f" {n} {name[:5]} " for n, name in enumerate(self._names, 1)]
        self._spans, start = [], 0
        parts: list[tuple[str, str]] = []
        for index, name in enumerate(names):
            self._spans.append((start, start + len(name)))
            start += len(name)
            parts.append((name, "bold reverse" if index == self._open else "dim"))
        self.write(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        """Post the name that was clicked."""
        for index, (start, end) in enumerate(self._spans):
            if start <= event.x < end:
                self.post_message(self.Chosen(index))


_ALWAYS_SHOWN = {"leave", "app.help", "app.quit"}


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
        shown = [(self._key(command), command) for command in own]
        optional = [entry for entry in shown if entry[1].action not in _ALWAYS_SHOWN]
        while optional and sum(map(_room, shown)) > self.size.width:
            shown.remove(optional.pop())
        parts: list[tuple[str, str]] = []
        self._spans, start = [], 0
        for key, command in shown:
            size = _room((key, command))
            self._spans.append((start, start + size, command.action))
            start += size
            parts += [(f" {key}", "bold $accent"), (f" {command.footer} ", "")]
        self.write(Content.assemble(*parts))

    def _key(self, command: Command) -> str:
        return command.key_names(pith_app(self).keys)[0]

    async def on_click(self, event: events.Click) -> None:
        """Run the clicked command."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action)


def _room(shown: tuple[str, Command]) -> int:
    return cell_len(shown[0]) + len(shown[1].footer) + 3
