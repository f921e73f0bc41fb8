"""The command line: what it prints, where, and the exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pith_tui import __version__
from pith_tui.cli import exit_codes, main
from pith_tui.cli.commands import ROOT, subcommands
from pith_tui.cli.dispatch import split_command
from pith_tui.store.cache import Cache
from tests.registry.records import Paper, SigningKey, build, resign, wire
from tests.registry.server import Fault, Registry
from tests.support import HEAVY, REAL_SUFFIX, imported_by, real_record

KEY = SigningKey()


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(KEY) as running:
        running.add(real_record())
        running.add(build(Paper(), KEY))
        yield running


@pytest.fixture
def record_file(tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_bytes(real_record())
    return path


Captured = pytest.CaptureFixture[str]


def test_version_is_printed(capsys: Captured) -> None:
    assert main(["--version"]) == exit_codes.OK
    assert capsys.readouterr().out == f"pith-tui {__version__}\n"


def test_help_lists_examples_exit_codes_and_commands(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "pith-tui verify 2503.11832" in out
    for code, meaning in exit_codes.MEANINGS.items():
        assert f"{code:3}  {meaning}\n" in out
    for name, summary in subcommands(ROOT).items():
        assert re.search(rf"^  {name} +{re.escape(summary)}$", out, re.MULTILINE)


def test_verify_lists_all_sixteen_checks(capsys: Captured) -> None:
    assert main(["verify", "2503.11832", "--offline"]) == exit_codes.OK
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "✓ VERIFIED  15 passed, 1 undecided"
    assert sum(line[:2] in ("✓ ", "? ") for line in lines[1:]) == 16
    assert err == ""


def test_report_is_the_same_from_every_source(
    capsys: Captured, record_file: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {
        "file": ["verify", str(record_file), "--as", "2503.11832", "--json"],
        "sample": ["verify", "2503.11832", "--offline", "--json"],
        "live": ["verify", "2503.11832", "--server", registry.url, "--json"],
        "cache": ["verify", "2503.11832", "--offline", "--json"],
    }
    checks = {}
    for origin, arguments in ways.items():
        assert main(arguments) == exit_codes.OK
        [split] = json.loads(capsys.readouterr().out)
        assert split["source"]["origin"] == origin
        checks[origin] = split["checks"]
    assert len({json.dumps(result) for result in checks.values()}) == 1
    monkeypatch.setattr("sys.stdin", open(record_file))  # noqa: SIM115 - closed with the process
    assert main(["verify", "-", "--json"]) == exit_codes.OK
    sys.stdin.close()


def test_changed_file_fails(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "forged.json"
    path.write_bytes(real_record().replace(b"Safety Mirage", b"Total Safety"))
    assert main(["verify", str(path)]) == exit_codes.FAILED
    assert "✗ 10 Title" in capsys.readouterr().out


def test_malformed_file_is_reported_with_line_and_column(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "torn.json"
    path.write_bytes(real_record()[:-10])
    assert main(["verify", str(path)]) == exit_codes.USAGE
    assert "line 1 column" in capsys.readouterr().err


def test_unknown_key_is_undecided_until_added(capsys: Captured, registry: Registry) -> None:
    arguments = ["verify", "2401.00001", "--server", registry.url]
    assert main(arguments) == exit_codes.UNDECIDED
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    assert KEY.fingerprint_b32 in capsys.readouterr().out
    assert main(arguments) == exit_codes.OK
    assert main(["keys", "remove", KEY.key_id]) == exit_codes.OK
    assert main(arguments) == exit_codes.UNDECIDED


def test_adding_a_key_needs_confirmation(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115 - closed with the process
    assert main(["keys", "add", KEY.key_id, KEY.public_b64]) == exit_codes.USAGE
    sys.stdin.close()
    assert "--yes" in capsys.readouterr().err
    assert main(["keys", "list", "--json"]) == exit_codes.OK
    assert len(json.loads(capsys.readouterr().out)) == 1


@pytest.mark.parametrize(
    ("name", "key", "message"),
    [
        ("weak", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "low order"),
        ("short", "AAAA", "32 bytes"),
        ("spelled", "stVStoiQhXFxp4s2pdzPNoqVNBMojDU/fJ2db5S3CbN=", "standard base64"),
        ("pith-v1-2026-05", "QdTIRq7rqJyWvEg2rTNoe35xCUYMqWcLiX2q4xaH0Iw=", "trusted already|no"),
    ],
)
def test_unacceptable_key_is_refused(capsys: Captured, name: str, key: str, message: str) -> None:
    assert main(["keys", "add", name, key, "--yes"]) == exit_codes.USAGE
    err = capsys.readouterr().err
    assert any(word in err for word in message.split("|"))


def test_pinned_key_cannot_be_removed(capsys: Captured) -> None:
    assert main(["keys", "remove", "pith-v1-2026-05"]) == exit_codes.USAGE
    assert "pinned" in capsys.readouterr().err


def test_show_marks_every_field(capsys: Captured) -> None:
    assert main(["show", "2503.11832", "--offline"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert "◇ proved   Title" in out
    assert "· claimed  Authors" in out
    assert "◆ signed   metadata.license" in out
    assert "\x1b" not in out


def test_show_as_json_has_record_marks_and_checks(capsys: Captured) -> None:
    assert main(["show", "2503.11832", "--offline", "--json"]) == exit_codes.OK
    [split] = json.loads(capsys.readouterr().out)
    assert split["record"] == json.loads(real_record())
    assert split["marks"]["$.paper.title"] == "proved"
    assert split["verdict"] == "VERIFIED"
    assert len(split["checks"]) == 16


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["verify", "2503.1183", "--offline"], exit_codes.USAGE, "5 digits"),
        (["verify", "nothing.json"], exit_codes.USAGE, "no file of that name"),
        (["verify", "2401.00001", "--offline"], exit_codes.NOT_FOUND, "neither in the cache"),
        (["verify", "2503.11832", "--as", "2503.11832"], exit_codes.USAGE, "--as goes with"),
        (["show", "hello\x1b[2J", "--offline"], exit_codes.USAGE, "U+001B"),
        (["verify", "2503.11832", "--server", "http://example.org"], exit_codes.USAGE, "https"),
        (
            ["verify", "2401.00001", "--server", "http://127.0.0.1:9"],
            exit_codes.UNREACHABLE,
            "reached",
        ),
        (["verify", "2401.00001", "--ca-file", "/nowhere"], exit_codes.USAGE, "cannot be used"),
        ([], exit_codes.USAGE, "needs a terminal"),
    ],
)
def test_error_has_a_message_and_an_exit_code(
    capsys: Captured, arguments: list[str], code: int, message: str
) -> None:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.replace("\n", "").isprintable()


def test_record_missing_on_the_server_is_not_found(capsys: Captured, registry: Registry) -> None:
    assert main(["show", "2401.00099", "--server", registry.url]) == exit_codes.NOT_FOUND
    assert "has no record of 2401.00099" in capsys.readouterr().err


def test_unreachable_server_falls_back_to_the_sample(capsys: Captured, registry: Registry) -> None:
    registry.fail("/", Fault(500), times=9)
    assert main(["verify", "2503.11832", "--server", registry.url]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert "sample that comes with the program" in out
    assert "; using the local copy (sample that comes with the program" in err


def test_several_targets_return_the_worst_code(
    capsys: Captured, record_file: Path, tmp_path: Path
) -> None:
    tree = json.loads(real_record())
    forged = tmp_path / "forged.json"
    forged.write_bytes(wire(resign(tree, KEY)))
    assert main(["verify", str(record_file), "1412.8318", "--offline"]) == exit_codes.UNDECIDED
    assert main(["verify", str(record_file), "2401.00001", "--offline"]) == exit_codes.NOT_FOUND
    assert main(["verify", str(forged), "2401.00001", "--offline", "--json"]) == exit_codes.FAILED
    assert capsys.readouterr().out.count("\n✗ VERIFIED") == 0


def test_browser_prints_plain_text_without_a_terminal(capsys: Captured) -> None:
    assert main(["2503.11832", "--sample"]) == exit_codes.OK
    assert "Safety Mirage" in capsys.readouterr().out


def test_cache_path_is_printed(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["cache", "path"]) == exit_codes.OK
    assert capsys.readouterr().out.rstrip().endswith("pith-tui/cache.sqlite3")
    monkeypatch.setenv("PITH_TUI_CACHE", str(tmp_path))
    assert main(["cache", "path"]) == exit_codes.OK
    assert capsys.readouterr().out == f"{tmp_path}/cache.sqlite3\n"
    assert main(["cache", "path", "--cache", "/else/where.db"]) == exit_codes.OK
    assert capsys.readouterr().out == "/else/where.db\n"


def test_damaged_cache_is_reported_and_replaced(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + b"but no database at all" * 99)
    assert main(["verify", "2503.11832", "--offline", "--cache", str(path)]) == exit_codes.OK
    assert "moved to" in capsys.readouterr().err
    Cache.open(path, notice=pytest.fail).close()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("servers = 5", "list of URLs"),
        ("servers = []", "list of URLs"),
        ("serverz = []", "serverz"),
        ("servers = [", "not TOML"),
        ('servers = ["http://example.org"]', "https"),
    ],
)
def test_invalid_settings_are_reported(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.setenv("PITH_TUI_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text(text)
    assert main(["show", "2401.00001"]) == exit_codes.USAGE
    assert message in capsys.readouterr().err


def test_configured_servers_are_asked(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registry: Registry
) -> None:
    monkeypatch.setenv("PITH_TUI_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text(f'servers = ["{registry.url}"]')
    assert main(["verify", "2503.11832"]) == exit_codes.OK
    assert registry.url in capsys.readouterr().out


def test_hostile_text_is_escaped_on_every_stream(capsys: Captured, tmp_path: Path) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\u202e[/][@click=app.quit]"
    path = tmp_path / "evil.json"
    tree = build(Paper(title=evil, authors=evil, abstract=evil, license=evil), KEY)
    tree["receipt"]["key_id"] = evil
    tree[evil] = evil
    raw = wire(tree)
    path.write_bytes(raw)
    main(["verify", str(path)])
    main(["verify", str(path), "--json"])
    with_cache = ["--server", "https://localhost:1/", "--offline"]
    main(["verify", str(path), *with_cache])
    out, err = capsys.readouterr()
    for text in (out, err):
        assert text.replace("\n", "").isprintable()


def test_quick_commands_import_no_heavy_module() -> None:
    assert not imported_by("--version", beyond="") & {"argparse", "json", "sqlite3", "cryptography"}
    loaded = imported_by("verify", "2503.11832", "--offline")
    assert "cryptography" in loaded
    assert not loaded & {*HEAVY, "pylatexenc", "inspect"}


def test_closed_pipe_is_not_an_error() -> None:
    command = f"{sys.executable} -m pith_tui show {REAL_SUFFIX} --offline | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("✓ VERIFIED")
    assert done.stderr == ""


def test_worst_exit_code_is_chosen() -> None:
    assert (
        exit_codes.worst([exit_codes.OK, exit_codes.UNDECIDED, exit_codes.NOT_FOUND])
        == exit_codes.NOT_FOUND
    )
    assert exit_codes.worst([exit_codes.UNREACHABLE, exit_codes.FAILED]) == exit_codes.FAILED
    assert exit_codes.worst([]) == exit_codes.OK


FLAGS = st.sampled_from(["--offline", "--ascii", "--debug", "--sample", "--json", "--refresh"])
VALUED = st.tuples(
    st.sampled_from(["--server", "--cache", "--ca-file"]),
    st.sampled_from(["show", "cache", "x.db", "http://localhost:1", "-"]),
)
BEFORE = st.lists(
    FLAGS.map(lambda flag: [flag]) | VALUED.map(list) | VALUED.map(lambda pair: ["=".join(pair)])
)


@given(BEFORE, st.sampled_from(["verify", "show", "fetch", "cite"]), st.data())
def test_command_is_found_after_any_options(
    before: list[list[str]], command: str, data: st.DataObject
) -> None:
    options = [word for group in before for word in group]
    rest = data.draw(st.lists(st.sampled_from(["2503.11832", "--json", "verify", "-"])))
    assert split_command([*options, command, *rest]) == (command, [*options, *rest])


@given(BEFORE, BEFORE)
def test_subcommand_is_found_after_any_options(
    before: list[list[str]], between: list[list[str]]
) -> None:
    first = [word for group in before for word in group]
    second = [word for group in between for word in group]
    split = split_command([*first, "cache", *second, "list", "show"])
    assert split == ("cache list", [*first, *second, "show"])


@given(BEFORE, st.sampled_from(["2503.11832", "--", "--help", "libary"]))
def test_arguments_stay_in_place_without_a_command(before: list[list[str]], word: str) -> None:
    options = [word for group in before for word in group]
    assert split_command([*options, word, "verify"]) == ("", [*options, word, "verify"])


def test_options_are_accepted_before_the_command(capsys: Captured, tmp_path: Path) -> None:
    assert main(["--offline", "verify", "2503.11832"]) == exit_codes.OK
    assert "VERIFIED" in capsys.readouterr().out
    path = tmp_path / "c.sqlite3"
    assert main(["--offline", "--cache", str(path), "show", "2503.11832"]) == exit_codes.OK
    assert main(["--cache", str(path), "cache", "info", "--json"]) == exit_codes.OK
    assert str(path) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["verfy", "2503.11832"], "did you mean `pith-tui verify`?"),
        (["--offline", "cahce", "info"], "did you mean `pith-tui cache`?"),
        (["libary"], "`pith-tui --help` lists all"),
    ],
)
def test_mistyped_command_is_reported_with_a_suggestion(
    capsys: Captured, arguments: list[str], hint: str
) -> None:
    assert main(arguments) == exit_codes.USAGE
    err = capsys.readouterr().err
    assert "there is no such command either" in err
    assert hint in err
