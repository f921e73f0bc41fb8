"""Pairs of braces, found once for a whole text, so that reading it stays linear."""

from __future__ import annotations

import re

_BRACE = re.compile(r"[{}]")


def brace_partners(text: str) -> dict[int, int]:
    """Return the position of the closing brace for that of each opening one that has a partner.

    A backslash makes no difference: BibTeX counts ``\\{`` as it counts ``{``.
    """
    partners: dict[int, int] = {}
    open_braces: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            open_braces.append(brace.start())
        elif open_braces:
            partners[open_braces.pop()] = brace.start()
    return partners
