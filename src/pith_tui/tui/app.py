"""The application: its first screen, themes, and the commands that are available everywhere."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.style import Style
from textual import constants, events, on
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from pith_tui.errors import UsageError
from pith_tui.lookup.service import RecordService
from pith_tui.output.symbols import is_ascii
from pith_tui.protocol.identifiers import Identifier
from pith_tui.trace import trace
from pith_tui.tui.commands.app import APP
from pith_tui.tui.commands.base import Group
from pith_tui.tui.commands.keys import key_name
from pith_tui.tui.render.palette import palette_of
from pith_tui.tui.screens.record import RecordScreen
from pith_tui.tui.theme_choice import chosen_theme
from pith_tui.tui.themes import ANSI_DARK, DARK, THEMES
from pith_tui.tui.widgets.bars import StatusBar
from pith_tui.tui.widgets.pane import Pane
from pith_tui.user.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

    from pith_tui.tui.loading import EarlyLookUp
    from pith_tui.tui.system.early_screen import EarlyScreen
    from pith_tui.user.bookmarks import UserState


class PithApp(App[None]):
    """The browser over a record service.

    ``asked`` is the record to open first, if any, and ``first`` its look-up, if already started.

    ``early_screen`` is the terminal if the first frame was painted on it already;
    ``notices`` were collected while the RecordService was made, to be shown on the first screen;
    ``user_state`` is what is kept between starts, None if nothing is.
    """

    TITLE = "pith-tui"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = APP.bindings

    def __init__(
        self,
        service: RecordService,
        asked: Identifier | None = None,
        first: EarlyLookUp | None = None,
        *,
        refresh: bool = False,
        notices: Iterable[str] = (),
        settings: Settings = Settings(),  # noqa: B008 - a tuple cannot be changed
        user_state: UserState | None = None,
        read_only: bool = False,
        early_screen: EarlyScreen | None = None,
    ) -> None:
        # With sixteen colours declared, an app under NO_COLOR sends no colour at all, not greys.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.settings = settings
        self.user_state = user_state
        self.read_only = read_only
        self.early_screen = early_screen
        self._held_input: list[events.InputEvent | events.Paste] | None = []
        self._unwritten: tuple[str, str, datetime] | None = None
        self._first_screen = RecordScreen(service, asked, first, refresh=refresh)
        self.notices = list(notices)
        self.keys = _keymap(settings.keys)
        self.set_keymap(self.keys)
        self._palette: dict[str, Style] = {}
        self._palette_of = ""
        for theme in THEMES.values():
            self.register_theme(theme)
        self._begin_with(self._first_theme())

    def _first_theme(self) -> str:
        """Choose the theme: by the settings, else the last choice, else the terminal's colours."""
        chosen = chosen_theme(self.settings, self.user_state)
        if chosen in THEMES:
            return chosen
        few = self.no_color or self.console.color_system == "standard"
        return ANSI_DARK.name if few else DARK.name

    def _begin_with(self, name: str) -> None:
        """Set the first theme directly; Textual's watcher would parse the style sheet twice."""
        self.set_reactive(App.theme, name)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.set_class(True, f"-theme-{name}", update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the final conversion to ASCII if that mode is on."""
        filters = super().get_line_filters()
        return [*filters, ascii_filter()] if is_ascii() else filters

    @property
    def palette(self) -> dict[str, Style]:
        """The styles of rows in the current theme."""
        if self._palette_of != self.theme:
            self._palette = palette_of(self.theme_variables, reverse=self.no_color)
            self._palette_of = self.theme
        return self._palette

    def key_for(self, command_id: str) -> str:
        """Return the first key of a command in readable form."""
        return key_name(command_id, self.keys)

    def set_open_record(self, suffix: str, name: str, opened_at: datetime) -> None:
        """Note that a record is open; ``remember`` saves it."""
        self._unwritten = (suffix, name, opened_at)

    def remember(self, suffix: str = "") -> bool:
        """Save the last visit if it is not saved yet; return whether ``suffix`` is bookmarked.

        Reads and writes a file, so it runs in a thread, or at the end of the program.
        """
        if self.user_state is None:
            return False
        visit, self._unwritten = self._unwritten, None
        if visit is not None:
            self.user_state.visit(*visit)
            self.user_state.set_last(visit[1])
        return self.user_state.is_bookmarked(suffix)

    def copy_text(self, text: str, say: Callable[..., None]) -> None:
        """Copy a text in the configured mode; ``say`` is called with the result."""
        if not text:  # an empty text would replace the clipboard's content
            say("this field is empty: nothing was copied", warning=True)
            return
        self.run_worker(self._copy(text, say), group="copy", exclusive=True)

    async def _copy(self, text: str, say: Callable[..., None]) -> None:
        from pith_tui.tui.system.clipboard import copy

        done = await copy(self, text, self.settings.clipboard)
        say(done.message, warning=done.failed)

    # Ending, and being suspended

    async def on_event(self, event: events.Event) -> None:
        """Hold input until the first screen is ready, and drop it after quitting."""
        if isinstance(event, events.InputEvent | events.Paste):
            if self._exit:
                return  # the screens that it was meant for are closing
            if self._held_input is not None:
                self._held_input.append(_as_pressed(event))
                return
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        """Crash, except for an error of a screen that closes while it is still being composed."""
        if self._exit and self._exception is None:
            trace(f"while leaving: {error!r}")
            return
        super()._handle_exception(error)

    def get_driver_class(self) -> type[Driver]:
        """Choose the driver that the environment names, else the one for terminals."""
        if constants.DRIVER:
            return self._named_driver(constants.DRIVER)
        from pith_tui.tui.system.driver import TerminalDriver

        return TerminalDriver

    def _named_driver(self, name: str) -> type[Driver]:
        from textual.drivers.web_driver import WebDriver

        from pith_tui.tui.system.page_driver import PageDriver

        try:
            named = super().get_driver_class()
        except (ImportError, AttributeError, ValueError, RuntimeError) as error:
            raise UsageError(
                f"TEXTUAL_DRIVER names no driver of Textual: {name} ({error})",
                "unset it to use the terminal",
            ) from None
        return PageDriver if named is WebDriver else named

    def request_exit(self) -> bool:
        """Leave as ``q`` does, from a signal handler.

        Return whether the event loop runs and was not leaving already.
        """
        if self._loop is None or self._exit:
            return False
        self._loop.call_soon_threadsafe(self.exit)
        return True

    def abandon_terminal(self) -> None:
        """Restore the terminal without waiting for anything, from a signal handler."""
        from pith_tui.tui.system.driver import TerminalDriver

        if isinstance(self._driver, TerminalDriver):
            self._driver.abandon()
        if self.early_screen is not None:
            self.early_screen.abandon_terminal()

    def action_suspend_process(self) -> None:
        """Suspend to the shell; a web page has none."""
        if self._driver is not None and self._driver.can_suspend:
            super().action_suspend_process()
        else:
            self._say("there is no shell to return to", warning=True)

    @on(Driver.SignalResume)
    def repaint(self) -> None:
        """Repaint everything: other programs used the terminal while this one was stopped."""
        self.refresh(layout=True)
        # Textual drops repaints while it batches updates, so repaint once more afterwards.
        self.call_after_refresh(self.refresh, layout=True)

    def _fatal_error(self) -> None:
        """Exit without output; the caller reports the error in one line.

        Textual would print the exception with its local variables, unescaped record text included.
        """
        self._close_messages_no_wait()

    @property
    def crash(self) -> Exception | None:
        """The unexpected exception that ended the app."""
        return self._exception

    def on_ready(self) -> None:
        """Collect garbage from now on, excluding the objects made at the start."""
        gc.freeze()
        gc.enable()
        if self.early_screen is None:
            self.call_later(self._handle_held_input)
        else:
            self.run_worker(self._begin())

    async def _begin(self) -> None:
        """Draw and act on keys once every widget has handled its first size and the focus."""
        await _handled(self)
        await _handled(*self.screen.walk_children(Widget))
        await _handled(self)
        self.call_later(self._handle_held_input)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draw, but not what Textual draws before the widgets know their sizes.

        It would replace a complete frame that was painted early by an incomplete one.
        """
        if self.early_screen is None or self._held_input is None:
            super()._display(screen, renderable)

    async def _handle_held_input(self) -> None:
        held, self._held_input = self._held_input or [], None
        self.screen.refresh()
        for event in held:
            await self.on_event(event)

    def get_default_screen(self) -> Screen[None]:
        """Start with the record screen itself, so that no other screen is painted before it."""
        return self._first_screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every command of the screen in the palette."""
        group = self._available(screen)
        for command in (*([] if group is None else group.commands), *APP.commands):
            if command.id != "palette":
                keys = ", ".join(command.key_names(self.keys)[:2])
                text = f"{command.help} ({keys})"
                yield SystemCommand(command.name, text, self._runner(screen, command.action))

    @staticmethod
    def _runner(screen: Screen[object], action: str):  # type: ignore[no-untyped-def]
        async def run() -> None:
            await screen.run_action(action)

        return run

    def action_help(self) -> None:
        """Explain keys, marks and outcomes."""
        from pith_tui.tui.screens.text import HelpScreen

        pane = self.screen.focused
        here = pane.current if isinstance(pane, Pane) else None
        self.push_screen(HelpScreen(self._available(self.screen), self.keys, here))

    def _available(self, screen: Screen[object]) -> Group | None:
        """Return the commands of a screen that are available in this session."""
        group = group_of(screen)
        return None if group is None else group.available(read_only=self.read_only)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, however it was invoked; a read-only session refuses to write."""
        screen = self.screen if default_namespace is None else default_namespace.screen
        group = group_of(screen) if self.read_only else None
        if group is not None and isinstance(action, str) and group.writes(action):
            self._say("this session is read-only", warning=True)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def _say(self, text: str, *, warning: bool = False) -> None:
        for status in self.screen.query(StatusBar):
            status.say(text, warning=warning)

    def action_jump(self) -> None:
        """Label every visible row, and go to the one whose label is typed."""
        from pith_tui.tui.jump_targets import JumpTarget, jump_targets
        from pith_tui.tui.screens.jump import JumpScreen

        def go(stop: JumpTarget | None) -> None:
            if stop is not None:
                stop.go()

        self.push_screen(JumpScreen(jump_targets(self.screen)), go)

    def watch_theme(self) -> None:
        """Redraw everything once the styles of the new theme apply.

        Textual redraws only widgets whose styles changed: few do between two themes of the
        terminal's own colours, and widgets that look up their colours while drawing would keep the
        old ones.
        """
        if self.is_running:
            self.call_next(self._redraw)

    def _redraw(self) -> None:
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.refresh()

    def action_next_theme(self) -> None:
        """Switch to the next theme, and remember it."""
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self._say(f"theme {self.theme}")
        if self.user_state is not None:
            remember = partial(self.user_state.choose, "theme", self.theme)
            self.run_worker(remember, thread=True, group="theme", exclusive=True)


async def _handled(*receivers: MessagePump) -> None:
    """Wait until each has handled the messages that are queued for it now."""
    handled = [asyncio.Event() for _ in receivers]
    for receiver, event in zip(receivers, handled, strict=True):
        if not receiver.call_later(event.set):
            event.set()  # it is closing
    await asyncio.gather(*(event.wait() for event in handled))


def _as_pressed(event: events.InputEvent | events.Paste) -> events.InputEvent | events.Paste:
    """Return the Enter key for a line feed, which the terminal makes of it before the paint."""
    if isinstance(event, events.Key) and event.key == "ctrl+j":
        return events.Key("enter", "\r")
    return event


def _keymap(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return a user's keys by the current ids of commands."""
    if not chosen:
        return {}
    from pith_tui.tui.commands.aliases import with_present_ids

    return with_present_ids(chosen)


@lru_cache(maxsize=1)
def ascii_filter() -> LineFilter:
    """Make the filter when the terminal first needs it."""
    from pith_tui.tui.render.ascii import AsciiFilter

    return AsciiFilter()


def group_of(screen: Screen[object]) -> Group | None:
    """Return the commands of a screen; one of Textual's own, such as the palette, has none."""
    group = getattr(screen, "GROUP", None)
    return group if isinstance(group, Group) else None
