"""The two themes: one accent, and outcomes told apart by brightness as well as by hue."""

from __future__ import annotations

from textual.theme import Theme

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
