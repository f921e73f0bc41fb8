"""The themes: one accent, and outcomes distinguished by brightness as well as by hue.

Two have exact colours; two use the terminal's sixteen, for terminals that have no more and for
people who chose their own.
"""

from __future__ import annotations

from textual.theme import Theme

from pith_tui.tui.render.theme_colours import EXACT, REVERSE


def _exact(name: str, *, dark: bool) -> Theme:
    colours = EXACT[name]
    return Theme(
        name=name,
        primary=colours["primary"],
        secondary=colours["secondary"],
        accent=colours["accent"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        dark=dark,
        variables={own: colour for own, colour in colours.items() if own.startswith("pith-")},
    )


DARK = _exact("pith-dark", dark=True)
LIGHT = _exact("pith-light", dark=False)


def _ansi(name: str, *, dark: bool, accent: str, success: str, warning: str, error: str) -> Theme:
    return Theme(
        name=name,
        ansi=True,
        primary=accent,
        secondary="ansi_default",
        accent=accent,
        success=success,
        warning=warning,
        error=error,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=dark,
        variables={
            "pith-muted": "ansi_default",
            "pith-border": "ansi_default",
            "pith-cursor": REVERSE,
            "ansi-background": "ansi_black" if dark else "ansi_white",
            "ansi-foreground": "ansi_white" if dark else "ansi_black",
            "input-cursor-text-style": "reverse",
            "input-selection-background": "ansi_blue",
            "input-selection-foreground": "ansi_white",
            "block-cursor-background": accent,
            "block-cursor-foreground": "ansi_black" if dark else "ansi_white",
        },
    )


ANSI_DARK = _ansi(
    "ansi-dark",
    dark=True,
    accent="ansi_bright_cyan",
    success="ansi_bright_green",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
)
ANSI_LIGHT = _ansi(
    "ansi-light",
    dark=False,
    accent="ansi_blue",
    success="ansi_green",
    warning="ansi_magenta",
    error="ansi_red",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, ANSI_DARK, ANSI_LIGHT)}
"""Every theme by its name, in the order in which the key cycles through them."""
