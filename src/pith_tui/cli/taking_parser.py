"""The words of ``pith-tui cite`` and ``pith-tui compare``."""

from __future__ import annotations

import argparse

from pith_tui.cli.parser import ID_HELP, json_option, new_parser, source_options

_TARGET_HELP = f"{ID_HELP}; a file; - for standard input"
_CITE = """\
examples:
  pith-tui cite 2503.11832 hep-th/9901001 >> paper.bib
  pith-tui cite 2503.11832 --format latex

A record lists its authors in alphabetical order, and its signature does not cover them."""
_COMPARE = """\
examples:
  pith-tui compare 2503.11832 record.json
  pith-tui compare 2503.11832v4 2503.11832v5 --json

The exit code is that of the worse verdict; that two records differ is no failure. Two signed
contents for one version of a work are one, and give 1."""


def cite_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui cite``."""
    parser = new_parser("pith-tui cite", "Cite records, and say what of it is signed.", _CITE)
    parser.add_argument("targets", nargs="+", metavar="ID|FILE|-", help=_TARGET_HELP)
    parser.add_argument(
        "--format",
        choices=("bibtex", "latex", "text"),
        default="bibtex",
        help="BibTeX, LaTeX with \\pithnumber, or plain text (bibtex)",
    )
    source_options(parser)
    json_option(parser)
    return parser


def compare_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui compare``."""
    parser = new_parser(
        "pith-tui compare", "Compare two records field by field, with marks.", _COMPARE
    )
    parser.add_argument("left", metavar="ID|FILE|-", help=_TARGET_HELP)
    parser.add_argument("right", metavar="ID|FILE|-", help="what to compare it with")
    parser.add_argument("--all", action="store_true", help="list what is the same in both as well")
    source_options(parser)
    json_option(parser)
    return parser
