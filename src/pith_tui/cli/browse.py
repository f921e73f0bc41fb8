"""``pith-tui [ID]``: the browser."""

from __future__ import annotations

import argparse
import contextlib
import gc

from pith_tui.cli import exit_codes
from pith_tui.cli.context import open_library
from pith_tui.cli.known_settings import check_in_browser
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import config_dir, user_state_path
from pith_tui.user.settings import Settings, load_settings


def browse(options: argparse.Namespace) -> int:
    """Open the browser, on a record where one is asked for, else where one was last."""
    settings = load_settings(config_dir())
    notices: list[str] = []
    user_state = UserState(user_state_path(), notice=notices.append)
    asked = parse_identifier(options.id) if options.id is not None else _begin(settings, user_state)
    with open_library(options, notices.append) as library, contextlib.closing(user_state):
        from pith_tui.tui.loading import load_in_background

        # Collecting garbage while thousands of classes are made finds none; the app turns it on
        # again when the first frame is out.
        gc.disable()
        # Read and verified while Textual is imported, which takes longer.
        first = None if asked is None else load_in_background(library, asked)
        from pith_tui.tui.app import PithApp

        check_in_browser(settings, config_dir())
        app = PithApp(
            library,
            asked,
            first,
            refresh=options.refresh,
            notices=notices,
            settings=settings,
            user_state=user_state,
        )
        app.run()
        app.remember()  # what there was no time for
        if app.crash is not None:
            raise app.crash
    return exit_codes.OK


def _begin(settings: Settings, user_state: UserState) -> Identifier | None:
    """Return the record that was open last, where the settings do not say to begin elsewhere."""
    last = user_state.last() if settings.start == "last" else None
    try:
        return None if last is None else parse_identifier(last)
    except IdentifierError:
        return None  # not written by this version of the program; the start goes on without
