"""The identifiers that a longer text mentions: a stamp, a citation, a BibTeX entry, a web address.

Only what can be nothing else is a mention: in running text eight letters may be a word, and a
number in an unknown site's address may be anything.  What has the shape of an arXiv id and cannot
be one is a mention too, with the reason: its author meant a work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pith_tui.patterns import pattern
from pith_tui.protocol.identifiers import ARCHIVES, Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.input_cleanup import (
    Url,
    identifier_in_url,
    is_arxiv_site,
    is_known_site,
    strip_wrapping,
    unquote,
)

# A letter or digit of any script, an accent, or what could not be decoded: part of a longer name.
# re.ASCII, which keeps U+212A from being a k, would not see the letters.
_PART = r"(?u:[^\W_]|[\u0300-\u036f\ud800-\udfff\ufffd])"
_BEGIN = rf"(?<!{_PART})"
_END = rf"(?!{_PART})(?!\.[0-9])"
_CLASS = r"\.(?:[a-z]{2}|[a-z]+-[a-z]+|optics|other|soft)"
_ARCHIVE = rf"(?:{'|'.join(sorted(ARCHIVES, key=len, reverse=True))})(?:{_CLASS})?"
_PAGES = r"abs|pdf|html|format|ps|src|e-print|overview|papers"
_NUMBER = (
    rf"(?:(?:{_ARCHIVE}/)?(?P<new>[0-9]{{4}}\.[0-9]+)|(?P<old>{_ARCHIVE}/[0-9]+))"
    rf"(?:(?P<version>v(?u:[^\W_])*)|\s{{1,3}}\(?(?P<apart>v[0-9]{{1,4}}))?{_END}"
)
_PREFIX = (
    r"(?P<doi>10\.48550/arxiv\.)|oai:arxiv\.org:"
    rf"|arxiv(?:\.org)?(?:/(?:{_PAGES}))?[\s:./~_-]{{0,4}}"
)
# 2025arXiv250311832K of ADS, journals/corr/abs-2503-11832 of DBLP
_KEY = (
    r"(?:[0-9]{4}arxiv|corr/abs-)(?P<yymm>[0-9]{4})[.-]?(?P<serial>[0-9]{4,5})[a-z]?"
    r"(?![a-z0-9])"
)
_CASELESS = re.ASCII | re.IGNORECASE

_MARKED = pattern(rf"{_BEGIN}(?:{_KEY}|(?P<prefix>{_PREFIX}){_NUMBER})", _CASELESS)
"""An arXiv id that is marked as one: ``arXiv:``, a DOI, an OAI name, a key of ADS or DBLP."""

_MENTION = pattern(
    rf"{_BEGIN}(?:"
    rf"{_KEY}|(?P<prefix>{_PREFIX})?{_NUMBER}"
    # Ends where another address begins: [https://…](https://…), https://…,https://…
    r"|(?P<url>(?<![a-z0-9.-])(?:[a-z][a-z0-9+.-]{0,20}://|(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}/)"
    r"(?:(?!\]\(|[,;|]\s*https?://)[^\s<>\"{}|\\^`])*)"
    # A DOI may hold nearly anything, but not the beginning of the next one.
    r"|(?P<other>10\.[0-9]{4,9}(?:\.[0-9]+)*/"
    r"(?:(?!</|[,;|&](?:10\.[0-9]{4,9}/|doi:|https?:|arxiv:))[^\s{}\"])+)"
    rf"|(?:pith:|\\pithnumber\s*\{{(?:pith:)?)(?P<pith>(?:\s*[0-9]{{4}}\s*:\s*)?[a-z0-9]{{8,}}){_END}"
    rf"|(?P<bare>[a-z2-7]{{26}}|(?-i:[A-Z2-7]{{16}}|[A-Z2-7]{{12}}|[A-Z2-7]{{8}})){_END}"
    rf")",
    _CASELESS,
)
_NEXT = pattern(
    r"\s*(?:[,;&]|and\b)\s*"
    rf"(?P<serial>(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])[0-9]{{3}}(?:v[0-9]+)?){_END}",
    _CASELESS,
)
"""Another old id of the same archive: ``hep-th/9711200, 9802109``."""

_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"
)
_SCHEME = pattern(r"https?://", _CASELESS)


def mentions(text: str) -> Iterator[Identifier]:
    """Return what a text names, in its order; the same thing as often as it is named.

    Raises IdentifierError, with the reason, for what can only have been meant as an identifier and
    is none: using another one in its place would be a guess.
    """
    text = text.translate(_DASHES)
    position = 0
    while match := _MENTION.search(text, position):
        position = match.end()
        if match["url"]:
            yield from _in_url(strip_wrapping(match["url"]))
        elif match["other"]:
            yield parse_identifier(f"doi:{strip_wrapping(match['other'])}")
        elif match["pith"]:
            yield parse_identifier(f"pith:{match['pith']}")
        elif match["bare"]:
            if _is_no_word(match["bare"]):
                yield parse_identifier(f"pith:{match['bare']}")
        else:
            yield from _arxiv(match)
        while match["old"] and (following := _NEXT.match(text, position)):
            position = following.end()
            yield parse_identifier(f"{match['old'].partition('/')[0]}/{following['serial']}")


def _arxiv(match: re.Match[str]) -> Iterator[Identifier]:
    """Return the arXiv id of a match; none for another number of digits, unless marked as one."""
    if match["yymm"]:
        yield parse_identifier(f"{match['yymm']}.{match['serial']}")
        return
    name = match["new"] or match["old"]
    digits = len(re.split(r"[./]", name)[-1])
    if match["prefix"] or digits in ((4, 5) if match["new"] else (7,)):
        prefix = "10.48550/arXiv." if match["doi"] else "arXiv:" if match["prefix"] else ""
        yield parse_identifier(f"{prefix}{name}{match['version'] or match['apart'] or ''}")


def _is_no_word(text: str) -> bool:
    """Return whether base32 characters are no word: digits among letters, or 26 capitals."""
    if text.isalpha():
        return len(text) == 26 and text.isupper()
    return not text.isdigit()


def _in_url(text: str) -> Iterator[Identifier]:
    """Return what a URL names: its paper, or that of a URL within it, or what it marks as an id."""
    url = Url(text)
    is_web = url.scheme in ("", "http", "https")
    named = identifier_in_url(url) if is_web else None
    if named is None:
        yield from _anywhere_in_url(url, text)
        return
    try:
        yield parse_identifier(named)
    except IdentifierError:  # more than an id stands where one should, or something else
        several = list(mentions(named)) or list(_anywhere_in_url(url, text))
        if not several and is_known_site(url):
            raise
        yield from several


def _anywhere_in_url(url: Url, text: str) -> Iterator[Identifier]:
    begin = _SCHEME.match(text)
    inner = unquote(text[begin.end() :] if begin else text)
    nested = [match.start() for match in _SCHEME.finditer(inner)]
    if nested:
        # The innermost one is the page: around it is an archive's address, or a redirect.
        yield from _in_url(inner[nested[-1] :])
    elif is_arxiv_site(url):
        yield from mentions(inner.partition("/")[2])
    elif url.scheme == "file":
        yield from mentions(inner.rpartition("/")[2])
    elif url.scheme in ("", "http", "https"):
        for match in _MARKED.finditer(inner):
            yield from _arxiv(match)
