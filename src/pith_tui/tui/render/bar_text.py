"""What the bars of the record screen show, as spans: a text and its style.

Styles are spelled as Textual's markup has them.  Nothing of Textual is imported here, so that the
first frame can be painted while it still is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len

from pith_tui.lookup.equivocation import Finding
from pith_tui.lookup.service import FetchedRecord
from pith_tui.output.look_alikes import mixed_scripts
from pith_tui.output.lookup_text import finding_texts, weightiest
from pith_tui.output.names import title_or_id
from pith_tui.output.provenance import format_source
from pith_tui.output.safe import safe
from pith_tui.output.verdict_text import verdict_lines
from pith_tui.output.wording import VERDICT_SIGNS, mark_text, signer_text, tally, tally_in_signs
from pith_tui.protocol.marks import Mark
from pith_tui.protocol.reading import CheckedRecord
from pith_tui.protocol.report import Check, verdict_of
from pith_tui.protocol.verification import CHECK_IDS
from pith_tui.tui.commands.base import Command
from pith_tui.tui.render.layout import Span, fit, shown

ID_HINT = "arXiv id, DOI, Pith Number or a URL"
_SIGNER = 40
"""Cells of a key's name; a person has given it, and it may be long."""
_NARROW = 60
"""Below this width the verdict's bar counts in signs and names the source by one word."""
_ALWAYS_SHOWN = {"leave", "app.help", "app.quit"}


def id_bar_spans(name: str, looking_up: str, find_key: Callable[[], str]) -> list[Span]:
    """Return the id bar: the program's name, what is open, and what is being looked up."""
    spans = [(" pith ", "bold $accent")]
    if name:
        spans.append((safe(name), "bold"))
    else:
        spans.append((f"press {find_key()} for an {ID_HINT}", "dim"))
    if looking_up:
        spans.append((f"   looking up {safe(looking_up)} …", "dim"))
    return spans


def verdict_bar_spans(
    record: FetchedRecord,
    done: tuple[Check, ...],
    now: datetime,
    findings: Sequence[Finding],
    width: int,
) -> list[list[Span]]:
    """Return the verdict's bar, line by line: the program's own words, and no record text.

    The verdict so far, the most serious of the ``findings``, how the checks ended and where the
    bytes came from; below, what the verdict covers, or why there is none.
    """
    verdict = verdict_of(done)
    badge = f" {VERDICT_SIGNS[verdict]} {verdict.value} "
    is_complete = len(done) == len(CHECK_IDS)
    if not is_complete:
        badge = f" verifying {len(done)}/{len(CHECK_IDS)} "
    narrow = 0 < width < _NARROW
    room = width - 2
    first = [(badge, "bold reverse"), *_finding_span(findings, room - len(badge))]
    signer = signer_text(record.checked.report, short=narrow) if is_complete else ""
    if signer:
        first.append((f" {fit(safe(signer), _SIGNER)} ·", "$warning"))
    where = record.origin.value if narrow else format_source(record, now)
    first.append((f" {tally_in_signs(done) if narrow else tally(done)}", ""))
    first.append((f"  ·  {safe(where)}", "dim"))
    covered = verdict_lines(record.checked, room) if is_complete else ("", "")
    return [first, [(f" {covered[0]}", "")], [(f" {covered[1]}", "$foreground")]]


def _finding_span(findings: Sequence[Finding], room: int) -> list[Span]:
    """Return the most serious finding, in the longest text that fits."""
    finding = weightiest(findings)
    if finding is None:
        return []
    texts = finding_texts(finding)
    text = next((text for text in texts if len(text) + 2 <= room), texts[-1])
    return [(f" {text} ", f"bold reverse {'$error' if finding.kind.is_alarm else '$warning'}")]


def title_spans(checked: CheckedRecord, *, source: bool, starred: bool) -> list[Span]:
    """Return the title of a record with its mark, or its id where it has none.

    With ``source`` the title is TeX source, else Unicode where the conversion is sure; a star is
    for a bookmark.
    """
    mark = None if checked.title is None else checked.title.mark
    contradicted = mark is Mark.CONTRADICTED
    spans: list[Span] = [("★ ", "$warning")] if starred else []
    if mark is not None:
        sign = mark_text(mark, with_word=contradicted)
        spans.append((sign, "bold $error" if contradicted else "$accent"))
    if mixed_scripts("" if checked.title is None else checked.title.text) is not None:
        # Before the title, where no length of it can push them away.
        spans.append(("(look-alike letters) ", "$warning"))
    return [*spans, (shown(title_or_id(checked), source=source), "bold")]


def tab_spans(names: Sequence[str], chosen: int, width: int) -> list[Span]:
    """Return the panes' names with their keys, shortened where they do not fit."""
    texts = [f" {n} {name} " for n, name in enumerate(names, 1)]
    if sum(map(len, texts)) > width > 0:
        texts = [f" {n} {name[:5]} " for n, name in enumerate(names, 1)]
    return [
        (text, "bold reverse" if index == chosen else "dim") for index, text in enumerate(texts)
    ]


def fitting_keys(
    commands: Iterable[Command], key_of: Callable[[Command], str], width: int
) -> list[tuple[str, Command]]:
    """Return keys and their commands, as many as fit; the way back, help and quit always stay."""
    shown = [(key_of(command), command) for command in commands]
    optional = [entry for entry in shown if entry[1].action not in _ALWAYS_SHOWN]
    while optional and sum(map(key_room, shown)) > width:
        shown.remove(optional.pop())
    return shown


def key_spans(keys: Iterable[tuple[str, Command]]) -> list[Span]:
    """Return the footer: keys and what they do."""
    return [
        span
        for key, command in keys
        for span in ((f" {key}", "bold $accent"), (f" {command.footer} ", ""))
    ]


def key_room(shown: tuple[str, Command]) -> int:
    """Return the cells that a key takes in the footer."""
    return cell_len(shown[0]) + len(shown[1].footer) + 3
