r"""A record's authors as the names of a BibTeX field.

BibTeX and biber take names apart at commas, spaces, hyphens and the word *and*, and make initials
of what they find.  Only a name of letters and accents is left to that; any other stands in braces.
"""

from __future__ import annotations

import re

from pith_tui.output.tex_source import to_tex

MAX_AUTHORS = 3_000
"""Names of one entry; BibTeX copies a field of at most 200,000 characters."""
MAX_NAME = 200
"""Characters of one name."""

_SUFFIX = r"(?:Jr|Sr)\.?|II|III|IV"
_IS_SUFFIX = re.compile(rf"(?:{_SUFFIX})\Z")
_WITH_SUFFIX = re.compile(rf"(?P<name>.*[^\s,]),?\s+(?P<suffix>{_SUFFIX})\Z")
_LEADING_AND = re.compile(r"\A\s*and\s+(?=\S)", re.IGNORECASE)
_ET_AL = re.compile(r"(?:and\s+)?(?:et\.?\s+al\.?|and others)\Z", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group|project|network|survey|experiment|committee|"
    r"alliance|foundation|institute|observatory|university|laboratory|association|society|"
    r"organi[sz]ation|mission|task force|initiative|council|cent(?:er|re)|program(?:me)?|members)\b"
    r"|\A(?:the|for the|on behalf of)\s",
    re.IGNORECASE,
)
_LETTER = r"\{\\(?:[oOlLij]|ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|ng|NG)\}"
_ACCENTED = r"\{\\['`^\"~=.uvHckrdb]\{[A-Za-z]\}\}"
_STACKED = rf"\{{\\['`^\"~=.uvHckrdb]\{{{_ACCENTED}\}}\}}"
_WORDS = re.compile(rf"(?:[A-Za-z.\-'~ ]|{_LETTER}|{_ACCENTED}|{_STACKED})+\Z")
_TIE = re.compile(r"(?<!\\)~")
_HYPHEN = re.compile(r"-(?=[\\{$])")
_NO_INITIAL = re.compile(r"\{*[\\$]|`(?![A-Za-z])")


def split_authors(text: str) -> list[str]:
    """Split a record's authors at the commas between names, in the order of the record.

    Commas in braces or parentheses separate nothing, nor does one before Jr., Sr. or III.
    """
    names: list[str] = []
    start = depth = 0
    text = " ".join(text.split())
    for index, character in enumerate(f"{text},"):
        if character in "({":
            depth += 1
        elif character in ")}":
            depth = max(depth - 1, 0)
        elif character == "," and (depth == 0 or index == len(text)):
            name, start = text[start:index].strip(), index + 1
            if name and names and _IS_SUFFIX.match(name):
                names[-1] = f"{names[-1]}, {name}"
            elif name:
                names.append(name)
    return names


def bibtex_names(text: str) -> str:
    """Return the value of an ``author`` field, empty if the text names nobody.

    What stands for further authors (``et al.``), or follows ``MAX_AUTHORS``, becomes ``others``.
    """
    split = split_authors(text)
    names = [name for name in split if not _ET_AL.match(name)]
    entries = [entry for name in names[:MAX_AUTHORS] if (entry := bibtex_name(name))]
    if entries and len(split) > len(entries):
        entries.append("others")
    return " and ".join(entries)


def bibtex_name(name: str) -> str:
    """Return one name as BibTeX reads it: ``First von Last``, ``von Last, Jr, First``, ``{Group}``.

    The parts are BibTeX's (Patashnik, *BibTeXing*, section 4): the last name begins with the first
    word in lower case, else it is the last word.
    """
    name = _LEADING_AND.sub("", name[:MAX_NAME])
    match = _WITH_SUFFIX.match(name)
    if match and not _must_be_whole(match["name"]) and " " in match["name"]:
        parts = match["name"].split()
        lower = (index for index, part in enumerate(parts[1:], 1) if part[0].islower())
        last = next(lower, len(parts) - 1)
        fields = (" ".join(parts[last:]), match["suffix"], " ".join(parts[:last]))
        return ", ".join(map(to_tex, fields))
    return _whole(name) if _must_be_whole(name) else to_tex(name)


def _must_be_whole(name: str) -> bool:
    """Return whether a name is no person's, or holds more than letters, accents and points."""
    source = to_tex(name)
    if _GROUP.search(name) or re.search(r"\b(?:and|others)\b", source, re.IGNORECASE):
        return True
    return not (_WORDS.match(source) and any(map(str.isalpha, name)))


def _whole(name: str) -> str:
    """Return the source of a name in braces, beginning with what an initial can be made of.

    biber makes one of the first character, and of half a command it makes an error.  It divides the
    name at ties and hyphens, too, and takes half a command behind one.
    """
    source = to_tex(name)
    if _NO_INITIAL.match(source):
        source = f"[U+{ord(name[0]):04X}]{to_tex(name[1:])}"
    return f"{{{_HYPHEN.sub('{-}', _TIE.sub(' ', source))}}}"
