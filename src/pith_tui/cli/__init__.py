"""The command line: which command is run, and how each outcome becomes an exit code.

Modules are imported when a command needs them: ``--version`` must not pay for SQLite, nor
``verify --offline`` for HTTP or Textual.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

_GARBAGE_THRESHOLD = 10_000
"""Allocations that trigger a garbage collection; Python's default is 700."""


def script() -> int:
    """Run the command line as the main program; return the exit code.

    Loading modules creates thousands of objects but no garbage: collecting during loading and again
    at exit takes an eighth of the time of a short command (benchmarks/NOTES.md).
    """
    gc.set_threshold(_GARBAGE_THRESHOLD)
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (see ``pith_tui.cli.exit_codes``)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]) and sys.stdout is not None:
        from pith_tui import __version__

        try:
            print(f"pith-tui {__version__}", flush=True)
            return 0
        except OSError:
            pass  # reported below, as for any other command
    try:
        from pith_tui.cli.dispatch import run
    except KeyboardInterrupt:
        return 130  # the code that dispatch returns

    return run(arguments)
