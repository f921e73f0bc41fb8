"""The one-line bars: verdict, title, tabs, status and keys.

The verdict has a bar of its own that holds the program's words alone, so that no text of a
record can reach, push or paint over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from pith_tui.output.safe import safe
from pith_tui.output.tex import display
from pith_tui.output.words import MARK_SIGNS, VERDICT_SIGNS
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Verdict
from pith_tui.tui.commands import Command


class Bar(Widget):
    """One line of styled text, made anew whenever what it shows changes."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._content = Content()

    def write(self, content: Content) -> None:
        """Show this instead."""
        self._content = content
        self.refresh()

    def render(self) -> Content:
        """Give the line as it is."""
        return self._content


class VerdictBar(Bar):
    """The verdict, how the checks ended, and where the bytes came from.

    ``came_from`` holds words and an age, nothing of the record.
    """

    def display_verdict(
        self, verdict: Verdict | None, tally: str, came_from: str, progress: str = ""
    ) -> None:
        """Show a verdict; None while there is no record."""
        for each in Verdict:
            self.set_class(verdict is each, each.value.lower())
        if verdict is None:
            self.write(Content.assemble((" no record ", "dim"), safe(came_from)))
            return
        badge = f" {VERDICT_SIGNS[verdict]} {verdict.value} " if not progress else f" {progress} "
        self.write(
            Content.assemble(
                (badge, "bold reverse"), f" {tally}", (f"  ·  {safe(came_from)}", "dim")
            )
        )


class TitleBar(Bar):
    """The record's title with its mark."""

    def display_title(self, title: str | None, mark: Mark | None, *, source: bool) -> None:
        """Show a title, as TeX source or as Unicode where that is sure."""
        if title is None:
            self.write(Content())
            return
        shown = safe(title if source else display(title))
        sign = f"{MARK_SIGNS[mark]} " if mark is not None else ""
        self.write(Content.assemble((sign, "$accent"), (shown, "bold")))


class StatusBar(Bar):
    """What the program is doing, or has to say; may quote errors, so it is made safe."""

    def say(self, text: str, *, trouble: bool = False) -> None:
        """Show a remark; the last one stays."""
        self.set_class(trouble, "trouble")
        self.write(Content(safe(text)))


class TabBar(Bar):
    """The panes' names on a narrow screen, the open one marked."""

    class Chosen(Message):
        """A name was clicked."""

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
        """Shorten the names where they do not fit."""
        del event
        self._draw()

    def _draw(self) -> None:
        names = [f" {n} {name} " for n, name in enumerate(self._names, 1)]
        if sum(map(len, names)) > self.size.width > 0:
            names = [f" {n} {name[:5]} " for n, name in enumerate(self._names, 1)]
        self._spans, at = [], 0
        parts: list[tuple[str, str]] = []
        for index, name in enumerate(names):
            self._spans.append((at, at + len(name)))
            at += len(name)
            parts.append((name, "bold reverse" if index == self._open else "dim"))
        self.write(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        """Tell which name was clicked."""
        for index, (start, end) in enumerate(self._spans):
            if start <= event.x < end:
                self.post_message(self.Chosen(index))


class KeyBar(Bar):
    """The footer: keys and what they do, as many as fit; a click does it too."""

    def __init__(self, commands: Sequence[Command], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._commands = [command for command in commands if command.footer]
        self._spans: list[tuple[int, int, str]] = []

    def on_resize(self, event: events.Resize) -> None:
        """Show as many keys as the new width holds; help and quit always stay."""
        del event
        shown = list(self._commands)
        while len(shown) > 2 and self._width(shown) > self.size.width:
            shown.pop(-3)
        parts: list[tuple[str, str]] = []
        self._spans, at = [], 0
        for command in shown:
            size = len(command.key_name) + len(command.footer) + 3
            self._spans.append((at, at + size, command.action))
            at += size
            parts += [(f" {command.key_name}", "bold $accent"), (f" {command.footer} ", "")]
        self.write(Content.assemble(*parts))

    @staticmethod
    def _width(commands: Sequence[Command]) -> int:
        return sum(len(c.key_name) + len(c.footer) + 3 for c in commands)

    async def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for start, end, action in self._spans:
            if start <= event.x < end:
                await self.screen.run_action(action)
