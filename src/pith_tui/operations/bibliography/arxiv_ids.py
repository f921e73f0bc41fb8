"""The arXiv ids that an entry names, and the fields in which each stands.

Ids are taken from fields that identify the work itself.  Those in an abstract, a keyword list, an
annotation or a file name are of other papers or of downloads, and are not taken.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

from pith_tui.operations.bibliography.entries import Entry
from pith_tui.protocol.identifiers import ARCHIVES, IdentifierError, parse_identifier

_T = TypeVar("_T")

_FIELDS = (
    "eprint arxiv arxivid doi eid number pages volume url journal journaltitle note howpublished "
    "series booktitle publisher institution organization addendum ee preprint text"
).split()
"""The fields that are searched, in the order in which the places of an id are listed."""

_WHOLE = ("eprint", "arxiv", "arxivid")
_EPRINT_TYPES = ("archiveprefix", "eprinttype")
_BARE = ("number", "volume")
_HOLDERS = ("institution", "journal", "journaltitle", "publisher", "series", "organization", "type")

_CASELESS = re.ASCII | re.IGNORECASE
_OLD = r"[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[a-z]{2}|\.[a-z]{2,5}-[a-z]{2,5})?/[0-9]{7}"
_VERSION = r"(?:v[0-9]{1,4})?(?![0-9])"
_ANY_ID = rf"(?:{_OLD}|[0-9]{{4}}\.[0-9]{{1,9}}){_VERSION}"
_SURE_ID = rf"(?:{_OLD}|[0-9]{{4}}\.[0-9]{{4,5}}){_VERSION}"
_NEARLY = r"(?:[a-z]{2,8}(?:-[a-z]{2,4})?/[0-9]{5,9}|[0-9]{4}\.[0-9]{4,5})v?"
"""What stands alone in an id's field and can be meant for nothing else."""
_BARE_OLD = re.compile(rf"(?<![\w/.-])({_OLD}{_VERSION})", _CASELESS)
_BARE_ID = re.compile(rf"(?:abs/)?({_SURE_ID})(?![0-9./-])", _CASELESS)
_WHOLE_ID = re.compile(rf"(?:arxiv\s*:\s*)?({_ANY_ID}|{_NEARLY})/?(?:\s*\[[a-z.-]+\])?", _CASELESS)
_NUMBER_ALONE = re.compile(r"[0-9]{7}(?:v[0-9]{1,4})?", re.ASCII)
_CLASS = re.compile(r"[a-z-]+", _CASELESS)
_SITE = (
    r"(?:(?:arxiv|ar5iv|alphaxiv)\.org|xxx\.lanl\.gov)"
    r"/(?:abs|pdf|html|format|ps|src|e-print|overview)/\s?(?:arxiv:)?"
    r"|(?:huggingface\.co|hf\.co|arxiv-vanity\.com)/papers/"
)
_GAP = r"(?:[\s{\[(~]|\\[,;:! ]|\\text(?:bf|tt)\{){0,4}"
_NAMED = re.compile(
    r"(?<![a-z0-9])"
    rf"(?:(?:{_SITE}|10\.48550/arxiv\.|arxiv\}}{{0,2}}(?:\s|\\,){{0,3}}:{_GAP})"
    rf"({_ANY_ID})"
    r"|(?:arxiv\}{0,2}[\s,~.-]{0,3}"
    r"(?:(?:e-?prints?|pre-?prints?|paper|identifier|id|number|no\.?)[\s,:~]{1,3}){0,2}"
    r"[:\s,{\[(]{0,4}(?:abs/)?"
    # As in "CoRR, abs/1309.3741", which DBLP gives.
    rf"|(?<![/.])abs/)({_SURE_ID}))",
    _CASELESS,
)
_ARXIV = re.compile(r"(?<![a-z0-9])arxiv(?![a-z0-9-])|10\.48550/arxiv", _CASELESS)


class NamedId(NamedTuple):
    """An arXiv id without version, the versions named with it, and the fields where it stands."""

    id: str
    versions: tuple[int, ...]
    where: tuple[str, ...]


class ImpossibleId(NamedTuple):
    """Text in an id's place that cannot be one, the reason, and the fields where it stands."""

    text: str
    reason: str
    where: tuple[str, ...]


class EntryIds(NamedTuple):
    """What an entry says of arXiv; ``names_arxiv`` also where it gives no id."""

    ids: tuple[NamedId, ...]
    impossible: tuple[ImpossibleId, ...]
    names_arxiv: bool


def arxiv_ids(entry: Entry) -> EntryIds:
    """Return every arXiv id that an entry gives as its own, each once."""
    places: dict[str, list[str]] = {}
    versions: dict[str, list[int]] = {}
    reasons: dict[str, tuple[str, list[str]]] = {}
    for name in _FIELDS:
        for field in entry.fields:
            if field.name != name:
                continue
            for text in _candidates(entry, name, field.value):
                try:
                    identifier = parse_identifier(f"arXiv:{text}")
                except IdentifierError as error:
                    reason = str(error).removesuffix(f": 'arXiv:{text}'")
                    _add(reasons.setdefault(text, (reason, []))[1], name)
                    continue
                _add(places.setdefault(identifier.value, []), name)
                known = versions.setdefault(identifier.value, [])
                if identifier.version is not None:
                    _add(known, identifier.version)
    ids = tuple(NamedId(name, tuple(versions[name]), tuple(places[name])) for name in places)
    impossible = tuple(
        ImpossibleId(text, reason, tuple(where)) for text, (reason, where) in reasons.items()
    )
    return EntryIds(ids, impossible, bool(ids or impossible) or _names_arxiv(entry))


def names_an_id(text: str) -> bool:
    """Return whether a line holds an arXiv id, with its prefix or as an old id by itself."""
    return _NAMED.search(text) is not None or _BARE_OLD.search(text) is not None


def _add(values: list[_T], value: _T) -> None:
    if value not in values:
        values.append(value)


def _candidates(entry: Entry, name: str, value: str) -> list[str]:
    """Return the texts in a field that stand where an arXiv id would."""
    if name in _WHOLE:
        if name == "eprint" and not _may_be_arxiv(entry):
            return []
        whole = _WHOLE_ID.fullmatch(value.strip(" {}\t"))
        if whole:
            return [whole.group(1)]
        with_class = _with_class(entry, value.strip(" {}\t"))
        if with_class:
            return [with_class]
    candidates = [first or second for first, second in _NAMED.findall(value)]
    if name == "text":  # in a list of references, "hep-th/9711200" alone is how ids are given
        old = _BARE_OLD.findall(value)
        candidates += [text for text in old if re.split(r"[./]", text.lower())[0] in ARCHIVES]
    if not candidates and name in _BARE and _is_held_by_arxiv(entry):
        bare = _BARE_ID.fullmatch(value.strip(" {}\t"))
        return [bare.group(1)] if bare else []
    return candidates


def _may_be_arxiv(entry: Entry) -> bool:
    """Return whether the eprint is of arXiv or one of its archives: said so, or nothing said."""
    stated = [(entry.value(name) or "").strip(" {}").lower() for name in _EPRINT_TYPES]
    return all(kind in ("arxiv", "") or kind in ARCHIVES for kind in stated)


def _with_class(entry: Entry, number: str) -> str | None:
    """Return an old id whose archive stands in another field, as in ``eprintclass={hep-th}``."""
    if not _NUMBER_ALONE.fullmatch(number):
        return None
    for name in ("primaryclass", "eprintclass", *_EPRINT_TYPES):
        archive = _CLASS.match((entry.value(name) or "").strip(" {}"))
        if archive and archive.group().lower() in ARCHIVES:
            return f"{archive.group().lower()}/{number}"
    return None


def _is_held_by_arxiv(entry: Entry) -> bool:
    """Return whether a bare number in the entry is arXiv's: ``institution="arXiv"``, or CoRR."""
    for name in _HOLDERS:
        value = (entry.value(name) or "").strip(" {}.").lower()
        if value == "corr" or re.match(r"arxiv(?:\.org)?(?:[\s:]|\Z)", value):
            return True
    return False


def _names_arxiv(entry: Entry) -> bool:
    if any(_ARXIV.search(field.value) for field in entry.fields if field.name in _FIELDS):
        return True
    return any((entry.value(name) or "").strip(" {}").lower() == "arxiv" for name in _EPRINT_TYPES)
