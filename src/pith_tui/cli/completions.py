"""``pith-tui completions``: scripts that complete commands, options and records in a shell."""

from __future__ import annotations

import argparse
import sys

from pith_tui.cli import exit_codes

EPILOG = "The first lines of each script say where to install it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pith-tui completions``."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell it is for")


def run(options: argparse.Namespace) -> int:
    """Print the script of a shell."""
    from pith_tui.cli.completion_scripts import SCRIPTS
    from pith_tui.cli.completion_spec import nodes

    sys.stdout.write(SCRIPTS[options.shell](nodes()))
    return exit_codes.OK
