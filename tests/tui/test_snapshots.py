"""Snapshots of the main screens: ``pytest --snapshot-update`` takes them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from screenshots.take import tidied
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from pith_tui.lookup.service import RecordService
from pith_tui.protocol.identifiers import parse_identifier
from pith_tui.store.cache import Cache
from pith_tui.tui.app import PithApp
from pith_tui.user.settings import Settings
from tests.browser import settle
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.sections import fill, plausible
from tests.stored import NOW, TRUSTED, file_record, quiet

KEY = SigningKey()
WIDE, USUAL, NARROW = (160, 48), (80, 24), (40, 20)


class Svg(SingleFileSnapshotExtension):
    """One file per snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[RecordService]:
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        for number in range(6):
            paper = Paper(
                arxiv=f"2401.0000{number + 1}",
                title=rf"On the Erd\H{{o}}s number of $\alpha$-records, part {number + 1}",
                submitted=f"2024-01-0{number + 1}T10:00:00Z",
            )
            record = fill(build(paper, KEY), plausible(number))
            file_record(cache, wire(record), received_at=NOW - timedelta(days=number))
            record["attestation_state"] = "of an earlier day"
            file_record(cache, wire(record), received_at=NOW - timedelta(days=40 + number))
        yield RecordService(cache, None, TRUSTED, now=lambda: NOW)


@pytest.mark.parametrize("size", [WIDE, USUAL, NARROW], ids=str)
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("record", ("2",)),
        ("graph", ("3", "j", "enter")),
        ("graph-drawing", ("p", "j")),
        ("library", ("o", "j")),
        ("export", ("a", "j", "j", "j")),
        ("links", ("u", "j")),
        ("compare", ("d", "enter")),
        ("help", ("2", "question_mark")),
    ],
)
async def test_screens(
    library: RecordService,
    snapshot: SnapshotAssertion,
    name: str,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    del name
    assert await picture(library, keys, size, "pith-dark") == snapshot(extension_class=Svg)


@pytest.mark.parametrize("theme", ["pith-light", "ansi-dark", "ansi-light"])
async def test_themes(library: RecordService, snapshot: SnapshotAssertion, theme: str) -> None:
    assert await picture(library, ("2",), (120, 40), theme) == snapshot(extension_class=Svg)


async def picture(
    library: RecordService, keys: tuple[str, ...], size: tuple[int, int], theme: str
) -> str:
    asked = parse_identifier("2401.00003")
    app = PithApp(library, asked, settings=Settings(theme=theme))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        return tidied(app.export_screenshot(title="pith-tui"))
