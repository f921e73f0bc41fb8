"""The words of ``pith-tui config``."""

from __future__ import annotations

import argparse

from pith_tui.cli.parser import json_option, new_parser

_EPILOG = """\
examples:
  pith-tui config example > "$(pith-tui config path)"
  pith-tui config show"""


def config_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui config``."""
    parser = new_parser("pith-tui config", "Show the settings, and where they are.", _EPILOG)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("path", help="print where the settings file is, there or not")
    show = commands.add_parser("show", help="show every setting, and what the file sets")
    json_option(show)
    commands.add_parser("example", help="print a settings file that explains everything")
    return parser
