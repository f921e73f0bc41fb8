"""``pith-tui completions``: scripts that teach a shell the commands, options and records."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes


def completions(options: argparse.Namespace) -> int:
    """Print the script of a shell."""
    from pith_tui.cli.completion_scripts import SCRIPTS
    from pith_tui.cli.completion_spec import nodes

    sys.stdout.write(SCRIPTS[options.shell](nodes()))
    return exit_codes.OK


def offer_ids(prefix: str) -> int:
    """Print the ids known here that begin so, one a line; the scripts ask for it at each key.

    Whatever stands in the way, it stays silent: nobody asked for a message.
    """
    from pith_tui.user.id_suggestions import suggest_ids
    from pith_tui.user.paths import cache_path, user_state_path

    for known in suggest_ids(cache_path(), user_state_path(), prefix):
        print(known)
    return exit_codes.OK
