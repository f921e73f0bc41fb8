"""The paths of the program's files: by argument, then environment, then system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.user.bookmarks import UserState
from pith_tui.user.paths import cache_path, config_dir, data_dir, user_state_path


def test_argument_takes_precedence_over_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PITH_TUI_CACHE", str(tmp_path / "environment.db"))
    assert cache_path(str(tmp_path / "argument.db")) == tmp_path / "argument.db"
    assert cache_path() == tmp_path / "environment.db"


def test_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch, isolated_home: Path) -> None:
    monkeypatch.setenv("PITH_TUI_CACHE", "")
    monkeypatch.setenv("PITH_TUI_CONFIG", "")
    assert isolated_home in cache_path("").parents
    assert isolated_home in config_dir().parents


def test_directory_gets_the_default_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_path(str(tmp_path)) == tmp_path / "cache.sqlite3"
    monkeypatch.setenv("PITH_TUI_CACHE", str(tmp_path))
    assert cache_path() == tmp_path / "cache.sqlite3"


def test_tilde_expands_to_home(isolated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_path("~/held.db") == isolated_home / "held.db"
    assert cache_path("~") == isolated_home / "cache.sqlite3"
    monkeypatch.setenv("PITH_TUI_CONFIG", "~/settings")
    assert config_dir() == isolated_home / "settings"


def test_default_paths_come_from_the_system(isolated_home: Path) -> None:
    for path in (cache_path(), config_dir()):
        assert isolated_home in path.parents
        assert "pith-tui" in path.parts
    assert cache_path().name == "cache.sqlite3"


def test_computing_paths_creates_nothing(isolated_home: Path) -> None:
    cache_path()
    config_dir()
    assert list(isolated_home.iterdir()) == []


def test_platformdirs_is_not_loaded_when_both_paths_are_set(tmp_path: Path) -> None:
    code = (
        "import sys; from pith_tui.user.paths import cache_path, config_dir\n"
        "print(cache_path(), config_dir(), 'platformdirs' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PITH_TUI_CACHE": "/c.db", "PITH_TUI_CONFIG": "/s", "PYTHONPATH": "src"},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["/c.db", "/s", "False"]


@pytest.mark.parametrize("long", ["x" * 5000, "/" + "x" * 5000, "/tmp/" + "x/" * 2500, "~nobody/x"])
def test_unusable_path_is_reported(
    long: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PITH_TUI_DATA", long)
    notices: list[str] = []
    user_state = UserState(user_state_path(), notice=notices.append)
    assert user_state.recent() == []
    if "~" not in long:
        user_state.choose("theme", "x")
        assert len(notices) == 1
    monkeypatch.setenv("PITH_TUI_CACHE", long)
    assert main(["completions", "ids", "25"]) == exit_codes.OK
    assert main(["verify", "2503.11832", "--offline"]) == exit_codes.OK
    if "~" not in long:
        assert (
            "continuing without the cache: the cache cannot be created" in capsys.readouterr().err
        )
        assert main(["cache", "info"]) == exit_codes.USAGE
        assert "File name too long" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["config.toml", "trusted-keys.json"])
def test_pipe_in_place_of_a_file_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PITH_TUI_CONFIG", str(tmp_path))
    os.mkfifo(tmp_path / name)
    assert main(["verify", "2503.11832", "--offline"]) == exit_codes.USAGE
    assert f"{tmp_path / name} cannot be read: it is not a file" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="the rule of XDG is that of Linux")
@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"])
@pytest.mark.parametrize(
    "chosen", [None, "", "/tmp/one", "/tmp/two/", "relative", "~/three", " ", "//x", "/a/../b"]
)
@pytest.mark.parametrize("home", ["/home/someone", "/", "/home/some one/"])
def test_paths_equal_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, variable: str, chosen: str | None, home: str
) -> None:
    from platformdirs import PlatformDirs

    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PITH_TUI_CACHE", "PITH_TUI_CONFIG", "PITH_TUI_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", home)
    if chosen is not None:
        monkeypatch.setenv(variable, chosen)
    dirs = PlatformDirs("pith-tui", appauthor=False)
    assert cache_path() == dirs.user_cache_path / "cache.sqlite3"
    assert config_dir() == dirs.user_config_path
    assert data_dir() == dirs.user_data_path
