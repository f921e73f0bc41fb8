"""Identifiers on the command line: pasted texts, lists, file names, versions that are stored."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.cli.ids import lines_of_ids
from pith_tui.store.cache import Cache
from tests.registry.records import Paper, SigningKey, build, wire
from tests.registry.server import Registry
from tests.stored import KEY, file_record, quiet
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    "pasted",
    [
        "arXiv:2503.11832v5 [cs.AI] 12 Mar 2025",
        "2503.11832v5.pdf",
        "[2503.11832](https://arxiv.org/abs/2503.11832v5)",
    ],
)
def test_id_recognised_in_pasted_text_is_named(pasted: str, capsys: Captured) -> None:
    assert main(["verify", pasted, "--offline"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert "VERIFIED" in out
    assert f"'{pasted}' is read as 2503.11832v5" in err


def test_plain_id_prints_no_remark(capsys: Captured) -> None:
    assert main(["show", "https://arxiv.org/abs/2503.11832", "--offline"]) == exit_codes.OK
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("2503.11832 hep-th/9901001", "several works: 2503.11832 and hep-th/9901001"),
        ("2503.11832v1, 2503.11832v5", "versions of one work: 2503.11832v1 and 2503.11832v5"),
        ("9912.00001", "would be of 2099-12"),
    ],
)
@pytest.mark.parametrize("command", ["show", "verify", "cite", "fetch", "cache show"])
def test_several_works_and_future_months_are_refused(
    command: str, pasted: str, reason: str, capsys: Captured
) -> None:
    assert main([*command.split(), pasted]) == exit_codes.USAGE
    assert reason in capsys.readouterr().err


def test_file_named_like_an_id_is_read_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2503.11832v1.pdf").write_bytes(real_record())
    assert main(["verify", "2503.11832v1.pdf", "--offline"]) == exit_codes.OK
    assert "read as" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "UTF-16 LE", "UTF-16 BE", "CRLF", "CR"],
)
def test_id_list_is_read_in_every_encoding(encode: Callable[[str], bytes]) -> None:
    text = (
        "2503.11832\n# a comment\n\n  hep-th/9901001 # gravity\n2401.00001\t#x\n"
        "https://arxiv.org/abs/2503.11832#S3"
    )
    assert list(lines_of_ids(encode(text), "f")) == [
        ("2503.11832", "f:1"),
        ("hep-th/9901001", "f:4"),
        ("2401.00001", "f:5"),
        ("https://arxiv.org/abs/2503.11832#S3", "f:6"),
    ]


def test_each_line_is_one_id_and_duplicates_are_fetched_once(
    tmp_path: Path, capsys: Captured
) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_bytes(
        codecs.BOM_UTF8
        + b"2503.11832 # the sample\r\narXiv:2503.11832 [cs.AI] 12 Mar 2025\r\n"
        + b"2503.11832, hep-th/9901001\r\n"
    )
    with Registry(KEY) as registry:
        registry.add(real_record())
        code = main(["fetch", "--file", str(ids), "--server", registry.url, "--rate", "1000"])
    out, err = capsys.readouterr()
    assert code == exit_codes.USAGE
    assert "1  fetched, VERIFIED" in out
    assert "1  refused" in out
    assert f"{ids}:2: 'arXiv:2503.11832 [cs.AI] 12 Mar 2025' is read as 2503.11832" in err
    assert f"{ids}:3: this text names several works: 2503.11832 and hep-th/9901001" in err


@pytest.mark.parametrize("command", ["verify", "cite", "show"])
def test_rate_limits_requests_for_several_ids(
    tmp_path: Path, path: Path, rate_waits: list[float], command: str
) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("2503.11832\n2401.00001\n")
    with Registry(SigningKey()) as registry:
        registry.add(real_record())
        registry.resolve_style = "object"  # two requests for one id
        server = ["--server", registry.url]
        assert main([command, "--file", str(ids), *server]) == exit_codes.NOT_FOUND
        asked = len(registry.requests)
        assert asked > 2
        assert rate_waits == [number * 0.5 for number in range(asked)]
        rate_waits.clear()
        both = ["2503.11832", "2401.00001", "--rate", "0.1"]
        assert main([command, *both, *server]) == exit_codes.NOT_FOUND
        assert rate_waits == [number * 10.0 for number in range(len(registry.requests) - asked)]
        rate_waits.clear()
        assert main([command, "2503.11832", *server]) == exit_codes.OK
        assert rate_waits == []


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "fast"])
@pytest.mark.parametrize("command", ["verify", "cite", "show", "fetch", "check"])
def test_invalid_rate_is_refused(command: str, rate: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "2503.11832", f"--rate={rate}"])
    assert ended.value.code == exit_codes.USAGE
    assert "--rate: it must be a number greater than 0" in capsys.readouterr().err


LIST = "2503.11832v5 # the sample\nno id at all\n2503.11832v5.pdf\n2401.00001\n"


def write_list(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write the list where the command reads it; return the name of that source."""
    if "-" in arguments:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LIST.encode())))
        return "standard input"
    (tmp_path / "ids.txt").write_text(LIST)
    monkeypatch.chdir(tmp_path)
    return "ids.txt"


@pytest.mark.parametrize("file", ["ids.txt", "-"])
@pytest.mark.parametrize("command", ["verify", "verify --brief", "verify --quiet", "cite", "show"])
def test_invalid_line_of_a_list_is_reported_and_the_others_are_used(
    command: str, file: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [*command.split(), "--file", file, "--offline"]
    name = write_list(arguments, tmp_path, monkeypatch)
    assert main(arguments) == exit_codes.USAGE
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if f"pith-tui: {name}:" in line]
    assert [line.split(":")[2] for line in lines] == ["2", "3", "4"]
    assert f"{name}:3: '2503.11832v5.pdf' is read as 2503.11832v5" in err
    assert bool(out) == ("--quiet" not in command)
    if "--brief" in command:
        assert [line.split(":")[0] for line in out.splitlines()] == [
            "2503.11832v5",
            "2503.11832v5.pdf",
        ]


@pytest.mark.parametrize("command", ["verify", "cite", "show"])
def test_invalid_line_of_a_list_is_a_json_element(
    command: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [command, "1412.8318", "--file", "ids.txt", "--offline", "--json"]
    write_list(arguments, tmp_path, monkeypatch)
    assert main(arguments) == exit_codes.USAGE
    elements = json.loads(capsys.readouterr().out)
    assert [element.get("error", {}).get("code") for element in elements] == [
        None,
        None,
        "usage",
        None,
        "not_found",
    ]
    assert elements[2]["asked"] == "no id at all"


def test_line_of_a_list_is_never_read_as_a_file(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("record.json").write_bytes(real_record())
    Path("ids.txt").write_text("record.json\n-\n")
    assert main(["verify", "--file", "ids.txt", "--offline"]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "ids.txt:1: " in err
    assert "ids.txt:2: " in err


def test_alarm_of_a_line_is_on_stderr_with_its_position(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    capsys.readouterr()
    for title in ("One", "Another"):
        file_record(cache, wire(build(Paper(title=title), KEY)))
    ids = tmp_path / "ids.txt"
    ids.write_text("\n2401.00001\n")
    arguments = ["verify", "--file", str(ids), "--offline", "--quiet"]
    assert main(arguments) == exit_codes.ATTENTION
    out, err = capsys.readouterr()
    assert out == ""
    assert f"pith-tui: {ids}:2: ALARM: two different contents were signed" in err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["verify"], "no ids were given"),
        (["cite", "--file", "empty.txt"], "no ids were given"),
        (["show", "--file", "missing.txt"], "missing.txt cannot be read: No such file"),
        (["verify", "-", "--file", "-"], "standard input can be read only once"),
        (["fetch", "-", "--file", "-"], "standard input can be read only once"),
        (
            ["verify", "--as", "2503.11832", "--file", "ids.txt"],
            "--as goes with the file of one record",
        ),
        (["show", "--raw", "--file", "ids.txt"], "--raw gives the bytes of one record"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_unusable_list_is_a_usage_error(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").write_text("# nothing\n")
    Path("ids.txt").write_text("2503.11832\n2503.11832v5\n")
    assert main(arguments) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert reason in err


def test_missing_version_names_the_stored_versions(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "cache.sqlite3"
    cache = Cache.open(path, notice=quiet)
    for version in (3, 5):
        file_record(cache, wire(build(Paper(version=version), KEY)))
    cache.close()
    for command in (["show", "--offline"], ["cache", "show"], ["cache", "remove", "--yes"]):
        arguments = [*command, "2401.00001v2", "--cache", str(path)]
        assert main(arguments) == exit_codes.NOT_FOUND
        err = capsys.readouterr().err
        assert ", but 2401.00001v3 and 2401.00001v5 are stored" in err
        assert "ask for 2401.00001v5" in err
    assert main(["cache", "show", "2401.00002v1", "--cache", str(path)]) == exit_codes.NOT_FOUND
    assert "stored" not in capsys.readouterr().err
    with Registry(KEY) as registry:
        arguments = ["show", "10.48550/arXiv.2401.00001v2", "--server", registry.url]
        assert main([*arguments, "--cache", str(path)]) == exit_codes.NOT_FOUND
    assert "10.48550/arxiv.2401.00001v5 are stored" in capsys.readouterr().err


def test_missing_version_names_the_sample_version(capsys: Captured) -> None:
    assert main(["show", "2503.11832v2", "--sample"]) == exit_codes.NOT_FOUND
    assert ", but 2503.11832v5 is stored" in capsys.readouterr().err


def test_damaged_cache_names_no_versions(cache: Cache, capsys: Captured) -> None:
    file_record(cache, wire(build(Paper(version=3), KEY)))
    with cache.writing() as connection:
        connection.execute("UPDATE answer SET stored = x'00'")
    assert main(["cache", "show", "2401.00001v2"]) == exit_codes.NOT_FOUND
    assert "stored" not in capsys.readouterr().err
