r"""Raw text of a record as TeX source that compiles, prints what the text says and does no more.

An allowlist: the commands and characters of ``tex_commands`` and formulas made of them pass;
everything else becomes text, so that ``\input{x}`` is printed and not obeyed.  The source is ASCII
on one line, in a form that BibTeX, biber and LaTeX read alike:

* every command of text stands in braces of its own (``{\'{e}}``), so it eats no space and BibTeX
  takes an accented letter for one letter;
* braces are balanced as BibTeX counts them, which is without regard to backslashes;
* ``^`` stands only before its argument, so never twice (``^^5c`` is TeX for a backslash);
* nothing is written for which biber would put a character that pdfLaTeX does not know.
"""

from __future__ import annotations

import re
import unicodedata

from pith_tui.output.tex_commands import (
    ACCENTED,
    ACCENTS,
    DEFINITIONS,
    MATH_ARGUMENTS,
    MATH_NAMES,
    MATH_SYMBOLS,
    STYLES,
    SWITCHES,
    TEXT_CHARACTERS,
    TEXT_SYMBOLS,
    TEXT_SYNONYMS,
)
from pith_tui.output.tex_formula import NotAFormulaError, formula
from pith_tui.output.tex_tokens import LITERAL, MATH_SYMBOL_OF, SYMBOL_OF, Tokens, tokenize
from pith_tui.patterns import pattern

MAX_LENGTH = 2_000
"""Characters of one text; no title is this long.

TeX gives up on a line of 200,000 bytes, and biber's time grows with the square of the length.
"""

_QUOTED = pattern(r'(?<![^\s(\[])"(?=[^\s"])([^"\\$]*)(?<=\S)"(?![A-Za-z0-9])')
_ACCENTED_LETTER = pattern(r"\\([^A-Za-z]|[uvHckrdb])\{([A-Za-z])\}")
_COMMAND = pattern(r"\\([A-Za-z]+)")
_ACCENT_OF = {mark: accent for accent, mark in ACCENTS.items()}
_MATH_ACCENTS = {"u": "breve", "v": "check", "r": "mathring"}
_IGNORED = frozenset([r"\-", r"\/", r"\!", r"\@"])
# biber takes a comma off the end of a value, and {\,} has one before its brace.
_SPACES = {r"\ ": " ", r"\\": " ", r"\;": " ", r"\:": " ", r"\,": r"{\,{}}"}
_DISPLAY = {r"\(": r"\)", r"\[": r"\]"}


def to_tex(text: str) -> str:
    """Return the TeX source that prints a record's raw text in a BibTeX field or in LaTeX.

    Text beyond ``MAX_LENGTH`` characters is cut and ends in ``[...]``.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH] + " [...]"
    tokens = tokenize(_QUOTED.sub("“\\1”", text))
    return re.sub(" +", " ", _Text(tokens).source(0, len(tokens.items))).strip()


def definitions_for(source: str) -> list[str]:
    """Return the definitions that a document may lack for the source, for a ``@preamble``.

    They give only what is missing, so they change nothing in a document that has it.
    """
    needed = [
        DEFINITIONS[name] for name in dict.fromkeys(_COMMAND.findall(source)) if name in DEFINITIONS
    ]
    undeclared = {
        unicodedata.normalize("NFC", letter + ACCENTS[accent]): f"\\{accent}{{{letter}}}"
        for accent, letter in _ACCENTED_LETTER.findall(source)
        if accent in ACCENTS and letter not in ACCENTED[accent]
    }
    if undeclared:
        # biber turns the accents into these characters, for which pdfLaTeX has no definition.
        declared = "".join(
            f"\\DeclareUnicodeCharacter{{{ord(character):04X}}}{{{command}}}"
            for character, command in undeclared.items()
        )
        needed.append(
            r"\ifdefined\printbibliography\ifdefined\DeclareUnicodeCharacter"
            rf"{declared}\fi\fi"
        )
    return needed


class _Text:
    """A reader of tokens as text."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._items = tokens.items

    def source(self, start: int, end: int) -> str:
        """Return the source of the tokens from ``start`` up to ``end``."""
        pieces = []
        index = start
        while index < end:
            piece, index = self._next(index, end)
            pieces.append(piece)
        # Two formulas side by side must not look like the dollars of a displayed one.
        return "".join(pieces).replace("$$", "${}$")

    def _next(self, index: int, end: int) -> tuple[str, int]:
        """Return the source of what begins at a token, and where what follows begins."""
        token = self._items[index]
        if token == "{" and index in self._tokens.partner:
            closing = self._tokens.partner[index]
            return self._group(index + 1, closing), closing + 1
        if token == "$":
            return self._dollar(index, end)
        if token == "~":
            return self._tie(index, end), index + 1
        if token[0] == "\\" and len(token) > 1:
            return self._command(token, index, end)
        return printed(token), index + 1

    def _group(self, start: int, end: int) -> str:
        style = SWITCHES.get(self._items[start][1:]) if self._items[start][0] == "\\" else None
        if style is not None and style in STYLES:
            inner = self.source(self._tokens.after_space(start + 1, end), end)
            return f"{{\\{style}{{{inner}}}}}" if inner else ""
        inner = self.source(start, end)
        # One pair of braces is enough: BibTeX knows {\'{E}} for a letter, and {{\'{E}}} for none.
        if not inner or (inner[0] == "{" and _closing(inner) == len(inner) - 1):
            return inner
        return f"{{{inner}}}"

    def _tie(self, index: int, end: int) -> str:
        """Return a tie between two words, a tilde elsewhere (``/~user``, ``~10 GeV``)."""
        before = self._items[index - 1] if index else " "
        after = self._items[index + 1] if index + 1 < end else " "
        return printed("~") if {before, after} & {" ", "/", "~"} else "~"

    def _dollar(self, index: int, end: int) -> tuple[str, int]:
        """Return a formula, or a dollar where what follows cannot be one.

        The rule is pandoc's (``tex_math_dollars``): no space just inside, no digit just after.
        """
        width = 2 if self._items[index + 1 : index + 2] == ["$"] else 1
        start = index + width
        closing = self._tokens.find("$", start, end)
        if closing is None:
            return printed("$"), index + 1
        after = closing + width
        inner = "".join(self._items[start:closing])
        followed = self._items[after][0] if after < end else " "
        if self._items[closing:after] != ["$"] * width or not _may_be_formula(inner, followed):
            return printed("$"), index + 1
        return self._formula(start, closing, index, after), after

    def _formula(self, start: int, end: int, outer: int, after: int) -> str:
        """Return a formula, or its source as text where it has what is not known."""
        try:
            inner = formula(self._tokens, start, end, self.source)
        except NotAFormulaError:
            return "".join(printed(token) for token in self._items[outer:after])
        return f"${inner}$" if inner else ""

    def _command(self, token: str, index: int, end: int) -> tuple[str, int]:
        name = TEXT_SYNONYMS.get(token[1:], token[1:])
        if name in ACCENTS and (accented := self._accented(index, end)) is not None:
            return accented
        if name in TEXT_SYMBOLS:
            return printed(TEXT_SYMBOLS[name]), self._tokens.after_space(index + 1, end)
        if token in _IGNORED:
            return "", index + 1
        if token in _SPACES:
            return _SPACES[token], index + 1
        if name in LITERAL:
            return printed(name), index + 1
        if name in STYLES or name == "ensuremath":
            return self._styled(name, index, end)
        if token in _DISPLAY:
            closing = self._tokens.find(_DISPLAY[token], index + 1, end)
            if closing is not None:
                return self._formula(index + 1, closing, index, closing + 1), closing + 1
        if name in MATH_SYMBOLS or name in MATH_NAMES or name in MATH_ARGUMENTS:
            return self._lone_symbol(index, end)
        return self._unknown(index, end)

    def _unknown(self, index: int, end: int) -> tuple[str, int]:
        """Return a command as it is written, with the braces of its arguments."""
        source = printed(self._items[index])
        index += 1
        while index < end and (closing := self._tokens.partner.get(index)) is not None:
            source += printed("{") + self.source(index + 1, closing) + printed("}")
            index = closing + 1
        return source, index

    def _styled(self, name: str, index: int, end: int) -> tuple[str, int]:
        opening = self._tokens.after_space(index + 1, end)
        closing = self._tokens.partner.get(opening) if opening < end else None
        if closing is None:
            return self._unknown(index, end)
        if name == "ensuremath":
            return self._formula(opening + 1, closing, index, closing + 1), closing + 1
        inner = self.source(opening + 1, closing)
        return f"{{\\{name}{{{inner}}}}}" if inner else "", closing + 1

    def _lone_symbol(self, index: int, end: int) -> tuple[str, int]:
        r"""Return a command of formulas that stands in text: ``\Lambda``, ``\mathcal{N}``."""
        after = index + 1
        for _ in range(MATH_ARGUMENTS.get(self._items[index][1:], 0)):
            opening = self._tokens.after_space(after, end)
            closing = self._tokens.partner.get(opening) if opening < end else None
            if closing is None:
                return self._unknown(index, end)
            after = closing + 1
        return self._formula(index, after, index, after), after

    def _accented(self, index: int, end: int) -> tuple[str, int] | None:
        """Return an accented letter and what follows it in its braces, None if it is none."""
        accents = [self._items[index][1:]]
        closings: list[int] = []
        index = self._tokens.after_space(index + 1, end)
        while index < end:
            token = self._items[index]
            if token == "{" and index in self._tokens.partner and len(closings) < 4:
                closings.append(self._tokens.partner[index])
            elif token[0] == "\\" and token[1:] in ACCENTS and len(accents) < 3:
                accents.append(token[1:])
            else:
                break
            index = self._tokens.after_space(index + 1, end)
        if closings and index == closings[-1]:
            return self._bare_accent(accents, closings)
        letter = TEXT_SYMBOLS.get(self._items[index][1:], "") if index < end else ""
        letter = {"ı": "i", "ȷ": "j"}.get(letter, letter) or (
            self._items[index] if index < end else ""
        )
        marked = _accented_letter(letter, accents[::-1])
        if marked is None:
            return None
        index = (
            self._tokens.after_space(index + 1, end) if len(self._items[index]) > 1 else index + 1
        )
        rest = ""
        for closing in reversed(closings):
            rest += self.source(index, closing)
            index = closing + 1
        return marked + rest, index

    @staticmethod
    def _bare_accent(accents: list[str], closings: list[int]) -> tuple[str, int] | None:
        r"""Return the character itself for ``\^{}`` and ``\~{}``, which are written for it."""
        if len(accents) == len(closings) == 1 and accents[0] in "^~":
            return printed(accents[0]), closings[0] + 1
        return None


def _may_be_formula(inner: str, followed: str) -> bool:
    """Return whether what stands between two dollars can be meant as a formula, not as prices."""
    if not inner.strip() or inner[0].isspace() or inner[-1].isspace() or followed.isdigit():
        return False
    # "$5k against B$": an amount and words.
    return not (inner[0].isdigit() and " " in inner and not re.search(r"[\\^_=<>+]", inner))


def printed(token: str) -> str:
    """Return the source that prints a token as it is written."""
    return "".join(map(_character, token))


def _character(character: str, is_compatible: bool = True) -> str:
    """Return the source that prints one character, its code point where there is nothing."""
    if character in TEXT_CHARACTERS:
        return TEXT_CHARACTERS[character]
    if character in SYMBOL_OF:
        return f"{{\\{SYMBOL_OF[character]}}}"
    if " " <= character <= "~":
        return character
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) > 1 and all(mark in _ACCENT_OF for mark in decomposed[1:]):
        marked = _accented_letter(decomposed[0], [_ACCENT_OF[mark] for mark in decomposed[1:]])
        if marked is not None:
            return marked
    if character in MATH_SYMBOL_OF:
        return f"$\\{MATH_SYMBOL_OF[character]}$"
    kind, _, _ = unicodedata.decomposition(character).partition(" ")
    compatible = unicodedata.normalize("NFKC", character)
    if is_compatible and kind and 1 <= len(compatible.strip()) <= 4 and compatible[0] != " ":
        inner = "".join(_character(character, False) for character in compatible)
        styles = {"<super>": "textsuperscript", "<sub>": "textsubscript"}
        return f"{{\\{styles[kind]}{{{inner}}}}}" if kind in styles else inner
    return f"[U+{ord(character):04X}]"


def _accented_letter(letter: str, accents: list[str]) -> str | None:
    """Return a letter with its accents, the innermost first; None if Unicode has no such letter.

    Such a letter is none of any language's, and biber would write it in two characters.
    """
    composed = unicodedata.normalize("NFC", letter + "".join(ACCENTS[accent] for accent in accents))
    if len(composed) != 1 or not (letter.isascii() and letter.isalpha()):
        return None
    source = f"{{\\{accents[0]}{{{letter}}}}}"
    for accent in accents[1:]:
        if accent in _MATH_ACCENTS:
            # biber knows these with a letter alone, and takes half of anything else.
            source = f"$\\{_MATH_ACCENTS[accent]}{{\\textrm{{{source}}}}}$"
        elif accent.isalpha():
            return None
        else:
            # Braces of its own hide the inner letter: biber writes \~ê for \~{\^{e}}, an error.
            source = f"{{\\{accent}{{{source}}}}}"
    return source


def _closing(source: str) -> int:
    """Return where the brace at the beginning of balanced source is closed."""
    depth = 0
    for index, character in enumerate(source):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return index
    return -1
