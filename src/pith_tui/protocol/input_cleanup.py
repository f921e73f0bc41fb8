"""What people paste around an identifier: white space, quotes, punctuation, URLs, TeX.

Only the outside is taken off here; whether the rest is an identifier is for ``identifiers``.
"""

from __future__ import annotations

import re

from pith_tui.patterns import pattern

_OPENING = "<([{\"'`“‘«"
_CLOSING = ">)]}\"'`”’».,;:!?"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}

_CASELESS = re.ASCII | re.IGNORECASE
_SCHEME = pattern(r"([a-z][a-z0-9+.-]*)://", _CASELESS)
_HOST = pattern(
    r"(?:(?:[a-z0-9-]+\.)+[a-z]{2,}|localhost|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{1,5})?/",
    _CASELESS,
)
_AUTHORITY = pattern(r"(?:[^@]*@)?(\[[0-9a-f:.]+\]|[^:]*)(?::[0-9]*)?\Z", _CASELESS)
_LOOPBACK = pattern(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])\Z", re.ASCII)
_PERCENT = pattern(r"%([0-9A-Fa-f]{2})")
# An arXiv id ends with a digit, so that this takes nothing off a sentence in brackets.
_CITED = pattern(r"((?:arxiv:\s*)?\S*[0-9])\s+\[[a-z-]+(?:\.[a-z-]{2,})?\]\Z", _CASELESS)
_PITH_MACRO = pattern(r"\\pithnumber\s*\{([^{}]*)\}\Z", re.ASCII)
_ARXIV_PREFIX = pattern(r"arxiv:\s*", _CASELESS)
_FILE_ENDING = pattern(r"\.(?:pdf|ps|html|json)\Z", _CASELESS)

_DOI_HOSTS = ("doi.org", "dx.doi.org", "www.doi.org")
_ARXIV_HOSTS = ("arxiv.org", "ar5iv.org", "alphaxiv.org", "xxx.lanl.gov", "arxiv.lanl.gov")
_PAPER_HOSTS = ("huggingface.co", "hf.co", "arxiv-vanity.com", "emergentmind.com")
"""Sites whose ``/papers/ID`` is the arXiv paper of that id."""
_SUFFIX_LENGTH = 26
_ARXIV_PATHS = ("abs", "pdf", "html", "format", "ps", "src", "e-print", "overview")


class Url:
    """The parts of a URL that can hold an identifier: scheme, host, path, query.

    ``scheme`` is empty where none was given; ``path`` begins after the host's slash. Path and
    query values are percent-decoded once.
    """

    def __init__(self, text: str) -> None:
        scheme = _SCHEME.match(text)
        self.scheme = scheme.group(1).lower() if scheme else ""
        rest = text[scheme.end() :] if scheme else text
        rest, _, query = rest.partition("#")[0].partition("?")
        authority, _, path = rest.partition("/")
        host = _AUTHORITY.match(authority)
        self.host = host.group(1).lower().rstrip(".") if host else ""
        self.path = unquote(path)
        members = (member.partition("=") for member in query.split("&"))
        self.query = {name.lower(): unquote(value) for name, _, value in members}

    @property
    def segments(self) -> list[str]:
        """The path's segments that are not empty."""
        return [segment for segment in self.path.split("/") if segment]


def strip_wrapping(text: str) -> str:
    """Take off white space, quotes, brackets, trailing punctuation and a citation's category."""
    previous = None
    while text != previous:
        previous = text
        text = _without_closing(text.lstrip().lstrip(_OPENING))
        inner = _PITH_MACRO.match(text) or _CITED.match(text)
        if inner:
            text = inner.group(1)
    return text


def _without_closing(text: str) -> str:
    """Take off what closes; a bracket stays if it was opened within: ``10.1000/a(b)``."""
    end = len(text)
    while end:
        last = text[end - 1]
        if not last.isspace() and last not in _CLOSING:
            break
        opening = _PAIRS.get(last)
        if opening and text.count(opening, 0, end) >= text.count(last, 0, end):
            break
        end -= 1
    return text[:end]


def unquote(text: str) -> str:
    """Undo percent-encoding of visible ASCII characters; others stay as they stand."""
    return _PERCENT.sub(
        lambda match: (
            chr(code) if 0x20 < (code := int(match.group(1), 16)) < 0x7F else match.group()
        ),
        text,
    )


def is_url(text: str) -> bool:
    """Return whether a text is a URL, with its scheme or without."""
    return bool(_SCHEME.match(text) or _HOST.match(text))


def is_known_site(url: Url) -> bool:
    """Return whether a URL's host is arXiv, one of its readers, a DOI resolver or the service."""
    known = (*_ARXIV_HOSTS, *_PAPER_HOSTS, "pith.science")
    return url.host in _DOI_HOSTS or _is_subdomain(url.host, *known)


def is_arxiv_site(url: Url) -> bool:
    """Return whether a URL's host is arXiv or a site that has its papers under the same paths."""
    return _is_subdomain(url.host, *_ARXIV_HOSTS)


def identifier_in_url(url: Url) -> str | None:
    """Return the identifier that a URL of a known form holds, None for any other URL."""
    if url.host in _DOI_HOSTS:
        return f"doi:{url.path}" if url.path else None
    if is_arxiv_site(url):
        return _on_arxiv(url.segments)
    if _is_subdomain(url.host, *_PAPER_HOSTS):
        return _on_arxiv(url.segments, ("papers",))
    return _parse_registry_path(url) if url.host else None


def _is_subdomain(host: str, *sites: str) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)


def _on_arxiv(path: list[str], folders: tuple[str, ...] = _ARXIV_PATHS) -> str | None:
    if len(path) < 2 or path[0].lower() not in folders:
        return None
    return _as_arxiv(_join_id_segments(path[1:]))


def _parse_registry_path(url: Url) -> str | None:
    """Read the paths of docs/protocol.md, Endpoints.

    Any host may be a mirror, and a mirror may stand under a path of its own; there only a
    whole suffix is read, for ``/somebody/pith/releases`` is no record. ``/paper/`` is too
    common a path to be read anywhere but on the service itself or on this machine.
    """
    path = url.segments
    folders = [segment.lower() for segment in path[:-1]]
    own = _is_subdomain(url.host, "pith.science") or _LOOPBACK.match(url.host)
    if "pith-number" in folders:
        after = folders.index("pith-number") + 1
        if folders[after - 2 : after - 1] != ["api"]:
            return None
        return _resolved(url) if path[after].lower() == "resolve" else path[after]
    if "pith" in folders:
        after = folders.index("pith") + 1
        name = _join_id_segments(path[after:])
        at_root = folders[: after - 1] in ([], [".well-known"])
        return name if at_root or len(name) == _SUFFIX_LENGTH else None
    return _join_id_segments(path[1:]) if own and folders[:1] == ["paper"] else None


def _resolved(url: Url) -> str | None:
    if arxiv := url.query.get("arxiv"):
        return _as_arxiv(arxiv)
    doi = url.query.get("doi")
    return f"doi:{doi}" if doi else None


def _join_id_segments(path: list[str]) -> str:
    """Join an old-style arXiv id, which is two segments; take any other id as one."""
    two = len(path) > 1 and re.match(r"[0-9]{7}", path[1], re.ASCII)
    return _FILE_ENDING.sub("", "/".join(path[: 2 if two else 1]))


def _as_arxiv(name: str) -> str:
    """Mark a name as an arXiv id, so that nothing else is read into it."""
    return "arxiv:" + _ARXIV_PREFIX.sub("", name, count=1)
