"""The driver for a web page: Textual's web driver, corrected so that it ends with its server."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver


class PageDriver(WebDriver):
    """Speaks with a server such as ``textual serve`` over standard input and output."""

    def run_input_thread(self) -> None:
        """Pass on the input; leave if the server is gone, else each visit would keep running."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._loop.call_soon_threadsafe(self._app.exit)
