"""Whether the first frame can be painted before Textual is imported, and which one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from rich.color import ColorSystem

from pith_tui.lookup.equivocation import find_equivocation
from pith_tui.lookup.service import FetchedRecord, RecordService
from pith_tui.output.symbols import is_ascii
from pith_tui.tui.loading import EarlyLookUp
from pith_tui.tui.render.theme_colours import EXACT
from pith_tui.tui.system.early_screen import terminal_size
from pith_tui.tui.theme_choice import chosen_theme
from pith_tui.user.bookmarks import UserState
from pith_tui.user.settings import Settings

_PATIENCE = 0.15
"""Seconds to wait for a record: reading a large one goes on while Textual is imported."""
_LARGEST = 1 << 16
"""Bytes of a record whose rows are surely made at once."""
_SMALLEST = (40, 12)
"""Columns and rows of a terminal below which only Textual lays out."""


def early_frame(
    first: EarlyLookUp,
    service: RecordService,
    settings: Settings,
    user_state: UserState | None,
    *,
    read_only: bool,
) -> str | None:
    """Return the frame of a record that is found at once; None if there is none, or no frame.

    There is one for a terminal of many colours and a theme of exact ones, with the program's own
    keys: a user's keys are validated once Textual is imported.  There is none if Textual is to
    leave Ctrl-C and the like to the system, nor for a record about which other stored ones raise an
    alarm: its verdict is not shown without the alarm.
    """
    theme = chosen_theme(settings, user_state)
    if settings.keys or theme not in (*EXACT, None) or os.environ.get("TEXTUAL_ALLOW_SIGNALS"):
        return None
    colour_system = _colour_system(os.environ)
    if is_ascii() or colour_system is None:
        return None
    columns, rows = terminal_size(sys.stdout.fileno())
    if columns < _SMALLEST[0] or rows < _SMALLEST[1]:
        return None
    record = first.poll(_PATIENCE)
    if record is None or not _is_shown_at_once(record, service):
        return None
    from pith_tui.tui.first_frame import Look, first_frame

    look = Look(
        columns,
        rows,
        EXACT[theme or next(iter(EXACT))],
        colour_system,
        read_only,
        settings.tex == "source",
    )
    return first_frame(record, service.now(), look)


def _is_shown_at_once(record: FetchedRecord, service: RecordService) -> bool:
    if record.checked.error is not None or len(record.raw) > _LARGEST:
        return False
    cache = service.cache
    return cache is None or find_equivocation(cache, record.checked, service.trusted) is None


def _colour_system(environ: Mapping[str, str]) -> ColorSystem | None:
    """Return the colours of a terminal as Textual will see them; None for sixteen, or none."""
    if "NO_COLOR" in environ or "TEXTUAL_COLOR_SYSTEM" in environ:
        return None
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    has_many = environ.get("TERM", "").strip().lower().endswith(("-256color", "-kitty"))
    return ColorSystem.EIGHT_BIT if has_many else None
