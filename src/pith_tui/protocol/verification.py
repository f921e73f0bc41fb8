"""Verification: the checks of a record, in one order, always all of them.

Later checks read how earlier ones ended.  What each of them does and does not show stands in the
module of ``checks`` it comes from; the rule as a whole in docs/verdict.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from pith_tui.errors import NotARecordError, TooLargeError, TwoReadingsError
from pith_tui.protocol.checks import (
    aliases,
    copies,
    graph,
    hashes,
    identity,
    receipt,
    service_claims,
)
from pith_tui.protocol.checks.context import CheckContext, CheckResult, Step, single
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import FAILED, PASSED, UNDECIDED, Check, Part, Reason, Report
from pith_tui.protocol.strict_json import has_byte_order_mark


def _record_read(context: CheckContext) -> CheckResult:
    """Pass a record of the known type, or of none stated, whose bytes have one reading."""
    if not context.is_known_type:
        part = Part(("record_type",), UNDECIDED, Reason.NO_RULE)
        return single(part)
    marked = has_byte_order_mark(context.record.raw)
    return PASSED, Reason.BYTE_ORDER_MARK if marked else Reason.READ, ()


_STEPS = (
    Step("record", True, _record_read),
    *identity.STEPS,
    *receipt.STEPS,
    *hashes.STEPS,
    *copies.STEPS,
    *aliases.STEPS,
    *service_claims.STEPS,
    *graph.STEPS,
)

# A file that is verified without an id was asked for by nobody: there is nothing to be wrong.
_STEPS_UNASKED = tuple(
    step._replace(required=step.required and step.id != "asked") for step in _STEPS
)

CHECK_IDS: tuple[str, ...] = tuple(step.id for step in _STEPS)
"""The id of every check, in order."""


def verify(record: Record, asked: Identifier | None, trusted: Sequence[PublicKey]) -> Report:
    """Verify a record against what was asked for, trusting these keys."""
    context = CheckContext(record, asked, trusted)
    checks = []
    for check_id, required, run in _STEPS if asked is not None else _STEPS_UNASKED:
        outcome, reason, parts = run(context)
        context.outcomes[check_id] = outcome
        checks.append(Check(check_id, required, outcome, reason, parts))
    signed = context.outcomes["signature"] is PASSED
    return Report(tuple(checks), asked, context.signer if signed else None)


def refuse(error: NotARecordError, asked: Identifier | None) -> Report:
    """Report on bytes that are no record: failed only where they have two readings."""
    outcome, reason = UNDECIDED, Reason.NOT_A_RECORD
    if isinstance(error, TwoReadingsError):
        outcome, reason = FAILED, Reason.TWO_READINGS
    elif isinstance(error, TooLargeError):
        reason = Reason.TOO_LARGE
    first = Check("record", True, outcome, reason)
    others = (
        Check(step.id, step.required, UNDECIDED, Reason.NOT_TRIED)
        for step in (_STEPS if asked is not None else _STEPS_UNASKED)[1:]
    )
    return Report((first, *others), asked)
