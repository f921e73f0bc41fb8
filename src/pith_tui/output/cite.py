r"""Citations of a record: BibTeX, LaTeX with ``\pithnumber``, and plain text.

A field that BibTeX or TeX could read past its end would let a record write into a paper, so text
is balanced here and kept on one line.  What every field rests on stands in a comment before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pith_tui.output.links import record_ids
from pith_tui.output.tex import display
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.strict_json import Path

_SOURCE: Path = ("canonical_record", "source", "id")
_SUBMITTED: Path = ("canonical_record", "metadata", "submitted_at")
_PRIMARY: Path = ("canonical_record", "metadata", "primary_cat")
_YEAR = re.compile(r"[0-9]{4}\Z", re.ASCII)
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?\Z", re.ASCII)
_GENERATION = re.compile(r"(?:Jr|Sr)\.?\Z|I{1,3}\Z|IV\Z")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[\\{}%&#_$]", re.DOTALL)
# Known commands that read, write, run, redefine or link when a paper is compiled, and the ways to
# spell them otherwise; no title or name needs one.
_ACTING = frozenset(
    "input include endinput openin openout read readline write immediate special directlua "
    "luadirect latelua csname catcode makeatletter makeatother ExplSyntaxOn def edef gdef xdef let "
    "futurelet expandafter newcommand renewcommand providecommand usepackage RequirePackage "
    "InputIfFileExists IfFileExists includegraphics lstinputlisting verbatiminput verbatim verb "
    "ShellEscape scantokens loop begin end href url pdffiledump pdfximage".split()
)


class Facts(NamedTuple):
    """What a citation is made of; raw text of the record, None where it does not say.

    ``number`` is the full Pith Number and rests, like ``arxiv``, ``version`` and ``year``, on the
    canonical record; ``marks`` says how far each can be believed, and as ``locator`` how far what
    is made of the arXiv id can be: DOI and URL.
    """

    number: str | None
    suffix: str | None
    arxiv: str | None
    version: int | None
    year: int | None
    primary: str | None
    title: str | None
    authors: str | None
    marks: Mapping[str, Mark]


def facts_of(view: CheckedRecord) -> Facts:
    """Gather what a citation needs, each with its mark."""
    record, names = view.record, record_ids(view.record)
    year = _year(record)
    paths: dict[str, Path] = {
        "arxiv": _SOURCE,
        "year": _SUBMITTED,
        "primary": _PRIMARY,
        "title": ("paper", "title"),
        "authors": ("paper", "authors_text"),
    }
    marks = {name: view.marks.get(path, Mark.CLAIMED) for name, path in paths.items()}
    # These are computed from what is signed, so they are proved exactly where that is signed.
    for name, source in (("number", "arxiv"), ("locator", "arxiv"), ("year", "year")):
        marks[name] = Mark.PROVED if marks[source] is Mark.SIGNED else Mark.CLAIMED
    primary = record.text(*_PRIMARY) or record.text("paper", "primary_cat")
    return Facts(
        None if names.suffix is None or year is None else f"pith:{year:04}:{names.suffix}",
        names.suffix,
        names.arxiv,
        names.version,
        year,
        primary if primary is not None and _CATEGORY.match(primary) else None,
        record.title,
        record.text("paper", "authors_text"),
        marks,
    )


def _year(record: Record) -> int | None:
    """Return the year of the number: of the submission, else the one that the record states."""
    catalog = catalog_entry(record)
    if catalog is None or record.canonical_record is not None:
        return None if catalog is None else catalog.year
    stated = (record.pith_number or "").split(":")[1]
    return int(stated) if _YEAR.match(stated) else None


def bibtex(view: CheckedRecord) -> str:
    """Write a BibTeX entry, with comments that say what of it is signed, proved and claimed."""
    facts = facts_of(view)
    fields = _bibtex_fields(facts)
    width = max(map(len, fields), default=0)
    lines = [f"% {line}" for line in _comment(view, facts, fields)]
    lines.append(f"@misc{{{_key(facts)},")
    lines += [f"  {name:{width}} = {{{value}}}," for name, (_, value) in fields.items()]
    return "\n".join([*lines, "}"]) + "\n"


def latex(view: CheckedRecord) -> str:
    r"""Write what LaTeX needs to show the number: the package, and ``\pithnumber{…}``."""
    facts = facts_of(view)
    lines = [f"% {line}" for line in _warning(view)]
    if facts.suffix is None:
        return "\n".join([*lines, "% This record has no Pith Number to show."]) + "\n"
    lines += ["% in the preamble:", r"\usepackage{pith}", "% where the number is to stand:"]
    return "\n".join([*lines, pith_macro(view) or ""]) + "\n"


def pith_macro(view: CheckedRecord) -> str | None:
    r"""Return ``\pithnumber{…}`` alone, None for a record without a number."""
    suffix = record_ids(view.record).suffix
    return None if suffix is None else rf"\pithnumber{{{suffix}}}"


def plain(view: CheckedRecord) -> str:
    """Write a citation in one line of plain text."""
    facts = facts_of(view)
    parts = [line.rstrip(".") for line in _warning(view)]
    authors = _clean(display(facts.authors or ""))
    if authors:
        parts.append(f"{authors} (authors in alphabetical order; claimed, not signed)")
    parts.append(_clean(display(facts.title or "")) or "(no title)")
    if facts.arxiv is not None:
        category = f" [{facts.primary}]" if facts.primary else ""
        year = f", {facts.year}" if facts.year is not None else ""
        parts.append(f"arXiv:{_versioned(facts)}{category}{year}")
        parts.append(f"doi:{_doi(facts.arxiv)}")
    if facts.number is not None:
        parts.append(f"Pith Number {facts.number}")
    return ". ".join(part.rstrip(".") for part in parts) + ".\n"


FORMATS: Mapping[str, Callable[[CheckedRecord], str]] = {
    "bibtex": bibtex,
    "latex": latex,
    "text": plain,
}
"""The formats of a citation by their names."""


def citation_object(
    view: CheckedRecord, form: str, came_from: dict[str, object]
) -> dict[str, object]:
    """Make the JSON object of a citation: the text, and what it is made of with its marks."""
    facts = facts_of(view)
    values = facts._asdict()
    del values["marks"], values["suffix"], values["version"]
    values["arxiv"] = None if facts.arxiv is None else _versioned(facts)
    asked = view.report.asked
    return {
        "verdict": view.report.verdict.value,
        "asked": None if asked is None else asked.text,
        "source": came_from,
        "format": form,
        "citation": FORMATS[form](view),
        "fields": {
            name: {"value": value, "mark": facts.marks[name].value}
            for name, value in values.items()
            if value is not None
        },
    }


def _bibtex_fields(facts: Facts) -> dict[str, tuple[str, str]]:
    """Return each field's name with the fact it rests on and its value, fit for braces."""
    fields: dict[str, tuple[str, str]] = {}
    if names := split_authors(facts.authors or ""):
        fields["author"] = ("authors", " and ".join(map(_author, names)))
    if title := tex_field(facts.title or ""):
        fields["title"] = ("title", title)
    if facts.year is not None:
        fields["year"] = ("year", f"{facts.year:04}")
    if facts.arxiv is not None:
        fields["eprint"] = ("arxiv", facts.arxiv)
        fields["archivePrefix"] = ("arxiv", "arXiv")
        if facts.primary is not None:
            fields["primaryClass"] = ("primary", facts.primary)
        fields["doi"] = ("locator", _doi(facts.arxiv))
        fields["url"] = ("locator", f"https://arxiv.org/abs/{_versioned(facts)}")
    if facts.number is not None:
        fields["note"] = ("number", f"Pith Number {facts.number}")
    return fields


def _comment(view: CheckedRecord, facts: Facts, fields: dict[str, tuple[str, str]]) -> list[str]:
    lines = _warning(view)
    for mark in Mark:
        named = [name for name, (fact, _) in fields.items() if facts.marks[fact] is mark]
        if named:
            lines.append(f"{mark.value}: {', '.join(named)}")
    if "author" in fields:
        lines.append("The authors are in alphabetical order, as the record has them, and not in")
        lines.append("that of the paper; they are claimed by the service, not signed.")
    else:
        lines.append("The record names no authors.")
    return lines


def _warning(view: CheckedRecord) -> list[str]:
    """Say the verdict where it is not the good one."""
    verdict = view.report.verdict
    return [] if verdict is Verdict.VERIFIED else [f"Verification of this record: {verdict.value}."]


def _key(facts: Facts) -> str:
    """Make the entry's key of the id alone: the first author by alphabet is not the paper's."""
    if facts.arxiv is not None:
        return f"arXiv:{facts.arxiv.replace('/', '-')}"
    return f"pith:{facts.suffix}" if facts.suffix is not None else "pith-record"


def _doi(arxiv: str) -> str:
    return f"10.48550/arXiv.{arxiv}"


def _versioned(facts: Facts) -> str:
    return f"{facts.arxiv}{'' if facts.version is None else f'v{facts.version}'}"


def split_authors(text: str) -> list[str]:
    """Split a record's authors at the commas between names, in the order of the record.

    Commas in braces or parentheses separate nothing, nor does one before Jr., Sr. or III.
    """
    names: list[str] = []
    start = depth = 0
    text = _clean(text)
    for at, character in enumerate(f"{text},"):
        if character in "({":
            depth += 1
        elif character in ")}":
            depth = max(depth - 1, 0)
        elif character == "," and (depth == 0 or at == len(text)):
            name, start = text[start:at].strip(), at + 1
            if name and names and _GENERATION.match(name):
                names[-1] = f"{names[-1]}, {name}"
            elif name:
                names.append(name)
    return names


def _author(name: str) -> str:
    """Fit one name for a list joined by ``and``: what BibTeX would take apart goes in braces."""
    shown = tex_field(name)
    whole = "," in shown or re.search(r"\band\b|\bothers\b", shown, re.IGNORECASE)
    return f"{{{shown}}}" if whole else shown


def tex_field(text: str) -> str:
    r"""Fit raw TeX for a field in braces: one line, its braces balanced, nothing that acts.

    TeX stays TeX, but for what can only break it in a title: ``% & #`` that are not escaped, ``_``
    outside of formulas, a lone ``$``, a brace without its partner, a backslash at the end, two
    ``^`` (by which TeX spells any character, also in the name of a command), and known commands
    that act.
    """
    tokens = _tokens(re.sub(r"\^(?=\^)", "^{}", _clean(text)))
    lonely = _unmatched(tokens, "{", "}") | _unmatched(tokens, r"\{", r"\}")
    formulas = tokens.count("$") % 2 == 0
    in_formula = False
    pieces = []
    for index, token in enumerate(tokens):
        if token == "$" and formulas:
            in_formula = not in_formula
        pieces.append(_fitted(token, index in lonely, in_formula, formulas))
    return "".join(pieces)


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            tokens.append(text[at : found.start()])
        tokens.append(found.group())
        at = found.end()
    return [*tokens, text[at:]]


def _unmatched(tokens: list[str], opening: str, closing: str) -> set[int]:
    """Find the braces of one kind that have no partner.

    BibTeX counts ``\\{`` like ``{`` and TeX does not: each kind for itself must come out even.
    """
    opened: list[int] = []
    lonely = set()
    for index, token in enumerate(tokens):
        if token == opening:
            opened.append(index)
        elif token == closing and opened:
            opened.pop()
        elif token == closing:
            lonely.add(index)
    return lonely | set(opened)


def _fitted(token: str, lonely: bool, in_formula: bool, formulas: bool) -> str:
    if lonely:
        return r"\textbraceleft{}" if token.endswith("{") else r"\textbraceright{}"
    if token in ("%", "&", "#") or (token == "_" and not in_formula):
        return f"\\{token}"
    if token == "$" and not formulas:
        return r"\$"
    if token == "\\":
        return r"\textbackslash{}"
    if token[:1] == "\\" and token[1:] in _ACTING:
        return rf"\textbackslash{{}}{token[1:]}"
    return token


def _clean(text: str) -> str:
    """Bring a text to one line without anything that could act on a terminal.

    Letters stay as they are, also where the screen shows ASCII alone: this is to be taken away.
    """
    line = " ".join(text.split())
    return "".join(ch if ch.isprintable() else f"<U+{ord(ch):04X}>" for ch in line)
