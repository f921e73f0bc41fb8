"""A description of the cache as rows: the same for browser and command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pith_tui.output.rows import Row
from pith_tui.output.wording import age, size_of
from pith_tui.protocol.report import Outcome
from pith_tui.store.records import CacheInfo


def cache_info_rows(info: CacheInfo, path: Path, now: datetime, *, readonly: bool) -> list[Row]:
    """Describe the cache at a path; a damaged one is marked as failed."""
    sound = info.damage is None
    # The path may take several lines of a narrow pane, so it stands last.
    return [
        Row(
            "integrity",
            "file not damaged" if sound else f"damaged: {info.damage}",
            outcome=Outcome.PASSED if sound else Outcome.FAILED,
        ),
        Row("records", f"{info.records:,}"),
        Row("responses", f"{info.responses:,} distinct"),
        Row("size", size_of(info.file_bytes)),
        Row("oldest", _when(info.oldest, now)),
        Row("newest", _when(info.newest, now)),
        Row("schema", str(info.schema_version)),
        Row("writable", "no, read-only" if readonly else "yes"),
        Row("path", str(path)),
    ]


def _when(moment: datetime | None, now: datetime) -> str:
    return "–" if moment is None else f"{moment:%Y-%m-%d %H:%M} ({age(moment, now)})"
