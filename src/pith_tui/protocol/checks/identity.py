"""Is it the record that was asked for, and do digest, number and year hold together."""

from __future__ import annotations

from collections.abc import Iterator

from pith_tui.protocol.canonical import NotCanonicalError, canonical_digest
from pith_tui.protocol.checks.context import (
    CheckContext,
    CheckResult,
    Step,
    combine_parts,
    not_present,
    read_source,
    single,
    soften,
    undecided,
)
from pith_tui.protocol.documents import DocumentKind
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.record import created_event
from pith_tui.protocol.report import AGREES, FAILED, PASSED, UNDECIDED, Part, Reason
from pith_tui.protocol.spellings import (
    PithNumber,
    hex_digest,
    is_nothing,
    pith_number,
    short_number,
)
from pith_tui.protocol.strict_json import Path

_ARXIV = "arxiv"


def asked_for(context: CheckContext) -> CheckResult:
    """Judge what was asked by the signed source or the digest, never by a claimed alias."""
    asked = context.asked
    if asked is None:
        return not_present(Reason.NOBODY_ASKED)
    if asked.kind is Kind.PITH:
        part = _asked_by_number(context, asked)
    elif asked.arxiv is None:
        part = Part((), UNDECIDED, Reason.NOT_DERIVABLE, (("asked", asked.text),))
    else:
        part = _asked_by_source(context, asked, asked.arxiv)
    if context.digest is None and part.outcome is PASSED:
        part = part._replace(outcome=UNDECIDED, reason=Reason.BY_STATEMENT)
    result = single(part)
    return result if asked.kind is Kind.PITH else soften_asked(context, result)


def soften_asked(context: CheckContext, result: CheckResult) -> CheckResult:
    """Leave the result undecided under a signed schema version whose rules are unknown."""
    return undecided(Reason.NEWER_RULES) if context.has_newer_rules else result


def _asked_by_number(context: CheckContext, asked: Identifier) -> Part:
    suffix = context.effective_suffix
    if suffix is None:
        return Part((), UNDECIDED, Reason.NO_DIGEST, (("asked", asked.text),))
    years = context.signed_years
    year = years[0] if years else None
    values = (("asked", asked.text), ("record", f"pith:{year}:{suffix}" if year else suffix))
    if not suffix.startswith(asked.value):
        return Part((), FAILED, Reason.OTHER_NUMBER, values)
    if asked.year is not None and years and f"{asked.year:04}" not in years:
        return Part((), FAILED, Reason.OTHER_NUMBER, values)
    return Part((), PASSED, AGREES if asked.is_full else Reason.BEGINS_SO, values)


def _asked_by_source(context: CheckContext, asked: Identifier, arxiv: str) -> Part:
    if context.canonical is None:
        source, shown = read_source(context.record.mapping("source")), context.record.source
    else:
        source, shown = context.source, context.record.canonical_source
    values = (("asked", asked.text), ("record", shown.text))
    if source.kind not in (None, _ARXIV):
        return Part((), FAILED, Reason.OTHER_WORK, values)
    if source.id is None:
        return Part((), UNDECIDED, Reason.NOT_DERIVABLE, values)
    if source.id != arxiv:
        return Part((), FAILED, Reason.OTHER_WORK, values)
    if asked.version is not None and source.version is None:
        return Part((), UNDECIDED, Reason.NOT_DERIVABLE, values)
    if asked.version is not None and source.version != asked.version:
        return Part((), FAILED, Reason.OTHER_VERSION, values)
    return Part((), PASSED, AGREES, values)


def digest(context: CheckContext) -> CheckResult:
    """Compare SHA-256 of the canonical form with ``canonical_sha256``."""
    path: Path = ("canonical_sha256",)
    stated = context.record.value_at(*path)
    if context.digest is None:
        reason = Reason.NO_CANONICAL_RECORD if context.is_canonical else Reason.NOT_CANONICAL
        return single(Part(path, UNDECIDED, reason, (("stated", stated),)))
    computed = context.digest.hex()
    if is_nothing(stated):
        values = (("recomputed", computed),)
        return single(Part((), PASSED, Reason.NOT_STATED, values))
    return single(_digest_part(path, stated, context.digest))


def _digest_part(path: Path, stated: object, computed: bytes) -> Part:
    usual = computed.hex()
    values = (("stated", stated), ("recomputed", usual))
    if stated != usual:
        read = hex_digest(stated)
        if read is None:
            return Part(path, UNDECIDED, Reason.UNREADABLE, values)
        if read != computed:
            return Part(path, FAILED, Reason.DIFFERS, values)
    return Part(path, PASSED, AGREES, values, (path,))


def digest_copies(context: CheckContext) -> CheckResult:
    """Compare the digest's copies: in the receipt, and in the event that a bundle begins with."""
    places = [context.record.place("receipt", "canonical_sha256")]
    event = _created_payload(context)
    if event is not None:
        places.append((*event, "canonical_sha256"))
    parts = [_copy_part(context, path) for path in places if _is_stated(context, path)]
    if event is not None:
        parts.extend(_canonical_copy(context, (*event, "canonical_record")))
    return combine_parts(parts)


def _is_stated(context: CheckContext, path: Path) -> bool:
    return not is_nothing(context.record.value_at(*path))


def _copy_part(context: CheckContext, path: Path) -> Part:
    stated = context.record.value_at(*path)
    effective = context.effective_digest
    if effective is None:
        return Part(path, UNDECIDED, Reason.NO_DIGEST, (("stated", stated),))
    return _digest_part(path, stated, effective)


def _created_payload(context: CheckContext) -> Path | None:
    if context.record.kind is not DocumentKind.BUNDLE:
        return None
    index = created_event(context.record.tree)
    return None if index is None else ("events", index, "payload")


def _canonical_copy(context: CheckContext, path: Path) -> Iterator[Part]:
    """Compare the canonical record of the event with the bundle's own, by their digests."""
    copy = context.record.value_at(*path)
    if copy is None or path == context.record.place("canonical_record"):
        return
    if context.digest is None:
        yield Part(path, UNDECIDED, Reason.NO_DIGEST)
        return
    try:
        computed = canonical_digest(copy) if isinstance(copy, dict) else None
    except NotCanonicalError:
        computed = None
    if computed is None:
        yield Part(path, UNDECIDED, Reason.UNREADABLE)
        return
    values = (("copy", computed.hex()), ("recomputed", context.digest.hex()))
    if computed == context.digest:
        yield Part(path, PASSED, AGREES, values, (path,))
    else:
        yield Part(path, FAILED, Reason.DIFFERS, values)


def number(context: CheckContext) -> CheckResult:
    """Check that the number is base32 of the digest, and the short form its start."""
    stated = context.record.value_at("pith_number")
    suffix = context.effective_suffix
    path: Path = ("pith_number",)
    if suffix is None:
        return single(Part(path, UNDECIDED, Reason.NO_DIGEST, (("stated", stated),)))
    read = pith_number(stated)
    values = (("stated", stated), ("recomputed", suffix))
    if is_nothing(stated):
        parts = [Part(path, UNDECIDED, Reason.NOT_STATED, values[1:])]
    elif read is None:
        parts = [Part(path, UNDECIDED, Reason.UNREADABLE, values)]
    elif read.suffix != suffix:
        parts = [Part(path, FAILED, Reason.DIFFERS, values)]
    else:
        proves = proved_with_year(context, read, path)
        parts = [Part(path, PASSED, AGREES, values, proves)]
    parts.extend(_short_form(context, suffix))
    return combine_parts(parts)


def _short_form(context: CheckContext, suffix: str) -> Iterator[Part]:
    path: Path = ("short_pith_number",)
    stated = context.record.value_at(*path)
    read = short_number(stated)
    if read is None:
        return  # not stated or unreadable: no part of it
    values = (("stated", stated), ("recomputed", suffix[: len(read.suffix)]))
    if not suffix.startswith(read.suffix) or is_year(context, read.year) is False:
        yield Part(path, FAILED, Reason.DIFFERS, values)
    else:
        yield Part(path, PASSED, AGREES, values, proved_with_year(context, read, path))


def year(context: CheckContext) -> CheckResult:
    """Check that the number's year is that of the submission."""
    stated = context.record.value_at("pith_number")
    read = pith_number(stated)
    if read is None or read.year is None:
        return not_present()
    years = context.signed_years
    path: Path = ("pith_number",)
    if not years:
        part = Part(path, UNDECIDED, Reason.NOT_SIGNED, (("stated", read.year),))
    else:
        values = (("stated", read.year), ("signed", years[0]))
        agrees = read.year in years
        part = Part(
            path,
            PASSED if agrees else FAILED,
            AGREES if agrees else Reason.DIFFERS,
            values,
        )
    return soften(context, single(part))


def is_year(context: CheckContext, stated: str | None) -> bool | None:
    """Return whether a year is that of the submission; None if that is undecided.

    It is if no year is stated or signed, and for another year under an unknown type of record.
    """
    years = context.signed_years
    if stated is None or not years:
        return None
    agrees = stated in years
    return agrees if agrees or context.is_known_type else None


def proved_with_year(context: CheckContext, read: PithNumber, path: Path) -> tuple[Path, ...]:
    """Return what a number that fits the digest proves: nothing if its year is undecided."""
    return (path,) if read.year is None or is_year(context, read.year) else ()


STEPS = (
    Step("asked", True, asked_for),
    Step("digest", True, digest),
    Step("copies", False, digest_copies),
    Step("number", True, number),
    Step("year", False, year),
)
