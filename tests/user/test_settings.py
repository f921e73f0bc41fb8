"""The settings: valid ones are read, and errors come with a correction."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui.errors import UsageError
from pith_tui.user.settings import (
    CHOICES,
    EXAMPLE,
    FILE_NAME,
    Settings,
    check_known,
    given_settings,
    load_settings,
)


def write(directory: Path, text: str) -> Path:
    (directory / FILE_NAME).write_text(text, "utf-8")
    return directory


def test_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none") == Settings()
    assert load_settings(tmp_path) == Settings()
    assert given_settings(tmp_path) == {}


def test_all_settings_are_read(tmp_path: Path) -> None:
    text = """
        servers = ["https://example.org/pith/", "http://127.0.0.1:8765"]
        theme = "pith-light"
        clipboard = "off"
        unicode = "on"
        tex = "source"
        start = "library"
        [keys]
        verify = "v, f5"
        find = "/"
        help = "ctrl+shift+question_mark"
        """
    assert load_settings(write(tmp_path, text)) == Settings(
        servers=("https://example.org/pith", "http://127.0.0.1:8765"),
        theme="pith-light",
        clipboard="off",
        unicode="on",
        tex="source",
        start="library",
        keys={"verify": "v,f5", "find": "/", "help": "ctrl+shift+question_mark"},
    )


def test_example_is_valid_commented_out_and_uncommented(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, EXAMPLE)) == Settings()
    lines = [
        line.removeprefix("# ") if "=" in line or "[" in line else line
        for line in EXAMPLE.splitlines()
    ]
    settings = given_settings(write(tmp_path, "\n".join(lines)))
    assert settings.keys() == set(Settings._fields)
    for name, values in CHOICES.items():
        assert settings[name] == values[0]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("server = 1", "unknown key: server", "did you mean servers?"),
        ("zzz = 1", "unknown key: zzz", "known: servers, theme"),
        ('servers = "https://pith.science"', "servers must be a list of URLs", "for example"),
        ('servers = ["ftp://a"]', "servers: this is not the URL of a server", "https://HOST"),
        ("theme = 5", "theme must be the name of a theme, not 5", "pith-light"),
        ('theme = ""', "theme must be the name", "pith-light"),
        ("ca_file = 5", "ca_file must be the path of a file, not 5", "company-ca.pem"),
        ('ca_file = ""', "ca_file must be the path", "company-ca.pem"),
        ('clipboard = "osc"', 'clipboard cannot be "osc"', "did you mean osc52?"),
        ("unicode = true", "unicode cannot be true", "known: auto, on, off"),
        ("unicode = [1]", "unicode cannot be [1]", "known: auto, on, off"),
        ('tex = "latex"', 'tex cannot be "latex"', "known: unicode, source"),
        ('start = "librari"', 'start cannot be "librari"', "did you mean library?"),
        ('keys = "v"', 'keys must be a table, not "v"', "[keys]"),
        ("[keys]\nverify = 5", "[keys] verify must be keys", 'verify = "ctrl+o,f5"'),
        ('[keys]\nverify = " "', "[keys] verify must be keys", "for example"),
        ('[keys]\nverify = "v,"', "an empty key between commas", "called comma"),
        ('[keys]\nverify = "crtl+o"', "an unknown key: crtl+o", "did you mean ctrl?"),
        ('[keys]\nverify = "escpe"', "an unknown key: escpe", "did you mean escape?"),
        ('[keys]\nverify = "ctrl+"', "an unknown key: ctrl+", "keys are written like"),
        ("servers = [", "not TOML", "config example"),
        ('servers = "\x00"', "not TOML", "config example"),
    ],
)
def test_invalid_setting_is_an_error_with_a_hint(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(write(tmp_path, text))
    assert message in str(caught.value)
    assert str(tmp_path / FILE_NAME) in str(caught.value)
    assert hint in caught.value.hint


def test_unreadable_settings_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"theme = '\xff'")
    with pytest.raises(UsageError, match="not UTF-8"):
        load_settings(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(tmp_path)
    (tmp_path / FILE_NAME).rmdir()
    write(tmp_path, "theme = " + "[" * 5000)
    with pytest.raises(UsageError, match="nested too deep"):
        load_settings(tmp_path)


def test_theme_and_command_names_are_checked(tmp_path: Path) -> None:
    def check(settings: Settings) -> None:
        check_known(settings, tmp_path, themes=["pith-dark", "pith-light"], commands=["verify"])

    check(Settings())
    check(Settings(theme="pith-light", keys={"verify": "v"}))
    with pytest.raises(UsageError, match='theme cannot be "pith-lihgt"') as caught:
        check(Settings(theme="pith-lihgt"))
    assert "did you mean pith-light?" in caught.value.hint
    with pytest.raises(UsageError, match=r"config.toml, \[keys\] names .* verfy") as caught:
        check(Settings(keys={"verify": "v", "verfy": "f5"}))
    assert "did you mean verify?" in caught.value.hint


@given(st.text(max_size=60))
def test_any_text_loads_or_raises_usage_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    directory = tmp_path_factory.mktemp("settings")
    (directory / FILE_NAME).write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(UsageError):  # and nothing else
        load_settings(directory)


def test_missing_file_loads_no_parser(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pith_tui.user.settings import load_settings\n"
        "load_settings(Path(sys.argv[1])); print({'tomllib', 'difflib'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("value", "path"),
    [("/etc/ca.pem", "/etc/ca.pem"), ("~/ca.pem", "{home}/ca.pem"), ("ca.pem", "{here}/ca.pem")],
)
def test_ca_file_is_relative_to_home_or_the_settings(
    tmp_path: Path, isolated_home: Path, value: str, path: str
) -> None:
    write(tmp_path, f'ca_file = "{value}"')
    expected = path.format(home=isolated_home, here=tmp_path)
    assert load_settings(tmp_path).ca_file == expected
