"""What is held of one record: every distinct answer, and what each changed."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from pith_tui.output.changes import change_rows
from pith_tui.output.rows import Row, Style
from pith_tui.output.safe import safe
from pith_tui.output.words import MARK_SIGNS, age, verdict_words
from pith_tui.protocol.difference import MISSING, differences
from pith_tui.protocol.identifiers import Identifier, Kind
from pith_tui.protocol.record import Record
from pith_tui.protocol.report import Verdict
from pith_tui.protocol.strict_json import path_text
from pith_tui.protocol.verification import verify
from pith_tui.sources.cache import Held
from pith_tui.sources.keyring import load_keys
from pith_tui.sources.paths import config_dir


def history_text(answers: list[Held], now: datetime) -> str:
    """Write the answers, the latest first, each with its difference to the one before it."""
    lines: list[str] = []
    for held, before in pairwise([*answers, None]):
        assert held is not None, "only the last is none"
        lines.append(f"{held.suffix}  {verdict_words(_verdict(held))}")
        lines.append(
            f"  fetched  {held.fetched_at:%Y-%m-%d %H:%M} UTC ({age(held.fetched_at, now)})"
        )
        lines.append(
            f"  checked  {held.checked_at:%Y-%m-%d %H:%M} UTC ({age(held.checked_at, now)})"
        )
        lines.append(f"  from     {safe(held.origin)}")
        lines.append(f"  bytes    {len(held.raw):,}")
        if before is not None:
            lines.append("  changed since the answer before:")
            lines += [
                f"    {_mark(row)}{safe(row.label)}  {safe(row.text)}".rstrip()
                for row in change_rows(before.raw, held.raw, load_keys(config_dir()))
                if row.style is not Style.HEADING
            ]
        lines.append("")
    return "\n".join(lines)


def _mark(row: Row) -> str:
    return "" if row.mark is None else f"{MARK_SIGNS[row.mark]} {row.mark.value:8} "


def history_objects(answers: list[Held]) -> list[dict[str, object]]:
    """Give the same as JSON objects."""
    return [_object(held, before) for held, before in pairwise([*answers, None]) if held]


def _object(held: Held, before: Held | None) -> dict[str, object]:
    changed = None
    if before is not None:
        changed = [
            {
                "path": path_text(difference.path),
                "before": None if difference.before is MISSING else difference.before,
                "after": None if difference.after is MISSING else difference.after,
                "added": difference.before is MISSING,
                "removed": difference.after is MISSING,
            }
            for difference in differences(Record(before.raw), Record(held.raw))
        ]
    return {
        "suffix": held.suffix,
        "verdict": _verdict(held).value,
        "fetched_at": held.fetched_at.isoformat(),
        "checked_at": held.checked_at.isoformat(),
        "origin": held.origin,
        "bytes": len(held.raw),
        "changed": changed,
    }


def _verdict(held: Held) -> Verdict:
    asked = Identifier(Kind.PITH, held.suffix)
    return verify(held.raw, asked, load_keys(config_dir())).verdict
