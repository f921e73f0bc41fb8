"""Papers that cite records, compiled by the real programs, and the results."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import NamedTuple

from tests.output.tex_tricks import CANARY, SECRET

PROGRAMS = ("pdflatex", "bibtex", "biber", "pdftotext")
MISSING = [program for program in PROGRAMS if shutil.which(program) is None]
AFTER = "THE TEXT AFTER THE BIBLIOGRAPHY"

# Fonts with Type 1 outlines and a page wide enough for a title on one line: what pdftotext reads
# is then what was typeset, not how it was broken into lines.  Streams are not compressed, so that
# a file put into the PDF is found in its bytes.
_PREAMBLE = r"""\documentclass{article}
\pdfcompresslevel=0 \pdfobjcompresslevel=0
\setlength{\paperwidth}{5000mm}\setlength{\textwidth}{4900mm}
\pdfpagewidth=\paperwidth
\pagestyle{empty}
"""
_FONTS = (
    r"\usepackage[T1]{fontenc}\usepackage{cmap,amsmath,amssymb}"
    + "\n"
    + r"""\renewcommand{\rmdefault}{ptm}"""
    + r"""\renewcommand{\sfdefault}{phv}\renewcommand{\ttdefault}{pcr}"""
)
_BIBTEX = r"""\begin{document}
\nocite{*}\bibliographystyle{STYLE}\bibliography{refs}
AFTER
\end{document}
"""
_BIBLATEX = r"""\usepackage[OPTIONS]{biblatex}\addbibresource{refs.bib}
\begin{document}
\nocite{*}\printbibliography
AFTER
\end{document}
"""
DOCUMENTS = {
    **{style: _PREAMBLE + _FONTS + _BIBTEX.replace("STYLE", style) for style in
       ("plain", "abbrv", "unsrt")},
    "plain, bare": _PREAMBLE + _BIBTEX.replace("STYLE", "plain"),
    "biblatex": _PREAMBLE + _FONTS + _BIBLATEX.replace("OPTIONS", "sorting=none,maxnames=9"),
    "biblatex, initials": _PREAMBLE
    + _BIBLATEX.replace("OPTIONS", "giveninits=true,sorting=none,maxnames=9"),
}  # fmt: skip
"""The documents by their style; *bare* and *initials* have neither T1 fonts nor AMS packages."""


class Compiled(NamedTuple):
    """``complaints`` are errors and warnings about the entries, of TeX and of BibTeX or biber.

    ``entries`` is the output of BibTeX or biber, for TeX.
    """

    complaints: list[str]
    text: str
    pdf: bytes
    files: set[str]
    entries: str


def compile_document(folder: Path, style: str, bibliography: str, entries: str = "") -> Compiled:
    """Compile a document that prints every entry, as an author would: with default settings.

    ``entries`` are those of a document with another style, which this one shares.
    """
    folder.mkdir()
    (folder / CANARY).write_text(SECRET)
    (folder / "refs.bib").write_text(bibliography, encoding="utf-8")
    (folder / "paper.tex").write_text(DOCUMENTS[style].replace("AFTER", AFTER))
    latex = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "paper"]
    complaints = []
    if entries:
        (folder / "paper.bbl").write_text(entries, encoding="utf-8")
    else:
        _run(latex, folder)
        output = _run(["biber" if "biblatex" in style else "bibtex", "paper"], folder)
        complaints += [x for x in output.splitlines() if re.search(r"(?i)\b(warn|error)", x)]
    log = _run(latex, folder)
    complaints += re.findall(r"^!.*(?:\n.*){0,6}", log, re.MULTILINE)
    _run(["pdftotext", "-raw", "paper.pdf", "paper.txt"], folder)
    return Compiled(
        complaints,
        (folder / "paper.txt").read_text(encoding="utf-8", errors="replace"),
        (folder / "paper.pdf").read_bytes(),
        {path.name for path in folder.iterdir()},
        (folder / "paper.bbl").read_text(encoding="utf-8"),
    )


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, timeout=120, stdin=subprocess.DEVNULL, check=False
    )
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def folded(text: str) -> str:
    """Return a text without what fonts and line breaks change, for comparison."""
    text = re.sub(r"''|``|[“”\"]", '"', re.sub("[‘’]", "'", text))
    text = re.sub("[–—−‐-]+", "-", text)
    return "".join(unicodedata.normalize("NFKC", text).split())
