"""The examples of docs/architecture.md, "How to add …": they apply, run and touch few files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registry.server import Registry
from tests.support import REAL_SUFFIX, ROOT, real_record

PAPER = "2503.11832"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^\*\*An? ([^*]+)\*\*\n\n```diff\n(.*?)```$", PAGE, re.S | re.M))
FILES = {
    "check": 2,
    "pane": 1,
    "endpoint": 3,
    "export format": 2,
    "citation format": 1,
    "command": 2,
}
"""How many files each addition takes, as the table of that page lists them."""


def apply(diff: str, package: Path) -> int:
    """Apply a diff without line numbers, whose old lines occur once each; count its files."""
    parts = re.split(r"^--- ", diff, flags=re.M)[1:]
    for part in parts:
        head, _, body = part.partition("\n")
        path = package / head.removeprefix("/dev/null ")
        assert path.exists() is not head.startswith("/dev/null "), head
        text = path.read_text("utf-8") if path.exists() else ""
        for hunk in re.split(r"^@@\n", body, flags=re.M):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] != "+")
            new = "".join(line[1:] for line in lines if line[0] != "-")
            assert not old or text.count(old) == 1, f"{head}: the page shows other lines than {old}"
            text = text.replace(old, new) if old else new
        path.write_text(text, "utf-8")
    return len(parts)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a copy of the program to which every example was applied."""
    source = tmp_path_factory.mktemp("extended")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "pith_tui", source / "pith_tui", ignore=ignored)
    assert {name: apply(diff, source / "pith_tui") for name, diff in EXAMPLES.items()} == FILES
    return source


def run(extended: Path, *arguments: str) -> str:
    """Return what the extended program prints; it must end well and say nothing else."""
    environment = {**os.environ, "PYTHONPATH": f"{extended}{os.pathsep}{ROOT}"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def pith_tui(extended: Path, *arguments: str) -> str:
    return run(extended, "-m", "pith_tui", *arguments)


def test_a_check_is_one_of_all(extended: Path) -> None:
    (report,) = json.loads(pith_tui(extended, "verify", PAPER, "--sample", "--json"))
    added = next(check for check in report["checks"] if check["id"] == "created")
    assert (added["name"], added["outcome"]) == ("Time of creation", "passed")


def test_a_pane_is_printed_after_the_others(extended: Path) -> None:
    panes = re.findall(r"^(\w+)\n─+$", pith_tui(extended, "show", PAPER, "--sample"), re.M)
    assert panes[-2:] == ["Aliases", "Actions"]


def test_a_pane_has_a_key_and_room_beside_the_others(extended: Path) -> None:
    code = (
        "import asyncio\n"
        "from tests.browser import app_of, pane, settle, record_service\n"
        "async def press():\n"
        "    app = app_of(record_service())\n"
        "    async with app.run_test(size=(160, 48)) as pilot:\n"
        "        await settle(pilot)\n"
        "        await pilot.press('5')\n"
        "        added = pane(app, 'actions')\n"
        "        print(added.has_focus, added.region.height > 2)\n"
        "asyncio.run(press())"
    )
    assert run(extended, "-c", code) == "True True\n"


def test_an_endpoint_is_read(extended: Path, registry: Registry) -> None:
    registry.add(real_record())
    printed = pith_tui(extended, "integrity", PAPER, "--server", registry.url)
    assert json.loads(printed)["arxiv_id"] == PAPER


def test_an_export_format_is_offered(extended: Path) -> None:
    code = (
        "from datetime import UTC, datetime\n"
        "from pith_tui.lookup.service import RecordService\n"
        "from pith_tui.output.export_items import export_items\n"
        "from pith_tui.protocol.identifiers import parse_identifier\n"
        f"record = RecordService(None, None, ()).find_local(parse_identifier({PAPER!r}))\n"
        "print(next(item for item in export_items(record, datetime.now(UTC)) if item.id == 'csv'"
        ").text)"
    )
    assert run(extended, "-c", code).startswith("record,1 Record,passed")


def test_a_citation_format_is_written(extended: Path) -> None:
    printed = pith_tui(extended, "cite", PAPER, "--sample", "--format", "ris")
    assert f"ID  - pith:2025:{REAL_SUFFIX}\n" in printed


def test_a_command_is_listed_and_run(extended: Path) -> None:
    assert "print the digest of a record" in pith_tui(extended, "--help")
    assert pith_tui(extended, "digest", PAPER, "--sample").startswith("71551097")
