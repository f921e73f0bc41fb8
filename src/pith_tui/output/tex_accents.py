r"""Accents of TeX over a letter as that one letter of Unicode: ``\"o``, ``\v{S}``, ``{\~\^e}``."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from pith_tui.output.tex_commands import ACCENTS
from pith_tui.patterns import pattern

_MARK = pattern(r"\\(?:(['`^\"~=.])\s*|([uvHckrdb])(?:\s+|(?=[{\\])))")
_BASE = pattern(r"\\([ij])(?![A-Za-z])\s*|([A-Za-z])")
_BEGIN = pattern(r"(?<!\\)(\{?)(?=\\(?:['`^\"~=.]|[uvHckrdb](?:[\s{\\])))")
_RUN = pattern(
    r"(?:\\(?:['`^\"~=.]|[uvHckrdb](?![A-Za-z]))[\s{]*)*(?:\\[ij](?![A-Za-z])|[A-Za-z])?"
)
_MAX_ACCENTS = 3
"""Accents over one letter; no language has more than two."""


class _Accented(NamedTuple):
    """A letter with its combining marks, the innermost first, and where its source ends."""

    letter: str | None
    end: int


def compose_accents(text: str) -> str:
    r"""Return a text with every accented letter composed.

    An accent over anything but a letter that Unicode has with it stays, all of it, as it is
    written.  Braces around one letter and its accents go with them: ``{\"o}``, not ``{Schr\"o}``.
    """
    pieces: list[str] = []
    position = 0
    while begin := _BEGIN.search(text, position):
        start, opened = begin.start(), bool(begin[1])
        accented = _accented(text, begin.end(), _MAX_ACCENTS)
        end = accented.end
        composed = None if accented.letter is None else _composed(accented.letter)
        pieces.append(text[position:start])
        if composed is not None and opened and text[end : end + 1] == "}":
            pieces.append(composed)
            end += 1
        elif composed is not None:
            pieces.append(("{" if opened else "") + composed)
        else:
            pieces.append(text[start:end])
        position = end
    return "".join(pieces) + text[position:]


def _composed(letter: str) -> str | None:
    composed = unicodedata.normalize("NFC", letter)
    return composed if len(composed) == 1 else None


def _accented(text: str, start: int, depth: int) -> _Accented:
    """Read an accent and what it stands over; the letter is None where that is no letter."""
    mark = _MARK.match(text, start)
    if mark is None:
        return _letter(text, start)
    if not depth:
        run = _RUN.match(text, start)
        assert run is not None, "a run may be empty"
        return _Accented(None, run.end())
    braced = text.startswith("{", mark.end())
    inner = _accented(text, mark.end() + braced, depth - 1)
    closed = not braced or text.startswith("}", inner.end)
    if inner.letter is None or not closed:
        return _Accented(None, max(inner.end, mark.end()))
    return _Accented(inner.letter + ACCENTS[mark[1] or mark[2]], inner.end + braced)


def _letter(text: str, start: int) -> _Accented:
    base = _BASE.match(text, start)
    if base is None:
        return _Accented(None, start)
    # The whole of a braced argument must be one letter: \'{ab} accents the middle of two.
    return _Accented(base[1] or base[2], base.end() if base[1] is None else base.end(1))
