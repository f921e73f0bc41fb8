"""The themes of exact colours, as data, which is needed before Textual is imported."""

from __future__ import annotations

from collections.abc import Mapping

EXACT: Mapping[str, Mapping[str, str]] = {
    "pith-dark": {
        "primary": "#7aa2d6",
        "secondary": "#8f9bb3",
        "accent": "#7aa2d6",
        "success": "#7fbf7f",
        "warning": "#d9b25f",
        "error": "#e07a7a",
        "foreground": "#d6dae2",
        "background": "#14171c",
        "surface": "#181c22",
        "panel": "#20252d",
        "pith-muted": "#8b94a6",
        "pith-border": "#39414e",
        "pith-cursor": "#2a323e",
    },
    "pith-light": {
        "primary": "#245a9c",
        "secondary": "#5a6478",
        "accent": "#245a9c",
        "success": "#1f6e2c",
        "warning": "#7a5200",
        "error": "#a3211f",
        "foreground": "#1d232c",
        "background": "#fbfaf7",
        "surface": "#fbfaf7",
        "panel": "#ecebe6",
        "pith-muted": "#5b6472",
        "pith-border": "#c4c0b6",
        "pith-cursor": "#e3e7ee",
    },
}
"""By the theme's name: its colours by the names that style sheets have for them, as ``#rrggbb``."""
REVERSE = "reverse"
"""Stands for a colour where the row under the cursor is shown reversed instead."""
