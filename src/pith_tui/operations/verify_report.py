"""The report file of a verification: one JSON object per line, from which it can be resumed.

The first line says what the file is, so that no other file is ever resumed and cut off.  Then
come the problems of a batch and the sums after it, again and again.  Everything in it is an id or
a number: sentences change, and a report must be read by later versions.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, TextIO

from pith_tui.errors import UsageError
from pith_tui.operations.verify_ranges import VerifyBatch
from pith_tui.operations.verify_summary import (
    MISDELIVERED,
    Group,
    VerifySummary,
    check_group,
    conflict_group,
)
from pith_tui.store.query import Query

_KIND = "pith-tui cache verify"
_MAX_LINE = 1 << 20
"""Bytes of a report's longest line."""
_OLD_MISDELIVERED = "sent for another number"
"""Stood among the checks for a misdelivered record in reports of version 0.1."""


class VerifyReport:
    """A report that is being written."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    @classmethod
    def create(cls, path: Path, query: Query) -> VerifyReport:
        """Start a report in a new file; raises UsageError if it exists or cannot be written."""
        try:
            file = open(path, "x", encoding="utf-8")  # noqa: SIM115 - closed by ``close``
        except FileExistsError:
            raise UsageError(
                f"{path} already exists", "continue it with --resume, or give a new name"
            ) from None
        except OSError as error:
            raise UsageError(
                f"{path} cannot be written: {error.strerror}", "give another name"
            ) from None
        report = cls(file)
        report._write({"report": _KIND, "filter": list(query)})
        file.flush()
        return report

    @classmethod
    def resume(cls, path: Path, query: Query, summary: VerifySummary) -> VerifyReport:
        """Continue a report after its last sums, which are restored into the summary.

        What follows the last sums is cut off and verified again.  Raises UsageError for a file
        that is no report, which is left as it is, and for a report of another search.
        """
        if not path.is_file():
            raise UsageError(f"there is no report {path}", "give the file that --report wrote")
        try:
            _restore(path, query, summary)
            return cls(open(path, "a", encoding="utf-8"))
        except OSError as error:
            raise UsageError(
                f"{path} cannot be resumed: {error.strerror}", "start another report"
            ) from None

    def add(self, batch: VerifyBatch, summary: VerifySummary) -> None:
        """Write the problems of a batch, and the sums with it."""
        for problem in batch.problems:
            self._write(problem._asdict())
        self._write({"sum": sums(summary)})
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, entry: dict[str, object]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=True) + "\n")


def sums(summary: VerifySummary) -> dict[str, object]:
    """Return the counts of a summary as a JSON object."""
    return {
        "after": summary.after,
        "notable": summary.problems,
        "verdicts": dict(summary.verdicts),
        "checks": summary.count_by_check("check"),
        "conflicts": summary.count_by_check("conflict"),
        "misdelivered": summary.misdelivered,
    }


def _restore(path: Path, query: Query, summary: VerifySummary) -> None:
    with open(path, "r+b") as file:
        head = _entry(file.readline(_MAX_LINE))
        if head is None or head.get("report") != _KIND:
            raise UsageError(
                f"{path} is not a verification report", "give the file that --report wrote"
            )
        if head.get("filter") != json.loads(json.dumps(list(query))):
            raise UsageError("the report was made with another filter", "repeat that filter")
        last, end = None, file.tell()
        # A line that cannot be read was being written when the program was ended.
        while (entry := _entry(file.readline(_MAX_LINE))) is not None:
            if "sum" in entry:
                last, end = entry["sum"], file.tell()
        if last is not None:
            _restore_sums(path, last, summary)
        file.truncate(end)


def _restore_sums(path: Path, last: object, summary: VerifySummary) -> None:
    try:
        values = _Sums(last)
        checks = values.counts("checks")
        groups: Counter[Group] = Counter()
        groups[MISDELIVERED] = values.count("misdelivered") + checks.pop(_OLD_MISDELIVERED, 0)
        groups.update({check_group(check_id): count for check_id, count in checks.items()})
        conflicts = values.counts("conflicts")
        groups.update({conflict_group(check_id): count for check_id, count in conflicts.items()})
        verdicts = Counter(values.counts("verdicts"))
        summary.restore(values.count("after"), values.count("notable"), verdicts, +groups)
    except (TypeError, ValueError):
        raise UsageError(f"the totals in {path} are damaged", "start another report") from None


class _Sums:
    """The counts of a line, each a number that is not negative; raises TypeError otherwise."""

    def __init__(self, value: object) -> None:
        self._members = _mapping(value)

    def count(self, name: str) -> int:
        """Return a number, 0 if absent, as in a report of an earlier version."""
        return _count(self._members.get(name, 0))

    def counts(self, name: str) -> dict[str, int]:
        """Return numbers by id, none if absent."""
        return {key: _count(value) for key, value in _mapping(self._members.get(name, {})).items()}


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("not a count")
    return value


def _entry(line: bytes) -> dict[str, Any] | None:
    """Read a line of a report; None if it is none.  A whole line ends with a line end."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None
