"""``pith-tui cache import``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


def test_import_reports_counts_and_skipped_lines(
    path: Path, capsys: Captured, tmp_path: Path
) -> None:
    (tmp_path / "some.jsonl").write_bytes(real_record() + b"\nnothing\n")
    assert main(["cache", "import", str(tmp_path / "some.jsonl")]) == exit_codes.ATTENTION
    out, err = capsys.readouterr()
    assert out == "1 new, 0 already in the cache, 1 skipped\n"
    assert "some.jsonl:2" in err
    assert "nothing has been verified yet; `pith-tui cache verify`" in err
    main(["cache", "import", str(tmp_path / "some.jsonl")])
    assert "verified" not in capsys.readouterr().err


def test_progress_is_not_shown_without_a_terminal(path: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_bytes(real_record())
    command = [sys.executable, "-m", "pith_tui", "cache", "import", str(tmp_path / "r.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [
        "pith-tui: nothing has been verified yet; `pith-tui cache verify` does that"
    ]
