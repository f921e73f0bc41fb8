"""``python -m pith_tui``: the same as the ``pith-tui`` command."""

import sys

from pith_tui.cli import main

sys.exit(main())
