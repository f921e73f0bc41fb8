"""Questions: one that is answered with a line of text, and one with yes or no."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from pith_tui.output.rows import Row
from pith_tui.output.safe import safe
from pith_tui.tui.commands.cache import ASK, CONFIRM
from pith_tui.tui.screens.base import PithModalScreen
from pith_tui.tui.widgets.bars import Bar
from pith_tui.tui.widgets.line_input import LineInput
from pith_tui.tui.widgets.pane import Pane

_CSS = """
PromptDialog, ConfirmDialog { align: center middle; background: $background 70%; }
PromptDialog:ansi, ConfirmDialog:ansi { background: transparent; }
#question {
    width: 90%; max-width: 100; height: auto; max-height: 90%;
    border: round $accent; background: $background; padding: 0 1;
}
ConfirmDialog #question { height: 80%; }
#words { height: auto; text-wrap: wrap; text-overflow: fold; }
#answer { background: $surface; margin: 1 0; }
#answer-keys { color: $pith-muted; }
#what { height: 1fr; margin: 1 0; }
"""


class PromptDialog(PithModalScreen[str | None]):
    """A question that a line of text answers; gives None where there was no answer."""

    GROUP = ASK
    CSS = _CSS

    def __init__(self, question: str, example: str) -> None:
        """Ask in the program's own words; ``example`` shows what an answer looks like."""
        super().__init__()
        self._question = question
        self._example = example

    def compose(self) -> ComposeResult:
        """Render the question above its answer."""
        with Vertical(id="question"):
            words = Bar(id="words")
            words.write(Content.assemble((self._question, "bold")))
            yield words
            yield LineInput(placeholder=self._example, compact=True, id="answer")
            keys = Bar(id="answer-keys")
            keys.write(Content(f"Enter answers, {self.key_for('ask_leave')} cancels"))
            yield keys

    @on(Input.Submitted)
    def take_answer(self, message: Input.Submitted) -> None:
        """Return the answer, if there is one."""
        self.dismiss(message.value.strip() or None)


class ConfirmDialog(PithModalScreen[bool]):
    """A question before something that cannot be undone: says what it would do, asks y or n."""

    GROUP = CONFIRM
    CSS = _CSS

    def __init__(self, question: str, rows: list[Row]) -> None:
        """Ask; the question may quote a path or an id, the rows list what it is about."""
        super().__init__()
        self._question = question
        self._about = rows

    def compose(self) -> ComposeResult:
        """Render the question above what it is about."""
        with Vertical(id="question"):
            words = Bar(id="words")
            words.write(Content.assemble((safe(self._question), "bold")))
            yield words
            what = Pane("What it is about", id="what")
            what.show(self._about)
            yield what
            keys = Bar(id="answer-keys")
            keys.write(
                Content(
                    f"{self.key_for('confirm_yes')} does it, {self.key_for('confirm_no')} does not"
                )
            )
            yield keys

    def on_mount(self) -> None:
        """Let the keys move in the list."""
        self.query_one(Pane).focus()

    def action_answer(self, yes: bool) -> None:
        """Return the answer."""
        self.dismiss(yes)
