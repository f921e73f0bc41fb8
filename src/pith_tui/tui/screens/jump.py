"""Jump mode: a label on every visible row; typing a label goes to its row."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from pith_tui.tui.jump_targets import JumpTarget, labels


class _Label(Widget):
    """A label on the start of a row."""

    def __init__(self, text: str, stop: JumpTarget) -> None:
        super().__init__()
        self.text = text
        self.styles.offset = (stop.x, stop.y)
        self.styles.width = len(text)

    def render(self) -> Content:
        """Render the letters."""
        return Content(self.text)


class JumpScreen(ModalScreen[JumpTarget | None]):
    """Covers another screen while a label is typed; returns its target, None for any other key."""

    def __init__(self, jump_targets: list[JumpTarget]) -> None:
        super().__init__()
        self._stops = dict(zip(labels(len(jump_targets)), jump_targets, strict=False))
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Put the labels where their rows are."""
        for text, stop in self._stops.items():
            yield _Label(text, stop)

    def on_key(self, event: events.Key) -> None:
        """Take the letters of a label; any other key leaves the mode."""
        event.stop()
        typed = self._typed + (event.character or "")
        if typed in self._stops:
            self.dismiss(self._stops[typed])
        elif event.character and any(text.startswith(typed) for text in self._stops):
            self._typed = typed
            for label in self.query(_Label):
                label.display = label.text.startswith(typed)
        else:
            self.dismiss(None)

    def on_click(self) -> None:
        """Leave the mode."""
        self.dismiss(None)
