"""Take the pictures of this folder from the real program: ``python screenshots/take.py``.

Each is an SVG as Textual exports it, with the fonts named instead of fetched, so that looking at
one asks no server for anything.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import NamedTuple

from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED
from pith_tui.sources.library import Library
from pith_tui.tui.app import PithApp

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
    Shot("help", (100, 40), "2503.11832", ("question_mark",)),
)


async def take(shot: Shot) -> str:
    """Run the program, press the keys, and give the picture."""
    library = Library(None, None, (PINNED,))
    asked = None if shot.asked is None else parse_identifier(shot.asked)
    app = PithApp(library, asked)
    async with app.run_test(size=shot.size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press(*shot.keys)
        await pilot.pause()
        svg = app.export_screenshot(title="pith-tui")
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
