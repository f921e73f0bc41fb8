"""The output around the verdict: equivocation, other documents, and files that are not records."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store.cache import Cache
from tests.forgery import SIGN, forged_record
from tests.registry.records import Paper, build, wire
from tests.registry.sections import bundle, state
from tests.registry.server import Fault, Registry
from tests.stored import KEY, file_record
from tests.support import SHARED, real_record

Captured = pytest.CaptureFixture[str]
ID = "2401.00001"


@pytest.fixture
def trusts_key(capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    capsys.readouterr()


def put(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    return str(path)


# A known equivocation

ALARM = "ALARM: two different contents were signed for this version; no honest service does that"
NOTE = "note: another licence or other categories were signed for this version as well"


def store_both(cache: Cache, **other: Any) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    file_record(cache, wire(build(Paper(**other), KEY)))


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("command", [["verify"], ["verify", "--markdown"], ["show"]])
def test_equivocation_is_at_the_top_of_every_report(
    cache: Cache, capsys: Captured, command: list[str]
) -> None:
    store_both(cache, title="The Other Face")
    assert main([*command, ID, "--offline"]) == exit_codes.ATTENTION
    head = capsys.readouterr().out.splitlines()[:4]
    assert "VERIFIED" in head[0]
    assert any(ALARM in line for line in head)


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("command", ["verify", "show"])
def test_equivocation_is_in_the_json_output(cache: Cache, capsys: Captured, command: str) -> None:
    store_both(cache, title="The Other Face")
    assert main([command, ID, "--offline", "--json"]) == exit_codes.ATTENTION
    (finding,) = json.loads(capsys.readouterr().out)[0]["findings"]
    assert finding["alarm"] is True
    assert finding["text"].startswith(ALARM)


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("command", ["verify", "show", "cite"])
def test_equivocation_of_a_file_and_the_cache_is_an_alarm(
    cache: Cache, capsys: Captured, tmp_path: Path, command: str
) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    path = put(tmp_path / "other.json", wire(build(Paper(title="The Other Face"), KEY)))
    arguments = ["verify", path] if command == "verify" else [command, ID]
    if command != "verify":
        file_record(cache, Path(path).read_bytes())
    assert main([*arguments, "--offline"]) == exit_codes.ATTENTION
    assert ALARM in capsys.readouterr().err


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("command", [["verify"], ["verify", "--markdown"], ["show"]])
def test_different_licence_is_a_notice_in_every_report(
    cache: Cache, capsys: Captured, command: list[str]
) -> None:
    store_both(cache, license="http://creativecommons.org/licenses/by-sa/4.0/")
    assert main([*command, ID, "--offline"]) == exit_codes.OK
    assert NOTE in capsys.readouterr().out
    assert main([*command, ID, "--offline", "--strict"]) == exit_codes.ATTENTION


@pytest.mark.usefixtures("trusts_key", "cache")
def test_record_signed_by_a_user_key_says_so_at_the_top(capsys: Captured, tmp_path: Path) -> None:
    path = put(tmp_path / "own.json", wire(build(Paper(), KEY)))
    for options, head in (([], "✓ VERIFIED"), (["--markdown"], "# ✓ VERIFIED")):
        assert main(["verify", path, "--offline", *options]) == exit_codes.OK
        first = capsys.readouterr().out.splitlines()[0]
        assert first.startswith(f"{head}, by your own key {KEY.key_id}")


# Other documents, and no records


def integrity() -> bytes:
    report = {"schema": "pith.integrity.v1", "arxiv_id": "2604.19423", "findings": []}
    return json.dumps(report).encode()


def graph() -> bytes:
    tree = build(Paper(), KEY)["graph_snapshot"]
    return json.dumps(tree).encode()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "an integrity report of 2604.19423": integrity,
    "a state of pith:2024:": lambda: wire(state(build(Paper(), KEY), KEY)),
    f"a graph response of {ID}": graph,
    "a mirror manifest": lambda: b'{"manifest_type": "pith_mirrors"}',
    "a signing key": lambda: b'{"public_key_b64": "x"}',
}


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_document_is_named_and_not_failed(
    capsys: Captured, tmp_path: Path, name: str
) -> None:
    path = put(tmp_path / "document.json", DOCUMENTS[name]())
    assert main(["verify", path, "--offline"]) == exit_codes.USAGE
    written = capsys.readouterr()
    assert f"this is {name}" in written.err
    assert ", not a record" in written.err
    assert written.out == ""


@pytest.mark.shared
@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("graph-M4SAOEUOO53MEFHE6V2ORMXN6TK.json", "this is a graph response of 1804.08012, not"),
        ("pith-mirrors.json", "this is a mirror manifest, not a record"),
    ],
)
def test_real_other_document_is_named(capsys: Captured, name: str, message: str) -> None:
    assert main(["verify", str(SHARED / "records" / name), "--offline"]) == exit_codes.USAGE
    assert message in capsys.readouterr().err


PORTAL = b"<!doctype html><html><head><title>Log in</title></head><body>Wi-Fi</body></html>"
NO_RECORDS = {
    "a captive portal's page": PORTAL,
    "empty": b"",
    "white space": b" \n",
    "cut off": real_record()[:5000],
    "cut off within a character": '{"record_type": "é'.encode()[:-1],
    "a list": b"[1]",
    "an object of something else": b'{"title": "x"}',
    "compressed and no record": gzip.compress(b"<html>", mtime=0),
}


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", NO_RECORDS)
def test_non_record_is_reported_and_not_failed(capsys: Captured, tmp_path: Path, name: str) -> None:
    path = put(tmp_path / "thing.json", NO_RECORDS[name])
    for command in (["verify", path], ["compare", path, path], ["cite", path]):
        assert main([*command, "--offline"]) == exit_codes.USAGE, command
        written = capsys.readouterr()
        assert written.out == ""
        assert "FAILED" not in written.err
        assert "thing.json: not a record: " in written.err


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b" \n", "it is empty"),
        (PORTAL, "it is a web page or XML, not JSON"),
        (b'{"receipt": "a\\', "it is cut off (at line 1 column 13)"),
        (b'{"receipt": ', "it is cut off (at line 1 column 13)"),
        (b'{"receipt": 1} 2', "it is not JSON (at line 1 column 16)"),
        (b'{"receipt": [1, NaN]}', "it is not JSON: NaN is not a JSON number"),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else "",
)
def test_non_record_is_reported_with_a_plain_reason(
    capsys: Captured, tmp_path: Path, raw: bytes, message: str
) -> None:
    path = put(tmp_path / "thing.json", raw)
    assert main(["verify", path, "--offline"]) == exit_codes.USAGE
    assert f"{path}: not a record: {message}" in capsys.readouterr().err


@pytest.mark.usefixtures("cache", "trusts_key")
@pytest.mark.parametrize("name", ["a captive portal's page", "empty", "cut off", "a list"])
def test_server_that_sends_no_record_counts_as_unreachable(capsys: Captured, name: str) -> None:
    with Registry(KEY) as registry:
        registry.fail("/", Fault(200, {"Content-Type": "text/html"}, NO_RECORDS[name]))
        assert main(["verify", ID, "--server", registry.url]) == exit_codes.UNREACHABLE
    reason = "sent no record" if name == "cut off" else "sent a web page instead of a record"
    assert reason in capsys.readouterr().err


@pytest.mark.usefixtures("trusts_key")
@pytest.mark.parametrize("first", ["bundle", "state"])
def test_imported_documents_hide_no_record(
    cache: Cache, capsys: Captured, tmp_path: Path, first: str
) -> None:
    record = build(Paper(), KEY)
    paths = [
        put(tmp_path / "bundle.json", wire(bundle(record))),
        put(tmp_path / "state.json", wire(state(record, KEY))),
    ]
    if first == "state":
        paths.reverse()
    main(["cache", "import", *paths])
    assert "this is a state of pith:2024:" in capsys.readouterr().err
    assert cache.count() == 1
    assert main(["verify", "--offline", ID]) == exit_codes.OK
    assert capsys.readouterr().out.startswith("✓ VERIFIED")


# Record text on a terminal


def test_terminal_lines_never_begin_with_record_text(
    cache: Cache, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    size = os.terminal_size((60, 24))
    monkeypatch.setattr("pith_tui.cli.context.os.get_terminal_size", lambda _: size)
    suffix = file_record(cache, forged_record()).suffix
    tree = json.loads(forged_record())
    tree["paper"]["title"] = f"{SIGN}{'漢' * 40} {'VERIFIED ' * 40}"
    file_record(cache, wire(tree))
    path = put(tmp_path / f"{SIGN}{'漢' * 40}.json", wire(tree))
    for command in (
        ["cache", "list"],
        ["cache", "show", suffix, "--history"],
        ["show", suffix, "--offline"],
        ["verify", suffix, path, "--offline"],
        ["compare", suffix, path, "--offline"],
    ):
        main(command)
        written = capfd.readouterr()
        for line in [*written.out.splitlines(), *written.err.splitlines()]:
            assert not line.startswith((SIGN, "漢", "“", "VERIFIED", "<U+")), (command, line)
            assert len(line) <= 60, (command, line)
