r"""Symbol commands of TeX as the character that each stands for.

The table is pylatexenc's for reading LaTeX, but for commands of packages that nobody writes by
chance, and for those that it lacks or shows as another character than TeX prints.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pith_tui.output.tex_commands import MATH_SYMBOLS

_CATEGORIES = ("latex-base", "advanced-symbols")
_SUPPLEMENT = {
    "ne": "≠", "neg": "¬", "lnot": "¬", "land": "∧", "lor": "∨", "gets": "←", "owns": "∋",
    "iff": "⟺", "implies": "⟹", "Longrightarrow": "⟹", "Longleftrightarrow": "⟺",
    "blacksquare": "■", "bigcirc": "◯", "eth": "ð", "hslash": "ℏ", "Box": "□", "degree": "°",
}  # fmt: skip

OPERATORS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim ln log "
    "max min Pr sec sin sinh sup tan tanh".split()
)
"""Commands that print their own name, upright and apart from letters beside it."""


def symbol(name: str) -> str | None:
    """Return the one character that a command stands for, None for any other command."""
    return _SUPPLEMENT.get(name) or MATH_SYMBOLS.get(name) or _table().get(name)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Return the commands that are one visible character and take no argument.

    Imported here: few texts hold any, and the tables are large.
    """
    from pylatexenc.latex2text import get_default_latex_context_db

    symbols: dict[str, str] = {}
    categories = get_default_latex_context_db().d
    for category in _CATEGORIES:
        for name, command in categories[category]["macros"].items():
            text = command.simplify_repl
            if isinstance(text, str) and len(text) == 1 and _is_visible(text) and name.isalpha():
                symbols.setdefault(name, text)
    return symbols


def _is_visible(character: str) -> bool:
    """Return whether a character is printed by itself: no space, no accent over another."""
    return character.isprintable() and unicodedata.category(character)[0] not in "MZ"
