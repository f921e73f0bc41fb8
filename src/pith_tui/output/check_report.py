"""The report of a checked bibliography: lines that an editor jumps to, or JSON.

The lines are those of compilers, ``FILE:LINE: KEY: …``, the worst first; what differs in two titles
is marked as ``git diff --word-diff`` marks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pith_tui.operations.bibliography.comparison import WORST_FIRST, RecordFacts, Result
from pith_tui.operations.bibliography.entries import Problem, ProblemKind
from pith_tui.operations.bibliography.reading import SourceFile
from pith_tui.operations.bibliography.remarks import COUNTED, RemarkKind
from pith_tui.operations.bibliography.titles import differing_words
from pith_tui.operations.check_bibliography import EntryResult, IdResult
from pith_tui.output.bibliography_text import (
    RESULT_SIGNS,
    marked_title,
    no_id_sentence,
    problem_sentence,
    remark_sentence,
    result_sentence,
)
from pith_tui.output.lookup_text import finding_object, finding_text
from pith_tui.output.safe import safe
from pith_tui.output.symbols import to_terminal

_TITLE = 500
"""Characters of a title in a report; JSON has all of it."""


def worst_first(results: Sequence[EntryResult]) -> list[EntryResult]:
    """Return the results in the order in which a person looks at them; within one, file order."""
    return sorted(results, key=lambda result: WORST_FIRST.index(result.result))


def report_lines(
    results: Sequence[EntryResult],
    files: Sequence[SourceFile],
    *,
    everything: bool = False,
    strict: bool = False,
) -> Iterator[str]:
    """Yield the lines of a report, ready for a terminal.

    Without ``everything`` what has the same title, or no id and no arXiv in it, is only counted;
    with ``strict`` what has remarks that count is listed.
    """
    for result in worst_first(results):
        if everything or is_listed(result) or (strict and has_counted_remarks(result)):
            yield from entry_lines(result)
    for file in files:
        yield from map(safe, problem_lines(file))
    yield count_line(results, files)


def is_listed(result: EntryResult) -> bool:
    """Return whether there is something to look at: not for the same title, nor without an id."""
    if result.result is Result.NO_ID:
        return result.names_arxiv
    return result.result is not Result.SAME or any(compared.findings for compared in result.ids)


def has_counted_remarks(result: EntryResult) -> bool:
    """Return whether an entry has remarks that count with ``--strict``."""
    return any(remark.kind in COUNTED for compared in result.ids for remark in compared.remarks)


def entry_lines(result: EntryResult) -> Iterator[str]:
    """Yield the lines of one entry: one for each of its ids, with details below."""
    place = _place(result.file, result.entry.line, result.entry.key)
    if not result.ids:
        yield f"{safe(place)}: {no_id_sentence(result)}"
    for compared in sorted(result.ids, key=lambda compared: WORST_FIRST.index(compared.result)):
        sentence = result_sentence(compared)
        if len(result.ids) > 1:
            sentence += f" (in {', '.join(compared.where)})"
        yield f"{safe(place)}: {RESULT_SIGNS[compared.result]} {safe(sentence)}"
        for label, text in details(compared):
            yield f"    {label}{safe(text, limit=_TITLE)}"


def details(result: IdResult) -> Iterator[tuple[str, str]]:
    """Yield what stands below a result: both titles where they differ, and the remarks, raw."""
    if result.result in (Result.PART, Result.OTHER) and result.facts is not None:
        entry, record = differing_words(result.written or "", result.facts.title or "")
        yield "entry:  ", marked_title(entry, "[-", "-]")
        yield "record: ", marked_title(record, "{+", "+}")
    for finding in result.findings:
        yield "", finding_text(finding)
    for remark in result.remarks:
        yield "", remark_sentence(remark)


def other_record_lines(results: Sequence[EntryResult]) -> Iterator[str]:
    """Yield, for entries with another title, which stored record has theirs; raw text."""
    for result in results:
        for compared in result.ids:
            for remark in compared.remarks:
                if remark.kind is RemarkKind.OTHER_RECORD:
                    place = _place(result.file, result.entry.line, result.entry.key)
                    yield f"{place}: {remark_sentence(remark)}"


def problem_lines(file: SourceFile) -> Iterator[str]:
    """Yield what is wrong in a file and its entries, in the order of its lines; raw text."""
    problems: list[tuple[str, Problem]] = [
        (problem.subject if problem.kind is ProblemKind.DUPLICATE_KEY else "", problem)
        for problem in file.bibliography.problems
    ]
    for entry in file.bibliography.entries:
        problems += [(entry.key, problem) for problem in entry.problems]
    for key, problem in sorted(problems, key=lambda keyed: keyed[1].line):
        yield f"{_place(file.name, problem.line, key)}: {problem_sentence(problem)}"


def _place(file: str, line: int, key: str) -> str:
    return f"{file}:{line}: {key}" if key else f"{file}:{line}"


_COUNTED = {
    Result.FAILED: "record failed",
    Result.IMPOSSIBLE: "impossible id",
    Result.OTHER: "other title",
    Result.NO_RECORD: "no record",
    Result.NOT_CHECKED: "not checked",
    Result.PART: "part of the title",
    Result.NO_ID: "no id",
    Result.SAME: "same title",
}


def count_line(
    results: Sequence[EntryResult], files: Sequence[SourceFile], *, signs: bool = True
) -> str:
    """Count the entries by result, all of them, and what is wrong in the files.

    Without ``signs`` it uses words only, where signs of the program cannot be used.
    """
    counts = Counter(result.result for result in results)
    parts = [
        " ".join(filter(None, (f"{counts[kind]:,}", RESULT_SIGNS[kind].strip() * signs, label)))
        for kind, label in _COUNTED.items()
        if counts[kind]
    ]
    number = len(results)
    line = "1 entry" if number == 1 else f"{number:,} entries"
    line += f": {', '.join(parts)}" if parts else ""
    noted = sum(map(has_counted_remarks, results))
    wrong = sum(1 for file in files for _ in problem_lines(file))
    line += f"; {noted:,} with remarks" if noted else ""
    problems = "1 problem" if wrong == 1 else f"{wrong:,} problems"
    return to_terminal(f"{line}; {problems} in the files" if wrong else line)


def nothing_checked(results: Sequence[EntryResult]) -> str:
    """Return the sentence for a file in which no entry names an id."""
    number = "1 entry" if len(results) == 1 else f"{len(results):,} entries"
    return f"{number}, none has an arXiv id or 10.48550 DOI; nothing was checked"


def file_object(file: SourceFile, results: Sequence[EntryResult]) -> dict[str, object]:
    """Make the JSON object of a file: its entries in their order, and how many ended how."""
    own = [result for result in results if result.file == file.name]
    counts = Counter(result.result for result in own)
    return {
        "file": file.name,
        "format": file.format.value,
        "problems": _problems(file),
        "counts": {kind.value: counts[kind] for kind in Result},
        "entries": [_entry_object(result) for result in own],
    }


def _problems(file: SourceFile) -> list[dict[str, object]]:
    return [_problem_object(problem) for problem in file.bibliography.problems]


def _problem_object(problem: Problem) -> dict[str, object]:
    return {
        "line": problem.line,
        "kind": problem.kind.value,
        "subject": problem.subject or None,
        "other_line": problem.other_line,
    }


def _entry_object(result: EntryResult) -> dict[str, object]:
    entry = result.entry
    return {
        "line": entry.line,
        "key": entry.key or None,
        "title": entry.value("title"),
        "result": result.result.value,
        "names_arxiv": result.names_arxiv,
        "ids": [_id_object(compared) for compared in result.ids],
        "problems": [_problem_object(problem) for problem in entry.problems],
    }


def _id_object(result: IdResult) -> dict[str, object]:
    return {
        "id": result.id,
        "version": result.version,
        "where": list(result.where),
        "result": result.result.value,
        "reason": None if result.reason is None else result.reason.value,
        "sentence": result_sentence(result),
        "title_compared": result.written,
        "record": None if result.facts is None else _record_object(result.facts),
        "remarks": [
            {
                "kind": remark.kind.value,
                "values": list(remark.values),
                "sentence": remark_sentence(remark),
            }
            for remark in result.remarks
        ],
        "findings": [finding_object(finding) for finding in result.findings],
        "error": None if result.error is None else str(result.error),
    }


def _record_object(facts: RecordFacts) -> dict[str, object]:
    checked = None if facts.checked_at is None else facts.checked_at.isoformat()
    return {
        "verdict": facts.verdict.value,
        "title": facts.title,
        "title_proved": facts.is_title_proved,
        "pith_number": facts.number,
        "version": facts.version,
        "canonical_sha256": facts.digest,
        "key_id": facts.key_id,
        "source": {
            "origin": facts.origin.value,
            "where": facts.where or None,
            "checked_at": checked,
        },
    }
