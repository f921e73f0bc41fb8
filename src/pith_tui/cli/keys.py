"""``pith-tui keys``: list the trusted keys, trust another one, or remove one."""

from __future__ import annotations

import argparse
import base64
import sys

from pith_tui.cli import exit_codes
from pith_tui.cli.context import message
from pith_tui.cli.json_output import JsonOutput, json_options, json_output
from pith_tui.errors import UsageError
from pith_tui.output.safe import safe
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.user.paths import config_dir
from pith_tui.user.trusted_keys import add_key, load_keys, read_key, remove_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the commands of ``pith-tui keys``."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list the trusted keys, the pinned one first")
    json_options(listing.add_mutually_exclusive_group())
    add = commands.add_parser("add", help="trust another key, after showing its fingerprint")
    add.add_argument("key_id", metavar="KEY_ID", help="the name of the key in receipts")
    add.add_argument(
        "public_key", metavar="BASE64", help="the 32 raw bytes of the public key in base64"
    )
    add.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    remove = commands.add_parser("remove", help="stop trusting a key")
    remove.add_argument("key_id", metavar="KEY_ID", help="the name of the key in receipts")


def run(options: argparse.Namespace) -> int:
    """List, add or remove trusted keys."""
    if options.command == "list":
        return _list(json_output(options, "key/1"))
    if options.command == "add":
        return _add(options)
    removed = remove_key(config_dir(), options.key_id)
    print(f"no longer trusted: {safe(removed.key_id)}")
    return exit_codes.OK


def _list(output: JsonOutput | None) -> int:
    trusted = load_keys(config_dir())
    if output is not None:
        for key in trusted:
            output.add(_object(key))
        output.end()
    else:
        print("\n\n".join(_describe(key) for key in trusted))
    return exit_codes.OK


def _add(options: argparse.Namespace) -> int:
    key = read_key(options.key_id, options.public_key)
    print(_describe(key))
    if not options.yes and not _agreed():
        raise UsageError(
            "the key was not added",
            "first compare the fingerprint with the one its owner publishes",
        )
    add_key(config_dir(), key)
    print("added: records signed with it are shown as verified from now on")
    return exit_codes.OK


def _agreed() -> bool:
    if not sys.stdin.isatty():
        message("adding a key needs confirmation at a terminal, or --yes")
        return False
    return input("Trust this key? Whoever holds it can sign any record. [y/N] ").lower() == "y"


def _describe(key: PublicKey) -> str:
    origin = "pinned in this program" if key.raw == PINNED.raw else "added by you"
    return (
        f"{safe(key.key_id)}  ({origin})\n"
        f"  public key   {base64.b64encode(key.raw).decode('ascii')}\n"
        f"  fingerprint  {key.fingerprint}\n"
        f"               {key.fingerprint_base32}"
    )


def _object(key: PublicKey) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "public_key_b64": base64.b64encode(key.raw).decode("ascii"),
        "fingerprint": key.fingerprint,
        "fingerprint_base32": key.fingerprint_base32,
        "pinned": key.raw == PINNED.raw,
    }
