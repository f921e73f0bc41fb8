"""The command line: which command is meant, and how each ending becomes an exit code.

Modules are imported when a command needs them: ``--version`` must not pay for SQLite, nor
``verify --offline`` for HTTP or Textual.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

_GARBAGE_THRESHOLD = 10_000
"""Objects made and not freed again before garbage is looked for; Python's own number is 700."""


def script() -> int:
    """Run the command line as a process of its own; returns the exit code.

    Modules being loaded make thousands of objects and no garbage: looking for it while they load,
    and once more when the process ends, takes an eighth of a short command (benchmarks/NOTES.md).
    """
    gc.set_threshold(_GARBAGE_THRESHOLD)
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (see ``pith_tui.cli.exit_codes``)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]) and sys.stdout is not None:
        from pith_tui import __version__

        try:
            print(f"pith-tui {__version__}", flush=True)
            return 0
        except OSError:
            pass  # and said as of any other command, below
    try:
        from pith_tui.cli.dispatch import run
    except KeyboardInterrupt:
        return 130  # what dispatch returns for it

    return run(arguments)
