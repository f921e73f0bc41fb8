"""The texts about an entry of a bibliography: plain remarks, never an accusation.

Titles in honest lists differ: an older version had another one, a prefix was left out.  So a
difference is stated with both titles, and what the entry leaves open is stated.  Texts of a record
or a file are raw here; the code that draws them makes them safe.
"""

from __future__ import annotations

from pith_tui.operations.bibliography.comparison import Reason, Result
from pith_tui.operations.bibliography.entries import Problem, ProblemKind
from pith_tui.operations.bibliography.remarks import Remark, RemarkKind
from pith_tui.operations.bibliography.titles import DisplayWord
from pith_tui.operations.check_bibliography import EntryResult, IdResult
from pith_tui.output.symbols import Symbols

RESULT_SIGNS = Symbols(
    {
        Result.SAME: "✓",
        Result.PART: "≈",
        Result.OTHER: "≠",
        Result.NOT_CHECKED: "?",
        Result.NO_RECORD: "–",
        Result.FAILED: "✗",
        Result.IMPOSSIBLE: "✗",
        Result.NO_ID: " ",
    },
    {
        Result.SAME: "+",
        Result.PART: "~",
        Result.OTHER: "!",
        Result.NOT_CHECKED: "?",
        Result.NO_RECORD: "-",
        Result.FAILED: "x",
        Result.IMPOSSIBLE: "x",
        Result.NO_ID: " ",
    },
)

_REASONS = {
    Reason.NOT_REACHED: "no server could be reached",
    Reason.NOT_ASKED: "the servers have not been asked",
    Reason.NOT_STORED: "not in the cache",
    Reason.NOT_PROVED: "its record does not prove the title",
    Reason.NO_TITLE_IN_RECORD: "its record shows no title, and the signed hash is of another text",
    Reason.UNREADABLE_TITLE: "the title has bytes that are not UTF-8; save the file as UTF-8",
    Reason.NO_TITLE_IN_ENTRY: "the entry shows no title to compare",
}


_RESULTS = {
    Result.SAME: "same title as {name}",
    Result.PART: "part of the title: that of {name} is longer or shorter",
    Result.OTHER: "other title: {name} has a different one",
    Result.FAILED: "the record of {name} failed verification: see `pith-tui verify {name}`",
    Result.NO_RECORD: "no record: {error}; the paper may still exist",
}

_REMARKS = {
    RemarkKind.YEAR: "the entry's year is {0}; the first version was submitted in {1}",
    RemarkKind.AUTHOR: "the surname {0} is not among the authors that the record claims",
    RemarkKind.NEWER_VERSION: "the entry names {0}; a record of {1} is stored",
    RemarkKind.NO_VERSION: "the entry names no version;"
    " the record is of {0}, and others may differ",
    RemarkKind.STORED_VERSION: "the stored record of {0} has the entry's title",
    RemarkKind.OTHER_RECORD: "the stored record of {0} has the entry's title",
}


def result_sentence(result: IdResult) -> str:
    """Describe the result of comparing an entry with the record of one id, without the sign."""
    name = result.text
    version = result.facts.version if result.facts is not None else None
    if result.version is None and version is not None:
        name = f"{result.id}v{version}"
    if result.result is Result.IMPOSSIBLE:
        why = result.impossible or "its month is in the future"
        return f"{result.text} cannot be an arXiv id: {why}"
    if result.result in _RESULTS:
        return _RESULTS[result.result].format(name=name, error=result.error)
    reason = "" if result.reason is None else _REASONS[result.reason]
    if result.error is not None and result.facts is None:
        return f"not checked: {result.error}"
    return f"{name} not checked: {reason}"


def no_id_sentence(result: EntryResult) -> str:
    """Return the sentence for an entry without an id."""
    return "names arXiv, but gives no id" if result.names_arxiv else "no id"


def remark_sentence(remark: Remark) -> str:
    """Format a remark; what the record only claims is described as a claim."""
    first, *others = remark.values
    if remark.kind is RemarkKind.INTEGRITY:
        findings = "1 integrity finding" if first == "1" else f"{first} integrity findings"
        return f"the record claims {findings}, at worst {others[0]}"
    return _REMARKS[remark.kind].format(first, *others)


_PROBLEMS = {
    ProblemKind.MISSING_COMMA: "a comma is missing before {subject}",
    ProblemKind.MISSING_KEY: "the entry has no key",
    ProblemKind.MALFORMED: "this is not a field: {subject}",
    ProblemKind.REPEATED_FIELD: "{subject} is repeated; the one on line {other} is used",
    ProblemKind.DUPLICATE_KEY: "the entry on line {other} has the same key; both were checked",
    ProblemKind.COMMENTED_OUT: "entries within @comment, to line {other}, were not read",
    ProblemKind.STRAY_BYTES: "the line has bytes that are not UTF-8",
    ProblemKind.TOO_LONG: "{subject} is too long and was left out",
}


def problem_sentence(problem: Problem) -> str:
    """Describe what is wrong with an entry or a line of the file."""
    if problem.kind is ProblemKind.UNBALANCED:
        of = f" of {problem.subject}" if problem.subject else ""
        return f"a brace or quotation mark{of} is not closed"
    return _PROBLEMS[problem.kind].format(subject=problem.subject, other=problem.other_line)


def marked_title(title: tuple[DisplayWord, ...], opening: str, closing: str) -> str:
    """Return a title with each run of differing words between two marks."""
    pieces: list[str] = []
    is_open = False
    for word in title:
        if word.differs and not is_open:
            pieces.append(f"{opening}{word.text}")
        elif not word.differs and is_open:
            pieces[-1] += closing
            pieces.append(word.text)
        else:
            pieces.append(word.text)
        is_open = word.differs
    return " ".join(pieces) + (closing if is_open else "")
