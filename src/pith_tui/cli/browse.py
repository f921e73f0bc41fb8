"""``pith-tui [ID]``: the browser."""

from __future__ import annotations

import argparse
import contextlib
import gc

from pith_tui.cli import codes
from pith_tui.cli.context import open_library
from pith_tui.cli.known_settings import check_in_browser
from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.sources.paths import config_dir, places_path
from pith_tui.sources.places import Places
from pith_tui.sources.settings import Settings, load_settings


def browse(options: argparse.Namespace) -> int:
    """Open the browser, on a record where one is asked for, else where one was last."""
    settings = load_settings(config_dir())
    notices: list[str] = []
    places = Places(places_path(), notice=notices.append)
    asked = parse_identifier(options.id) if options.id is not None else _begin(settings, places)
    with open_library(options, notices.append) as library, contextlib.closing(places):
        from pith_tui.tui.reading import begin_reading

        # Collecting garbage while thousands of classes are made finds none; the app turns it on
        # again when the first frame is out.
        gc.disable()
        # Read and verified while Textual is imported, which takes longer.
        first = None if asked is None else begin_reading(library, asked)
        from pith_tui.tui.app import PithApp

        check_in_browser(settings, config_dir())
        app = PithApp(
            library,
            asked,
            first,
            refresh=options.refresh,
            notices=notices,
            settings=settings,
            places=places,
        )
        app.run()
        app.remember()  # what there was no time for
        if app.crash is not None:
            raise app.crash
    return codes.OK


def _begin(settings: Settings, places: Places) -> Identifier | None:
    """Give the record that was open last, where the settings do not say to begin elsewhere."""
    last = places.last() if settings.start == "last" else None
    try:
        return None if last is None else parse_identifier(last)
    except IdentifierError:
        return None  # not written by this version of the program; the start goes on without
