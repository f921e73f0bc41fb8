"""Exit codes: what a script learns from a command without reading its output."""

from __future__ import annotations

from collections.abc import Iterable

from pith_tui.errors import NotFoundError, PithError, TooLargeError, UnreachableError
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Verdict

OK = 0
FAILED = 1
"""A verification failed, and nothing else."""
USAGE = 2
UNDECIDED = 3
NOT_FOUND = 4
UNREACHABLE = 5
ATTENTION = 6
"""Something a person should look at that no verdict expresses."""
CRASHED = 70
"""An error in this program: ``EX_SOFTWARE`` of ``sysexits.h``."""
HUNG_UP = 129
"""128 plus the number of the signal, as shells report it; likewise the two below."""
INTERRUPTED = 130
TERMINATED = 143

MEANINGS = {
    OK: "verified, or done",
    FAILED: "verification failed",
    USAGE: "wrong usage, not a record, or a file, directory or cache that is damaged or unusable",
    UNDECIDED: "undecided, or too large to check",
    NOT_FOUND: "not found",
    UNREACHABLE: "no server could be reached",
    ATTENTION: "needs attention: an alarm, a conflict with --strict, or something was skipped",
    CRASHED: "internal error",
    HUNG_UP: "the terminal was closed (SIGHUP)",
    INTERRUPTED: "interrupted",
    TERMINATED: "terminated (SIGTERM)",
}
"""What each code means, for help and documentation."""

_BY_VERDICT = {
    Verdict.VERIFIED: OK,
    Verdict.FAILED: FAILED,
    Verdict.UNDECIDED: UNDECIDED,
}
_WORST_FIRST = (FAILED, USAGE, ATTENTION, UNREACHABLE, NOT_FOUND, UNDECIDED, OK)


def of_record(checked: CheckedRecord, *, strict: bool = False) -> int:
    """Return the exit code for the verdict of a record; with ``strict`` a conflict counts too."""
    code = _BY_VERDICT[checked.report.verdict]
    return worst((code, ATTENTION)) if strict and checked.report.conflicts else code


def exit_code(error: PithError) -> int:
    """Return the exit code for the class of an error."""
    if isinstance(error, NotFoundError):
        return NOT_FOUND
    if isinstance(error, TooLargeError):
        return UNDECIDED
    return UNREACHABLE if isinstance(error, UnreachableError) else USAGE


def worst(codes: Iterable[int]) -> int:
    """Return the worst of several codes: first a failed verification; 0 only if all are 0."""
    present = set(codes)
    return next((code for code in _WORST_FIRST if code in present), OK)


def order_text() -> str:
    """Return the order in which codes outrank each other, for documentation."""
    return ", ".join(map(str, _WORST_FIRST))
