"""The log of ``--debug``, and the report of a crash."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pith_tui import trace
from pith_tui.cli import debug, exit_codes, keys, main
from pith_tui.user.paths import log_path
from tests.registry.server import Registry
from tests.stored import KEY
from tests.support import ROOT, real_record

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "logs" / "pith.log"
    monkeypatch.setenv("PITH_TUI_LOG", str(path))
    return path


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(KEY) as running:
        running.add(real_record())
        yield running


def _crash(options: argparse.Namespace) -> int:
    raise ZeroDivisionError(f"\x1b[2J {options.command}\nforged line")


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "run", _crash)


def test_log_path_comes_from_the_environment_or_the_system(
    isolated_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isolated_home in log_path().parents
    monkeypatch.setenv("PITH_TUI_LOG", str(tmp_path))
    assert log_path() == tmp_path / "pith-tui.log"
    monkeypatch.setenv("PITH_TUI_LOG", str(tmp_path / "other.log"))
    assert log_path() == tmp_path / "other.log"


@pytest.mark.parametrize("front", [True, False])
def test_log_is_announced_and_records_the_run(
    capsys: Captured, log: Path, registry: Registry, front: bool
) -> None:
    arguments = ["verify", "2503.11832", "--server", registry.url]
    assert main(["--debug", *arguments] if front else [*arguments, "--debug"]) == exit_codes.OK
    err = capsys.readouterr().err.splitlines()
    assert err[0] == f"pith-tui: logging to {log}"
    text = log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    assert "'verify', " in text
    assert "opened the cache " in text
    assert re.search(rf"HTTP Request: GET {registry.url}/\S+ .HTTP/1.1 200 OK", text)
    assert text.splitlines()[-1].endswith("ended with code 0")
    stamp = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (pith_tui|httpx|httpcore)")
    assert all(stamp.match(line) for line in text.splitlines())
    assert not trace.is_enabled()


def test_expected_error_is_logged_with_its_traceback(capsys: Captured, log: Path) -> None:
    assert main(["verify", "2401.99999", "--offline", "--debug"]) == exit_codes.NOT_FOUND
    assert "Traceback" not in capsys.readouterr().err
    assert main(["keys", "remove", "\x1b[2Jnone", "--debug"]) == exit_codes.USAGE
    assert "Traceback" not in capsys.readouterr().err
    text = log.read_text()
    assert "said: 2401.99999" in text
    assert "Traceback (most recent call last):" in text
    assert "\x1b" not in text
    assert "UsageError" in text


@pytest.mark.usefixtures("crashing")
def test_crash_is_reported_briefly_and_its_traceback_logged(capsys: Captured, log: Path) -> None:
    assert main(["keys", "list"]) == exit_codes.CRASHED
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 2
    assert "internal error: ZeroDivisionError: ␛[2J" in lines[0]
    assert str(log) in lines[1]
    text = log.read_text()
    assert "in _crash" in text
    assert "\x1b" not in text
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("crashing")
def test_debug_option_prints_the_traceback_of_a_crash(capsys: Captured, log: Path) -> None:
    assert main(["keys", "list", "--debug"]) == exit_codes.CRASHED
    err = capsys.readouterr().err
    assert "in _crash" in err
    assert "\x1b" not in err
    assert log.read_text().count("in _crash") == 1


@pytest.mark.usefixtures("crashing")
def test_crash_prints_its_traceback_when_it_cannot_be_logged(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PITH_TUI_LOG", str(tmp_path / "file" / "log"))
    assert main(["keys", "list"]) == exit_codes.CRASHED
    assert "in _crash" in capsys.readouterr().err
    assert main(["keys", "list", "--debug"]) == exit_codes.USAGE
    assert "PITH_TUI_LOG" in capsys.readouterr().err


def test_log_size_is_limited(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debug, "MAX_BYTES", 3000)
    for _ in range(20):
        assert main(["verify", "2503.11832", "--offline", "--debug"]) == exit_codes.OK
    files = sorted(log.parent.iterdir())
    assert files == [log, log.with_name("pith.log.1")]
    assert all(file.stat().st_size <= 3000 for file in files)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)


def test_usage_error_closes_the_log(log: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["verify", "--debug", "--no-such\x1b[2J"])
    assert log.read_text().splitlines()[-1].endswith("ended with code 2")
    assert "\x1b" not in capsys.readouterr().err
    assert not trace.is_enabled()


def test_logging_is_not_loaded_without_debug() -> None:
    code = (
        "import sys; from pith_tui.cli import main\n"
        "code = main(['verify', '2503.11832', '--offline'])\n"
        "print(code, {'logging', 'pith_tui.cli.debug', 'traceback'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 set()"


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_log_that_is_not_a_file_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = Path("/dev/full")
    if kind == "pipe":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    monkeypatch.setenv("PITH_TUI_LOG", str(path))
    assert main(["--debug", "keys", "list"]) == exit_codes.USAGE
    assert f"the log {path} cannot be written: it is not a file" in capsys.readouterr().err


def test_failure_to_close_the_log_does_not_crash(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def full(self: debug._PrivateFile) -> None:
        close(self)
        raise OSError(28, "No space left on device")

    close = debug._PrivateFile.close
    monkeypatch.setattr(debug._PrivateFile, "close", full)
    assert main(["--debug", "keys", "list"]) == exit_codes.OK
