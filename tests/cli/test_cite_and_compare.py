"""Other outputs of the command line: cite, compare, raw bytes and Markdown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from tests.browser import EVIL, evil_record
from tests.registry.records import Paper, SigningKey, build, wire
from tests.support import HEAVY, REAL_NUMBER, ROOT, imported_by, partial_records, real_record

Captured = pytest.CaptureFixture[str]
KEY = SigningKey()
REAL = "2503.11832"


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pith_tui", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def trust(capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    capsys.readouterr()


def test_cite_of_several_records_returns_the_worst_code(capsys: Captured) -> None:
    assert main(["cite", REAL, "2001.99999", "--offline"]) == exit_codes.NOT_FOUND
    out, err = capsys.readouterr()
    assert out.count("@misc{arXiv:2503.11832,") == 1
    assert REAL_NUMBER in out
    assert "2001.99999 is neither" in err
    assert main(["cite", REAL, "0901.3917", "--sample"]) == exit_codes.UNDECIDED
    out, err = capsys.readouterr()
    assert out.count("@misc{") == 2
    assert "\n}\n\n% Verification of this record: UNDECIDED.\n" in out
    assert err == ""


def test_cite_has_other_formats(capsys: Captured) -> None:
    assert main(["cite", REAL, "--offline", "--format", "latex"]) == exit_codes.OK
    assert r"\pithnumber{OFKRBFYV3HDMS5LLCYR6VZTITW}" in capsys.readouterr().out
    assert main(["cite", REAL, "--offline", "--format", "text"]) == exit_codes.OK
    assert capsys.readouterr().out.startswith("Bingquan Shen, Gaowen Liu")
    assert main(["cite", REAL, "--offline", "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)[0]["fields"]["authors"]["mark"] == "claimed"
    assert main(["cite", REAL, REAL, "--offline", "--json", "--format", "text"]) == exit_codes.OK
    assert [citation["format"] for citation in json.loads(capsys.readouterr().out)] == [
        "text",
        "text",
    ]


def test_cite_accepts_a_file_and_reports_a_non_record(capsys: Captured, tmp_path: Path) -> None:
    good, bad, evil = (tmp_path / name for name in ("good.json", "bad.json", "evil.json"))
    good.write_bytes(real_record())
    bad.write_bytes(b"{")
    evil.write_bytes(evil_record(EVIL))
    assert main(["cite", str(good), str(bad)]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert out.count("@misc{") == 1
    assert "pith-tui: " in err
    assert main(["cite", str(evil)]) != exit_codes.OK
    assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_cite_lists_all_of_many_authors(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    authors = ", ".join(f"Author Number{n}" for n in range(3000))
    path.write_bytes(wire(build(Paper(authors=authors), KEY)))
    main(["cite", str(path)])
    assert "Author Number2999}" in capsys.readouterr().out


def test_compare_accepts_an_id_and_a_file(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    tree = json.loads(real_record())
    tree["updated_at"] = "2027-01-01T00:00:00Z"
    path.write_bytes(json.dumps(tree).encode())
    assert main(["compare", REAL, str(path), "--offline"]) == exit_codes.OK
    out, err = capsys.readouterr()
    assert out.startswith(f"A  ✓ VERIFIED  {REAL}, sample")
    assert f"B  ✓ VERIFIED  {path}, file {path}" in out
    assert "only claimed and changed (1)\n  updated_at\n" in out
    assert err == ""
    assert main(["compare", str(path), REAL, "--offline", "--json", "--all"]) == exit_codes.OK
    [comparison] = json.loads(capsys.readouterr().out)
    assert comparison["relation"] == "same_canonical_record"
    assert {field["group"] for field in comparison["fields"]} == {"claimed", "same"}


def test_compare_returns_the_worse_verdict_or_the_alarm(capsys: Captured, tmp_path: Path) -> None:
    names = ("one", "two", "details", "broken")
    one, two, details, broken = (tmp_path / f"{name}.json" for name in names)
    one.write_bytes(wire(build(Paper(), KEY)))
    two.write_bytes(wire(build(Paper(title="The Other Face"), KEY)))
    details.write_bytes(wire(build(Paper(license="none"), KEY)))
    broken.write_bytes(b"[]")
    assert main(["compare", REAL, str(one), "--offline"]) == exit_codes.UNDECIDED
    trust(capsys)
    assert main(["compare", REAL, str(one), "--offline"]) == exit_codes.OK
    capsys.readouterr()
    assert main(["compare", str(one), str(two)]) == exit_codes.ATTENTION
    assert "\nALARM: " in capsys.readouterr().out
    assert main(["compare", str(one), str(details)]) == exit_codes.OK
    assert "\nnote: " in capsys.readouterr().out
    assert main(["compare", str(one), str(details), "--strict"]) == exit_codes.ATTENTION
    assert main(["compare", str(one), str(broken)]) == exit_codes.USAGE
    assert main(["compare", str(one), "2001.99999", "--offline"]) == exit_codes.NOT_FOUND
    assert main(["compare", "-", "-"]) == exit_codes.USAGE


def test_raw_output_has_the_exact_bytes() -> None:
    done = run("show", REAL, "--offline", "--raw")
    assert (done.returncode, done.stdout, done.stderr) == (0, real_record(), b"")
    assert run("show", "hep-lat/0305021", "--sample", "--raw").stdout == partial_records()[3]
    assert main(["show", REAL, REAL, "--offline", "--raw"]) == exit_codes.USAGE
    with pytest.raises(SystemExit):
        main(["show", REAL, "--raw", "--json"])


def test_raw_output_with_control_characters_is_refused_on_a_terminal(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite3"
    record = wire(build(Paper(title="\x9b31m and \u202e"), KEY))
    (tmp_path / "evil.json").write_bytes(record)
    assert (
        run("cache", "import", str(tmp_path / "evil.json"), "--cache", str(cache)).returncode == 0
    )
    arguments = ("show", "2401.00001", "--offline", "--raw", "--cache", str(cache))
    assert run(*arguments).stdout == record
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "pith_tui", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(theirs)
    assert done.returncode == exit_codes.USAGE
    assert b"not shown" in done.stderr
    try:
        written = os.read(ours, 100)
    except OSError:  # Linux says so where the other side was closed and nothing was written
        written = b""
    os.close(ours)
    assert written == b""


def test_verify_prints_markdown(capsys: Captured, tmp_path: Path) -> None:
    assert main(["verify", REAL, REAL, "--offline", "--markdown"]) == exit_codes.OK
    out = capsys.readouterr().out
    assert out.count("# ✓ VERIFIED\n") == 2
    assert out.count("**Signature** (required) | ✓ passed") == 2
    with pytest.raises(SystemExit):
        main(["verify", REAL, "--markdown", "--json"])


def test_cite_and_compare_have_help(capsys: Captured) -> None:
    for command, text in (("cite", "alphabetical order"), ("compare", "worse verdict")):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert text in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["cite", REAL], ["compare", REAL, REAL]])
def test_cite_imports_no_heavy_module(arguments: list[str]) -> None:
    assert not imported_by(*arguments, "--offline") & HEAVY
