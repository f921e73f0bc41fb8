"""TeX as Unicode, where that is sure: names, titles and abstracts are shown as people read them.

Only the display changes; copy, JSON and hashes take the raw text.  A fragment is converted when
every command in it is known and the conversion loses nothing; any other stays as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pith_tui.output.symbols import is_ascii

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ",
}  # fmt: skip
_ESCAPED = {"&": "&", "%": "%", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}"}
_SUPERSCRIPTS = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))

_TEX = re.compile(r"[\\${~]|--|``|''")
# The letter commands need an end, or \o would be found in \omega; the marks need none.
_ACCENT = re.compile(
    r"(?<!\\)\{?\\(?:(?P<mark>['`^\"~=.])\s*|(?P<letter>[uvHckrdb])(?:\s+|(?=\{|\\)))"
    r"(?:\{(?P<braced>\\[ij]|[A-Za-z])\}|(?P<bare>\\[ij](?![A-Za-z])|[A-Za-z]))(?P<close>\}?)"
)
_LETTER = re.compile(
    r"\{\\(?P<in>[A-Za-z]{1,2})\}|\\(?P<bare>o|O|l|L|ss|ae|AE|oe|OE|aa|AA)(?![A-Za-z])(?:\{\}|\s+|(?=[^A-Za-z]|\Z))"
)
_MATH = re.compile(r"(?<!\\)\$(?P<body>[^$\\{}]*(?:(?:\\[A-Za-z]+|\\.|[{}])[^$\\{}]*)*)(?<!\\)\$")
_STYLE = re.compile(
    r"\\(?:emph|textit|textbf|textrm|textsc|textsf|texttt|mbox|text)\{([^{}\\$]*)\}"
)
_OLD_STYLE = re.compile(r"\{\\(?:it|em|bf|rm|sc|sl|tt)\s+([^{}\\$]*)\}")
_ESCAPE = re.compile(r"\\([&%#_${}])")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\s*(?=[^A-Za-z\s]|\Z)|\s+|(?=\W))")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|([^\s{}\\]))")
_FONT = re.compile(
    r"\\(?:mathcal|mathbb|mathrm|mathbf|mathit|mathsf|rm|text|textrm|operatorname)\{([^{}\\]*)\}"
)


def display(text: str) -> str:
    """Return a text with every sure fragment of TeX as Unicode, the others as they are.

    Where only ASCII can be shown all stay: ``\\'e`` says more than ``<U+00E9>``.
    """
    return text if is_ascii() else _display(text)


@lru_cache(maxsize=512)
def _display(text: str) -> str:
    if not _TEX.search(text):
        return text
    text = _MATH.sub(_math, text)
    text = _ACCENT.sub(_accent, text)
    text = _LETTER.sub(_letter, text)
    text = _STYLE.sub(r"\1", text)
    text = _OLD_STYLE.sub(r"\1", text)
    text = re.sub(r"(?<!\\)~", "\u00a0", text).replace("---", "—").replace("--", "–")
    text = _quotes(text)
    return _ESCAPE.sub(lambda found: _ESCAPED[found.group(1)], text)


def _quotes(text: str) -> str:
    """Set `` and '' as quotation marks where each has its partner."""
    text = re.sub(r"``([^`']*(?:'(?!')[^`']*)*)''", "“\\1”", text)
    return re.sub(r"(?<![\w'])''(?=\w)([^'\n]*(?:'(?!')[^'\n]*)*)(?<=\w)''(?![\w'])", "“\\1”", text)


def _accent(found: re.Match[str]) -> str:
    composed, opened, closed = _composed(found), found.group().startswith("{"), found["close"]
    if composed is None or (opened and not closed):
        return found.group()
    # A closing brace without its opening one belongs to something around: {Schr\"o}
    return composed if opened else composed + closed


def _composed(found: re.Match[str]) -> str | None:
    letter = (found["braced"] or found["bare"]).replace("\\", "")
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[found["mark"] or found["letter"]])
    return composed if len(composed) == 1 else None


def _letter(found: re.Match[str]) -> str:
    return _LETTERS.get(found["in"] or found["bare"], found.group())


def _math(found: re.Match[str]) -> str:
    """Convert a formula between dollars, or leave the whole of it."""
    body = found["body"]
    if not body.strip() or (body[0].isspace() and body[-1].isspace()):
        return found.group()
    if not re.search(r"[\\^_=<>+]|\A\s*[A-Za-z(\[]", body):
        return found.group()  # $5 and $6: prices look like this too
    converted = _ESCAPE.sub(lambda each: f"\0{each.group(1)}", _FONT.sub(r"\1", body))
    converted = _COMMAND.sub(_symbol, converted)
    if "\\" in converted:
        return found.group()
    scripts = _SCRIPT.sub(_script, converted)
    if re.search(r"[_^{}]", scripts.replace("\0_", "").replace("\0{", "").replace("\0}", "")):
        return found.group()
    return scripts.replace("\0", "").replace("-", "−") if _is_formula(scripts) else found.group()


def _is_formula(text: str) -> bool:
    return len(text) <= 400


def _script(found: re.Match[str]) -> str:
    table = _SUPERSCRIPTS if found[1] == "^" else _SUBSCRIPTS
    inner = found[2] if found[2] is not None else found[3]
    if inner and all(character in table for character in inner):
        return "".join(table[character] for character in inner)
    return found.group()


def _symbol(found: re.Match[str]) -> str:
    symbol = _symbols().get(found[1])
    return found.group() if symbol is None else symbol


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """Return the symbol commands that are one character of Unicode.

    Imported here: few texts hold any, and the tables are large.
    """
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    symbols: dict[str, str] = {}
    for code, latex in get_builtin_uni2latex_dict().items():
        named = re.match(r"(?:\\ensuremath\{)?\\([A-Za-z]+)\}?\Z", latex)
        if named and chr(code).isprintable():
            symbols.setdefault(named[1], chr(code))
    return symbols
