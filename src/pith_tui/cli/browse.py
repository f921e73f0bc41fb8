"""``pith-tui [ID]``: the browser."""

from __future__ import annotations

import argparse
import gc

from pith_tui.cli import codes
from pith_tui.cli.context import open_library
from pith_tui.protocol.identifiers import parse_identifier


def browse(options: argparse.Namespace) -> int:
    """Open the browser, on a record where one is asked for."""
    asked = None if options.id is None else parse_identifier(options.id)
    notices: list[str] = []
    with open_library(options, notices.append) as library:
        from pith_tui.tui.reading import begin_reading

        # Collecting garbage while thousands of classes are made finds none; the app turns it on
        # again when the first frame is out.
        gc.disable()
        # Read and verified while Textual is imported, which takes longer.
        first = None if asked is None else begin_reading(library, asked)
        from pith_tui.tui.app import PithApp

        PithApp(library, asked, first, refresh=options.refresh, notices=notices).run()
    return codes.OK
