"""``pith-tui completions ids``: the records that a shell offers; the completion scripts run it."""

from __future__ import annotations

import argparse

from pith_tui.cli import exit_codes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui completions ids``."""
    parser.add_argument("prefix", nargs="?", default="", help="the beginning of an id")


def run(options: argparse.Namespace) -> int:
    """Print the known ids that begin with the prefix, one per line.

    No message is printed, whatever is wrong: it would appear in the middle of typing.
    """
    from pith_tui.user.id_suggestions import suggest_ids
    from pith_tui.user.paths import cache_path, user_state_path

    for known in suggest_ids(cache_path(), user_state_path(), options.prefix):
        print(known)
    return exit_codes.OK
