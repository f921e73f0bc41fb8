"""One file of references, of any format, which is detected by content unless given."""

from __future__ import annotations

import re
from enum import Enum

from pith_tui.errors import UsageError
from pith_tui.operations.bibliography.biber_bbl import ENTRY, read_biber_bbl
from pith_tui.operations.bibliography.bibitems import BIBITEM, read_bibitems
from pith_tui.operations.bibliography.bibtex import read_bibtex
from pith_tui.operations.bibliography.entries import Bibliography
from pith_tui.operations.bibliography.free_text import read_free_text
from pith_tui.operations.bibliography.source_text import decode

MAX_SIZE = 32 << 20
"""Bytes of a file; a larger one is not a reference list."""

_BIBER = re.compile(ENTRY, re.MULTILINE)
_BIBITEM = re.compile(BIBITEM)
_BIBTEX = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(][^\n]*[,=\n]", re.MULTILINE)
_TEX = re.compile(r"\\(?:documentclass|begin\s*\{|bibliography\s*\{|addbibresource)")


class Format(Enum):
    """How the references of a file are written."""

    BIBTEX = "bib"
    BBL = "bbl"
    """What BibTeX or biber made of a bibliography; which of the two is detected by content."""
    TEX = "tex"
    TEXT = "text"


def detect_format(text: str) -> Format:
    r"""Return the format of a text: ``\entry{``, ``\bibitem`` and ``@word{`` say which.

    Where both of the latter stand in it, the more frequent counts: a document may hold a
    ``filecontents`` with its bibliography.
    """
    if _BIBER.search(text):
        return Format.BBL
    bibtex, bibitems = len(_BIBTEX.findall(text)), len(_BIBITEM.findall(text))
    if bibtex > bibitems:
        return Format.BIBTEX
    if bibitems:
        return Format.BBL
    return Format.TEX if _TEX.search(text) else Format.TEXT


class SourceFile:
    """A file of references: its name, its text with ``\\n`` as line end, and what is in it.

    ``line_end`` is that of the file where it has only one kind.
    """

    def __init__(self, name: str, raw: bytes, form: Format | None = None) -> None:
        """Read it; raises UsageError for what holds no references that could be read.

        That is a PDF, what is too large, and a TeX source that only names its bibliography.
        """
        if raw[:1024].lstrip().startswith(b"%PDF-"):
            raise UsageError(
                f"{name} is a PDF",
                "convert it to text first: pdftotext FILE.pdf - | pith-tui check -",
            )
        if len(raw) > MAX_SIZE:
            raise UsageError(
                f"{name} has more than {MAX_SIZE >> 20} MiB",
                "give a file with the reference list only",
            )
        source = decode(raw)
        self.name = name
        self.text = source.text
        newlines = raw.count(b"\n")
        self.line_end = "\r\n" if newlines and raw.count(b"\r\n") == newlines else "\n"
        self.format = form or detect_format(source.text)
        bibliography = _read(self.text, self.format)
        self.bibliography = bibliography._replace(
            problems=tuple(
                sorted((*source.problems, *bibliography.problems), key=lambda problem: problem.line)
            )
        )
        named = bibliography.bibliography_files
        if named and not bibliography.entries:
            raise UsageError(
                f"{name} has no entries; its bibliography is {', '.join(named)}",
                f"pith-tui check {' '.join(named)}",
            )


def read_source(name: str, form: Format | None = None) -> SourceFile:
    """Read the file of that name; raises UsageError as SourceFile does, and for no file."""
    try:
        with open(name, "rb") as file:
            raw = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", "give a file") from None
    return SourceFile(name, raw, form)


def _read(text: str, form: Format) -> Bibliography:
    if form is Format.BIBTEX:
        return read_bibtex(text)
    if form is Format.TEXT:
        return read_free_text(text)
    return read_biber_bbl(text) if _BIBER.search(text) else read_bibitems(text)
