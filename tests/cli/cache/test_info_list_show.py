"""``pith-tui cache info``, ``list`` and ``show``, and what all cache commands refuse."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store.cache import Cache
from tests.stored import NOW, file_record, put
from tests.support import REAL_SUFFIX, real_record

Captured = pytest.CaptureFixture[str]


def test_info_list_and_history_are_printed(cache: Cache, capsys: Captured) -> None:
    file_record(cache, real_record(), NOW - timedelta(days=2))
    later = real_record().replace(b"Bingquan Shen, ", b"")
    file_record(cache, later, NOW)
    put(cache, title="Evil \x1b[2J title")
    assert main(["cache", "info", "--json"]) == exit_codes.OK
    [info] = json.loads(capsys.readouterr().out)
    assert (info["records"], info["responses"], info["damage"]) == (2, 3, None)
    assert main(["cache", "info", "--thorough"]) == exit_codes.OK
    assert "integrity  file not damaged" in capsys.readouterr().out
    assert main(["cache", "list"]) == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[2] for line in lines] == ["2503.11832v5", "2401.00001v1"]
    assert "␛[2J" in lines[1]
    assert main(["cache", "list", "safety", "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)[0]["suffix"] == REAL_SUFFIX
    assert main(["cache", "show", "2503.11832", "--history"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert out.count(REAL_SUFFIX) == 2
    assert "· claimed  paper.authors_text  “Bingquan Shen, Gaowen Liu" in out
    assert main(["cache", "show", "2503.11832", "--history", "--json"]) == exit_codes.OK
    first, second = json.loads(capsys.readouterr().out)
    assert [change["path"] for change in first["changed"]] == [
        "$.paper.authors_text",
        "$.graph_snapshot.paper.authors_text",
    ]
    assert second["changed"] is None
    assert main(["cache", "show", "2401.99999"]) == exit_codes.NOT_FOUND


@pytest.mark.parametrize("by_option", [True, False])
@pytest.mark.parametrize(
    "command",
    ["cache info", "cache repair", "cache import x.json", "verify 2503.11832", "fetch 2503.11832"],
)
def test_file_of_another_kind_is_refused_and_unchanged(
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    by_option: bool,
) -> None:
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("\\documentclass{book}")
    arguments = command.split()
    if by_option:
        arguments += ["--cache", str(thesis)]
    else:
        monkeypatch.setenv("PITH_TUI_CACHE", str(thesis))
    assert main(arguments) == exit_codes.USAGE
    assert "thesis.tex is not a cache of this program" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir() if "thesis" in file.name] == ["thesis.tex"]
    assert thesis.read_text() == "\\documentclass{book}"


@pytest.mark.parametrize("command", ["info", "list", "show 2503.11832", "prune --keep 1", "verify"])
def test_missing_cache_is_reported_and_not_created(
    tmp_path: Path, capsys: Captured, command: str
) -> None:
    missing = tmp_path / "none.sqlite3"
    assert main(["cache", *command.split(), "--cache", str(missing)]) == exit_codes.USAGE
    assert f"there is no cache at {missing}" in capsys.readouterr().err
    assert not missing.exists()
