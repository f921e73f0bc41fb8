"""The words and signs of outcomes, marks, verdicts and ages: the same everywhere they are shown."""

from __future__ import annotations

from datetime import datetime

from pith_tui.output.symbols import Symbols, is_ascii
from pith_tui.protocol.keys import PINNED
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Check, Outcome, Report, Verdict

OUTCOME_SIGNS = Symbols(
    {
        Outcome.PASSED: "✓",
        Outcome.FAILED: "✗",
        Outcome.CONFLICT: "≠",
        Outcome.UNDECIDED: "?",
        Outcome.ABSENT: "–",
    },
    {
        Outcome.PASSED: "+",
        Outcome.FAILED: "x",
        Outcome.CONFLICT: "!",
        Outcome.UNDECIDED: "?",
        Outcome.ABSENT: "-",
    },
)
MARK_SIGNS = Symbols(
    {Mark.SIGNED: "◆", Mark.PROVED: "◇", Mark.CLAIMED: "·", Mark.CONTRADICTED: "✗"},
    {Mark.SIGNED: "#", Mark.PROVED: "=", Mark.CLAIMED: ".", Mark.CONTRADICTED: "X"},
)
VERDICT_SIGNS = Symbols(
    {Verdict.VERIFIED: "✓", Verdict.FAILED: "✗", Verdict.UNDECIDED: "?"},
    {Verdict.VERIFIED: "+", Verdict.FAILED: "x", Verdict.UNDECIDED: "?"},
)
VERDICT_OUTCOMES = {
    Verdict.VERIFIED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.UNDECIDED: Outcome.UNDECIDED,
}
"""How a verdict is shown where a list has room for one sign."""
MARK_MEANINGS = {
    Mark.SIGNED: "is in the canonical record, which the signature covers",
    Mark.PROVED: "follows from the canonical record and was recomputed here",
    Mark.CLAIMED: "the service says so; nothing here can show it",
    Mark.CONTRADICTED: "what is signed says otherwise",
}
OUTCOME_MEANINGS = {
    Outcome.PASSED: "the check was done and passed",
    Outcome.FAILED: "what is shown contradicts what was signed",
    Outcome.CONFLICT: "two values that are only claimed contradict each other",
    Outcome.UNDECIDED: "the check cannot be decided; its line says why",
    Outcome.ABSENT: "the record has nothing to check",
}
VERDICT_MEANINGS = {
    Verdict.VERIFIED: "no check failed, and every required check passed",
    Verdict.FAILED: "a check failed",
    Verdict.UNDECIDED: "nothing failed, but a required check did not pass",
}
SAMPLE_MEANINGS = {
    Verdict.VERIFIED: "the signature was checked just now",
    Verdict.UNDECIDED: "the sample lacks something to check",
}
"""What the verdicts of the samples mean beside their list."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS = (
    (365 * _DAY, "year"),
    (30 * _DAY, "month"),
    (_DAY, "day"),
    (_HOUR, "hour"),
    (_MINUTE, "minute"),
)


def tally(checks: tuple[Check, ...]) -> str:
    """Count the checks by how they ended: ``14 passed, 1 undecided, 1 absent``."""
    counts = ((outcome, sum(c.outcome is outcome for c in checks)) for outcome in Outcome)
    return ", ".join(f"{count} {outcome.value}" for outcome, count in counts if count)


def tally_in_signs(checks: tuple[Check, ...]) -> str:
    """Count the same where there is little room: ``14✓ 1? 1–``."""
    counts = ((outcome, sum(c.outcome is outcome for c in checks)) for outcome in Outcome)
    return " ".join(f"{count}{OUTCOME_SIGNS[outcome]}" for outcome, count in counts if count)


def mark_text(mark: Mark, *, with_word: bool) -> str:
    """Return the sign of a mark and, if asked for, its word, in columns of a constant width.

    The ASCII signs are not known by their looks, so there the word always stands beside them.
    """
    if with_word or is_ascii():
        return f"{MARK_SIGNS[mark]} {mark.value:8} "
    return f"{MARK_SIGNS[mark]} "


def verdict_label(verdict: Verdict) -> str:
    """Return a verdict with its sign."""
    return f"{VERDICT_SIGNS[verdict]} {verdict.value}"


def signer_text(report: Report, *, short: bool = False) -> str:
    """Return the sentence that a record rests on a key of the user's; empty for the service's.

    Such a record may be VERIFIED, and yet the service never signed it.
    """
    if report.signer is None or report.signer.raw == PINNED.raw:
        return ""
    by = "by" if report.verdict is Verdict.VERIFIED else "signed by"
    return f"{'your key' if short else f'{by} your own key'} {report.signer.key_id}"


def size_of(count: int) -> str:
    """Format a number of bytes: ``812 bytes``, ``4.2 MiB``."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


def age(then: datetime, now: datetime) -> str:
    """Format how old something is: ``just now``, ``5 minutes old``, ``3 days old``."""
    seconds = (now - then).total_seconds()
    for unit, name in _UNITS:
        if seconds >= unit:
            return _plural(int(seconds // unit), name)
    # A copy from the future is a clock that was wrong, here or then; no age can be given.
    return "just now" if seconds > -_MINUTE else "dated later than this clock"


def _plural(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'} old"
