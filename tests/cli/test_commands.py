"""The table of commands: complete, loaded when used, and documented."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pith_tui.cli import exit_codes, main, man
from pith_tui.cli.commands import COMMANDS, find_command, is_group, load, subcommands
from pith_tui.cli.reference import reference
from tests.support import ROOT

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_or_subcommands(name: str) -> None:
    module = load(name)
    assert bool(subcommands(name)) == is_group(module) or name == ""
    assert is_group(module) or callable(module.add_arguments)


def test_longest_command_name_is_found() -> None:
    assert find_command(["cache", "list", "show"]) == "cache list"
    assert find_command(["cache", "lst"]) == "cache"
    assert find_command(["2503.11832"]) == find_command([]) == ""


def test_reference_page_is_up_to_date() -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert text == reference(), "run: python -m pith_tui.cli.reference > docs/cli.md"


def test_group_without_subcommand_is_a_usage_error(capsys: Captured) -> None:
    for arguments in (["cache"], ["cache", "lst"], ["cache", "--", "list"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == exit_codes.USAGE
        assert "COMMAND" in capsys.readouterr().err


def test_help_loads_no_module_of_another_command() -> None:
    code = (
        "import sys; from pith_tui.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*[m for m in sys.modules if m in {'sqlite3', 'httpx', 'textual', 'cryptography',"
        " 'pith_tui.cli.show', 'pith_tui.cli.cache'}], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.split() == []


def test_manual_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "pith-tui.1").read_text("utf-8")
    assert page == man.page(), "python -m pith_tui.cli.man > docs/pith-tui.1"


def test_manual_page_has_no_accidental_request() -> None:
    known = (".TH", ".SH", ".SS", ".TP", ".PP", ".br", ".nf", ".fi")
    for line in man.page().splitlines():
        assert not line.startswith("'")
        assert not line.startswith(".") or line.split()[0] in known
        # A bare hyphen would be printed as a typographic one, which no shell accepts.
        assert "-" not in line.replace("\\-", "")
