"""The words of ``pith-tui cache``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from pith_tui.cli.parser import ID_HELP, cache_option, json_option, new_parser

_Adder = Callable[[str, str], argparse.ArgumentParser]

_EPILOG = """\
A FILTER is what the browser's search takes: words of title and authors, each as the beginning of
one, and fields: title: author: id: cat: year:2025 year:2020..2024

examples:
  pith-tui cache list cat:cs.AI year:2025 cormode
  pith-tui cache import records.jsonl.gz mirror/ -
  pith-tui cache verify --report report.jsonl     interrupted? the same again with --resume
  pith-tui cache export --mirror site/            any web server can serve that
  pith-tui cache prune --older-than 90            says what it would do; --yes does it"""


def cache_parser() -> argparse.ArgumentParser:
    """Make the parser of ``pith-tui cache``."""
    parser = new_parser("pith-tui cache", "Inspect and keep the local archive.", _EPILOG)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        cache_option(added)
        return added

    command("path", "print where the cache file is")
    info = command("info", "say what the cache holds, and whether it is whole")
    info.add_argument("--thorough", action="store_true", help="look through the whole file")
    json_option(info)
    command("repair", "move the file aside and begin a new one with all that can be read of it")
    listing = command("list", "list records, one a line")
    _filter(listing)
    json_option(listing)
    show = command("show", "show what is held of one record")
    show.add_argument("id", metavar="ID", help=ID_HELP)
    show.add_argument(
        "--history", action="store_true", help="every distinct answer, and what it changed"
    )
    json_option(show)
    verify = command("verify", "verify what is held, from the bytes")
    _filter(verify)
    verify.add_argument("--all", action="store_true", help="verify everything; the default")
    verify.add_argument("--report", metavar="FILE", help="write a report, one JSON object a line")
    verify.add_argument(
        "--resume", action="store_true", help="go on where the report of --report ended"
    )
    verify.add_argument("--jobs", type=int, metavar="N", help="processes; all processors if not")
    json_option(verify)
    _transfers(command)
    _removals(command)
    return parser


def _transfers(command: _Adder) -> None:
    importing = command("import", "keep the records of files")
    importing.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a record, a bundle, lines of records, a directory or a tar, each .gz or not; "
        "- for standard input",
    )
    export = command("export", "write records out, as lines or as a static mirror")
    _filter(export)
    export.add_argument("--mirror", metavar="DIR", help="write a mirror into a new directory")
    export.add_argument("--output", metavar="FILE", help="write lines to a new file, not to stdout")


def _removals(command: _Adder) -> None:
    remove = command("remove", "remove records with all their answers")
    remove.add_argument("ids", nargs="+", metavar="ID", help=ID_HELP)
    remove.add_argument("--yes", action="store_true", help="do it; without, say what it would do")
    prune = command("prune", "remove what is old or too much")
    prune.add_argument(
        "--older-than", type=float, metavar="DAYS", help="what no server confirmed for so long"
    )
    prune.add_argument("--keep", type=int, metavar="N", help="all but the N checked last")
    prune.add_argument("--max-size", metavar="SIZE", help="what is over a size: 500K, 200M, 1G")
    prune.add_argument(
        "--bookmarks-too", action="store_true", help="bookmarked records as well, which stay if not"
    )
    prune.add_argument("--yes", action="store_true", help="do it; without, say what it would do")


def _filter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("filter", nargs="*", metavar="FILTER", help="see above")
