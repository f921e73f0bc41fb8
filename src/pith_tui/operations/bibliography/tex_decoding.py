"""TeX as Unicode for comparison: only what is known to lose nothing.

A macro that pylatexenc does not know, or replaces by nothing, would make two different titles
equal; a title with one is compared in its other readings only.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 4000
"""Characters; a longer title is not decoded, and pylatexenc's time stays bounded."""
_MAX_DEPTH = 20  # pylatexenc recurses for each brace and macro argument
_MAX_MACROS = 200

_TEX = re.compile(r"[\\{}$~=<>&^_₀-₉⁰-⁹⁺⁻²³¹]|``|''|--")
_MACRO = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_BRACE = re.compile(r"(?<!\\)[{}]")
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%&])")
_LOST = re.compile(r"\\sqrt\s*\[")  # pylatexenc drops the degree of a root
_STACKED = re.compile(r"(?:\\(?:[A-Za-z]+|[^A-Za-z\s])\s*\{?\s*){12}")
_STRUCTURE = re.compile(
    r"\\(?:newblock|natexlab|enquote|textquotedblleft|textquotedblright|bibnamefont|bibfnamefont"
    r"|emph|textit|textbf|textsc|texttt|url|allowbreak|nolinkurl|em|it|bf|sc|rm)(?![A-Za-z])"
    r"|\\(?:bibinfo|bibfield|href|Eprint|eprint)\s*\{[^{}]*\}"
)
_UNKNOWN = " \ufffc "
"""Stands where a macro was left out of a passage, so that no title is found across it."""

_SPACING = (
    (re.compile(r"\\(?:newline|linebreak|thinspace|quad|qquad)(?![A-Za-z])|\\[\\;: ]"), " "),
    (re.compile(r"\\(?:relax|protect|xspace|allowbreak|nobreak|nobreakdash)(?![A-Za-z])\s*"), ""),
    (re.compile(r"\\[-/@!]"), ""),
    (re.compile(r"\\slash(?![A-Za-z])\s*"), "/"),
    (re.compile(r"\\textunderscore(?![A-Za-z])(?:\{\})?\s*"), r"\\_"),
    (re.compile(r"\\texttt(?![A-Za-z])"), r"\\textrm"),  # pylatexenc drops what is verbatim
)
"""What prints nothing but a space, or a character, and what to write in its place."""
_HTML = (
    (re.compile(r"\{?\\&\}?(?=[a-z]+;)"), "&"),
    (re.compile(r"<sub>", re.IGNORECASE), "_"),
    (re.compile(r"<sup>", re.IGNORECASE), "^"),
    (re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|tt|italic|bold)>", re.IGNORECASE), ""),
)
"""What publishers leave of web pages in the titles that they export, and what it is in TeX."""

_MATH = re.compile(r"(?<!\\)(\$\$?)(.*?)(?<!\\)\1|\\\((.*?)\\\)", re.DOTALL)
_IN_MATH = re.compile(r"(\\([A-Za-z]+|.))\s*|\s+", re.DOTALL)
_STYLE = re.compile(r"\\([A-Za-z]+)\s*")
_SCRIPTS = {"textsubscript": "_", "textsuperscript": "^"}
_RELATION = re.compile(r"\s*([=<>∼≃≈≤≥→←↔])\s*")
_SMALL = re.compile("([₀-₉₊₋]+)|([²³¹⁰⁴-⁹⁺⁻]+)")
_IS_TIGHT = re.compile(r"[$=<>^_₀-₉₊₋²³¹⁰⁴-⁹⁺⁻°]|\\[(]|\\text(?:sub|super)script|\\math")
"""Where titles may differ in how a formula is spaced or its letters are styled."""

_ACCENTS = frozenset("'`^\"~=.uvHckrdbt")
_STYLES = frozenset(
    "emph textit textbf textrm textsc textsf texttt mbox text ensuremath mathrm mathcal mathbb "
    "mathbf mathit mathsf rm it bf em sc tt operatorname i j cal Bbb mathfrak mathscr bm "
    "boldsymbol textnormal normalfont textup textsl textmd upshape itshape bfseries slshape "
    "scshape ttfamily rmfamily sffamily hbox underline uppercase lowercase MakeUppercase "
    "MakeLowercase textsubscript textsuperscript".split()
)
_WITH_ARGUMENTS = frozenset("sqrt bar hat tilde vec dot ddot".split())
"""Those of which pylatexenc keeps all; of a fraction it keeps no braces."""
_ESCAPED = frozenset("&%#_${} ,()[]")


def decode_title(title: str) -> tuple[str, ...]:
    """Return a title with TeX decoded: mathematics as source, as symbols, and as symbols alone.

    The last is without blanks and styles in formulas: ``$B \\to K$`` is ``$B\\to{\\rm K}$``.

    Nothing is returned where a macro is unknown or the title is not TeX of a sane size.
    """
    if not _TEX.search(title) or not _is_sane(title):
        return ()
    title = _spaced(html.unescape(_replaced(title, _HTML)))
    if _LOST.search(title) or not all(_is_known(name) for name in _MACRO.findall(title)):
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
    text = _spaced(text)
    text = _LOST.sub(_UNKNOWN, text)
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
    known = (_ACCENTS, _STYLES, _ESCAPED, _WITH_ARGUMENTS)
    return any(name in names for names in known) or name in _symbols()


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


def _replaced(text: str, replacements: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for replaced, replacement in replacements:
        text = replaced.sub(replacement, text)
    return text


def _spaced(text: str) -> str:
    return _replaced(text, _SPACING)


def _decode(text: str) -> tuple[str, ...]:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    text = _BARE.sub(r"\1\\\2", text)  # a comment would cut the title short
    try:
        symbols, source = (
            LatexNodes2Text(math_mode=mode, strict_latex_spaces=False).latex_to_text(text)
            for mode in ("text", "verbatim")
        )
        if not _IS_TIGHT.search(text):
            return symbols, source
        tight = _STYLE.sub(_without_style, _MATH.sub(_without_blanks, text))
        return symbols, source, _tight(LatexNodes2Text().latex_to_text(tight))
    except LatexWalkerError:
        return ()


def _without_blanks(formula: re.Match[str]) -> str:
    return _IN_MATH.sub(_math_token, formula.group())


def _math_token(token: re.Match[str]) -> str:
    """Return a command of a formula without the blanks behind it, and nothing for a blank."""
    command, name = token.group(1), token.group(2)
    if command is None or name in (" ", ","):
        return ""
    return f"{command}{{}}" if name in _symbols() else token.group()


def _without_style(command: re.Match[str]) -> str:
    name = command.group(1)
    if name in _SCRIPTS:
        return _SCRIPTS[name]
    return "" if name in _STYLES and name not in ("i", "j") else command.group()


def _tight(text: str) -> str:
    """Write what is left to compare of a formula in one way: scripts, relations, letters."""
    text = _SMALL.sub(_script, text.replace("^∘", "°"))
    text = "".join(
        unicodedata.normalize("NFKC", character) if _is_styled(character) else character
        for character in text
    )
    return _RELATION.sub(r"\1", text)


def _script(characters: re.Match[str]) -> str:
    mark = "_" if characters.group(1) else "^"
    return mark + unicodedata.normalize("NFKC", characters.group()).replace("−", "-")


def _is_styled(character: str) -> bool:
    """Return whether this is a letter of mathematics, as ``ℤ``, whose style is not compared."""
    is_in_block = "\u2100" <= character <= "\u214f" or "\U0001d400" <= character <= "\U0001d7ff"
    return is_in_block and character.isalpha()
