"""Take the pictures of this folder from the real program: ``python screenshots/take.py``.

Each is an SVG as Textual exports it, with the fonts named instead of fetched, so that looking at
one asks no server for anything.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from contextlib import chdir, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.sections import fill, plausible
from textual.widgets import Input

from pith_tui.lookup.samples import sample_records
from pith_tui.lookup.service import RecordService
from pith_tui.protocol.catalog_entry import catalog_entry
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.protocol.keys import PINNED, PublicKey
from pith_tui.protocol.record import Record
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parent
_FONT = 'font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;'


class Shot(NamedTuple):
    """One picture: its name, the terminal's size, what is asked for, and the keys pressed.

    ``made`` takes records that the tests' registry makes, for what no real one seen so far shows:
    neighbours in the graph, and several answers for one record.
    """

    name: str
    size: tuple[int, int]
    asked: str | None
    keys: tuple[str, ...] = ()
    made: bool = False


_LIST = "refs.bib"

SHOTS = (
    Shot("record-dark", (160, 48), "2503.11832", ("2",)),
    Shot("record-light", (120, 40), "2503.11832", ("t",)),
    Shot("record-ansi", (120, 40), "2503.11832", ("t", "t")),
    Shot("verification", (80, 24), "2503.11832", ("2", "j", "j", "enter")),
    Shot("narrow", (40, 20), "2503.11832", ("2",)),
    Shot("partial", (120, 40), "1309.3741", ()),
    Shot("library", (120, 30), "1309.3741", ("o", "j", "j")),
    Shot("search", (100, 24), "1309.3741", ("o", "slash", *"schrod")),
    Shot("links", (100, 30), "2503.11832", ("u", "j")),
    Shot("export", (120, 30), "2503.11832", ("a", "j", "j", "j")),
    Shot("jump", (120, 40), "2503.11832", ("f",)),
    Shot("cache", (120, 30), "1309.3741", ("c", "v")),
    Shot("help", (100, 40), "2503.11832", ("2", "question_mark")),
    Shot("graph", (120, 40), "2401.00003", ("3", "j", "j"), made=True),
    Shot("graph-drawing", (120, 30), "2401.00003", ("p", "tab", "j"), made=True),
    Shot("compare", (120, 30), "2401.00003", ("d", "enter"), made=True),
    Shot("bibliography", (160, 48), "2401.00003", ("b", _LIST, "enter", "j"), made=True),
    Shot("bibliography-small", (80, 24), "2401.00003", ("b", _LIST, "enter", "j"), made=True),
)
REFERENCES = r"""
@article{lovelace:part1,
  author = {Lovelace, Ada and Turing, Alan},
  title  = {{On the Testing of Terminal Programs, Part 1}},
  eprint = {2401.00001}, archivePrefix = {arXiv}, year = 2024
}
@article{lovelace:part2,
  author = {Lovelace, Ada and Turing, Alan},
  title  = {On the Testing of Terminal Programs},
  eprint = {2401.00002}, archivePrefix = {arXiv}, year = 2024
}
@article{turing:browsers,
  author = {Turing, Alan},
  title  = {On the Testing of Browser Programs, Part 3},
  journal = {arXiv preprint arXiv:2401.00003}, year = 2023
}
@misc{hopper:compilers,
  author = {Hopper, Grace},
  title  = {The Education of a Computer},
  eprint = {2401.00004v2}
}
@misc{typo, title = {An Id With a Typing Error}, eprint = {2413.00001}}
@misc{lovelace:part5,
  author = {Lovelace, Ada},
  title  = {On the Testing of {T}erminal {P}rograms, part 5},
  doi    = {10.48550/arXiv.2401.00005}
}
@book{knuth, author = {Knuth, Donald}, title = {The TeXbook}, year = 1984}
@misc{later, title = {A Later Paper}, journal = {arXiv e-prints}, year = 2026}
"""
"""A reference list with something of everything; the pictures of its check type its name."""
_KEY = SigningKey()


async def take(shot: Shot) -> str:
    """Run the program in a new directory, press the keys, and give the picture."""
    with tempfile.TemporaryDirectory() as directory, chdir(directory):
        _write_references()
        path = Path("cache.sqlite3")
        cache = made_cache(path) if shot.made else sample_cache(path)
        trusted = (PublicKey(_KEY.key_id, _KEY.raw),) if shot.made else (PINNED,)
        with closing(cache):
            return await picture(shot, RecordService(cache, None, trusted, now=lambda: NOW))


def _write_references() -> None:
    Path(_LIST).write_text(REFERENCES, "utf-8")


def made_cache(path: Path) -> Cache:
    """Make a cache of generated records with neighbours; of the third there is an older answer."""
    cache = Cache.open(path, notice=print)
    for number in range(6):
        title = f"On the Testing of Terminal Programs, part {number + 1}"
        made = fill(
            build(Paper(arxiv=f"2401.0000{number + 1}", title=title), _KEY), plausible(number)
        )
        _keep(cache, wire(made), NOW - timedelta(days=number))
        if number == 2:
            for part in (made, made["graph_snapshot"]):
                part["paper"] = {**part["paper"], "authors_text": "Somebody Else"}
            made["inbound_citations"]["count"] = 3
            _keep(cache, wire(made), NOW - timedelta(days=90))
    return cache


def _keep(cache: Cache, raw: bytes, received_at: datetime) -> None:
    catalog = catalog_entry(Record(raw))
    assert catalog is not None, "every record here says which it is"
    cache.store(raw, catalog, origin="https://pith.science/", etag=None, received_at=received_at)


def sample_cache(path: Path) -> Cache:
    """Make a cache of the samples that come with the program, the complete one among them."""
    cache = Cache.open(path, notice=print)
    complete, *others = sample_records()
    for number, raw in enumerate([*others[:3], complete, *others[3:]]):
        _keep(cache, raw, NOW - timedelta(days=number % 40))
    return cache


async def picture(shot: Shot, service: RecordService) -> str:
    """Export the screen after the keys of a shot."""
    asked = None if shot.asked is None else parse_identifier(shot.asked)
    app = PithApp(service, asked)
    async with app.run_test(size=shot.size) as pilot:
        await app.workers.wait_for_complete()
        for key in shot.keys:
            if key == _LIST:
                app.screen.query_one(Input).value = key
                continue
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
    """Take every picture, or those named, as on a terminal of exact colours."""
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    chosen = set(sys.argv[1:])
    for shot in SHOTS:
        if chosen and shot.name not in chosen:
            continue
        (FOLDER / f"{shot.name}.svg").write_text(asyncio.run(take(shot)), "utf-8")
        print(f"{shot.name}.svg")


if __name__ == "__main__":
    main()
