"""Pith Number records: reading, verifying, marking.  Pure: no file, no network, no clock.

What other programs may build on is listed here and explained in docs/python.md; the modules below
may change from one version to the next.
"""

from pith_tui.protocol.identifiers import Identifier, IdentifierError, parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord, read
from pith_tui.protocol.report import Check, Outcome, Part, Reason, Report, Verdict

__all__ = [
    "PINNED",
    "Check",
    "CheckedRecord",
    "Identifier",
    "IdentifierError",
    "Mark",
    "Outcome",
    "Part",
    "PublicKey",
    "Reason",
    "Report",
    "Verdict",
    "parse_identifier",
    "read",
]
