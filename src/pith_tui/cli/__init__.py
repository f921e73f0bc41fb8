"""The command line: which command is meant, and how each ending becomes an exit code.

Modules are imported when a command needs them: ``--version`` must not pay for SQLite, nor
``verify --offline`` for HTTP or Textual.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (see ``pith_tui.cli.exit_codes``)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments in (["--version"], ["-V"]):
        from pith_tui import __version__

        print(f"pith-tui {__version__}")
        return 0
    try:
        from pith_tui.cli.dispatch import run
    except KeyboardInterrupt:
        return 130  # what dispatch returns for it

    return run(arguments)
