"""What people paste around an identifier: white space, quotes, punctuation, URLs, TeX.

Only the outside is taken off here; whether the rest is an identifier is for ``identifiers``.
"""

from __future__ import annotations

import re

_OPENING = "<([{\"'`“‘«"
_CLOSING = ">)]}\"'`”’».,;:!?"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::[0-9]{1,5})?/")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_CITED = re.compile(r"(?i)(arxiv:\s*\S+)\s+\[[a-z-]+(?:\.[a-z-]{2,})?\]\Z")
_PITH_MACRO = re.compile(r"\\pithnumber\s*\{([^{}]*)\}\Z")

_ARXIV_HOSTS = ("arxiv.org", "ar5iv.org", "alphaxiv.org")
_ARXIV_PATHS = ("abs", "pdf", "html", "format", "ps", "src", "e-print", "list", "overview")
_PITH_PATHS = ("pith", "paper")


class Url:
    """The parts of a URL that can hold an identifier: host, path segments, query."""

    def __init__(self, text: str) -> None:
        rest = _SCHEME.sub("", text, count=1)
        rest = rest.partition("#")[0]
        rest, _, query = rest.partition("?")
        host, _, path = rest.partition("/")
        self.host = host.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
        self.path = [segment for segment in unquote(path).split("/") if segment]
        members = (member.partition("=") for member in query.split("&"))
        self.query = {name: unquote(value) for name, _, value in members}


def unwrap(text: str) -> str:
    """Take off white space, quotes, brackets, trailing punctuation and a citation's category."""
    text = text.strip()
    macro = _PITH_MACRO.match(text)
    if macro:
        return macro.group(1).strip()
    cited = _CITED.match(text)
    if cited:
        return cited.group(1)
    previous = None
    while text != previous:
        previous = text
        text = text.strip().lstrip(_OPENING).rstrip(_CLOSING)
    return text


def unquote(text: str) -> str:
    """Undo percent-encoding of ASCII characters; others stay as they stand."""
    return _PERCENT.sub(
        lambda found: (
            chr(code) if 0x20 < (code := int(found.group(1), 16)) < 0x7F else found.group()
        ),
        text,
    )


def is_url(text: str) -> bool:
    """Tell whether a text is a URL, with its scheme or without."""
    return bool(_SCHEME.match(text) or _HOST.match(text))


def named_by(url: Url) -> str | None:
    """Give the identifier that a URL of a known form holds, None for any other URL."""
    if url.host in ("doi.org", "dx.doi.org", "www.doi.org") and url.path:
        return "doi:" + "/".join(url.path)
    if any(url.host == host or url.host.endswith("." + host) for host in _ARXIV_HOSTS):
        return _on_arxiv(url)
    return _on_pith(url)


def _on_arxiv(url: Url) -> str | None:
    if len(url.path) < 2 or url.path[0] not in _ARXIV_PATHS:
        return None
    name = "/".join(url.path[1:3])
    for ending in (".pdf", ".ps", ".html"):
        name = name.removesuffix(ending)
    if len(url.path) > 2 and re.match(r"[0-9]", url.path[1]):
        name = url.path[1]  # /pdf/2503.11832/something
    return "arxiv:" + name


def _on_pith(url: Url) -> str | None:
    """Read the paths of PROTOCOL.md, Endpoints; any host may be a mirror."""
    path = url.path
    if path[:2] == [".well-known", "pith"]:
        path = path[1:]
    if path[:2] == ["api", "pith-number"] and len(path) > 2:
        if path[2] == "resolve":
            named = url.query.get("arxiv")
            doi = url.query.get("doi")
            return f"arxiv:{named}" if named else f"doi:{doi}" if doi else None
        return path[2]
    if len(path) < 2 or path[0] not in _PITH_PATHS:
        return None
    name = path[1].removesuffix(".json")
    # An old-style arXiv id is two segments: /paper/hep-th/9901001
    if len(path) > 2 and re.match(r"[0-9]{7}", path[2]):
        name = f"{name}/{path[2]}"
    return name
