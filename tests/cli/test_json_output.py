"""The JSON output of the commands, described by the schema in the package."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pith_tui.cli import exit_codes, json_reference, main
from pith_tui.store.cache import Cache
from pith_tui.user.paths import cache_path
from tests.registry.records import Paper, build, wire
from tests.registry.server import Registry
from tests.stored import KEY, file_record, quiet
from tests.support import ROOT, real_record

Captured = pytest.CaptureFixture[str]

SCHEMA = json_reference.load_schema()


def strict(value: Any) -> Any:
    """Return the schema, changed to allow only the members that it describes."""
    if isinstance(value, list):
        return [strict(item) for item in value]
    if not isinstance(value, dict):
        return value
    closed = {name: strict(member) for name, member in value.items()}
    if "properties" in closed and isinstance(closed["properties"], dict):
        closed["additionalProperties"] = False
    return closed


STRICT = strict(SCHEMA)


def check(element: dict[str, Any]) -> None:
    own = element["schema"].removeprefix("pith-tui/").replace("/", "-")
    assert own in SCHEMA["$defs"]
    name = "failed" if "error" in element else own
    validator = jsonschema.Draft202012Validator({**STRICT, "$ref": f"#/$defs/{name}"})
    errors = [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(element)
    ]
    assert errors == []


BIB = """
@misc{a, title = {Safety Mirage}, eprint = {2503.11832}, year = {2024}}
@misc{b, title = {Another title}, eprint = {2503.22222}}
@misc{b, title = {No record}, eprint = {2401.00001}}
@misc{c, title = {Impossible}, eprint = {2513.11832}}
@misc{d, title = {None}, note = {arXiv}
"""

COMMANDS = [
    (["verify", "2503.11832", "--offline"], 1),
    (["verify", "2503.11832", "2401.00001", "no id", "--offline"], 3),
    (["show", "2503.11832", "2401.00001", "--offline"], 2),
    (["cite", "2503.11832", "0901.3917", "--offline"], 2),
    (["compare", "2503.11832", "0901.3917", "--offline"], 1),
    (["compare", "2503.11832", "2401.00001", "--offline"], 1),
    (["keys", "list"], 1),
    (["config", "show"], 1),
    (["check", "BIB", "no-such.bib", "--offline"], 2),
    (["cache", "info"], 1),
    (["cache", "list"], 2),
    (["cache", "show", "2503.11832", "--history"], 2),
    (["cache", "verify"], 1),
    (["cache", "import", "BIB"], 1),
    (["cache", "remove", "2503.11832"], 1),
    (["cache", "prune", "--keep", "1"], 1),
]


@pytest.mark.parametrize(("arguments", "count"), COMMANDS, ids=lambda value: str(value)[:40])
def test_every_command_prints_json_that_matches_the_schema(
    capsys: Captured, tmp_path: Path, arguments: list[str], count: int
) -> None:
    bib = tmp_path / "refs.bib"
    bib.write_text(BIB)
    arguments = [str(bib) if word == "BIB" else word for word in arguments]
    with closing(Cache.open(cache_path(), notice=quiet)) as cache:
        file_record(cache, real_record().replace(b"Yihua Zhang", b"Yihua Chang"))
        file_record(cache, real_record())
        file_record(cache, wire(build(Paper(arxiv="2503.22222"), KEY)))
    main([*arguments, "--json"])
    array = capsys.readouterr().out
    main([*arguments, "--jsonl"])
    lines = capsys.readouterr().out
    elements = json.loads(array)
    assert isinstance(elements, list)
    assert elements == [json.loads(line) for line in lines.splitlines()]
    assert len(elements) == count
    assert array.isascii()
    for element in elements:
        check(element)


def test_unavailable_target_is_an_element(capsys: Captured, tmp_path: Path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<html>log in first</html>")
    arguments = ["2503.11832", "2401.00001", "not an id", str(page)]
    assert main(["verify", *arguments, "--offline", "--json"]) == exit_codes.USAGE
    elements = json.loads(capsys.readouterr().out)
    assert [element.get("error", {}).get("code") for element in elements] == [
        None,
        "not_found",
        "usage",
        "not_a_record",
    ]
    assert [element["asked"] for element in elements] == arguments
    assert all(element["schema"] == "pith-tui/verify/1" for element in elements)


def test_removal_is_stated_in_the_element(capsys: Captured) -> None:
    with closing(Cache.open(cache_path(), notice=quiet)) as cache:
        file_record(cache, real_record())
        file_record(cache, wire(build(Paper(arxiv="2503.22222"), KEY)))
    removals = (["remove", "2503.11832"], ["prune", "--keep", "0"])
    for arguments in removals:
        for options, removed in (([], False), (["--yes"], True)):
            assert main(["cache", *arguments, "--json", *options]) == exit_codes.OK
            [element] = json.loads(capsys.readouterr().out)[-1:]
            check(element)
            assert element["removed"] is removed
    with closing(Cache.open(cache_path(), notice=quiet)) as cache:
        assert cache.count() == 0


def test_each_fetched_id_is_an_element(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("2503.11832v5\n2401.00001\nno id\n2503.22222\n")
    arguments = ["fetch", "--file", str(ids), "--rate", "1000", "--json", "--jobs", "1"]

    def fetch(*options: str) -> dict[str, Any]:
        main([*arguments, *options])
        elements = json.loads(capsys.readouterr().out)
        assert len(elements) == 4
        for element in elements:
            check(element)
        return {element["asked"]: element for element in elements}

    with Registry(KEY) as registry:
        arguments += ["--server", registry.url]
        registry.add(build(Paper(arxiv="2503.22222"), KEY))
        registry.add(real_record())
        first = fetch()
        second = fetch()
        third = fetch("--fresh", "0")
        monkeypatch.setattr("pith_tui.sqlite.file._is_writable", lambda path: False)
        unwritable = fetch("--fresh", "0")
    assert first["no id"]["error"]["code"] == "usage"
    assert first["2401.00001"]["error"]["code"] == "not_found"
    assert first["2503.11832v5"]["verdict"] == "VERIFIED"
    assert first["2503.11832v5"]["suffix"] == "OFKRBFYV3HDMS5LLCYR6VZTITW"
    ends = [run["2503.22222"]["end"] for run in (first, second, third)]
    assert ends == ["fetched", "fresh", "unchanged"]
    assert third["2503.22222"]["not_kept"] is None
    assert unwritable["2503.22222"]["not_kept"]["code"] == "cache"


def test_unreadable_ids_are_elements(capsys: Captured, tmp_path: Path) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("no id\n")
    assert main(["fetch", "--file", str(ids), "--json"]) == exit_codes.USAGE
    [element] = json.loads(capsys.readouterr().out)
    check(element)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["fetch", "no id"], "usage"),
        (["cache", "remove", "no id"], "usage"),
        (["cache", "remove", "2401.00001"], "not_found"),
    ],
    ids=str,
)
def test_argument_that_ends_a_command_is_an_element(
    command: list[str], code: str, capsys: Captured
) -> None:
    assert main([*command, "--json"]) != exit_codes.OK
    (element,) = json.loads(capsys.readouterr().out)
    check(element)
    assert (element["asked"], element["error"]["code"]) == (command[-1], code)


def test_json_and_jsonl_exclude_each_other(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["cite", "2503.11832", "--json", "--jsonl"])
    assert "not allowed with" in capsys.readouterr().err


def test_json_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    assert page == json_reference.reference(), (
        "python -m pith_tui.cli.json_reference > docs/json.md"
    )


def described(definition: dict[str, Any]) -> Iterator[str]:
    for name, member in definition.get("properties", {}).items():
        if not member.get("description") and "$ref" not in member:
            yield name


def test_every_member_is_described() -> None:
    missing = {name: list(described(definition)) for name, definition in SCHEMA["$defs"].items()}
    assert not any(missing.values()), missing


def test_compressed_file_is_accepted_by_every_command(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "record.json.gz"
    path.write_bytes(gzip.compress(real_record()))
    for command in ("verify", "show", "cite"):
        assert main([command, str(path), "--json"]) == exit_codes.OK
        [element] = json.loads(capsys.readouterr().out)
        assert element["verdict"] == "VERIFIED"
        assert element["source"]["origin"] == "file"


@pytest.mark.parametrize("cut", [12, -8, -1])
def test_truncated_compressed_file_is_reported(capsys: Captured, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "record.json.gz"
    path.write_bytes(gzip.compress(real_record())[:cut])
    assert main(["verify", str(path)]) == exit_codes.USAGE
    assert "damaged or cut off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda packed: packed[:-9], "damaged or cut off"),
        (lambda packed: packed[:40] + b"\0" * 9 + packed[49:], "damaged or cut off"),
        (lambda packed: packed + b"riders", "6 bytes follow the compressed data"),
    ],
)
def test_invalid_compressed_file_is_reported_with_the_reason(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[bytes], bytes],
    reason: str,
) -> None:
    path = tmp_path / "record.json.gz"
    path.write_bytes(change(gzip.compress(real_record())))
    assert main(["verify", str(path)]) == exit_codes.USAGE
    assert reason in capsys.readouterr().err
    path.write_bytes(gzip.compress(real_record()) + b"\0" * 9)  # padding, as tapes have it
    assert main(["verify", str(path)]) == exit_codes.OK


def test_decompression_bomb_is_too_large(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * (64 << 20)))
    assert main(["verify", str(path)]) == exit_codes.UNDECIDED
    assert "16,777,216 bytes" in capsys.readouterr().err


def test_brief_option_prints_one_line_per_record(capsys: Captured) -> None:
    arguments = ["2503.11832", "1412.8318"]
    assert main(["verify", *arguments, "--offline", "--brief"]) == exit_codes.UNDECIDED
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2503.11832: ✓ VERIFIED  OFKRBFYV3HDMS5LLCYR6VZTITW  ◇ proved Safety")
    assert second.startswith("1412.8318: ? UNDECIDED  ")


def test_quiet_option_prints_nothing(capsys: Captured) -> None:
    assert main(["verify", "2503.11832", "--offline", "--quiet"]) == exit_codes.OK
    assert capsys.readouterr() == ("", "")
    assert main(["verify", "2401.00001", "--offline", "--quiet"]) == exit_codes.NOT_FOUND
    assert capsys.readouterr().out == ""
