"""TeX as Unicode for comparison: only what is known to lose nothing.

A macro that pylatexenc does not know, or replaces by nothing, would make two different titles
equal; a title with one is compared in its other readings only.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_LENGTH = 4000
"""Characters; a longer title is not decoded, and pylatexenc's time stays bounded."""
_MAX_DEPTH = 20  # pylatexenc recurses for each brace and macro argument
_MAX_MACROS = 200

_TEX = re.compile(r"[\\{}$~]|``|''|--")
_MACRO = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_BRACE = re.compile(r"(?<!\\)[{}]")
_PERCENT = re.compile(r"(?<!\\)((?:\\\\)*)%")
_STACKED = re.compile(r"(?:\\(?:[A-Za-z]+|[^A-Za-z\s])\s*\{?\s*){12}")
_STRUCTURE = re.compile(
    r"\\(?:newblock|natexlab|enquote|textquotedblleft|textquotedblright|bibnamefont|bibfnamefont"
    r"|emph|textit|textbf|textsc|texttt|url|allowbreak|nolinkurl|em|it|bf|sc|rm)(?![A-Za-z])"
    r"|\\(?:bibinfo|bibfield|href|Eprint|eprint)\s*\{[^{}]*\}"
)
_UNKNOWN = " \ufffc "
"""Stands where a macro was left out of a passage, so that no title is found across it."""

_ACCENTS = frozenset("'`^\"~=.uvHckrdbt")
_STYLES = frozenset(
    "emph textit textbf textrm textsc textsf texttt mbox text ensuremath mathrm mathcal mathbb "
    "mathbf mathit mathsf rm it bf em sc tt operatorname i j".split()
)
_ESCAPED = frozenset("&%#_${} ,")


def decode_title(title: str) -> tuple[str, ...]:
    """Return a title with TeX decoded: mathematics as source, and as symbols.

    Nothing is returned where a macro is unknown or the title is not TeX of a sane size.
    """
    if not _TEX.search(title) or not _is_sane(title):
        return ()
    if not all(_is_known(name) for name in _MACRO.findall(title)):
        return ()
    return _decode(title)


def decode_passage(text: str) -> tuple[str, ...]:
    """Return a passage of free text with TeX decoded and each unknown macro as U+FFFC.

    It is returned also with and without its braces: one that is too long, as with hundreds of
    authors, is not decoded.
    """
    text = original = _STRUCTURE.sub(" ", text)
    if not _TEX.search(text):
        return (text,)
    text = _MACRO.sub(lambda macro: macro.group() if _is_known(macro.group(1)) else _UNKNOWN, text)
    plain = (original, _BRACE.sub("", original))
    return (*plain, *_decode(text)) if _is_sane(text) else plain


def _is_sane(text: str) -> bool:
    if len(text) > MAX_LENGTH or text.count("\\") > _MAX_MACROS or _STACKED.search(text):
        return False
    depth = deepest = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest <= _MAX_DEPTH


def _is_known(name: str) -> bool:
    return name in _ACCENTS or name in _STYLES or name in _ESCAPED or name in _symbols()


@lru_cache(maxsize=1)
def _symbols() -> frozenset[str]:
    """Return the macros without arguments that stand for text of their own: ``alpha``, ``ss``."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = set()
    for category in get_default_latex_context_db().d.values():
        for name, spec in category["macros"].items():
            text = spec.simplify_repl
            if isinstance(text, str) and text.strip() and "%" not in text and "<" not in text:
                known.add(name)
    return frozenset(known)


def _decode(text: str) -> tuple[str, ...]:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    text = _PERCENT.sub(r"\1\\%", text)  # a comment would cut the title short
    try:
        return tuple(
            LatexNodes2Text(math_mode=mode, strict_latex_spaces=False).latex_to_text(text)
            for mode in ("text", "verbatim")
        )
    except LatexWalkerError:
        return ()
