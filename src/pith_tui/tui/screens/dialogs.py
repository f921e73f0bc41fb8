"""Dialogs: a prompt for a line of text, and a confirmation with yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from pith_tui.output.rows import Row
from pith_tui.output.safe import safe
from pith_tui.tui.commands.cache import ASK, CONFIRM
from pith_tui.tui.screens.base import PithModalScreen
from pith_tui.tui.widgets.bars import Bar
from pith_tui.tui.widgets.line_input import LineInput
from pith_tui.tui.widgets.pane import Pane

_SHORT = 3
"""Maximum rows for which the dialog stays small."""
_CSS = """
PromptDialog, ConfirmDialog { align: center middle; background: $background 70%; }
PromptDialog:ansi, ConfirmDialog:ansi { background: transparent; }
#question {
    width: 90%; max-width: 100; height: auto; max-height: 90%;
    border: round $accent; background: $background; padding: 0 1;
}
ConfirmDialog #question { height: 80%; }
ConfirmDialog.-short #question { height: auto; }
#question-text { height: auto; text-wrap: wrap; text-overflow: fold; }
#answer { background: $surface; margin: 1 0; }
#answer-keys { color: $pith-muted; }
#details { height: 1fr; margin: 1 0; }
ConfirmDialog.-short #details { height: 6; }
"""


class PromptDialog(PithModalScreen[str | None]):
    """A prompt for a line of text; returns None without an answer."""

    GROUP = ASK
    CSS = _CSS

    def __init__(self, question: str, example: str) -> None:
        """Make the dialog for a question without record text; ``example`` is a sample answer."""
        super().__init__()
        self._question = question
        self._example = example

    def compose(self) -> ComposeResult:
        """Compose the question above its input."""
        with Vertical(id="question"):
            text = Bar(id="question-text")
            text.write(Content.assemble((self._question, "bold")))
            yield text
            yield LineInput(placeholder=self._example, compact=True, id="answer")
            keys = Bar(id="answer-keys")
            keys.write(Content(f"Enter to confirm, {self.key_for('ask_leave')} to cancel"))
            yield keys

    @on(Input.Submitted)
    def take_answer(self, message: Input.Submitted) -> None:
        """Return the answer, if there is one."""
        self.dismiss(message.value.strip() or None)


class ConfirmDialog(PithModalScreen[bool]):
    """A confirmation of something that cannot be undone: lists what is affected, asks yes or no."""

    GROUP = CONFIRM
    CSS = _CSS

    def __init__(self, question: str, rows: list[Row]) -> None:
        """Make the dialog; the question may quote a path or id, the rows list what is affected."""
        super().__init__()
        self._question = question
        self._about = rows
        self.set_class(len(rows) <= _SHORT, "-short")

    def compose(self) -> ComposeResult:
        """Compose the question above the list of what is affected."""
        with Vertical(id="question"):
            text = Bar(id="question-text")
            text.write(Content.assemble((safe(self._question), "bold")))
            yield text
            details = Pane("Details", id="details")
            details.show(self._about)
            yield details
            keys = Bar(id="answer-keys")
            yes, no = self.key_for("confirm_yes"), self.key_for("confirm_no")
            keys.write(Content(f"press {yes} for yes, {no} for no"))
            yield keys

    def on_mount(self) -> None:
        """Focus the list, so that keys move in it."""
        self.query_one(Pane).focus()

    def action_answer(self, yes: bool) -> None:
        """Return the answer."""
        self.dismiss(yes)


def ask(screen: Screen[Any], question: str, example: str, on_answer: Callable[[str], None]) -> None:
    """Prompt for a line of text over a screen; nothing happens without an answer."""

    def answered(text: str | None) -> None:
        if text is not None:
            on_answer(text)

    screen.app.push_screen(PromptDialog(question, example), answered)


def confirm(
    screen: Screen[Any], question: str, rows: list[Row], on_yes: Callable[[], None]
) -> None:
    """Ask for confirmation, over a screen, of something that cannot be undone."""

    def answered(yes: bool | None) -> None:
        if yes is True:
            on_yes()

    screen.app.push_screen(ConfirmDialog(question, rows), answered)
