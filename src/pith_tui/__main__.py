"""``python -m pith_tui``: the same as the ``pith-tui`` command."""

import sys

from pith_tui.cli import script

sys.exit(script())
