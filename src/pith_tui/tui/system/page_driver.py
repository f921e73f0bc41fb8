"""The browser in a web page: Textual's web driver, which forgets to end with its server."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver


class PageDriver(WebDriver):
    """Speaks with a server such as ``textual serve`` over standard input and output."""

    def run_input_thread(self) -> None:
        """Pass on what is typed; leave where the server is gone, or each visit would stay."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._loop.call_soon_threadsafe(self._app.exit)
