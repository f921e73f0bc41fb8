"""The words of the command line: commands, options and their help."""

from __future__ import annotations

import argparse

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

other commands: show, verify, cache, keys; `pith-tui COMMAND --help` tells more.

exit codes: 0 verified or done, 1 verification failed, 2 usage, 3 undecided,
            4 not found, 5 unreachable"""


def browse_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui [ID]``."""
    parser = _parser(
        "pith-tui", "Browse Pith Number records and see every signature verified.", _EXAMPLES
    )
    parser.add_argument("id", nargs="?", metavar="ID", help=ID_HELP)
    parser.add_argument("-V", "--version", action="store_true", help="print the version and exit")
    _source_options(parser)
    return parser


def show_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui show``."""
    parser = _parser("pith-tui show", "Show a record with a mark before every field.")
    parser.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    _source_options(parser)
    _json_option(parser)
    return parser


def verify_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui verify``."""
    parser = _parser("pith-tui verify", "Verify records and list every check.")
    parser.add_argument(
        "targets", nargs="+", metavar="ID|FILE|-", help=f"{ID_HELP}; a file; - for standard input"
    )
    parser.add_argument(
        "--as", dest="asked", metavar="ID", help="the record that a FILE or - must be"
    )
    _source_options(parser)
    _json_option(parser)
    return parser


def cache_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui cache``."""
    parser = _parser("pith-tui cache", "Ask about the local cache.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    path = commands.add_parser("path", help="print where the cache file is")
    _cache_option(path)
    return parser


def keys_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui keys``."""
    parser = _parser("pith-tui keys", "List and choose the keys that are trusted.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the trusted keys, the pinned one first")
    _json_option(listing)
    add = commands.add_parser("add", help="trust one more key; shows its fingerprint first")
    add.add_argument("key_id", metavar="KEY_ID", help="what receipts call the key")
    add.add_argument("public_key", metavar="BASE64", help="the 32 raw bytes in base64")
    add.add_argument("--yes", action="store_true", help="do not ask")
    remove = commands.add_parser("remove", help="trust a key no longer")
    remove.add_argument("key_id", metavar="KEY_ID")
    return parser


def _parser(name: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=name,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _source_options(parser: argparse.ArgumentParser) -> None:
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
    _cache_option(group)


def _cache_option(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--cache", metavar="PATH", help="the cache file (or its directory) to use")


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
