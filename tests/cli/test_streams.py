"""Unwritable output in every command: a broken stream, a closed one, a closed pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.cli.commands import COMMANDS
from pith_tui.store.cache import Cache
from tests.registry.records import SigningKey
from tests.registry.server import Registry
from tests.stored import file_record, quiet
from tests.support import REAL_SUFFIX, real_record

Captured = pytest.CaptureFixture[str]

WRITING = [
    ["--version"],
    ["-V", "--ascii"],
    [REAL_SUFFIX, "--offline"],
    ["show", REAL_SUFFIX, "--offline"],
    ["show", REAL_SUFFIX, "--offline", "--raw"],
    ["show", REAL_SUFFIX, "--offline", "--json"],
    ["verify", REAL_SUFFIX, "--offline"],
    ["verify", REAL_SUFFIX, "--offline", "--json"],
    ["verify", REAL_SUFFIX, "--offline", "--markdown"],
    ["cite", REAL_SUFFIX, "--offline"],
    ["compare", REAL_SUFFIX, REAL_SUFFIX, "--offline", "--all"],
    ["cache", "path"],
    ["cache", "info"],
    ["cache", "list"],
    ["cache", "show", REAL_SUFFIX],
    ["cache", "verify"],
    ["cache", "import", "{record}"],
    ["cache", "export"],
    ["cache", "remove", REAL_SUFFIX],
    ["cache", "prune", "--older-than", "1"],
    ["keys", "list"],
    ["config", "path"],
    ["config", "show"],
    ["config", "example"],
    ["completions", "bash"],
    ["completions", "ids"],
    *([*name.split(), "--help"] for name in COMMANDS),
]
"""Command lines that write to standard output."""


def exit_code(arguments: Sequence[str]) -> int:
    """Run a command with unwritable standard output; return the exit code."""
    for_reading = os.open(os.devnull, os.O_RDONLY)
    with os.fdopen(for_reading, "w", encoding="utf-8") as stream, pytest.MonkeyPatch.context() as m:
        m.setattr(sys, "stdout", stream)
        try:
            return main(arguments)
        except SystemExit as ending:
            return int(ending.code or 0)


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_unwritable_output_is_an_error_of_every_command(
    cache: Cache, tmp_path: Path, capsys: Captured, arguments: list[str]
) -> None:
    file_record(cache, real_record())
    record = tmp_path / "record.json"
    record.write_bytes(real_record())
    assert exit_code([word.format(record=record) for word in arguments]) == exit_codes.USAGE
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "pith-tui: reading or writing failed: Bad file descriptor"


@pytest.mark.usefixtures("path")
def test_unwritable_fetch_counts_are_an_error() -> None:
    with Registry(SigningKey()) as registry:
        registry.add(real_record())
        assert exit_code(["fetch", REAL_SUFFIX, "--server", registry.url]) == exit_codes.USAGE


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["verify", "2401.99999", "--offline"], exit_codes.NOT_FOUND),
        (["verify", "?"], exit_codes.USAGE),
        (["verify"], exit_codes.USAGE),
    ],
)
def test_closed_output_is_no_error_when_nothing_is_written(
    capsys: Captured, arguments: list[str], code: int
) -> None:
    assert exit_code(arguments) == code
    assert "failed" not in capsys.readouterr().err


def shell(line: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = line.replace("pith-tui", f"{sys.executable} -m pith_tui")
    environment = {**os.environ, "PITH_TUI_CACHE": str(path)}
    return subprocess.run(
        command, shell=True, capture_output=True, text=True, check=False, env=environment
    )


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("pith-tui --version >&-", exit_codes.USAGE, "Bad file descriptor"),
        ("pith-tui verify 2503.11832 --offline >&-", exit_codes.USAGE, "Bad file descriptor"),
        ("pith-tui show --help >&-", exit_codes.USAGE, "Bad file descriptor"),
        ("pith-tui verify 2503.11832 --offline 2>&- >/dev/null", exit_codes.OK, ""),
        ("pith-tui verify 2401.99999 --offline 2>&-", exit_codes.NOT_FOUND, ""),
        ("pith-tui verify 2>&-", exit_codes.USAGE, ""),
        ("(pith-tui --version; echo $? >&2) | true", 0, "0\n"),
        ("(pith-tui --help; echo $? >&2) | true", 0, "0\n"),
        ("(pith-tui show 2503.11832 --offline; echo $? >&2) | true", 0, "0\n"),
        ("(pith-tui cache export; echo $? >&2) | true", 0, "0\n"),
        # Nobody reads standard error either.
        ("(pith-tui verify 2401.99999 --offline 2>&1; echo $? >&3) 3>&2 | true", 0, "4\n"),
    ],
)
def test_closed_stream_and_closed_pipe_are_handled(
    path: Path, line: str, code: int, message: str
) -> None:
    with closing(Cache.open(path, notice=quiet)) as cache:
        file_record(cache, real_record())
    done = shell(line, path)
    assert (done.returncode, done.stdout) == (code, "")
    if message.endswith("\n"):
        assert done.stderr == message
    else:
        assert message in done.stderr
    assert "Traceback" not in done.stderr
