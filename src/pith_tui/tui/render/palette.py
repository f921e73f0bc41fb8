"""The styles of the parts of rows, taken from the theme in one place.

Textual's component classes could define the same in the style sheet, but each widget recomputes
each of them at every style change: with five panes that took a third of the first frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.color import Color
from rich.style import Style

from pith_tui.tui.render.theme_colours import REVERSE

# Name of a style, the theme's variable for its colour, bold, italic.  Record text stands in label,
# value, title, note, part, chosen and changed alone, none of which has the colour of a mark, an
# outcome or a verdict ("claimed" has no colour of its own).
_STYLES: tuple[tuple[str, str, bool, bool], ...] = (
    ("label", "pith-muted", False, False),
    ("value", "foreground", False, False),
    ("title", "foreground", True, False),
    ("heading", "accent", True, False),
    ("note", "pith-muted", False, True),
    ("check", "foreground", True, False),
    ("part", "pith-muted", False, False),
    ("branch", "accent", False, False),
    ("link", "accent", False, False),
    ("chosen", "foreground", True, False),
    ("changed", "foreground", True, False),
    ("signed", "success", False, False),
    ("proved", "accent", False, False),
    ("claimed", "pith-muted", False, False),
    ("passed", "success", False, False),
    ("contradicted", "error", True, False),
    ("failed", "error", True, False),
    ("conflict", "warning", True, False),
    ("undecided", "warning", False, False),
    ("absent", "pith-muted", False, False),
)


def palette_of(variables: Mapping[str, str], *, reverse: bool = False) -> dict[str, Style]:
    """Make the styles of a theme; ``variables`` are its CSS variables, name to colour.

    With ``reverse`` the cursor's row is shown reversed, for where no colour can be sent.
    """
    palette = {
        name: Style(color=_colour(variables[variable]), bold=bold or None, italic=italic or None)
        for name, variable, bold, italic in _STYLES
    }
    colour = variables["pith-cursor"]
    cursor = Style(reverse=True) if reverse or colour == REVERSE else Style(bgcolor=_colour(colour))
    palette["chosen"] += cursor
    palette["changed"] += cursor
    palette["cursor"] = cursor
    return palette


def _colour(value: str) -> Color:
    if value.startswith("#"):
        return Color.parse(value)
    from textual.color import Color as TextualColor

    return TextualColor.parse(value).rich_color
