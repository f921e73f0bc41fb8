"""``pith-tui cache path``."""

from __future__ import annotations

import argparse

from pith_tui.cli import exit_codes
from pith_tui.cli.parser import cache_option
from pith_tui.cli.streams import write_path
from pith_tui.user.paths import cache_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui cache path``."""
    cache_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print the path, whether or not there is a file."""
    write_path(cache_path(options.cache))
    return exit_codes.OK
