"""TeX's punctuation as Unicode: ties, dashes, and quotation marks that have a partner."""

from __future__ import annotations

from pith_tui.patterns import pattern

_TIE = pattern(r"(?<!\\)~")
_QUOTED = pattern(r"``([^`']*(?:'(?!')[^`']*)*)''")
_QUOTED_BY_PRIMES = pattern(r"(?<![\w'])''(?=\w)([^'\n]*(?:'(?!')[^'\n]*)*)(?<=\w)''(?![\w'])")


def convert_punctuation(text: str) -> str:
    """Return a text with its ties, dashes and pairs of quotation marks as Unicode."""
    text = _TIE.sub("\u00a0", text).replace("---", "—").replace("--", "–")
    return _QUOTED_BY_PRIMES.sub("“\\1”", _QUOTED.sub("“\\1”", text))
