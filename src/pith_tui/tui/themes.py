"""The themes: one accent, and outcomes distinguished by brightness as well as by hue.

Two have exact colours; two use the terminal's sixteen, for terminals that have no more and for
people who chose their own.
"""

from __future__ import annotations

from textual.theme import Theme

REVERSE = "reverse"
"""Placeholder for a colour if the row under the cursor is shown reversed instead."""

DARK = Theme(
    name="pith-dark",
    primary="#7aa2d6",
    secondary="#8f9bb3",
    accent="#7aa2d6",
    success="#7fbf7f",
    warning="#d9b25f",
    error="#e07a7a",
    foreground="#d6dae2",
    background="#14171c",
    surface="#181c22",
    panel="#20252d",
    dark=True,
    variables={"pith-muted": "#8b94a6", "pith-border": "#39414e", "pith-cursor": "#2a323e"},
)
LIGHT = Theme(
    name="pith-light",
    primary="#245a9c",
    secondary="#5a6478",
    accent="#245a9c",
    success="#1f6e2c",
    warning="#7a5200",
    error="#a3211f",
    foreground="#1d232c",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#ecebe6",
    dark=False,
    variables={"pith-muted": "#5b6472", "pith-border": "#c4c0b6", "pith-cursor": "#e3e7ee"},
)


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
