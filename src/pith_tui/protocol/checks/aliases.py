"""The aliases: each names this record by a known rule, another one, or cannot be decided."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pith_tui.patterns import pattern
from pith_tui.protocol.canonical import SHORT_LENGTHS
from pith_tui.protocol.checks.context import CheckContext, CheckResult, Step, combine_parts, soften
from pith_tui.protocol.checks.identity import is_year, proved_with_year
from pith_tui.protocol.report import AGREES, FAILED, PASSED, UNDECIDED, Part, Reason, Values
from pith_tui.protocol.spellings import ArxivId, arxiv_id, arxiv_of_doi, doi, kind, short_number
from pith_tui.protocol.strict_json import Path

LISTS = ("aliases", "source_aliases")
"""The members that list aliases: a record's and a bundle's, judged wherever they stand."""

_SHORT_KIND = pattern(r"pith_short_([0-9]{1,2})\Z", re.ASCII)
_ARXIV_DOIS = "10.48550/"


def aliases(context: CheckContext) -> CheckResult:
    """Judge every alias by what is signed (docs/protocol.md, Identifier)."""
    expected = _expected(context)
    parts = [
        _alias_part(context, (name, index), item if isinstance(item, dict) else {}, expected)
        for name in LISTS
        if isinstance(listed := context.record.tree.get(name), list)
        for index, item in enumerate(listed)
    ]
    return soften(context, combine_parts(parts))


def _expected(context: CheckContext) -> Mapping[object, str]:
    """Return the aliases as the service writes them, kind to value; others are read one by one."""
    suffix, signed = context.effective_suffix, context.source
    expected: dict[object, str] = {}
    if suffix is not None:
        expected = {f"pith_short_{length}": suffix[:length] for length in SHORT_LENGTHS}
    if context.canonical is not None and signed.id is not None and signed.kind == "arxiv":
        expected["arxiv"] = signed.id
        expected["doi"] = f"10.48550/arxiv.{signed.id.lower()}"
        if signed.version is not None:
            expected["arxiv_version"] = f"{signed.id}v{signed.version}"
    return expected


def _alias_part(
    context: CheckContext,
    place: tuple[str, int],
    alias: Mapping[str, object],
    expected: Mapping[object, str],
) -> Part:
    list_name, index = place
    value_path = (list_name, index, "alias_value")
    proves: tuple[Path, ...] = ((list_name, index, "alias_kind"), value_path)
    named, value = alias.get("alias_kind"), alias.get("alias_value")
    values: Values = (("kind", named), ("alias", value))
    if isinstance(named, str) and isinstance(value, str) and expected.get(named) == value:
        return Part(value_path, PASSED, AGREES, values, proves)
    stated_kind = kind(named)
    short = _SHORT_KIND.match(stated_kind or "")
    if stated_kind in ("arxiv", "arxiv_version"):
        part = _work_part(context, value_path, arxiv_id(value), values)
    elif stated_kind == "doi":
        part = _doi_part(context, value_path, value, values)
    elif short is not None and 8 <= int(short[1]) <= 26:
        part = _short_part(context, value_path, value, values)
        read = short_number(value)
        if read is not None and not proved_with_year(context, read, value_path):
            proves = ()
        elif read is not None and len(read.suffix) != int(short[1]):
            proves = (value_path,)  # of so many characters it is not
    else:
        return Part(value_path, UNDECIDED, Reason.NO_RULE, values)
    if stated_kind == "arxiv_version" and part.outcome is PASSED:
        work = arxiv_id(value)
        if work is not None and work.version is None:
            return part._replace(outcome=UNDECIDED, reason=Reason.UNREADABLE)
    return part._replace(proves=proves) if part.outcome is PASSED else part


def _work_part(context: CheckContext, path: Path, read: ArxivId | None, values: Values) -> Part:
    signed = context.source
    if read is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if context.canonical is None or signed.id is None or signed.kind != "arxiv":
        return Part(path, UNDECIDED, Reason.NOT_SIGNED, values)
    text = signed.id if signed.version is None else f"{signed.id}v{signed.version}"
    values = (*values, ("signed", text))
    if read.id != signed.id:
        return Part(path, FAILED, Reason.OTHER_WORK, values)
    if read.version not in (None, signed.version):
        return Part(path, UNDECIDED, Reason.OTHER_VERSION, values)
    return Part(path, PASSED, AGREES, values)


def _doi_part(context: CheckContext, path: Path, value: object, values: Values) -> Part:
    name = doi(value)
    if name is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if not name.startswith(_ARXIV_DOIS):
        return Part(path, UNDECIDED, Reason.OTHER_DOI, values)
    return _work_part(context, path, arxiv_of_doi(value), values)


def _short_part(context: CheckContext, path: Path, value: object, values: Values) -> Part:
    read, suffix = short_number(value), context.effective_suffix
    if read is None:
        return Part(path, UNDECIDED, Reason.UNREADABLE, values)
    if suffix is None:
        return Part(path, UNDECIDED, Reason.NO_DIGEST, values)
    values = (*values, ("recomputed", suffix[: len(read.suffix)]))
    if not suffix.startswith(read.suffix) or is_year(context, read.year) is False:
        return Part(path, FAILED, Reason.OTHER_NUMBER, values)
    return Part(path, PASSED, AGREES, values)


STEPS = (Step("aliases", False, aliases),)
