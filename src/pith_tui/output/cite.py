r"""Citations of a record: BibTeX, LaTeX with ``\pithnumber``, and plain text.

A record's text reaches a paper only through ``tex_source`` and ``bibtex_names``, which let nothing
but letters, symbols and formulas through.  What every field rests on stands in a comment before it;
what a reader of the paper has to know stands in a note as well, since tools drop comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pith_tui.output.bibtex_names import bibtex_names
from pith_tui.output.links import SITE, record_ids
from pith_tui.output.look_alikes import mixed_scripts
from pith_tui.output.tex import display
from pith_tui.output.tex_source import definitions_for, to_tex
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.strict_json import Path

_SOURCE: Path = ("canonical_record", "source", "id")
_SUBMITTED: Path = ("canonical_record", "metadata", "submitted_at")
_PRIMARY: Path = ("canonical_record", "metadata", "primary_cat")
_CROSS: Path = ("canonical_record", "metadata", "cross_cats_sorted")
_LICENSE: Path = ("canonical_record", "metadata", "license")
_YEAR = re.compile(r"[0-9]{4}\Z", re.ASCII)
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?\Z", re.ASCII)
_MAX_CATEGORIES = 50
_LICENCE = re.compile(r"https?://[A-Za-z0-9./-]{1,200}\Z")


class CitationData(NamedTuple):
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
    cross_lists: tuple[str, ...]
    license: str | None
    title: str | None
    authors: str | None
    marks: Mapping[str, Mark]


def citation_data(checked: CheckedRecord) -> CitationData:
    """Gather what a citation needs, each with its mark."""
    record, names = checked.record, record_ids(checked.record)
    year = _year(record)
    paths: dict[str, Path] = {
        "arxiv": _SOURCE,
        "year": _SUBMITTED,
        "primary": _PRIMARY,
        "license": _LICENSE,
        "authors": ("paper", "authors_text"),
    }
    marks = {name: checked.marks.get(path, Mark.CLAIMED) for name, path in paths.items()}
    marks["title"] = Mark.CLAIMED if checked.title is None else checked.title.mark
    # These are computed from what is signed, so they are proved exactly where that is signed.
    for name, source in (("number", "arxiv"), ("locator", "arxiv"), ("year", "year")):
        marks[name] = Mark.PROVED if marks[source] is Mark.SIGNED else Mark.CLAIMED
    # One list, with the primary category: both stand in the same object, signed or not.
    marks["cross_lists"] = marks["primary"]
    primary, licence = record.text(*_PRIMARY), record.text(*_LICENSE)
    return CitationData(
        None if names.suffix is None or year is None else f"pith:{year:04}:{names.suffix}",
        names.suffix,
        names.arxiv,
        names.version,
        year,
        primary if primary is not None and _CATEGORY.match(primary) else None,
        tuple(
            category
            for category in record.sequence(*_CROSS)[:_MAX_CATEGORIES]
            if isinstance(category, str) and _CATEGORY.match(category)
        ),
        licence if licence is not None and _LICENCE.match(licence) else None,
        None if checked.title is None else checked.title.text,
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


def bibtex(checked: CheckedRecord) -> str:
    """Return a BibTeX entry, with comments that say what of it is signed, proved and claimed.

    A record without a title is no entry that a style could print: it becomes comments only.
    """
    data = citation_data(checked)
    fields = _bibtex_fields(checked, data)
    lines = [f"% {line}" for line in _comment(checked, data, fields)]
    if "title" not in fields:
        return "\n".join(lines) + "\n"
    width = max(map(len, fields))
    definitions = definitions_for(" ".join(value for _, value in fields.values()))
    if definitions:
        lines.append("% For documents whose packages and fonts do not have these commands:")
        lines += [f"@preamble{{{{{definition}}}}}" for definition in definitions]
    lines.append(f"@misc{{{_key(data)},")
    lines += [f"  {name:{width}} = {{{value}}}," for name, (_, value) in fields.items()]
    return "\n".join([*lines, "}"]) + "\n"


def latex(checked: CheckedRecord) -> str:
    r"""Return what LaTeX needs to show the number: the package, and ``\pithnumber{…}``."""
    data = citation_data(checked)
    lines = [f"% {line}" for line in _warning(checked)]
    if data.suffix is None:
        return "\n".join([*lines, "% This record has no Pith Number to show."]) + "\n"
    # docs/protocol.md, Endpoints: the page of the record offers the package to the paper's authors.
    lines += [f"% in the preamble; {SITE}/pith/{data.suffix} offers this package:"]
    lines += [r"\usepackage{pith}", "% where the number is to appear:"]
    return "\n".join([*lines, pith_macro(checked) or ""]) + "\n"


def pith_macro(checked: CheckedRecord) -> str | None:
    r"""Return only ``\pithnumber{…}``, None for a record without a number."""
    suffix = record_ids(checked.record).suffix
    return None if suffix is None else rf"\pithnumber{{{suffix}}}"


def plain(checked: CheckedRecord) -> str:
    """Write a citation in one line of plain text."""
    data = citation_data(checked)
    parts = [line.rstrip(".") for line in _warning(checked)]
    authors = _clean(display(data.authors or ""))
    if authors:
        parts.append(f"{authors} (authors in alphabetical order; claimed, not signed)")
    parts.append(_clean(display(data.title or "")) or "(no title)")
    if data.arxiv is not None:
        category = f" [{data.primary}]" if data.primary else ""
        year = f", {data.year}" if data.year is not None else ""
        parts.append(f"arXiv:{_versioned(data)}{category}{year}")
        parts.append(f"doi:{_doi(data.arxiv)}")
    if data.number is not None:
        parts.append(f"Pith Number {data.number}")
    return ". ".join(part.rstrip(".") for part in parts) + ".\n"


class CitationFormat(NamedTuple):
    """A format of a citation: its name, what is in it, the ending of its files, and its writer."""

    name: str
    summary: str
    ending: str
    write: Callable[[CheckedRecord], str]


FORMATS: Mapping[str, CitationFormat] = {
    "bibtex": CitationFormat("BibTeX", "authors in alphabetical order", "bib", bibtex),
    "latex": CitationFormat("LaTeX", "the package and \\pithnumber", "tex", latex),
    "text": CitationFormat("Plain text", "one line", "txt", plain),
}
"""Every format of a citation; ``--format`` and the export screen offer what stands here."""


def citation_object(
    checked: CheckedRecord, form: str, source: dict[str, object]
) -> dict[str, object]:
    """Make the JSON object of a citation: the text, and what it is made of with its marks."""
    data = citation_data(checked)
    values = data._asdict()
    del values["marks"], values["suffix"], values["version"]
    values["arxiv"] = None if data.arxiv is None else _versioned(data)
    asked = checked.report.asked
    return {
        "verdict": checked.report.verdict.value,
        "asked": None if asked is None else asked.text,
        "source": source,
        "format": form,
        "citation": FORMATS[form].write(checked),
        "fields": {
            name: {
                "value": list(value) if name == "cross_lists" else value,
                "mark": data.marks[name].value,
            }
            for name, value in values.items()
            if value is not None and value != ()
        },
    }


def _bibtex_fields(checked: CheckedRecord, data: CitationData) -> dict[str, tuple[str, str]]:
    """Return each field's name with the fact it rests on and its value, fit for braces."""
    fields: dict[str, tuple[str, str]] = {}
    if names := bibtex_names(data.authors or ""):
        fields["author"] = ("authors", names)
    elif data.arxiv is not None:
        # What BibTeX sorts by if there is no author.
        fields["key"] = ("arxiv", data.arxiv)
    if title := to_tex(data.title or ""):
        # A second pair of braces, or styles would print "vlm" and another Greek letter.
        fields["title"] = ("title", f"{{{title}}}")
    if data.year is not None:
        fields["year"] = ("year", f"{data.year:04}")
    if data.arxiv is not None:
        fields["eprint"] = ("arxiv", data.arxiv)
        fields["archivePrefix"] = ("arxiv", "arXiv")
        if data.primary is not None:
            fields["primaryClass"] = ("primary", data.primary)
        if data.version is not None:
            fields["version"] = ("arxiv", str(data.version))
        fields["doi"] = ("locator", _doi(data.arxiv))
        fields["url"] = ("locator", f"https://arxiv.org/abs/{_versioned(data)}")
    if data.cross_lists:
        # No style prints it; primaryClass has room for one category alone.
        fields["keywords"] = (
            "cross_lists",
            ", ".join([*filter(None, [data.primary]), *data.cross_lists]),
        )
    if data.license is not None:
        fields["copyright"] = ("license", data.license)
    if notes := _notes(checked, data):
        fields["note"] = ("number", "; ".join(notes))
    return fields


def _notes(checked: CheckedRecord, data: CitationData) -> list[str]:
    """Return what is printed with the entry: its number, and what it cannot be trusted for."""
    notes = [] if data.number is None else [f"Pith Number {data.number}"]
    if data.marks["title"] is not Mark.PROVED:
        notes.append("title not proved")
    verdict = checked.report.verdict
    return notes if verdict is Verdict.VERIFIED else [*notes, f"record {verdict.value}"]


def _comment(
    checked: CheckedRecord, data: CitationData, fields: dict[str, tuple[str, str]]
) -> list[str]:
    lines = _warning(checked)
    if "title" not in fields:
        ids = [f"arXiv:{_versioned(data)}" if data.arxiv else "", data.number or ""]
        subject = ", ".join(filter(None, ids)) or "this record"
        return [*lines, f"No entry: the record of {subject} has no title."]
    if data.marks["title"] is not Mark.PROVED:
        lines.append("NOT proved: title")
    for mark in Mark:
        named = [name for name, (fact, _) in fields.items() if data.marks[fact] is mark]
        if named:
            lines.append(f"{mark.value}: {', '.join(named)}")
    for name, text in (("title", data.title), ("author", data.authors)):
        if (mixed := mixed_scripts(text or "")) is not None and name in fields:
            lines.append(f"Look-alike letters in the {name}: {_clean(mixed)}.")
    if "author" in fields:
        lines.append("The authors are in alphabetical order, as the record has them, and not in")
        lines.append("that of the paper; they are claimed by the service, not signed.")
    else:
        lines.append("The record names no authors.")
    if any("[U+" in value for _, value in fields.values()):
        lines.append("[U+...] stands for a character that pdfLaTeX's fonts do not have.")
    return lines


def _warning(checked: CheckedRecord) -> list[str]:
    """Describe the verdict unless it is VERIFIED."""
    verdict = checked.report.verdict
    return [] if verdict is Verdict.VERIFIED else [f"Verification of this record: {verdict.value}."]


def _key(data: CitationData) -> str:
    """Make the entry's key of the id only: the first author by alphabet is not the paper's."""
    if data.arxiv is not None:
        return f"arXiv:{data.arxiv.replace('/', '-')}"
    return f"pith:{data.suffix}" if data.suffix is not None else "pith-record"


def _doi(arxiv: str) -> str:
    return f"10.48550/arXiv.{arxiv}"


def _versioned(data: CitationData) -> str:
    return f"{data.arxiv}{'' if data.version is None else f'v{data.version}'}"


def _clean(text: str) -> str:
    """Bring a text to one line without anything that could act on a terminal.

    Letters stay as they are, even where the screen shows only ASCII: this text leaves the program.
    """
    line = " ".join(text.split())
    return "".join(ch if ch.isprintable() else f"<U+{ord(ch):04X}>" for ch in line)
