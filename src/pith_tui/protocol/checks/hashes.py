"""The title and the abstract by their signed hashes."""

from __future__ import annotations

from collections.abc import Callable

from pith_tui.protocol.canonical import EXCERPT_LENGTH
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Section,
    Step,
    combine_parts,
    not_present,
    soften,
)
from pith_tui.protocol.report import FAILED, HASH_AGREES, PASSED, UNDECIDED, Part, Reason, Values
from pith_tui.protocol.spellings import is_nothing
from pith_tui.protocol.strict_json import Path
from pith_tui.protocol.text_hash import Reading, UnreadableTextError, text_hash


def title(context: CheckContext) -> CheckResult:
    """Check that the record's own title is the one whose hash is signed."""
    part = title_part(context, context.paper)
    return not_present() if part is None else soften(context, combine_parts([part]))


def title_part(context: CheckContext, paper: Section) -> Part | None:
    """Judge the title of a ``paper``; None if it has no member of that name."""
    return _hashed_part(context, paper, "title", context.title_digest, _hashed_title)


def _hashed_part(
    context: CheckContext,
    section: Section,
    name: str,
    digest: bytes | None,
    judge: Callable[[CheckContext, Path, str, bytes], Part],
) -> Part | None:
    """Judge a text by its signed hash, if there is a text and a hash to judge."""
    if name not in section.members:
        return None
    path, shown = (*section.path, name), section.members[name]
    if is_nothing(shown):
        return Part(path, UNDECIDED, Reason.NOT_SHOWN)
    if not isinstance(shown, str):
        return Part(path, UNDECIDED, Reason.UNREADABLE)
    if digest is None:
        return Part(path, UNDECIDED, Reason.NOT_SIGNED)
    return judge(context, path, shown, digest)


def _hashed_title(context: CheckContext, path: Path, shown: str, digest: bytes) -> Part:
    signed = ("signed", digest.hex())
    try:
        reading = context.matching_reading(shown, digest)
    except UnreadableTextError:
        return Part(path, FAILED, Reason.LONE_SURROGATE, (signed,))
    if reading is None:
        values: Values = (signed, ("shown", text_hash(shown)))
        return Part(path, FAILED, Reason.HASH_DIFFERS, values)
    usual = Reason.CASE_OF_MATHEMATICS if has_mathematics(shown) else HASH_AGREES
    return _proved(path, reading, digest, usual)


def _proved(path: Path, reading: Reading, digest: bytes, usual: Reason) -> Part:
    """Return a passed part, for the ``usual`` reason unless the text had to be read otherwise."""
    values: Values = (("signed", digest.hex()), ("shown", digest.hex()))
    if reading.changed:
        values = (*values, ("proved text", reading.text))
        return Part(path, PASSED, Reason.HASH_AGREES_OTHERWISE, values, (path,))
    return Part(path, PASSED, usual, values, (path,))


def has_mathematics(text: str) -> bool:
    """Return whether a raw TeX text has a formula, in which the case of letters has a meaning."""
    return text.count("$") - text.count("\\$") > 1 or "\\(" in text or "\\[" in text


def abstract(context: CheckContext) -> CheckResult:
    """Check the abstract: an excerpt can be proved if it is the whole, but never disproved."""
    part = abstract_part(context, context.paper)
    return not_present() if part is None else soften(context, combine_parts([part]))


def abstract_part(context: CheckContext, paper: Section) -> Part | None:
    """Judge the excerpt in a ``paper``; None if it has no member of that name."""
    digest = context.abstract_digest
    return _hashed_part(context, paper, "abstract_excerpt", digest, _hashed_abstract)


def _hashed_abstract(context: CheckContext, path: Path, shown: str, digest: bytes) -> Part:
    try:
        reading = context.matching_reading(shown, digest)
    except UnreadableTextError:
        return Part(path, UNDECIDED, Reason.LONE_SURROGATE)
    if reading is None:
        reason = Reason.EXCERPT if len(shown) >= EXCERPT_LENGTH else Reason.HASH_DIFFERS
        return Part(path, UNDECIDED, reason, (("signed", digest.hex()),))
    return _proved(path, reading, digest, HASH_AGREES)


STEPS = (
    Step("title", False, title),
    Step("abstract", False, abstract),
)
