"""Verification: one pure function from bytes to a report, used by every part of the program.

The checks run in the order of their numbers, always all of them; later ones read how earlier ones
ended.  What each of them does and does not show stands in the module of ``checks`` it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pith_tui.errors import NotARecordError
from pith_tui.protocol.checks import consistency, hashes, identity, receipt, service_claims
from pith_tui.protocol.checks.context import CheckContext, CheckResult
from pith_tui.protocol.identifiers import Identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Check, Outcome, Report


class _Step(NamedTuple):
    id: str
    name: str
    required: bool
    run: Callable[[CheckContext], CheckResult]


_PARSE = ("record", "Strict record")
_STEPS = (
    _Step("asked", "Asked for", True, identity.asked_for),
    _Step("digest", "Digest", True, identity.digest),
    _Step("copies", "Digest's copies", True, identity.digest_copies),
    _Step("number", "Pith Number", True, identity.pith_number),
    _Step("year", "Year", True, identity.year),
    _Step("receipt", "Receipt's kind", True, receipt.receipt_kind),
    _Step("key", "Key", True, receipt.key),
    _Step("signature", "Signature", True, receipt.signature),
    _Step("title", "Title", False, hashes.title),
    _Step("abstract", "Abstract", False, hashes.abstract),
    _Step("paper", "Paper and source", False, consistency.paper_and_source),
    _Step("aliases", "Aliases", False, consistency.aliases),
    _Step("snapshots", "Snapshot hashes", False, service_claims.snapshots),
    _Step("status", "Service's status", False, service_claims.service_status),
    _Step("graph", "Graph's copies", False, consistency.graph_copies),
)

CHECK_NAMES: tuple[tuple[str, str], ...] = (
    _PARSE,
    *((step.id, step.name) for step in _STEPS),
)
"""The id and name of every check, in order."""


def verify(
    raw: bytes, asked: Identifier | None = None, trusted: Sequence[PublicKey] = (PINNED,)
) -> Report:
    """Verify the bytes of a record against what was asked for, trusting these keys.

    Never raises for anything in ``raw``: bytes that are no record make a report whose first check
    failed.
    """
    return Report(tuple(checks(raw, asked, trusted)), asked)


def checks(
    raw: bytes, asked: Identifier | None = None, trusted: Sequence[PublicKey] = (PINNED,)
) -> Iterator[Check]:
    """Do the sixteen checks one by one, each given out as it is done."""
    try:
        record = Record(raw)
    except NotARecordError as error:
        yield _parse_check(Outcome.FAILED, f"{error}.")
        yield from _not_tried(asked)
        return
    yield _parse_check(Outcome.PASSED, "The bytes are one strict JSON record.")
    facts = CheckContext(record, asked, tuple(trusted))
    for number, step in enumerate(_STEPS, start=2):
        finding = step.run(facts)
        facts.outcomes[step.id] = finding.outcome
        yield Check(number, step.id, step.name, _is_required(step, asked), *finding)


def _parse_check(outcome: Outcome, sentence: str) -> Check:
    return Check(1, *_PARSE, True, outcome, sentence)


def _not_tried(asked: Identifier | None) -> Iterator[Check]:
    sentence = "Not tried: the bytes are not a strict record."
    for number, step in enumerate(_STEPS, start=2):
        required = _is_required(step, asked)
        yield Check(number, step.id, step.name, required, Outcome.UNDECIDED, sentence)


def _is_required(step: _Step, asked: Identifier | None) -> bool:
    # A file that is verified without an id was asked for by nobody: there is nothing to be wrong.
    return step.required and not (step.id == "asked" and asked is None)
