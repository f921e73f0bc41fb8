"""Code shared by the commands: messages, and the record service that the options ask for."""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pith_tui import trace
from pith_tui.cli.streams import write_error
from pith_tui.errors import CacheError, PithError, UnreachableError, UsageError
from pith_tui.output.cells import hang
from pith_tui.output.safe import safe
from pith_tui.user.paths import cache_path, config_dir
from pith_tui.user.settings import load_settings
from pith_tui.user.trusted_keys import load_keys

if TYPE_CHECKING:
    from pith_tui.lookup.client import RegistryClient
    from pith_tui.lookup.network import Network
    from pith_tui.lookup.pace import Pace
    from pith_tui.lookup.service import Notice, RecordService
    from pith_tui.store.cache import Cache


_SQLITE = b"SQLite format 3\0"
"""The first bytes of every SQLite file, see https://www.sqlite.org/fileformat.html, 1.3.1."""
_ANOTHER = "name another file with --cache or PITH_TUI_CACHE"


def message(text: str) -> None:
    """Print a message to stderr; stdout is only for data."""
    trace.trace(f"said: {text}")
    # If the terminal wrapped it, quoted text could continue at column 0.
    lines = hang("pith-tui: ", safe(text), output_width(sys.stderr))
    write_error("\n".join(lines) + "\n")


def error_message(error: PithError, place: str = "") -> None:
    """Print what happened, to what (``place`` is its position in a list), and what to do next."""
    message(f"{place}: {error}" if place else str(error))
    if error.hint:
        message(f"  {error.hint}")


def output_width(stream: TextIO | None = None) -> int | None:
    """Return the columns of the terminal; None where the stream (stdout) is no terminal."""
    try:
        return os.get_terminal_size((stream or sys.stdout).fileno()).columns or None
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def open_service(
    options: argparse.Namespace, notice: Notice = message, pace: Pace | None = None
) -> Iterator[RecordService]:
    """Open the record service by ``--offline``, ``--sample``, ``--server`` and ``--cache``.

    With ``pace``, all of its requests keep to that rate.
    """
    from pith_tui.lookup.service import RecordService

    trusted = load_keys(config_dir())
    if options.sample:
        yield RecordService(None, None, trusted, samples_only=True)
        return
    remote = None if options.offline else _remote_maker(options, pace)
    # Only the browser has this option.
    cache = _open_cache(options.cache, notice, read_only=getattr(options, "read_only", False))
    try:
        yield RecordService(cache, remote, trusted)
    finally:
        if cache is not None:
            cache.close()


def chosen_cache(path: str | None) -> Path:
    """Return the cache file named by ``--cache``, else by ``PITH_TUI_CACHE``, else the default one.

    Raises UsageError if the user named a file of another kind, which must not be moved aside as a
    damaged cache would be.
    """
    chosen = cache_path(path)
    if (path or os.environ.get("PITH_TUI_CACHE")) and os.path.exists(chosen):
        if not os.path.isfile(chosen):
            raise UsageError(f"{chosen} exists but is not a file", _ANOTHER)
        try:
            with open(chosen, "rb") as file:
                start = file.read(len(_SQLITE))
        except OSError:
            return chosen  # opening it will fail and report why
        if start not in (b"", _SQLITE):
            raise UsageError(f"{chosen} is not a cache of this program", _ANOTHER)
    return chosen


def _open_cache(path: str | None, notice: Notice, *, read_only: bool) -> Cache | None:
    from pith_tui.store.cache import Cache

    chosen = chosen_cache(path)
    try:
        if not read_only:
            return Cache.open(chosen, notice=notice)
        from pith_tui.operations.collections import ReadOnlyCache

        return ReadOnlyCache.open_existing(chosen) if path or os.path.exists(chosen) else None
    except CacheError as error:
        if path is not None:
            raise UsageError(str(error), error.hint) from None
        # A look-up does not need the cache: report the problem once and continue without it.
        notice(f"continuing without the cache: {error}")
        return None


def _remote_maker(options: argparse.Namespace, pace: Pace | None) -> Callable[[], RegistryClient]:
    """Return a function that makes a client, which reads the network settings when first used.

    Raises UsageError for an option that is wrong.  Errors in the settings or the environment make
    servers unreachable, but stored records can still be shown.
    """
    settings = load_settings(config_dir())
    servers = options.server or settings.servers
    if options.server:
        from pith_tui.user.servers import check_server

        servers = [check_server(server) for server in servers]

    @functools.cache
    def network() -> Network:
        from pith_tui.lookup.network import CaFile, Network

        if options.ca_file is not None:
            return Network(ca_file=CaFile(options.ca_file, "--ca-file"))
        path = settings.ca_file
        return Network(ca_file=None if path is None else CaFile(path, "ca_file of the settings"))

    def make() -> RegistryClient:
        from pith_tui.lookup.client import RegistryClient

        client = RegistryClient(servers, network=network())
        if pace is not None:
            client.before_request = pace.turn
        return client

    if options.ca_file is not None:
        try:
            network().tls()
        except UnreachableError as error:
            raise UsageError(str(error), error.hint) from None
    return make
