"""Words that mix look-alike letters of several scripts: ``Еinstein`` with a Cyrillic Е.

After Unicode Technical Standard 39, sections 4 and 5, simplified: a word is remarked on that mixes
Latin, Greek, Cyrillic, Armenian or Cherokee letters, at least one of them looking like a letter of
another script, or that is made of look-alikes alone in a text that is otherwise Latin.  Greek
letters that look like nothing in Latin (α-helix, μm, Ωm) are common in titles and never remarked
on.
"""

from __future__ import annotations

import unicodedata

from pith_tui.patterns import pattern

_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE")
_WORD = pattern(r"[^\W\d_]+")
# From confusables.txt of UTS 39: letters whose skeleton is one Latin letter.
_LIKE_LATIN = frozenset(
    "АВЕЅЗІЈКМНОРСТУХҮԌԚԜаеіјорсухѕһԁԛԝӏҽ"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυιϲϳ"  # Greek
    "ՍՏԼՕոսօցհզ"  # Armenian
    "ᎠᎡᎢᎪᎫᎬᎳᎷᎻᏀᏃᏔᏚᏞᏟᏢᏦᏴ"  # Cherokee
)


def mixed_scripts(text: str) -> str | None:
    """Describe the first word of a raw text that mixes scripts deceptively, None if there is none.

    The description quotes the word, so it is record text to be made safe.
    """
    if text.isascii():
        return None
    scripts_by_word = [
        (word, _scripts(word)) for word in _WORD.findall(unicodedata.normalize("NFC", text))
    ]
    latin = any(scripts == {"LATIN"} and len(word) > 1 for word, scripts in scripts_by_word)
    for word, scripts in scripts_by_word:
        alike = _LIKE_LATIN.intersection(word)
        if len(scripts) > 1 and alike:
            names = " and ".join(name.title() for name in _SCRIPTS if name in scripts)
            return f"“{word}” mixes {names} letters that look alike"
        if latin and len(word) > 1 and _LIKE_LATIN.issuperset(word):
            return f"“{word}” is written in {min(scripts).title()} letters that look like Latin"
    return None


def _scripts(word: str) -> set[str]:
    """Return the scripts of a word among those that have look-alikes of each other."""
    return {name for name in map(_script, word) if name in _SCRIPTS}


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
