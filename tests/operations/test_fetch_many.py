"""``pith-tui fetch``: many records into the cache at a limited rate, and repeated runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from tests.registry.records import synthetic
from tests.registry.server import Fault, Registry
from tests.stored import KEY
from tests.support import real_record

Captured = pytest.CaptureFixture[str]


def test_fetch_skips_fresh_records_and_resumes(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    with Registry(KEY) as registry:
        registry.add(real_record())
        trees = [synthetic(n, KEY) for n in range(6)]
        for tree in trees:
            registry.add(tree)
        ids = tmp_path / "ids.txt"
        named = [f"{t['source']['id']}v{t['source']['version']}" for t in trees]
        ids.write_text("# some\n" + "\n".join([*named, "2503.11832", "", "2401.99999"]))
        fast = ["--server", registry.url, "--rate", "1000", "--file", str(ids)]
        assert main(["fetch", *fast]) == exit_codes.NOT_FOUND
        out = capsys.readouterr().out
        assert "6  fetched, UNDECIDED" in out
        assert "1  fetched, VERIFIED" in out
        assert "1  not found" in out
        before = len(registry.requests)
        assert main(["fetch", *fast]) == exit_codes.NOT_FOUND
        assert "7  stored and fresh" in capsys.readouterr().out
        assert len(registry.requests) == before + 1
        assert main(["fetch", *fast, "--fresh", "0"]) == exit_codes.NOT_FOUND
        assert "6  unchanged, UNDECIDED" in capsys.readouterr().out
        registry.fail("/", Fault(500), times=2)
        assert main(["fetch", "2401.77777", "--server", registry.url]) == exit_codes.UNREACHABLE


@pytest.mark.parametrize("by_stdin", [True, False])
def test_invalid_line_is_reported_and_the_others_are_fetched(
    path: Path,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    by_stdin: bool,
) -> None:
    lines = b"# ids\n2503.11832\nnonsense\x1b[2J\n\xff\xfe\n"
    ids = tmp_path / "ids.txt"
    ids.write_bytes(lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
    with Registry(KEY) as registry:
        registry.add(real_record())
        source = ["-"] if by_stdin else ["--file", str(ids)]
        assert main(["fetch", *source, "--server", registry.url]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    name = "standard input" if by_stdin else str(ids)
    assert f"{name}:3: " in err
    assert f"{name}:4: " in err
    assert "\x1b" not in err
    assert "1  fetched, VERIFIED" in out
    assert "2  refused" in out


def test_list_without_ids_asks_no_server(path: Path, tmp_path: Path, capsys: Captured) -> None:
    ids = tmp_path / "ids.txt"
    ids.write_text("no id at all\n")
    assert main(["fetch", "--file", str(ids), "--server", "http://127.0.0.1:9"]) == exit_codes.USAGE
    assert f"{ids}:1: " in capsys.readouterr().err


def test_fetch_keeps_to_the_rate(path: Path, rate_waits: list[float]) -> None:
    with Registry(KEY) as registry:
        ids = [f"{s['id']}v{s['version']}" for s in (synthetic(n, KEY)["source"] for n in range(4))]
        for number in range(4):
            registry.add(synthetic(number, KEY))
        main(["fetch", *ids, "--server", registry.url, "--rate", "0.5", "--jobs", "4"])
    assert rate_waits == [0, 2, 4, 6]


@pytest.mark.parametrize(
    "arguments",
    [["fetch"], ["fetch", "x"], ["fetch", "2503.11832", "--offline"], ["fetch", "--file", "/no"]],
)
def test_unusable_arguments_are_reported(
    path: Path, arguments: list[str], capsys: Captured
) -> None:
    assert main(arguments) == exit_codes.USAGE
    assert capsys.readouterr().err
