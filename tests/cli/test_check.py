"""``pith-tui check``: what it prints and asks, and its exit codes."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.store.cache import Cache
from tests.bibliographies import misc
from tests.browser import EVIL
from tests.registry.records import Paper, build, wire
from tests.registry.server import Fault, Registry
from tests.stored import KEY, file_record

Captured = pytest.CaptureFixture[str]
TITLE = "On the Testing of Terminal Programs"
ID = "2401.00001"


@pytest.fixture(autouse=True)
def trusted_key(capsys: Captured) -> None:
    assert main(["keys", "add", KEY.key_id, KEY.public_b64, "--yes"]) == exit_codes.OK
    capsys.readouterr()


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    """Four entries: one the same, one other, one with a part of the title, one without an id."""
    path = tmp_path / "refs.bib"
    path.write_text(
        misc("same", title=f"{{{TITLE}}}", eprint=ID)
        + misc("other", title="Attention is All You Need", eprint="2401.00002")
        + misc("part", title="A Fine Title of Five Words", url="https://arxiv.org/abs/2401.00003")
        + misc("none", title="A Book")
    )
    return path


def fill(cache: Cache) -> None:
    for arxiv, title in (
        (ID, TITLE),
        ("2401.00002", "Attention is Not All You Need"),
        ("2401.00003", "A Fine Title of Five Words: With a Subtitle & More"),
    ):
        file_record(cache, wire(build(Paper(arxiv=arxiv, title=title), KEY)))


def test_output_lines_have_editor_positions(cache: Cache, bib: Path, capsys: Captured) -> None:
    fill(cache)
    assert main(["check", str(bib), "--offline"]) == exit_codes.ATTENTION
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{bib}:5: other: ≠ other title: 2401.00002v1 has a different one",
        "    entry:  Attention is All You Need",
        "    record: Attention is {+Not+} All You Need",
        "    the entry names no version; the record is of v1, and others may differ",
        f"{bib}:9: part: ≈ part of the title: that of 2401.00003v1 is longer or shorter",
        "    entry:  A Fine Title of Five Words",
        "    record: A Fine Title of Five Words: {+With a Subtitle & More+}",
        "    the entry names no version; the record is of v1, and others may differ",
        "4 entries: 1 ≠ other title, 1 ≈ part of the title, 1 no id, 1 ✓ same title",
    ]
    assert err == "pith-tui: 3 ids: 3 in the cache or bundled; no server is asked\n"


def test_all_option_lists_every_entry(cache: Cache, bib: Path, capsys: Captured) -> None:
    fill(cache)
    main(["check", str(bib), "--offline", "--all"])
    lines = capsys.readouterr().out.splitlines()
    assert f"{bib}:13: none: no id" in lines
    assert f"{bib}:1: same: ✓ same title as {ID}v1" in lines


def test_planned_requests_are_announced(
    cache: Cache, bib: Path, registry: Registry, capsys: Captured
) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    registry.fail("/", Fault(404), times=2)
    arguments = ["check", str(bib), "--server", registry.url, "--rate", "1000"]
    assert main(arguments) == exit_codes.NOT_FOUND
    out, err = capsys.readouterr()
    assert err.splitlines()[0] == (
        f"pith-tui: 3 ids: 1 in the cache, 2 to ask {registry.url}, less than a minute"
    )
    assert f"other: – no record: {registry.url} has no record of 2401.00002; the paper may" in out
    assert "the paper may still exist" in out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}}}", exit_codes.OK),
        (f"@misc{{k, title={{{TITLE}: a Survey}}, eprint={{{ID}}}}}", exit_codes.OK),
        (f"@misc{{k, title={{Something Else}}, eprint={{{ID}}}}}", exit_codes.ATTENTION),
        (f"@misc{{k, title={{{TITLE}}}, eprint={{2513.11832}}}}", exit_codes.ATTENTION),
        (f"@misc{{k, title={{{TITLE}}}, eprint={{2401.09999}}}}", exit_codes.NOT_FOUND),
        (f"@misc{{k, eprint={{{ID}}}}}", exit_codes.UNDECIDED),
        ("@misc{k, title={A Book}}", exit_codes.UNDECIDED),
        ("", exit_codes.UNDECIDED),
    ],
)
def test_result_gives_the_expected_exit_code(
    cache: Cache, tmp_path: Path, text: str, code: int
) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    path = tmp_path / "x.bib"
    path.write_text(text)
    assert main(["check", str(path), "--offline"]) == code


def test_failed_record_exits_1_and_unreachable_server_5(
    cache: Cache, tmp_path: Path, registry: Registry
) -> None:
    forged = build(Paper(), KEY)
    forged["paper"]["title"] = "Another"
    file_record(cache, wire(forged))
    path = tmp_path / "x.bib"
    path.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}}}")
    assert main(["check", str(path), "--offline"]) == exit_codes.FAILED
    path.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{2401.09999}}}}")
    registry.fail("/", Fault(503, {"Retry-After": "999"}), times=9)
    assert main(["check", str(path), "--server", registry.url]) == exit_codes.UNREACHABLE


def test_ids_that_were_not_asked_for_are_counted_with_what_to_do(
    tmp_path: Path, registry: Registry, capsys: Captured
) -> None:
    path = tmp_path / "x.bib"
    path.write_text("".join(misc(f"k{n}", title=TITLE, eprint=f"2401.{n:05}") for n in range(40)))
    registry.fail("/", Fault(503, {"Retry-After": "999"}), times=99)
    arguments = ["check", str(path), "--server", registry.url, "--rate", "10000"]
    assert main(arguments) == exit_codes.UNREACHABLE
    *_, stopped, hint = capsys.readouterr().err.splitlines()
    assert stopped.startswith("pith-tui: no server could be reached: ")
    assert stopped.endswith(" of 40 ids were not asked for")
    assert hint == "pith-tui:   run the same command again to resume"


def test_refresh_without_answer_compares_the_stored_record(
    cache: Cache, bib: Path, registry: Registry, capsys: Captured
) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    bib.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}}}")
    registry.fail("/", Fault(503, {"Retry-After": "999"}), times=9)
    arguments = ["check", str(bib), "--server", registry.url, "--refresh"]
    assert main(arguments) == exit_codes.UNREACHABLE
    assert "1 ✓ same title" in capsys.readouterr().out


def test_strict_option_counts_remarks(cache: Cache, tmp_path: Path, capsys: Captured) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    path = tmp_path / "x.bib"
    path.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}, year=2020}}")
    assert main(["check", str(path), "--offline"]) == exit_codes.OK
    assert capsys.readouterr().out == "1 entry: 1 ✓ same title; 1 with remarks\n"
    assert main(["check", str(path), "--offline", "--strict"]) == exit_codes.ATTENTION
    assert "year is 2020; the first version was submitted in 2024" in capsys.readouterr().out


def test_equivocation_needs_attention(cache: Cache, tmp_path: Path, capsys: Captured) -> None:
    file_record(cache, wire(build(Paper(), KEY)))
    file_record(cache, wire(build(Paper(license=""), KEY)))
    path = tmp_path / "x.bib"
    path.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}}}")
    assert main(["check", str(path), "--offline"]) == exit_codes.OK
    assert main(["check", str(path), "--offline", "--strict"]) == exit_codes.ATTENTION
    file_record(cache, wire(build(Paper(abstract="Another one"), KEY)))
    assert main(["check", str(path), "--offline"]) == exit_codes.ATTENTION
    assert "ALARM" in capsys.readouterr().out


def test_entry_with_several_ids_has_a_line_for_each(
    cache: Cache, bib: Path, capsys: Captured
) -> None:
    fill(cache)
    bib.write_text(
        f"@misc{{k, title={{{TITLE}}}, eprint={{{ID}}}, note={{see arXiv:2401.00002}}}}\n"
    )
    assert main(["check", str(bib), "--offline"]) == exit_codes.ATTENTION
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{bib}:1: k: ≠ other title: 2401.00002v1 has a different one (in note)"
    assert f"{bib}:1: k: ✓ same title as {ID}v1 (in eprint)" in lines


def test_title_in_another_encoding_is_not_reported_as_different(
    cache: Cache, bib: Path, capsys: Captured
) -> None:
    file_record(cache, wire(build(Paper(title="Les Étoiles de la Nuit Noire"), KEY)))
    text = f"@misc{{k, title={{Les Étoiles de la Nuit Noire}}, eprint={{{ID}}}}}\n"
    bib.write_bytes(text.encode("latin-1"))
    assert main(["check", str(bib), "--offline"]) == exit_codes.UNDECIDED
    assert "save the file as UTF-8" in capsys.readouterr().out
    bib.write_bytes(text.encode())
    assert main(["check", str(bib), "--offline"]) == exit_codes.OK


def test_file_without_ids_is_reported(cache: Cache, tmp_path: Path, capsys: Captured) -> None:
    del cache
    path = tmp_path / "x.bib"
    path.write_text("@misc{a, title={A}}\n@misc{b, journal={arXiv e-prints}}")
    assert main(["check", str(path), "--offline"]) == exit_codes.UNDECIDED
    out, err = capsys.readouterr()
    assert f"{path}:2: b: names arXiv, but gives no id" in out
    assert "2 entries, none has an arXiv id or 10.48550 DOI; nothing was checked" in err


def test_json_lists_entries_in_file_order_with_details(
    cache: Cache, bib: Path, capsys: Captured
) -> None:
    fill(cache)
    assert main(["check", str(bib), "--offline", "--json"]) == exit_codes.ATTENTION
    [report] = json.loads(capsys.readouterr().out)
    assert [entry["key"] for entry in report["entries"]] == ["same", "other", "part", "none"]
    assert [entry["line"] for entry in report["entries"]] == [1, 5, 9, 13]
    assert report["counts"]["same title"] == 1
    assert (report["file"], report["format"], report["problems"]) == (str(bib), "bib", [])
    other = report["entries"][1]
    assert (other["title"], other["result"]) == ("Attention is All You Need", "other title")
    (named,) = other["ids"]
    assert (named["id"], named["version"], named["where"]) == ("2401.00002", None, ["eprint"])
    record = named["record"]
    assert record["title"] == "Attention is Not All You Need"
    assert (record["verdict"], record["key_id"]) == ("VERIFIED", KEY.key_id)
    assert record["pith_number"].startswith("pith:2024:")
    assert len(record["canonical_sha256"]) == 64
    assert record["source"]["checked_at"].startswith("2026-06-10T12:00")


def test_several_files_and_standard_input_are_checked(
    cache: Cache, bib: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache)
    stdin = io.TextIOWrapper(io.BytesIO(f"[1] A. B. {TITLE}. arXiv:{ID}v1\n".encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    main(["check", str(bib), "-", "--offline", "--all"])
    out = capsys.readouterr().out
    assert f"stdin:1: 1: ✓ same title as {ID}v1" in out
    assert "5 entries: " in out


def test_document_is_refused_with_its_bibliography_files_named(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    del cache
    path = tmp_path / "paper.tex"
    path.write_text("\\documentclass{article}\\bibliography{refs}")
    assert main(["check", str(path), "--offline"]) == exit_codes.USAGE
    err = capsys.readouterr().err
    assert "its bibliography is refs.bib" in err
    assert "pith-tui check refs.bib" in err


@pytest.mark.parametrize(("raw", "message"), [(b"%PDF-1.5", "pdftotext"), (None, "No such file")])
def test_unreadable_file_is_reported_and_the_others_are_checked(
    cache: Cache, bib: Path, tmp_path: Path, capsys: Captured, raw: bytes | None, message: str
) -> None:
    fill(cache)
    path = tmp_path / "x"
    if raw is not None:
        path.write_bytes(raw)
    assert main(["check", str(path), str(bib), "--offline"]) == exit_codes.USAGE
    out, err = capsys.readouterr()
    assert message in err
    assert "4 entries" in out


def test_problems_of_the_file_are_listed(cache: Cache, tmp_path: Path, capsys: Captured) -> None:
    del cache
    path = tmp_path / "x.bib"
    path.write_bytes(
        b"@misc{a, note={\xd5}}\n@misc{A, title={x} year={1}, year={2}}\n@misc{c, title={x,\n"
        b"@comment{@misc{d, title={x}}\n@misc{e, title={x}}\n}\n"
    )
    main(["check", str(path), "--offline"])
    lines = capsys.readouterr().out.splitlines()
    assert f"{path}:1: the line has bytes that are not UTF-8" in lines
    assert f"{path}:2: A: the entry on line 1 has the same key; both were checked" in lines
    assert f"{path}:2: A: a comma is missing before year" in lines
    assert f"{path}:2: A: year is repeated; the one on line 2 is used" in lines
    assert f"{path}:3: c: a brace or quotation mark of title is not closed" in lines
    assert any("entries within @comment, to line 6, were not read" in line for line in lines)
    assert "problems in the files" in lines[-1]


def test_suggestion_is_a_diff_that_applies(
    cache: Cache, bib: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cache)
    monkeypatch.chdir(bib.parent)
    before = bib.read_bytes()
    assert main(["check", bib.name, "--offline", "--suggest"]) == exit_codes.ATTENTION
    diff = capsys.readouterr().out
    assert bib.read_bytes() == before
    subprocess.run(["git", "apply", "-p0"], input=diff, text=True, check=True)
    assert bib.read_text() == (
        f"@misc{{same,\n  title = {{{{{TITLE}}}}},\n  eprint = {{{ID}}},\n"
        "  archivePrefix = {arXiv},\n  version = {1}\n}\n"
        "@misc{other,\n  title = {Attention is All You Need},\n  eprint = {2401.00002}\n}\n"
        "@misc{part,\n  title = {{A Fine Title of Five Words: With a Subtitle \\& More}},\n"
        "  url = {https://arxiv.org/abs/2401.00003},\n  eprint = {2401.00003},\n"
        "  archivePrefix = {arXiv},\n  version = {1}\n}\n"
        "@misc{none,\n  title = {A Book}\n}\n"
    )
    assert main(["check", str(bib), "--offline", "--suggest"]) == exit_codes.ATTENTION
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", ["", "\n"], ids=["no newline at the end", "newline at the end"])
def test_suggestion_applies_with_every_line_ending(
    last: str,
    ending: str,
    cache: Cache,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(cache)
    monkeypatch.chdir(tmp_path)
    lines = ["@misc{k,", "\ttitle = {A Fine Title of Five Words},", "\teprint = {2401.00003}", "}"]
    Path("x.bib").write_bytes((ending.join(lines) + last.replace("\n", ending)).encode())
    main(["check", "x.bib", "x.bib", "--offline", "--suggest"])
    diff = capsys.readouterr().out.encode()
    subprocess.run(["git", "apply", "-p0"], input=diff, check=True)
    lines[1:3] = [
        "\ttitle = {{A Fine Title of Five Words: With a Subtitle \\& More}},",
        "\teprint = {2401.00003},",
        "\tarchivePrefix = {arXiv},",
        "\tversion = {1}",
    ]
    expected = ending.join(lines) + last.replace("\n", ending)
    assert Path("x.bib").read_bytes() == expected.encode()


def test_single_problem_is_counted_in_the_singular(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    del cache
    (tmp_path / "x.bib").write_text("@misc{k, title = {A}, title = {B}}\n")
    main(["check", str(tmp_path / "x.bib"), "--offline"])
    assert capsys.readouterr().out.endswith("1 entry: 1 no id; 1 problem in the files\n")


def test_file_named_twice_is_checked_once(cache: Cache, bib: Path, capsys: Captured) -> None:
    fill(cache)
    main(["check", str(bib), str(bib), "--offline", "--json"])
    (checked,) = json.loads(capsys.readouterr().out)
    assert len(checked["entries"]) == 4


def test_stored_record_with_the_title_of_the_entry_is_named(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    fill(cache)
    path = tmp_path / "x.bib"
    path.write_text(f"@misc{{k, title={{{TITLE}}}, eprint={{2401.00002}}}}")
    main(["check", str(path), "--offline", "--suggest"])
    out, err = capsys.readouterr()
    assert out == ""
    assert f"k: the stored record of {ID} has the entry's title" in err


@pytest.mark.parametrize("name", ["refs.bib", "paper.bbl", "REFS.BIB"])
@pytest.mark.parametrize("command", [["verify"], ["cite"], []])
def test_other_commands_point_to_check(
    cache: Cache, capsys: Captured, command: list[str], name: str
) -> None:
    del cache
    assert main([*command, name, "--offline"]) == exit_codes.USAGE
    assert f"pith-tui check {name}" in capsys.readouterr().err


def test_hostile_text_of_file_and_record_is_escaped(
    cache: Cache, tmp_path: Path, capsys: Captured
) -> None:
    file_record(cache, wire(build(Paper(title=EVIL, authors=EVIL), KEY)))
    evil = EVIL.replace("{", "").replace("}", "").replace("\x00", "")
    path = tmp_path / f"{evil.replace('/', '')[:60]}.bib"
    key = evil.replace(",", "").replace("=", "")
    path.write_text(
        f"@misc{{{key},\n author={{{evil}}},\n title={{x {evil}}},\n eprint={{{ID}}}}}\n"
        f"@misc{{{key},\n ??{evil}\n title={{{evil}}}, eprint={{2513.11832}}}}\n"
        f"@misc{{{key}, title = {{{evil}}}, url={{https://arxiv.org/abs/{ID}}}}}\n"
    )
    for options in ([], ["--all"], ["--json"], ["--suggest"]):
        main(["check", str(path), "--offline", *options])
        for stream in capsys.readouterr():
            assert all(line.isprintable() for line in stream.replace("\t", "").split("\n"))


def test_interruption_says_how_to_resume(cache: Cache, bib: Path, registry: Registry) -> None:
    del cache
    registry.fail("/", Fault("stall"), times=4)
    command = [sys.executable, "-m", "pith_tui", "check", str(bib), "--server", registry.url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert registry.stalled.wait(30)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == exit_codes.INTERRUPTED
    assert b"run the same command again to resume" in err
