"""The words of the command line: commands, options and their help."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from pith_tui.output.safe import safe

ID_HELP = "arXiv id, DOI, Pith Number or a URL that holds one"

_EXAMPLES = """\
examples:
  pith-tui                              open the browser
  pith-tui 2503.11832                   look a record up and read it, verified
  pith-tui hep-th/9901001               old ids, DOIs, Pith Numbers and URLs do as well
  pith-tui --sample                     browse the 66 real records that come with the program
  pith-tui verify 2503.11832            every check in plain text, and an exit code
  pith-tui verify record.json --as 2503.11832
  pith-tui show 2503.11832 --json       record, marks and checks for a script
  pith-tui keys list                    which keys are trusted

other commands: show, verify, cite, compare, fetch, cache, keys, config, completions;
`pith-tui COMMAND --help` tells more.

exit codes: 0 verified or done, 1 verification failed, 2 usage, 3 undecided,
            4 not found, 5 unreachable"""


def browse_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui [ID]``."""
    parser = new_parser(
        "pith-tui", "Browse Pith Number records and see every signature verified.", _EXAMPLES
    )
    parser.add_argument("id", nargs="?", metavar="ID", help=ID_HELP)
    parser.add_argument("-V", "--version", action="store_true", help="print the version and exit")
    source_options(parser)
    return parser


def show_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui show``."""
    parser = new_parser("pith-tui show", "Show a record with a mark before every field.")
    parser.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    source_options(parser)
    form = parser.add_mutually_exclusive_group()
    json_option(form)
    form.add_argument("--raw", action="store_true", help="print one record's bytes as received")
    return parser


def verify_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui verify``."""
    parser = new_parser("pith-tui verify", "Verify records and list every check.")
    parser.add_argument(
        "targets", nargs="+", metavar="ID|FILE|-", help=f"{ID_HELP}; a file; - for standard input"
    )
    parser.add_argument(
        "--as", dest="asked", metavar="ID", help="the record that a FILE or - must be"
    )
    source_options(parser)
    form = parser.add_mutually_exclusive_group()
    json_option(form)
    form.add_argument("--markdown", action="store_true", help="print the report as Markdown")
    return parser


def fetch_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui fetch``."""
    parser = new_parser(
        "pith-tui fetch",
        "Fetch many records into the cache, politely; run it again to go on where it ended.",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help=f"{ID_HELP}; - for standard input")
    parser.add_argument("--file", metavar="FILE", help="read ids from a file, one a line")
    parser.add_argument(
        "--rate", type=float, default=2.0, metavar="N", help="requests a second at the most (2)"
    )
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="requests at a time (4)")
    parser.add_argument(
        "--fresh",
        type=float,
        default=24.0,
        metavar="HOURS",
        help="leave alone what was checked within so many hours (24)",
    )
    source_options(parser)
    return parser


def keys_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui keys``."""
    parser = new_parser("pith-tui keys", "List and choose the keys that are trusted.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the trusted keys, the pinned one first")
    json_option(listing)
    add = commands.add_parser("add", help="trust one more key; shows its fingerprint first")
    add.add_argument("key_id", metavar="KEY_ID", help="what receipts call the key")
    add.add_argument("public_key", metavar="BASE64", help="the 32 raw bytes in base64")
    add.add_argument("--yes", action="store_true", help="do not ask")
    remove = commands.add_parser("remove", help="trust a key no longer")
    remove.add_argument("key_id", metavar="KEY_ID")
    return parser


def completions_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui completions``."""
    parser = new_parser(
        "pith-tui completions",
        "Print a completion script for a shell.",
        "The first lines of each script say where to keep it.",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell it is for")
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser, of a command or of one below it, with the options that hold everywhere.

    ``--ascii`` and ``--debug`` are looked for before any parser is made (see ``dispatch``); here
    they are known, explained and completed.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})
        for name, words in (
            ("--ascii", "show ASCII alone, whatever the terminal can"),
            ("--debug", "write what is done to a log file; its path is said first"),
        ):
            # No default: that of a command below would take the place of what was given above.
            self.add_argument(name, action="store_true", default=argparse.SUPPRESS, help=words)

    def error(self, message: str) -> NoReturn:
        """End with exit code 2; the words in the message are whatever was typed."""
        super().error(safe(message))


def new_parser(name: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Make a parser with the habits of all: no abbreviations, texts as they are laid out."""
    return _Parser(
        prog=name,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def source_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where records come from."""
    group = parser.add_argument_group("where records come from")
    group.add_argument("--offline", action="store_true", help="open no socket")
    group.add_argument("--refresh", action="store_true", help="fetch anew, whatever is cached")
    group.add_argument(
        "--sample", action="store_true", help="use the records that come with the program alone"
    )
    group.add_argument(
        "--server",
        action="append",
        metavar="URL",
        help="ask this server; may be given several times, asked in order",
    )
    group.add_argument(
        "--ca-file", metavar="FILE", help="trust these certificates for https instead of the usual"
    )
    cache_option(group)


def cache_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--cache``."""
    parser.add_argument("--cache", metavar="PATH", help="the cache file (or its directory) to use")


def json_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help="print JSON")
