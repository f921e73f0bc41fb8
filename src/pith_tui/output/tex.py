"""TeX as Unicode, where that is sure: names, titles and abstracts are shown as people read them.

Only the display changes; copy, JSON and hashes take the raw text.
"""

from __future__ import annotations

from functools import lru_cache

from pith_tui.output.symbols import is_ascii
from pith_tui.output.tex_punctuation import convert_punctuation
from pith_tui.patterns import pattern

_TEX = pattern(r"[\\${~]|--|``|''")
_MORE_THAN_PUNCTUATION = pattern(r"[\\${\0]")


def display(text: str) -> str:
    """Return a text with every sure fragment of TeX as Unicode, the others as they are.

    Where only ASCII can be shown all stay: ``\\'e`` says more than ``<U+00E9>``.
    """
    return text if is_ascii() or not _TEX.search(text) else _converted(text)


@lru_cache(maxsize=512)
def _converted(text: str) -> str:
    if not _MORE_THAN_PUNCTUATION.search(text):
        return convert_punctuation(text)
    from pith_tui.output.tex_conversion import convert  # most texts need none of its tables

    return convert(text)
