"""Ids of commands in earlier versions, so that keymaps that use them keep working."""

from __future__ import annotations

from collections.abc import Mapping

ALIASES = {
    "archive": "cache",
    "archive_export": "cache_export",
    "archive_import": "cache_import",
    "archive_leave": "cache_leave",
    "archive_look": "cache_check_file",
    "archive_mirror": "cache_mirror",
    "archive_other": "cache_other",
    "archive_prune": "cache_prune",
    "archive_remove": "cache_remove",
    "archive_resume": "cache_resume",
    "archive_rivals": "cache_equivocation",
    "archive_verify": "cache_verify",
    "found_leave": "results_leave",
    "picture": "graph",
    "picture_cross": "graph_cross",
    "picture_leave": "graph_leave",
    "shelf_all": "tab_all",
    "shelf_bookmarks": "tab_bookmarks",
    "shelf_next": "tab_next",
    "shelf_previous": "tab_previous",
    "shelf_recent": "tab_recent",
    "shelf_samples": "tab_samples",
    "sort_turn": "sort_reverse",
    "take": "export",
    "take_copy": "export_copy",
    "take_leave": "export_leave",
    "take_other": "export_other",
    "take_save": "export_save",
}
"""The current id of a command, by its earlier id."""


def with_present_ids(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return a keymap with the current ids of commands; a current id overrides an earlier one."""
    renamed = {ALIASES[old]: keys for old, keys in keymap.items() if old in ALIASES}
    return renamed | {name: keys for name, keys in keymap.items() if name not in ALIASES}
