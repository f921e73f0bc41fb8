"""``pith-tui config``: the effective settings, their origin, and errors."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.tui.commands.registry import clashes
from pith_tui.user.settings import EXAMPLE, Settings
from tests.support import ROOT

Captured = pytest.CaptureFixture[str]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings"
    path.mkdir()
    monkeypatch.setenv("PITH_TUI_CONFIG", str(path))
    return path


def test_path_is_printed_without_a_settings_file(
    capsysbinary: pytest.CaptureFixture[bytes], directory: Path
) -> None:
    assert main(["config", "path"]) == exit_codes.OK
    assert capsysbinary.readouterr().out == f"{directory / 'config.toml'}\n".encode()
    assert list(directory.iterdir()) == []


def test_example_is_written_by_the_command_in_the_readme(
    isolated_home: Path,
) -> None:
    [command] = re.findall(r"^`(pith-tui config example > .*?)`", README, re.M)
    program = shlex.join([sys.executable, "-m", "pith_tui"])
    subprocess.run(["sh", "-c", command.replace("pith-tui", program)], check=True)
    [path] = isolated_home.rglob("config.toml")
    assert path.read_text("utf-8") == EXAMPLE


def test_path_is_printed_if_the_directory_cannot_be_created(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PITH_TUI_CONFIG", str(tmp_path / "file" / "settings"))
    assert main(["config", "path"]) == exit_codes.OK
    assert capsysbinary.readouterr().out.endswith(b"/file/settings/config.toml\n")


def test_show_lists_every_setting_with_its_origin(capsys: Captured, directory: Path) -> None:
    assert main(["config", "show"]) == exit_codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("(there is none)")
    assert [line.split()[0] for line in lines[1:]] == list(Settings._fields)
    assert all(line.endswith("(default)") for line in lines[1:])
    (directory / "config.toml").write_text(
        'tex = "source"\ntheme = "pith-light"\n[keys]\nverify = "f5"\nquit = "f10"\n'
    )
    assert main(["config", "show"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert "tex          source  (from the file)\n" in out
    assert "theme        pith-light  (from the file)\n" in out
    assert "keys         verify = f5  (from the file)\n" in out
    assert "             quit = f10  (from the file)\n" in out
    assert "start        last  (default)\n" in out


def test_show_prints_json(capsys: Captured, directory: Path) -> None:
    (directory / "config.toml").write_text('[keys]\nverify = "f5"\n')
    assert main(["config", "show", "--json"]) == exit_codes.OK
    [shown] = json.loads(capsys.readouterr().out)
    assert shown["path"] == str(directory / "config.toml")
    assert shown["settings"].keys() == set(Settings._fields)
    assert shown["settings"]["keys"] == {"value": {"verify": "f5"}, "default": False}
    assert shown["settings"]["theme"] == {"value": None, "default": True}


def test_printed_example_is_valid(capsys: Captured, directory: Path) -> None:
    assert main(["config", "example"]) == exit_codes.OK
    (directory / "config.toml").write_text(capsys.readouterr().out)
    assert main(["config", "show"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert "from the file" not in out
    assert (directory / "config.toml").read_text() == EXAMPLE


def test_invalid_setting_ends_every_command_except_those_that_help(
    capsys: Captured, directory: Path
) -> None:
    (directory / "config.toml").write_text('unicode = "of"')
    for arguments in (["verify", "2503.11832", "--offline"], ["config", "show"], ["keys", "list"]):
        assert main(arguments) == exit_codes.USAGE
        out, err = capsys.readouterr()
        assert out == ""
        assert 'config.toml, unicode cannot be "of"' in err
        assert "did you mean off?" in err
    for arguments in (["config", "path"], ["config", "example"], ["--version"]):
        assert main(arguments) == exit_codes.OK
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--help"])
    assert ended.value.code == 0


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('theme = "pith-lite"', ['theme cannot be "pith-lite"', "did you mean pith-light?"]),
        ('theme = "\\u001b[2J"', ['theme cannot be "␛[2J"']),
        ('[keys]\nverfy = "f5"', ["unknown command: verfy", "did you mean verify?"]),
        ('[keys]\nhistry_copy = "f5"', ["did you mean history_copy or history"]),
        ('[keys]\nxxxxxxxxxx = "f5"', ["unknown command", "`?` in the browser lists them"]),
        ('[keys]\nverify = "r"', ["r to verify and to refresh (Record)"]),
        ('[keys]\nverify = "f5"\nrefresh = "f5"', ["f5 to verify and to refresh"]),
        ('[keys]\ntex = "q,ctrl+q"', ["q to tex and to quit (Record)"]),
        ('[keys]\nquit = "/"', ["slash to find and to quit"]),
        ('[keys]\ndown = "n"', ["n to confirm_no and to down (Question)"]),
    ],
)
def test_show_refuses_invalid_browser_settings(
    capsys: Captured, directory: Path, text: str, messages: list[str]
) -> None:
    (directory / "config.toml").write_text(text)
    assert main(["config", "show"]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    for message in messages:
        assert message in err
    assert len(err) < 400 + len(str(directory))


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"quit": "q,f10"},  # Close takes q on a text, as it does without
        {"verify": "r", "refresh": "v"},
        {"compare_copy": "m"},  # the key of a bookmark, on another screen
        {"find": "slash"},
    ],
)
def test_keys_without_a_clash(keys: dict[str, str]) -> None:
    assert clashes(keys) == []


def test_clash_on_every_screen_is_listed_once() -> None:
    assert [clash[1:] for clash in clashes({"up": "down"})] == [("down", "up", "down")]
