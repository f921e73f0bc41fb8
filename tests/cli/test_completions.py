"""Completions: generated from the parsers, and tried in the installed shells."""

from __future__ import annotations

import argparse
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pith_tui.cli import exit_codes, main
from pith_tui.cli.commands import COMMANDS, make_parser
from pith_tui.cli.completion_scripts import SCRIPTS
from pith_tui.cli.completion_spec import CommandSpec, Value, nodes
from pith_tui.store.cache import Cache
from pith_tui.user.bookmarks import UserState
from pith_tui.user.id_suggestions import LIMIT, suggest_ids
from tests.registry.records import Paper, build, wire
from tests.stored import KEY, NOW, file_record, quiet, suffix_of
from tests.support import REAL_SUFFIX, ROOT, real_record

Captured = pytest.CaptureFixture[str]


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _actions(below)


@pytest.mark.parametrize("shell", SCRIPTS)
def test_scripts_contain_every_word_of_the_parsers(shell: str, capsys: Captured) -> None:
    assert main(["completions", shell]) == exit_codes.OK
    script = capsys.readouterr().out
    for name, command in COMMANDS.items():
        if not command.summary:
            continue  # not listed, and so not offered
        assert name.split()[-1:] == [] or name.split()[-1] in script
        for action in _actions(make_parser(name)):
            for word in map(str, (*action.option_strings, *(action.choices or ()))):
                if shell == "fish":  # which has -l name for --name, and -s n for -n
                    word = word.replace("--", "-l ") if "--" in word else word.replace("-", "-s ")
                assert word in script, (name, word)


def test_value_kind_follows_from_the_metavar() -> None:
    by_path = {node.path: node for node in nodes()}

    def takes(path: tuple[str, ...], option: str) -> Value | None:
        return next(o.value for o in by_path[path].options if option in o.names)

    assert takes(("verify",), "--as") == Value("ID", ids=True)
    assert takes(("verify",), "--cache") == Value("PATH", files=True)
    assert takes(("verify",), "--offline") is None
    assert takes(("cache", "export"), "--mirror") == Value("DIR", directories=True)
    assert takes(("fetch",), "--rate") == Value("N")
    assert by_path[("verify",)].value == Value("ID|FILE|-", ids=True, files=True)
    assert by_path[("keys", "add")].value == Value("KEY_ID BASE64")
    assert by_path[("completions",)].value == Value("SHELL", choices=("bash", "zsh", "fish"))
    assert by_path[()].commands[0][0] == "show"
    assert ("cache", "prune") in by_path


def test_help_text_is_quoted_in_the_scripts() -> None:
    evil = 'it\'s [all] $(touch x) `y` "z" : end'
    parser = argparse.ArgumentParser(description=evil)
    parser.add_argument("--it", metavar="N", help=evil)
    node = CommandSpec(("show",), evil, nodes()[0].options, None, ())
    for shell, write in SCRIPTS.items():
        script = write([nodes()[0]._replace(commands=(("show", evil),)), node])
        if shutil.which(shell):
            done = subprocess.run([shell, "-n"], input=script.encode(), capture_output=True)
            assert done.returncode == 0, done.stderr
        assert shell == "bash" or "it'\\''s" in script
        assert shell != "bash" or "touch" not in script


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Make a directory with ``pith-tui``, a file, and a cache with some records."""
    command = tmp_path / "pith-tui"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m pith_tui "$@"\n'
    )
    command.chmod(0o755)
    (tmp_path / "a file.json").touch()
    (tmp_path / "afolder").mkdir()
    with closing(Cache.open(tmp_path / "cache.sqlite3", notice=quiet)) as cache:
        file_record(cache, real_record())
        file_record(cache, wire(build(Paper(arxiv="2503.22222"), KEY)))
    return tmp_path


def _env(program: Path) -> dict[str, str]:
    kept = {"HOME": os.environ["HOME"], "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "PITH_TUI_CACHE": str(program / "cache.sqlite3")}


TYPED = [
    ("pith-tui cache pr", ["prune"]),
    ("pith-tui --debug cache pr", ["prune"]),
    ("pith-tui c", ["cache", "check", "cite", "compare", "config", "completions"]),
    ("pith-tui keys list --j", ["--json", "--jsonl"]),
    ("pith-tui --off", ["--offline"]),
    ("pith-tui completions ", ["bash", "zsh", "fish"]),
    ("pith-tui show 2503.1", ["2503.11832"]),
    ("pith-tui verify 2503.", ["2503.11832", "2503.22222"]),
    ("pith-tui verify --as 2503.2", ["2503.22222"]),
    ("pith-tui verify a", ["a file.json", "afolder"]),
    ("pith-tui verify --ca-file a", ["a file.json", "afolder"]),
    ("pith-tui cache export --mirror a", ["afolder"]),
    ("pith-tui verify --server ", []),
    ("pith-tui keys add ", []),
]


def _bash(program: Path, script: str, line: str) -> list[str]:
    arguments = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in arguments)
    code = (
        f"{script}\nCOMP_WORDS=({quoted}); COMP_CWORD={len(arguments) - 1}; _pith_tui\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return _run(["bash", "--norc", "-c", code], program)


def _fish(program: Path, script: str, line: str) -> list[str]:
    lines = _run(["fish", "-N", "-c", f"{script}\ncomplete -C '{line}'"], program)
    return [line.split("\t")[0].rstrip("/") for line in lines]


def _run(command: list[str], program: Path) -> list[str]:
    done = subprocess.run(command, env=_env(program), cwd=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(("line", "expected"), TYPED)
def test_bash_completes(program: Path, line: str, expected: list[str]) -> None:
    offered = _bash(program, SCRIPTS["bash"](nodes()), line)
    assert sorted(filter(None, offered)) == sorted(expected)


def test_bash_completes_after_an_equals_sign(program: Path) -> None:
    script = SCRIPTS["bash"](nodes())
    assert _bash(program, script, "pith-tui verify --as = 2503.2") == ["2503.22222"]
    assert "2503.22222" in _bash(program, script, "pith-tui verify --as =")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["pith-tui", "verify", "pith", ":", "2"], []),
        (["pith-tui", "verify", "pith", ":"], []),
        (["pith-tui", "verify", "--server", "http", ":", "//localhost", ":", "80"], []),
        (["pith-tui", "verify", "--server", "http", ":", "//x", "2503.1"], ["2503.11832"]),
        (["pith-tui", "verify", "b", ":", "f"], ["file"]),
    ],
)
def test_bash_completes_words_with_colons(
    program: Path, arguments: list[str], expected: list[str]
) -> None:
    (program / "b:file").touch()
    quoted = " ".join(f"'{word}'" for word in arguments)
    code = (
        f"{SCRIPTS['bash'](nodes())}\n"
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(arguments) - 1}; _pith_tui\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    offered = _run(["bash", "--norc", "-c", code], program)
    assert list(filter(None, offered)) == expected


def test_fish_completes(program: Path) -> None:
    if not shutil.which("fish"):
        return  # its script is held by its structure above
    script = SCRIPTS["fish"](nodes())
    for line, expected in TYPED:
        offered = [word for word in _fish(program, script, line) if word != ""]
        assert sorted(offered) == sorted(expected), line


def test_zsh_completes(program: Path) -> None:
    shell = shutil.which("zsh")
    if not shell:
        return  # its script is held by its structure above
    (program / "functions").mkdir()
    (program / "functions" / "_pith-tui").write_text(SCRIPTS["zsh"](nodes()))
    setup = (
        f"fpath=({program}/functions $fpath); autoload -Uz compinit; compinit -u -D;"
        " LISTMAX=0; stty -echo cols 120 rows 50; PS1=; print READ''Y\n"
    )
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(program)
        os.execve(shell, [shell, "-f", "-i"], _env(program))
    try:
        _type(terminal, setup, ["READY"])
        for line, expected in (
            ("pith-tui cache prune --", ["--older-than", "--max-size"]),
            ("pith-tui cache ", ["prune", "import"]),
            ("pith-tui completions ", ["bash", "zsh", "fish"]),
            ("pith-tui --ascii verify 2503.", ["2503.11832", "2503.22222"]),
            ("pith-tui --server http://localhost:1 verify 2503.", ["2503.11832", "2503.22222"]),
            ("pith-tui --server=http://localhost:1 --offline cache ", ["prune", "import"]),
            ("pith-tui keys ", ["remove"]),
            ("pith-tui cache export --mirror ", ["afolder", "functions"]),
        ):
            _type(terminal, f"{line}\t", expected)
            _type(terminal, "\x15print DONE''NOW\n", ["DONENOW"])
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def _type(terminal: int, keys: str, until: list[str]) -> None:
    os.write(terminal, keys.encode())
    output, deadline = b"", time.monotonic() + 60
    while not all(word.encode() in output for word in until):
        ready, _, _ = select.select([terminal], [], [], max(deadline - time.monotonic(), 0))
        assert ready, f"{until} never came after {keys!r}:\n{output.decode(errors='replace')}"
        output += os.read(terminal, 65536)


def test_suggested_ids_are_bookmarked_then_recent_then_cached(program: Path) -> None:
    path = program / "places.sqlite3"
    with closing(UserState(path, notice=quiet)) as user_state:
        user_state.visit(suffix_of(1), "2503.00001", NOW)
        user_state.visit(REAL_SUFFIX, "2503.11832", NOW)
        user_state.bookmark(suffix_of(2), "2503.99999", NOW)
        user_state.visit(suffix_of(3), "2503.\x1b[2J", NOW)
        user_state.visit(suffix_of(4), "2503.$(reboot)", NOW)
        user_state.visit(suffix_of(5), "hep-th/9901001", NOW)
    cache = program / "cache.sqlite3"
    assert suggest_ids(cache, path, "2503") == [
        "2503.99999",
        "2503.00001",
        "2503.11832",
        "2503.22222",
    ]
    assert suggest_ids(cache, path, "hep") == ["hep-th/9901001"]
    assert suggest_ids(cache, path, "'; --") == []
    with closing(UserState(path, notice=quiet)) as user_state:
        for number in range(LIMIT + 10):
            user_state.bookmark(suffix_of(number), f"2401.{number:05}", NOW)
    assert len(suggest_ids(cache, path, "")) == LIMIT


def test_unreadable_files_give_no_suggestions_and_are_not_created(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 500)
    before = sorted(tmp_path.iterdir())
    assert suggest_ids(broken, tmp_path / "none.sqlite3", "2") == []
    assert suggest_ids(tmp_path, broken, "2") == []
    assert sorted(tmp_path.iterdir()) == before


def test_ids_helper_is_silent_on_errors(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITH_TUI_CACHE", "/nowhere/at/all")
    for arguments in (["ids"], ["ids", "2503"], ["ids", "\x1b"]):
        assert main(["completions", *arguments]) == exit_codes.OK
        assert capsys.readouterr() == ("", "")
