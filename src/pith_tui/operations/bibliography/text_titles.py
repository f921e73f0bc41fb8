r"""The passages of a free-text reference that could be its title.

Where a style marks the title, the mark says so: ``\bibinfo{title}{…}``, ``\newblock``, quotation
marks, a link.  Else it is a sentence long enough and with a word in lower case that names of people
do not have.  Many lists of references print no titles, and for those there is no passage.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pith_tui.operations.bibliography.entries import Entry
from pith_tui.operations.bibliography.titles import (
    MIN_PART,
    Comparison,
    compare_titles,
    contains_title,
)

_MARKED = (
    re.compile(r"\\bibinfo\s*\{title\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}"),
    re.compile(r"\\(?:enquote|showarticletitle)\s*\{((?:[^{}]|\{[^{}]*\})*)\}"),
    re.compile(r"``((?:[^`]|`(?!`))+?)''"),
    re.compile(r"[“„]([^“”„]+)[”“]"),
    re.compile(r"(?<!\\)\"((?:[^\"\\]|\\.)+)\""),  # \" is an accent
)
_BLOCK = re.compile(r"\\newblock(?![A-Za-z])")
_SENTENCE = re.compile(r"(?<=[\w)}\]'”][.!?])\s+|[;|]\s+|\s[–—]\s")
_PHRASE = re.compile(r"[,;:|()\[\]]\s*|(?<=[.!?])\s+|\s[–—]\s")
_MAX_PASSAGES = 50
_NO_TITLE = re.compile(r"https?://\S+|\\[A-Za-z]+|arxiv\S*|[$~]", re.IGNORECASE)
_WITHIN_WORDS = re.compile(r"\\[^A-Za-z\s]|[{}]")  # accents and braces
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_OF_NAMES = frozenset(
    "and et al von van de der den du di la le el dos da del in eds ed to appear with "
    "accepted for by preprint vol no pp see also".split()
)
_OF_JOURNALS = re.compile(
    r"(?:in:?\s+)?(?:the\s+)?(?:journal|proceedings|proc|annals|transactions|advances|reviews?"
    r"|communications|international|monthly|letters|physical|astronomy|annual)\b",
    re.IGNORECASE,
)


def title_passages(entry: Entry) -> tuple[str, ...]:
    """Return what could be the title in the text of a reference; nothing for a paragraph."""
    if entry.kind == "text":
        return ()
    return _passages_of(entry.value("text") or "")[:_MAX_PASSAGES]


@lru_cache(maxsize=64)
def _passages_of(text: str) -> tuple[str, ...]:
    marked = _marked(text)
    if marked:
        return tuple(_tidied(passage) for passage in marked if passage.strip())
    sentences = [_tidied(sentence) for sentence in _SENTENCE.split(text)]
    return tuple(filter(_could_be_title, sentences))


def states_title(entry: Entry, title: str) -> bool:
    """Return whether the text of a reference contains a title.

    One of fewer than four words may stand in any sentence or be the name of a journal: it has to
    stand by itself.
    """
    text = entry.value("text") or ""
    if len(_WORD.findall(title)) >= MIN_PART:
        return contains_title(text, title)
    pieces = [*_marked(text), *_SENTENCE.split(text), *_PHRASE.split(text)]
    return any(
        compare_titles(_tidied(piece), title) is Comparison.SAME for piece in dict.fromkeys(pieces)
    )


def is_part(passages: tuple[str, ...], title: str) -> bool:
    """Return whether a passage is a part of the title: a prefix or subtitle was left out."""
    return any(
        compare_titles(passage, title) is Comparison.PART
        and len(_WORD.findall(passage)) <= len(_WORD.findall(title))
        for passage in passages
    )


def nearest(passages: tuple[str, ...], title: str) -> str:
    """Return the passage that shares the most words with a title, to be shown beside it."""
    wanted = {word.lower() for word in _WORD.findall(title)}
    return max(
        passages,
        key=lambda passage: len(wanted & {word.lower() for word in _WORD.findall(passage)}),
    )


def _marked(text: str) -> list[str]:
    """Return the passages that marks say are titles, or parts of a reference."""
    marked = [passage for pattern in _MARKED for passage in pattern.findall(text)]
    blocks = _BLOCK.split(text)
    return marked + blocks if len(blocks) > 1 else marked


def _tidied(passage: str) -> str:
    return " ".join(passage.split()).strip(" ,;")


def _could_be_title(sentence: str) -> bool:
    text = _NO_TITLE.sub(" ", _WITHIN_WORDS.sub("", sentence))
    return any(map(_is_titlelike, _PHRASE.split(text)))


def _is_titlelike(phrase: str) -> bool:
    """Return whether a phrase has four words, one of which stands in no list of names."""
    phrase_words = _WORD.findall(phrase)
    if len(phrase_words) < MIN_PART or _OF_JOURNALS.match(phrase.strip()):
        return False
    return any(word[0].islower() and word not in _OF_NAMES for word in phrase_words)
