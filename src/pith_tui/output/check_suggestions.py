"""Suggested changes to a BibTeX file, as a unified diff of single fields; no file is written.

Only an entry whose title is the record's, or a part of it, has suggestions: where the titles
differ, the id may be the wrong half.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from pith_tui.operations.bibliography.comparison import RecordFacts, Result
from pith_tui.operations.bibliography.entries import Entry, Field
from pith_tui.operations.bibliography.reading import Format, SourceFile
from pith_tui.operations.check_bibliography import EntryResult, IdResult
from pith_tui.output.safe import safe
from pith_tui.output.tex_source import to_tex

_INDENT = re.compile(r"[ \t]*")


class _Edit(NamedTuple):
    """Text that replaces what is between two positions of the file."""

    start: int
    end: int
    text: str


def suggested_diff(file: SourceFile, results: Sequence[EntryResult]) -> str:
    """Return a unified diff of what is suggested for the entries of a file, empty for nothing."""
    if file.format is not Format.BIBTEX:
        return ""
    edits = [
        edit for result in results if result.file == file.name for edit in _edits(file.text, result)
    ]
    changed = file.text
    for edit in sorted(edits, reverse=True):
        changed = changed[: edit.start] + edit.text + changed[edit.end :]
    name = safe(file.name)
    lines = difflib.unified_diff(_lines(file.text), _lines(changed), name, name)
    return "".join(_diff_line(line, file.line_end) for line in lines)


def _lines(text: str) -> list[str]:
    """Return the lines of a text, each with its end; ``splitlines`` knows of other ends, too."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _diff_line(line: str, line_end: str) -> str:
    """Return a line of a diff as ``patch`` takes it, safe but for tabs, which indent files."""
    text = line.removesuffix("\n")
    shown = "\t".join(safe(part, limit=len(part)) for part in text.split("\t"))
    if line[:1] not in " +-" or line.startswith(("--- ", "+++ ")):
        return f"{shown}\n"
    return f"{shown}{line_end}" if text != line else f"{shown}\n\\ No newline at end of file\n"


def _edits(text: str, result: EntryResult) -> list[_Edit]:
    """Return the edits of one entry; none where it is not whole or names several papers."""
    if result.result not in (Result.SAME, Result.PART) or len(result.ids) != 1:
        return []
    compared, entry = result.ids[0], result.entry
    facts = compared.facts
    if facts is None or entry.problems or not entry.fields:
        return []
    edits = []
    wanted = _wanted(entry, compared, facts)
    added = ""
    fields = {field.name: field for field in reversed(entry.fields)}
    last = max(entry.fields, key=lambda field: field.span)
    for name, value in wanted.items():
        field = fields.get(name.lower())
        if field is not None:
            edits.append(_Edit(*field.span, f"{{{value}}}"))
        else:
            added += f",\n{_indentation(text, last)}{name} = {{{value}}}"
    if added:
        edits.append(_Edit(last.span[1], last.span[1], added))
    return edits


def _wanted(entry: Entry, compared: IdResult, facts: RecordFacts) -> dict[str, str]:
    """Return the fields that should be otherwise, each with its value."""
    wanted: dict[str, str] = {}
    if compared.result is Result.PART and facts.is_title_proved and facts.title is not None:
        wanted["title"] = f"{{{to_tex(facts.title)}}}"
    eprint = (entry.value("eprint") or "").strip(" {}")
    kinds = [entry.value(name) for name in ("archiveprefix", "eprinttype")]
    if any(kind is not None and kind.strip(" {}").lower() != "arxiv" for kind in kinds):
        return wanted  # the entry's eprint is of another archive
    versioned = f"{compared.id}v{facts.version}"
    if eprint not in (compared.id, versioned, compared.text):
        wanted["eprint"] = compared.id
    if kinds == [None, None]:
        wanted["archivePrefix"] = "arXiv"
    if compared.version is None and facts.version is not None:
        wanted["version"] = str(facts.version)
    return wanted


def _indentation(text: str, field: Field) -> str:
    """Return the white space before the name of a field that begins a line, else two blanks."""
    line = text[text.rfind("\n", 0, field.span[0]) + 1 : field.span[0]]
    blanks = _INDENT.match(line)
    return blanks.group() if blanks and line[blanks.end() : blanks.end() + 1].isalpha() else "  "
