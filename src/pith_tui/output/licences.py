"""Licences by the names that people call them."""

from __future__ import annotations

import re

from pith_tui.patterns import pattern

_CREATIVE_COMMONS = pattern(
    r"https?://creativecommons\.org/(?:licenses/(by(?:-[a-z]{2}){0,2})|publicdomain/(zero))"
    r"/([0-9]\.[0-9])/?\Z",
    re.ASCII,
)
_ARXIV = pattern(r"https?://arxiv\.org/licenses/nonexclusive-distrib/1\.0/?\Z")


def licence_name(url: str) -> str:
    """Return the name of a licence by its URL; ``a licence`` for one that is not known here."""
    if match := _CREATIVE_COMMONS.match(url):
        return f"CC0 {match[3]}" if match[2] else f"CC {match[1].upper()} {match[3]}"
    if _ARXIV.match(url):
        return "arXiv licence"
    return "a licence" if url else "no licence"
