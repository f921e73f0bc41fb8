"""``pith-tui completions``: scripts that teach a shell the commands, options and records."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import codes


def completions(options: argparse.Namespace) -> int:
    """Print the script of a shell."""
    from pith_tui.cli.completion_scripts import SCRIPTS
    from pith_tui.cli.completion_words import nodes

    sys.stdout.write(SCRIPTS[options.shell](nodes()))
    return codes.OK


def offer_ids(prefix: str) -> int:
    """Print the ids known here that begin so, one a line; the scripts ask for it at each key.

    Whatever stands in the way, it stays silent: nobody asked for a message.
    """
    from pith_tui.sources.known import known_ids
    from pith_tui.sources.paths import cache_path, places_path

    for known in known_ids(cache_path(), places_path(), prefix):
        print(known)
    return codes.OK
