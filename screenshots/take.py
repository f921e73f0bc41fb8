"""Take the pictures of this folder from the real program: ``python screenshots/take.py``.

Each is an SVG as Textual exports it, with the fonts named instead of fetched, so that looking at
one asks no server for anything.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED
from pith_tui.protocol.record import Record
from pith_tui.sources.cache import Cache
from pith_tui.sources.filing import filing_of
from pith_tui.sources.library import Library
from pith_tui.sources.samples import sample_records
from pith_tui.tui.app import PithApp

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent
_FONT = 'font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;'


class Shot(NamedTuple):
    """One picture: its name, the terminal's size, what is asked for, and the keys pressed."""

    name: str
    size: tuple[int, int]
    asked: str | None
    keys: tuple[str, ...] = ()


SHOTS = (
    Shot("record-dark", (160, 48), "2503.11832", ("2",)),
    Shot("record-light", (120, 40), "2503.11832", ("t",)),
    Shot("verification", (80, 24), "2503.11832", ("2", "j", "j", "enter")),
    Shot("narrow", (40, 20), "2503.11832", ("2",)),
    Shot("partial", (120, 40), "1309.3741", ()),
    Shot("samples", (100, 30), None, ()),
    Shot("library", (120, 30), None, ("o", "j", "j")),
    Shot("help", (100, 40), "2503.11832", ("question_mark",)),
)


async def take(shot: Shot) -> str:
    """Run the program, press the keys, and give the picture."""
    with tempfile.TemporaryDirectory() as directory:
        cache = sample_cache(Path(directory) / "cache.sqlite3")
        with closing(cache):
            return await picture(shot, Library(cache, None, (PINNED,), now=lambda: NOW))


def sample_cache(path: Path) -> Cache:
    """Make a cache of the samples that come with the program, but for the complete one."""
    cache = Cache.open(path, notice=print)
    for number, raw in enumerate(sample_records()[1:]):
        filing = filing_of(Record(raw))
        assert filing is not None
        at = NOW - timedelta(days=number % 40)
        cache.store(raw, filing, origin="https://pith.science/", etag=None, at=at)
    return cache


async def picture(shot: Shot, library: Library) -> str:
    """Export the screen after the keys of a shot."""
    asked = None if shot.asked is None else parse_identifier(shot.asked)
    app = PithApp(library, asked)
    async with app.run_test(size=shot.size) as pilot:
        await app.workers.wait_for_complete()
        for key in shot.keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
        await pilot.pause()
        return tidied(app.export_screenshot(title="pith-tui"))


def tidied(svg: str) -> str:
    """Name fonts instead of fetching them, and leave out what differs from run to run."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code, monospace;", _FONT, svg)
    return re.sub(r"terminal-\d+", "terminal", svg)


def main() -> None:
    """Take every picture."""
    for shot in SHOTS:
        (FOLDER / f"{shot.name}.svg").write_text(asyncio.run(take(shot)), "utf-8")
        print(f"{shot.name}.svg")


if __name__ == "__main__":
    main()
