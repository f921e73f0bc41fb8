"""Record text among the program's own words: keys, paths and values, in quotes where it matters.

A key of the record may read ``◆ signed`` or ``Authors``, a value ``x (agrees)``.  Where such a text
stands alone behind its mark nobody is deceived; where the program's words stand around it, or
could, quotes say where it begins and ends.
"""

from __future__ import annotations

import re

from pith_tui.output.symbols import is_ascii
from pith_tui.patterns import pattern
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.report import Outcome, Verdict
from pith_tui.protocol.strict_json import Path

_MEMBER = pattern(r"[a-z][a-z0-9_]*\Z", re.ASCII)
# One word of letters, digits and what ids, URLs, times, digests and numbers are made of.
_TOKEN = pattern(r"[A-Za-z0-9._:/+=-]+\Z", re.ASCII)
_PROGRAM_WORDS = frozenset(
    {member.value.lower() for group in (Mark, Outcome, Verdict) for member in group}
)


def quoted(text: str) -> str:
    """Put raw record text in quotes; quotes within it are spelled, so that none ends it early."""
    ends = '“”"' if is_ascii() else "“”"
    inner = "".join(f"<U+{ord(sign):04X}>" if sign in ends else sign for sign in text)
    return f"“{inner}”"


def key_label(key: str) -> str:
    """Return an object's key as a label: in quotes where it could be read as the program's words.

    A plain member name (``builder_version``) stays as it is, unless it is the word of a mark,
    an outcome or a verdict.
    """
    return key if _MEMBER.match(key) and key not in _PROGRAM_WORDS else quoted(key)


def path_label(path: Path) -> str:
    """Name a path by its keys and positions: ``paper.license``, ``links.“✓ page”[0]``."""
    label = ""
    for step in path:
        if isinstance(step, int):
            label += f"[{step}]"
        else:
            label += f"{'.' if label else ''}{key_label(step)}"
    return label


def value_label(text: str) -> str:
    """Return a text of the record as it stands among words of the program: one token, or quoted."""
    return text if _TOKEN.match(text) and text.lower() not in _PROGRAM_WORDS else quoted(text)
